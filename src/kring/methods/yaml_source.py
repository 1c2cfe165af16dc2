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

from kring.methods.places import Path, Place, Places
from kring.methods.remarks import Remark, remark
from kring.methods.source_text import decoded, refuse
from kring.methods.yaml_faults import CURLY, Seen, as_meant, cut_off, diagnose, in_curly_quotes, lines, spot

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_DEPTH = 16
MOST_VALUES = 20_000

_INTEGER = re.compile(r"[-+]?[0-9]{1,9}")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,9}\.[0-9]{1,9}")
_DASHED = re.compile(r"-\w")
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_PLAIN = (None, "")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse(data: bytes, name: str) -> tuple[Any, Places]:
    """Return what the file says as plain data, and where it says it."""
    text = decoded(data, name)
    composer = _Composer(name, text)
    try:
        value = composer.document(yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        refuse(name, *diagnose(text, error, composer.seen))
    return value, Places(name, composer.values, composer.keys, comments=composer.comments)


class _Composer:
    """Builds plain data from YAML events and notes every place.

    ``comments``: where a text without quotes is followed by a comment on its line. ``seen``: what came last, for faults.
    """

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.values: dict[Path, Place] = {}
        self.keys: dict[Path, Place] = {}
        self.comments: dict[Path, Place] = {}
        self.seen = Seen()
        self._lines = lines(text)
        self._count = 0

    def document(self, stream: Iterator[ev.Event]) -> Any:  # noqa: ANN401 (plain data of any shape)
        """Return the one document of the stream."""
        next(stream)
        start = next(stream)
        if not isinstance(start, ev.DocumentStartEvent):
            refuse(self.name, (1, 1), remark("empty-file"))
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
            return self._mapping(stream, event, path)
        if isinstance(event, ev.SequenceStartEvent):
            return self._sequence(stream, event, path)
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

    def _mapping(self, stream: Iterator[ev.Event], start: ev.CollectionStartEvent, path: Path) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        before: ev.Event = start
        while not isinstance(event := next(stream), ev.MappingEndEvent):
            self._guard(event, path)
            if not isinstance(event, ev.ScalarEvent):
                self._refuse(event, remark("key-not-a-word"))
            self._note(event, event.value)
            key = event.value
            if key == "<<" and event.style in _PLAIN:
                self._refuse(event, remark("merge-key"))
            if _DASHED.match(key) and event.style in _PLAIN:
                self._refuse(event, remark("dash-without-space"))
            if key in mapping:
                code = (
                    "key-twice-in-entry" if path and isinstance(path[-1], int) and not start.flow_style else "key-twice"
                )
                self._refuse(event, remark(code, key=key, line=self.keys[*path, key][0]))
            self.keys[*path, key] = _place(event)
            value = next(stream)
            if start.flow_style and _is_nothing(value):
                self._valueless(start, before, event)
            mapping[key] = self._value(stream, value, (*path, key))
            before = value
        self._close(start, event)
        return mapping

    def _sequence(self, stream: Iterator[ev.Event], start: ev.CollectionStartEvent, path: Path) -> list[Any]:
        sequence: list[Any] = []
        while not isinstance(event := next(stream), ev.SequenceEndEvent):
            sequence.append(self._value(stream, event, (*path, len(sequence))))
        self._close(start, event)
        return sequence

    def _scalar(self, event: ev.ScalarEvent, path: Path) -> str | int | float | bool:
        text: str = event.value
        self._note(event, self._meant(event) if text[:1] in CURLY and path and isinstance(path[-1], str) else text)
        if event.style not in _PLAIN:
            return text
        if text in _NOTHING:
            place = self.keys.get(path) or _place(event)
            key = path[-1] if path else 0
            refuse(self.name, place, remark("no-value", key=key) if isinstance(key, str) else remark("no-value-here"))
        end = spot(event.end_mark)
        if (cut := cut_off(self._lines[end.line], end.column)) is not None:
            self.comments[path] = (end.line + 1, cut + 1)
        return _typed(text)

    def _note(self, event: ev.ScalarEvent, meant: str) -> None:
        """Remember what came last. Quotes of typography round a whole text were meant as quotes."""
        self.seen = Seen(scalar=event)
        if event.style in _PLAIN and in_curly_quotes(meant):
            self._refuse(event, remark("curly-quotes"))

    def _meant(self, event: ev.ScalarEvent) -> str:
        """The value of a key as its writer meant it, where a comma may have cut it."""
        start, end = spot(event.start_mark), spot(event.end_mark)
        return as_meant(self._lines[start.line][start.column :]) if start.line == end.line else event.value

    def _close(self, start: ev.CollectionStartEvent, end: ev.Event) -> None:
        if start.flow_style:
            self.seen = self.seen._replace(closed=(spot(start.start_mark), spot(end.end_mark)))

    def _valueless(self, start: ev.Event, before: ev.Event, key: ev.ScalarEvent) -> None:
        """Between braces a word without a colon is a part of a text: of one that a comma cut, or that a brace began."""
        end = spot(key.end_mark)
        if key.style not in _PLAIN or self._lines[end.line][end.column :].lstrip().startswith(":"):
            return
        if before is start:
            self._refuse(start, remark("text-begins-with-mark"))
        if isinstance(before, ev.ScalarEvent) and before.style in _PLAIN:
            if _INTEGER.fullmatch(before.value) and key.value.isdecimal():
                self._refuse(before, remark("decimal-comma", value=f"{before.value}.{key.value}"))
            self._refuse(before, remark("comma-in-text"))

    def _refuse(self, event: ev.Event, said: Remark) -> NoReturn:
        refuse(self.name, _place(event), said)


def _typed(text: str) -> str | int | float | bool:
    """Return what a word without quotes stands for. A whole number may be written with a point, as everywhere in JSON."""
    if text in {"true", "false"}:
        return text == "true"
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return int(float(text)) if float(text).is_integer() else float(text)
    return text


def _is_nothing(event: ev.Event) -> bool:
    return isinstance(event, ev.ScalarEvent) and event.style in _PLAIN and not event.value


def _place(event: ev.Event) -> Place:
    mark: Any = event.start_mark  # Events of a stream always have one.
    return mark.line + 1, mark.column + 1
