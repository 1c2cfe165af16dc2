"""The methods that come with Kring. The one place in the core that reads from disk: its own package data."""

from __future__ import annotations

import functools
from importlib import resources
from typing import TYPE_CHECKING

from kring.methods.errors import guess
from kring.methods.reader import read

if TYPE_CHECKING:
    from kring.methods.model import Method

_ENDING = ".yaml"


class UnknownMethodError(LookupError):
    """The library has no method with this id."""


@functools.cache
def names() -> tuple[str, ...]:
    """Return the ids of all methods in the library, sorted."""
    folder = resources.files("kring.methods") / "library"
    return tuple(sorted(file.name.removesuffix(_ENDING) for file in folder.iterdir() if file.name.endswith(_ENDING)))


def source(method_id: str) -> bytes:
    """Return the file of a method as it is on disk."""
    if method_id not in names():
        message = f"There is no method `{method_id}`.{guess(method_id, names())} There are: {', '.join(names())}."
        raise UnknownMethodError(message)
    return (resources.files("kring.methods") / "library" / f"{method_id}{_ENDING}").read_bytes()


@functools.cache
def load(method_id: str) -> Method:
    """Return a method of the library by its id; raise ``UnknownMethodError`` when there is none."""
    return read(source(method_id), f"{method_id}{_ENDING}")
