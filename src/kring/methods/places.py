"""Where in the file each value stands, so that a problem found later still points to its line and column.

A value goes by its ``Path`` (keys and indexes from the top). The reader notes the place of each as it parses; a rule that finds a
problem gives the path, and ``Places.problem`` finds the line: of the value, or of the nearest thing in the file that it came
from (a kind, a file that is extended), which it then names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from kring.methods.errors import Problem
from kring.methods.remarks import Remark, remark

Path = tuple[str | int, ...]
"""The way to a value: keys of mappings and indexes of lists, from the top of the file."""
Place = tuple[int, int]
"""Line and column, from 1."""
Ways = Callable[[Path], Remark | None]
"""From a path to the shortest way of a meeting to its phase: a remark that tells the group and the steps; or nothing."""
_PHASE = 2
"""How long the path of a phase is, or of an entry of ``roles``, ``forms`` and the like."""


class Origin(NamedTuple):
    """Where something was written: a file, and a line from 1."""

    file: str
    line: int


@dataclass(frozen=True)
class Places:
    """The places of all keys and values of one file.

    What a kind's shorthand supplied is not in the file: it is found at the ``kind`` of its phase, and ``supplied`` tells by path
    by which kind. What is missing is found at the mapping that it is missing from.
    What a file has from the one that it extends is found at what it says of that phase, or else at ``extends``;
    ``inherited`` tells by path where it was written. ``comments``: where a text without quotes is followed by a comment.
    ``ways`` lead a meeting to a phase.
    """

    file: str
    values: Mapping[Path, Place]
    keys: Mapping[Path, Place]
    inherited: Mapping[Path, Origin] = field(default_factory=dict)
    comments: Mapping[Path, Place] = field(default_factory=dict)
    supplied: Mapping[Path, str] = field(default_factory=dict)
    ways: Ways | None = None

    def walked(self, ways: Ways) -> Places:
        """Return the same places, of which each problem in a phase tells how a meeting comes by it."""
        return replace(self, ways=ways)

    def __contains__(self, path: Path) -> bool:
        """Whether the file itself says something at this path."""
        return path in self.values

    def of(self, path: Path) -> Place:
        """Return where the value at this path stands, or what it came from."""
        if self.origin(path):
            nearest = path[:_PHASE] if len(path) > _PHASE and path[:_PHASE] in self.values else ("extends",)
            return self.values[nearest]
        for length in range(len(path), -1, -1):
            if path[:length] in self.values:
                kind = (*path[:length], "kind")
                nearest = kind if length < len(path) and kind in self.values else path[:length]
                return self.values[nearest]
        return (1, 1)

    def of_key(self, path: Path) -> Place:
        """Return where the key of this path stands."""
        return self.keys.get(path) or self.of(path)

    def origin(self, path: Path) -> Origin | None:
        """Return in which file and line the value was written, where that is another file; else nothing."""
        for part in _beginnings(path):
            if part in self.values:
                return None
            if part in self.inherited:
                return self.inherited[part]
        return None

    def problem(self, path: Path, said: Remark, *, key: bool = False, way: Remark | None = None) -> Problem:
        """Return a problem with the value (or its key) at this path; ``way``: how a meeting comes by it."""
        line, column = self.of_key(path) if key else self.of(path)
        notes = []
        if origin := self.origin(path):
            notes.append(remark("came-from", file=origin.file, line=origin.line))
        elif from_kind := next((part for part in _beginnings(path) if part in self.supplied), None):
            notes.append(remark("came-from-kind", key=str(from_kind[-1]), kind=self.supplied[from_kind]))
        if way := way or (self.ways(path) if self.ways else None):
            notes.append(way)
        return Problem(self.file, line, column, said, tuple(notes))


def _beginnings(path: Path) -> Iterator[Path]:
    return (path[:length] for length in range(len(path), 0, -1))
