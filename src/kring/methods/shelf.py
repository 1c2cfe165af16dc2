"""The files of the library, unread. With ``schema`` the one place in the core that looks at disk: its own package data."""

from __future__ import annotations

import functools
from importlib import resources

from kring.methods.remarks import Remark, guess, remark

ENDING = ".yaml"


class UnknownMethodError(LookupError):
    """The library has no method with this id. ``remark`` says which there are."""

    def __init__(self, said: Remark) -> None:
        """Keep the remark; the exception speaks English."""
        self.remark = said
        super().__init__(said.sentence())


@functools.cache
def names() -> tuple[str, ...]:
    """Return the ids of all methods in the library, sorted."""
    folder = resources.files("kring.methods") / "library"
    return tuple(sorted(file.name.removesuffix(ENDING) for file in folder.iterdir() if file.name.endswith(ENDING)))


def source(method_id: str) -> bytes:
    """Return the file of a method as it is on disk."""
    if method_id not in names():
        hint = guess(method_id, names())
        raise UnknownMethodError(remark("unknown-method", method=method_id, hint=hint, known=names()))
    return (resources.files("kring.methods") / "library" / f"{method_id}{ENDING}").read_bytes()
