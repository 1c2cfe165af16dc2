"""Which ids were used in a meeting: of each only a mark is kept, in a frozen set that adds one at much the same cost always.

``mark_of`` makes marks of 8 bytes, so that none need be looked up. Should two ids ever have the same (of 1,000 in a meeting:
once in forty thousand million million), one is refused, and the device makes another. Where ids can be looked up, brief marks
are enough: one in sixteen thousand says of an id in a full meeting that it may be there when it is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b

from kring.meeting.record import Record

_SIZE, _BRIEF = 8, 3
_WIDTH = 8
"""Branches of a node that grew too large."""
_FULL = 1024
"""Marks in a leaf."""


class Used(Record, frozen=True):
    """Marks of one size side by side in one leaf, or shared out among eight branches."""

    leaf: bytes = b""
    branches: tuple[Used, ...] = ()

    def has(self, mark: bytes) -> bool:
        """Whether an id with this mark was used."""
        here, depth = self, 0
        while here.branches:
            here, depth = here.branches[mark[depth] % _WIDTH], depth + 1
        return place_of(here.leaf, mark) >= 0

    def add(self, mark: bytes) -> Used:
        """With this mark."""
        if not self.branches and len(self.leaf) < _FULL and mark not in self.leaf:
            return Used(self.leaf + mark)
        return _with(self, mark, 0)


def place_of(marks: bytes | bytearray, mark: bytes) -> int:
    """Where this mark begins among marks of its size side by side; -1: it is not there."""
    at = marks.find(mark)
    while at > 0 and at % len(mark):  # the end of one mark and the beginning of the next
        at = marks.find(mark, at + 1)
    return at


def _with(used: Used, mark: bytes, depth: int) -> Used:
    if used.branches:
        at = mark[depth] % _WIDTH
        return Used(b"", (*used.branches[:at], _with(used.branches[at], mark, depth + 1), *used.branches[at + 1 :]))
    leaf = used.leaf
    if place_of(leaf, mark) >= 0:
        return used
    leaf += mark
    if len(leaf) <= _FULL * len(mark) or depth == len(mark):
        return Used(leaf)
    return Used(b"", tuple(_shared_out(leaf, len(mark), depth)))


def _shared_out(leaf: bytes, size: int, depth: int) -> Iterator[Used]:
    marks = [leaf[at : at + size] for at in range(0, len(leaf), size)]
    for branch in range(_WIDTH):
        yield Used(b"".join([mark for mark in marks if mark[depth] % _WIDTH == branch]))


def mark_of(name: str) -> bytes:
    """Eight bytes that stand for an id."""
    return blake2b(name.encode(), digest_size=_SIZE).digest()


@lru_cache(maxsize=256)
def brief_mark_of(name: str) -> bytes:
    """Three bytes that an id has in common with few others."""
    return mark_of(name)[:_BRIEF]
