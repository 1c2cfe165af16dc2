"""The contributions of a meeting, in order, and which ids they have.

Both only grow, and every state keeps its own: adding gives a new value that shares all that was there before, at a cost that
does not depend on how much that is. ``Items`` has the latest contributions in a short tuple; when that is full it becomes a
page, and pages never change. ``Ids`` is a handful of frozen sets, each larger than the next: what is added is a set of its
own, joined with those that are not larger. So an id is copied a few times in a meeting of a thousand, and is found by asking
a few sets. The ids of contributions are added a page at a time; those of the latest are looked through.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import chain

from kring.meeting.record import Record

PAGE = 16
"""Contributions on a page."""


class Item(Record, frozen=True):
    """A contribution, by reference.

    ``n``: its number, from 0; ``seat``: whose it is; ``what``: its kind, such as ``question``; ``phase`` and ``id``: the
    phase's key and its id in the method; ``round``: 0 outside of one; ``at``: milliseconds since the epoch; ``content``: the
    id of the sealed body, ``None`` for what was said aloud; ``give``: for which one of the phase's list, where that has a veil
    of its own.
    """

    n: int
    seat: str
    what: str
    phase: str
    id: str
    round: int
    at: int
    content: str | None
    give: int | None = None


class Ids(Record, frozen=True):
    """Ids that were used, in ``sets``, the largest first."""

    sets: tuple[frozenset[str], ...] = ()

    def has(self, one: str) -> bool:
        """Whether this is one of them."""
        for some in self.sets:  # noqa: SIM110 - asked of every contribution, and a generator takes three times as long
            if one in some:
                return True
        return False

    def add(self, *more: str) -> Ids:
        """With these."""
        sets, kept, size = self.sets, len(self.sets), len(more)
        while kept and len(sets[kept - 1]) <= size:
            kept -= 1
            size += len(sets[kept])
        return Ids((*sets[:kept], frozenset(more).union(*sets[kept:]))) if more else self


class Items(Record, frozen=True):
    """All contributions so far: full ``pages``, and the ``latest``. ``ids``: of the sealed bodies on the pages."""

    pages: tuple[tuple[Item, ...], ...] = ()
    latest: tuple[Item, ...] = ()
    ids: Ids = Ids()

    @classmethod
    def of(cls, items: Iterable[Item]) -> Items:
        """These, numbered as they come; equal names become one object, as they are where events are folded."""
        shared = tuple(_sharing(items))
        pages = tuple(shared[end - PAGE : end] for end in range(PAGE, len(shared) + 1, PAGE))
        ids = Ids()
        for page in pages:
            ids = ids.add(*_contents(page))
        return cls(pages, shared[PAGE * len(pages) :], ids)

    def __len__(self) -> int:
        return PAGE * len(self.pages) + len(self.latest)

    def __iter__(self) -> Iterator[Item]:
        return chain(*self.pages, self.latest)

    def add(self, item: Item) -> Items:
        """With one more, of which ``n`` is the length so far."""
        latest = (*self.latest, item)
        if len(latest) < PAGE:
            return Items(self.pages, latest, self.ids)
        return Items((*self.pages, latest), (), self.ids.add(*_contents(latest)))

    def has(self, content: str) -> bool:
        """Whether this is the id of a contribution."""
        for one in self.latest:
            if one.content == content:
                return True
        return self.ids.has(content)

    def since(self, n: int) -> Iterator[Item]:
        """Those from number ``n`` on."""
        late = n - PAGE * len(self.pages)
        if late >= 0:
            return iter(self.latest[late:])
        first, *more = self.pages[n // PAGE :]
        return chain(first[n % PAGE :], *more, self.latest)

    def of_phases(self, keys: AbstractSet[str]) -> Iterator[Item]:
        """Those of the phases with these keys."""
        return (one for one in self if one.phase in keys)

    def of_kind(self, what: str) -> Iterator[Item]:
        """Those of this kind."""
        return (one for one in self if one.what == what)


def _contents(items: Iterable[Item]) -> list[str]:
    return [one.content for one in items if one.content is not None]


def _sharing(items: Iterable[Item]) -> Iterator[Item]:
    share = dict[str, str]().setdefault
    for one in items:
        seat, what, phase, name = one.seat, one.what, one.phase, one.id
        yield Item(
            one.n, share(seat, seat), share(what, what), share(phase, phase), share(name, name),
            one.round, one.at, one.content,
        )  # fmt: skip
