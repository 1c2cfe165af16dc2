"""Where in the file each value stands, so that a problem found later still points to its line and column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kring.methods.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

Path = tuple[str | int, ...]
"""The way to a value: keys of mappings and indexes of lists, from the top of the file."""
Place = tuple[int, int]
"""Line and column, from 1."""


class Places:
    """The places of all keys and values of one file.

    What a kind's shorthand supplied is not in the file: it is found at the ``kind`` of its phase.
    What is missing is found at the mapping that it is missing from.
    """

    def __init__(self, file: str, values: Mapping[Path, Place], keys: Mapping[Path, Place]) -> None:
        """Keep the places of ``values`` and of the ``keys`` of mappings, by path."""
        self.file = file
        self._values = values
        self._keys = keys

    def __contains__(self, path: Path) -> bool:
        """Whether the file itself says something at this path."""
        return path in self._values

    def of(self, path: Path) -> Place:
        """Return where the value at this path stands, or what it came from."""
        for length in range(len(path), -1, -1):
            if path[:length] in self._values:
                kind = (*path[:length], "kind")
                nearest = kind if length < len(path) and kind in self._values else path[:length]
                return self._values[nearest]
        return (1, 1)

    def of_key(self, path: Path) -> Place:
        """Return where the key of this path stands."""
        return self._keys.get(path) or self.of(path)

    def problem(self, path: Path, message: str, *, key: bool = False) -> Problem:
        """Return a problem with the value (or its key) at this path."""
        line, column = self.of_key(path) if key else self.of(path)
        return Problem(self.file, line, column, message)
