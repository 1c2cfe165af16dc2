"""From the bytes of a method file to plain data with places: a small, strict part of YAML.

No anchors, aliases, tags, merge keys, directives, duplicate keys or second document; ``on``, ``off``, ``yes`` and
``no`` are words like any other. Size, depth and number of values are bounded *while* the events come in, so that a
file that would blow up never gets to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

import yaml
from yaml import events as ev

from kring.methods.errors import MethodError, Problem
from kring.methods.places import Path, Place, Places
from kring.methods.remarks import Remark, remark

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 256 * 1024
MOST_DEPTH = 16
MOST_VALUES = 20_000

_INTEGER = re.compile(r"[-+]?[0-9]{1,9}")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,9}\.[0-9]{1,9}")
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_PLAIN = (None, "")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse(data: bytes, name: str) -> tuple[Any, Places]:
    """Return what the file says as plain data, and where it says it."""
    text = _text(data, name)
    composer = _Composer(name)
    try:
        value = composer.document(yaml.parse(text, Loader=_Loader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise MethodError([Problem(name, line, column, remark("not-yaml"))]) from None
    return value, Places(name, composer.values, composer.keys)


def _text(data: bytes, name: str) -> str:
    if len(data) > MOST_BYTES:
        _refuse(name, (1, 1), remark("file-too-large", most=MOST_BYTES // 1024))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        _refuse(name, _end_of(before), remark("not-utf-8"))
    if found := _UNPRINTABLE.search(text):
        mark = f"U+{ord(found.group()):04X}"
        _refuse(name, _end_of(text[: found.start()]), remark("control-character", mark=mark))
    return text


def _end_of(text: str) -> Place:
    return text.count("\n") + 1, len(text) - (text.rfind("\n") + 1) + 1


def _refuse(name: str, place: Place, said: Remark) -> NoReturn:
    raise MethodError([Problem(name, *place, said)])


class _Composer:
    """Builds plain data from YAML events and notes every place."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.values: dict[Path, Place] = {}
        self.keys: dict[Path, Place] = {}
        self._count = 0

    def document(self, stream: Iterator[ev.Event]) -> Any:  # noqa: ANN401 (plain data of any shape)
        """Return the one document of the stream."""
        next(stream)
        start = next(stream)
        if not isinstance(start, ev.DocumentStartEvent):
            _refuse(self.name, (1, 1), remark("empty-file"))
        if start.version or start.tags:
            self._refuse(start, remark("directive"))
        value = self._value(stream, next(stream), ())
        next(stream)
        if not isinstance(more := next(stream), ev.StreamEndEvent):
            self._refuse(more, remark("second-document"))
        return value

    def _value(self, stream: Iterator[ev.Event], event: ev.Event, path: Path) -> Any:  # noqa: ANN401 (as above)
        self._guard(event, path)
        self.values[path] = _place(event)
        if isinstance(event, ev.MappingStartEvent):
            return self._mapping(stream, path)
        if isinstance(event, ev.SequenceStartEvent):
            return self._sequence(stream, path)
        assert isinstance(event, ev.ScalarEvent)  # noqa: S101 (the parser gives nothing else here)
        return self._scalar(event, path)

    def _guard(self, event: ev.Event, path: Path) -> None:
        self._count += 1
        if self._count > MOST_VALUES:
            self._refuse(event, remark("too-many-values", most=MOST_VALUES))
        if len(path) > MOST_DEPTH:
            self._refuse(event, remark("too-deep", most=MOST_DEPTH))
        if isinstance(event, ev.AliasEvent):
            self._refuse(event, remark("alias", anchor=str(event.anchor)))
        if getattr(event, "anchor", None) is not None:
            self._refuse(event, remark("anchor"))
        if getattr(event, "tag", None) is not None:
            self._refuse(event, remark("tag"))

    def _mapping(self, stream: Iterator[ev.Event], path: Path) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        while not isinstance(event := next(stream), ev.MappingEndEvent):
            self._guard(event, path)
            if not isinstance(event, ev.ScalarEvent):
                self._refuse(event, remark("key-not-a-word"))
            key = event.value
            if key == "<<" and event.style in _PLAIN:
                self._refuse(event, remark("merge-key"))
            if key in mapping:
                line = self.keys[*path, key][0]
                self._refuse(event, remark("key-twice", key=key, line=line))
            self.keys[*path, key] = _place(event)
            mapping[key] = self._value(stream, next(stream), (*path, key))
        return mapping

    def _sequence(self, stream: Iterator[ev.Event], path: Path) -> list[Any]:
        sequence: list[Any] = []
        while not isinstance(event := next(stream), ev.SequenceEndEvent):
            sequence.append(self._value(stream, event, (*path, len(sequence))))
        return sequence

    def _scalar(self, event: ev.ScalarEvent, path: Path) -> str | int | float | bool:
        text: str = event.value
        if event.style not in _PLAIN:
            return text
        if text in _NOTHING:
            place = self.keys.get(path) or _place(event)
            key = path[-1] if path else 0
            _refuse(self.name, place, remark("no-value", key=key) if isinstance(key, str) else remark("no-value-here"))
        if text in {"true", "false"}:
            return text == "true"
        if _INTEGER.fullmatch(text):
            return int(text)
        return float(text) if _DECIMAL.fullmatch(text) else text

    def _refuse(self, event: ev.Event, said: Remark) -> NoReturn:
        _refuse(self.name, _place(event), said)


def _place(event: ev.Event) -> Place:
    mark: Any = event.start_mark  # Events of a stream always have one.
    return mark.line + 1, mark.column + 1
