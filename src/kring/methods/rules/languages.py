"""Every text is there in all the languages in which the method has its name, in no others, and as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from kring.methods.errors import Problem
from kring.methods.model import LANGUAGES, Method
from kring.methods.places import Path, Places
from kring.methods.remarks import remark


def check(method: Method, places: Places) -> Iterator[Problem]:
    """Yield texts that lack a language, have one too many, or are cut. The schema sees to the three of every method."""
    more = sorted(method.name.keys() - set(LANGUAGES))
    whole: list[Path] = [("source", index, "ref") for index in range(len(method.source))]
    for path, text in _texts(msgspec.to_builtins(method), ()):
        whole += [(*path, language) for language in text]
        for language in more:
            if language not in text and not _comes_along(path, places):
                yield places.problem(path, remark("language-left-out", language=language))
        for language in sorted(text.keys() - method.name.keys()):
            if (*path, language) in places:
                yield places.problem((*path, language), remark("language-of-no-name", language=language), key=True)
    cut = (places.comments[path] for path in whole if path in places.comments)
    yield from (Problem(places.file, *place, remark("comment-in-text")) for place in cut)


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
