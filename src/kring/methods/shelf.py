"""The files of the library, as they are on disk.

The list of ids is the list of files in the package's ``library`` folder. With ``sentences`` this is the only module of the core
that reads the disk, and only the package's own data. ``library`` reads the methods; ``reader`` needs their text for ``extends``.
"""

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
