"""Which ids were used in a meeting, so that none is used twice: of each only a mark of 8 bytes is kept.

A frozen set that adds one at much the same cost however many there are. Should two ids ever have the same mark (of 2,000
in a meeting: once in ten thousand million million), one is refused, and the device makes another.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b

from kring.meeting.part import Part

_SIZE = 8
_WIDTH = 8
"""Branches of a node that grew too large."""
_FULL = 128 * _SIZE


class Used(Part, frozen=True):
    """Marks side by side in one leaf, or shared out among eight branches."""

    leaf: bytes = b""
    branches: tuple[Used, ...] = ()

    def has(self, name: str) -> bool:
        """Whether this id was used."""
        mark = mark_of(name)
        here, depth = self, 0
        while here.branches:
            here, depth = here.branches[mark[depth] % _WIDTH], depth + 1
        return mark in here.leaf

    def add(self, name: str) -> Used:
        """With this id."""
        return _with(self, mark_of(name), 0)


def _with(used: Used, mark: bytes, depth: int) -> Used:
    if used.branches:
        at = mark[depth] % _WIDTH
        return Used(b"", (*used.branches[:at], _with(used.branches[at], mark, depth + 1), *used.branches[at + 1 :]))
    if mark in used.leaf:
        return used
    leaf = used.leaf + mark
    return Used(leaf) if len(leaf) <= _FULL else Used(b"", tuple(_shared_out(leaf, depth)))


def _shared_out(leaf: bytes, depth: int) -> Iterator[Used]:
    marks = [leaf[at : at + _SIZE] for at in range(0, len(leaf), _SIZE)]
    for branch in range(_WIDTH):
        yield Used(b"".join([mark for mark in marks if mark[depth] % _WIDTH == branch]))


@lru_cache(maxsize=256)
def mark_of(name: str) -> bytes:
    """Eight bytes that stand for an id."""
    return blake2b(name.encode(), digest_size=_SIZE).digest()
