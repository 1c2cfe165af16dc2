"""The contributions of a meeting, in order: the latest as they are, earlier ones put away in pages.

A frozen sequence that adds one at the same cost however long it is, and shares all that was there before. A page takes
some 40 bytes for each contribution, where the objects themselves would take 200; a snapshot holds it as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

import msgspec

from kring.meeting.part import Part

PAGE = 32
"""Contributions on a page."""


class Item(Part, frozen=True):
    """A contribution, by reference. ``n``: its number; ``phase``: the phase's key; ``at``: milliseconds since the epoch."""

    n: int
    seat: str
    what: str
    phase: str
    id: str
    round: int
    at: int
    content: str | None


_Row = tuple[int, int, int, int, int, int, str | None]
_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[tuple[_Row, ...]] = msgspec.msgpack.Decoder(tuple[_Row, ...])


class Page(Part, frozen=True):
    """``PAGE`` contributions. ``names``: seats, kinds and phases; ``rows``: places among these, and the rest, as bytes."""

    first: int
    at: int
    names: tuple[str, ...]
    rows: bytes

    @classmethod
    def of(cls, items: tuple[Item, ...]) -> Page:
        """These, put away."""
        place: dict[str, int] = {}
        at = items[0].at
        rows = [
            (
                *(place.setdefault(name, len(place)) for name in (one.seat, one.what, one.phase, one.id)),
                one.round,
                one.at - at,
                one.content,
            )
            for one in items
        ]
        # The encoder's bytes have room to grow; a copy has none.
        return cls(items[0].n, at, tuple(place), bytes(memoryview(_encoder.encode(rows))))

    def __iter__(self) -> Iterator[Item]:
        names = self.names
        for n, (seat, what, phase, kind, number, later, content) in enumerate(_decoder.decode(self.rows), self.first):
            yield Item(n, names[seat], names[what], names[phase], names[kind], number, self.at + later, content)


class Items(Part, frozen=True):
    """All contributions so far, ``count`` of them."""

    count: int = 0
    pages: tuple[Page, ...] = ()
    tail: tuple[Item, ...] = ()

    def __iter__(self) -> Iterator[Item]:
        return self.since(0)

    def add(self, item: Item) -> Items:
        """With one more, of which ``n`` is ``count``."""
        tail = (*self.tail, item)
        if len(tail) < PAGE:
            return Items(self.count + 1, self.pages, tail)
        return Items(self.count + 1, (*self.pages, Page.of(tail)), ())

    def since(self, n: int) -> Iterator[Item]:
        """Those from number ``n`` on."""
        for page in self.pages[n // PAGE :]:
            yield from (item for item in page if item.n >= n)
        yield from self.tail[max(0, n - PAGE * len(self.pages)) :]

    def of(self, phases: AbstractSet[str]) -> Iterator[Item]:
        """Those of the phases with these keys."""
        for page in self.pages:
            if not phases.isdisjoint(page.names):
                yield from (item for item in page if item.phase in phases)
        yield from (item for item in self.tail if item.phase in phases)
