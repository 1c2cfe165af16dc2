"""The contributions of a meeting, in order: the latest as they are, earlier ones put away in pages, pages bound in volumes.

A frozen sequence that adds one at the same cost however long it is, and shares all that was there before. Where the objects
themselves would take 200 bytes for each contribution, a page takes some 30 and a volume 13; a snapshot holds both as they
are.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

import msgspec

from kring.meeting.item import Item
from kring.meeting.record import Record
from kring.meeting.volumes import Names, Volume

PAGE = 16
"""Contributions on a page."""
BOUND = 8
"""Pages in a volume: most meetings have none, and a page is read sooner."""

_Row = tuple[int, int, int, int, int, int, str | None]
_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[tuple[_Row, ...]] = msgspec.msgpack.Decoder(tuple[_Row, ...])


class Page(Record, frozen=True):
    """``PAGE`` contributions from number ``first`` on. ``rows``: places among the names, and the rest, as bytes."""

    first: int
    at: int
    rows: bytes

    @classmethod
    def of(cls, items: tuple[Item, ...], known: Names) -> tuple[Page, Names]:
        """These, put away, and the names with those that are new."""
        place = {name: at for at, name in enumerate(known)}
        at, place_of = items[0].at, place.setdefault
        rows = [
            (
                place_of(one.seat, len(place)),
                place_of(one.what, len(place)),
                place_of(one.phase, len(place)),
                place_of(one.id, len(place)),
                one.round,
                one.at - at,
                one.content,
            )
            for one in items
        ]
        names = known if len(known) == len(place) else tuple(place)
        # The encoder's bytes have room to grow; a copy has none.
        return cls(items[0].n, at, bytes(memoryview(_encoder.encode(rows)))), names

    def read(self, names: Names) -> Iterator[Item]:
        """The contributions again."""
        for n, (seat, what, phase, kind, number, later, content) in enumerate(_decoder.decode(self.rows), self.first):
            yield Item(n, names[seat], names[what], names[phase], names[kind], number, self.at + later, content)

    def holds(self, content: str, names: Names) -> bool:
        """Whether a contribution on here has this id."""
        return content.encode() in self.rows and any(one.content == content for one in self.read(names))


class Items(Record, frozen=True):
    """All contributions so far, ``count`` of them. ``names``: seats, kinds and phases of those put away, kept once."""

    count: int = 0
    volumes: tuple[Volume, ...] = ()
    pages: tuple[Page, ...] = ()
    tail: tuple[Item, ...] = ()
    names: Names = ()

    def __iter__(self) -> Iterator[Item]:
        return self.since(0)

    def add(self, item: Item) -> Items:
        """With one more, of which ``n`` is ``count``."""
        tail, count = (*self.tail, item), self.count + 1
        if len(tail) < PAGE:
            return Items(count, self.volumes, self.pages, tail, self.names)
        page, names = Page.of(tail, self.names)
        pages = (*self.pages, page)
        if len(pages) < BOUND:
            return Items(count, self.volumes, pages, (), names)
        volume, names = Volume.of([item for page in pages for item in page.read(names)], names)
        return Items(count, (*self.volumes, volume), (), (), names)

    def has(self, content: str) -> bool:
        """Whether a contribution has this id: found by looking, so ask only where it is likely."""
        put_away: tuple[Page | Volume, ...] = (*self.pages, *self.volumes)
        return any(one.content == content for one in self.tail) or any(
            one.holds(content, self.names) for one in put_away
        )

    def since(self, n: int) -> Iterator[Item]:
        """Those from number ``n`` on."""
        late = n - self.count + len(self.tail)
        return iter(self.tail[late:]) if late >= 0 else self._since(n)

    def _since(self, n: int) -> Iterator[Item]:
        bound = PAGE * BOUND * len(self.volumes)
        volumes, pages = self.volumes[n // (PAGE * BOUND) :], self.pages[max(0, n - bound) // PAGE :]
        put_away: tuple[Page | Volume, ...] = (*volumes, *pages)
        for one in put_away:
            yield from (item for item in one.read(self.names) if item.n >= n)
        yield from self.tail

    def of(self, phases: AbstractSet[str]) -> Iterator[Item]:
        """Those of the phases with these keys."""
        return (one for one in self._naming(phases) if one.phase in phases)

    def named(self, what: str) -> Iterator[Item]:
        """Those of this kind."""
        return (one for one in self._naming({what}) if one.what == what)

    def _naming(self, wanted: AbstractSet[str]) -> Iterator[Item]:
        """Those that may be of a phase or kind that is ``wanted``; it saves reading most others."""
        if not wanted.isdisjoint(self.names):
            for volume in self.volumes:
                yield from volume.naming(wanted, self.names)
            for page in self.pages:
                yield from page.read(self.names)
        yield from self.tail
