"""Every text is there in all the languages in which the method has its name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from kring.methods.errors import Problem
from kring.methods.model import LANGUAGES, Method
from kring.methods.places import Path, Places
from kring.methods.remarks import remark


def check(method: Method, places: Places) -> Iterator[Problem]:
    """Yield the texts that lack a language. That the three of every method are there is the schema's."""
    more = sorted(set(method.name) - set(LANGUAGES))
    if not more:
        return
    for path, text in _texts(msgspec.to_builtins(method), ()):
        for language in more:
            if language not in text and not _comes_along(path, places):
                yield places.problem(path, remark("language-left-out", language=language))


def _comes_along(path: Path, places: Places) -> bool:
    """Whether a text is of a form that every method has."""
    return path[0] == "forms" and path[:2] not in places and not places.origin(path)


def _texts(part: Any, path: Path) -> Iterator[tuple[Path, dict[str, str]]]:  # noqa: ANN401 (plain data)
    if isinstance(part, dict):
        if set(LANGUAGES) <= part.keys():
            yield path, part
            return
        for key, inner in part.items():
            yield from _texts(inner, (*path, key))
    elif isinstance(part, list | tuple):
        for index, inner in enumerate(part):
            yield from _texts(inner, (*path, index))
