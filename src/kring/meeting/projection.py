"""``view`` and ``facts``: what each audience may know (``views`` has the shapes).

A ``Projection`` is one state as its audiences see it. It builds each section of a view when it is first asked for and keeps
it; a ``Transition`` between two projections says which facts each audience gets, and hands what still holds on to the later
one. Audiences that get the same share one object, so that a room encodes it once.

Rule 1: who may see a contribution is said by ``sees`` alone. Rule 2: what a projection keeps is never more than what it
could build: ``view`` and ``facts`` are the same functions, without a memory.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import compress
from operator import is_not
from typing import Any, NamedTuple

from msgspec.structs import astuple

from kring.meeting import views as v
from kring.meeting.affected import Conditions, affected, conditions
from kring.meeting.authority import targets
from kring.meeting.items import Item
from kring.meeting.permissions import Action, acting, personal, standing
from kring.meeting.sections import OUTSIDE_READS, SECTIONS, item_view, outside, slot_view
from kring.meeting.state import TABLE, Desk, State, Who
from kring.meeting.unsent import typing
from kring.methods.model import Method

Desks = list[tuple[Desk, Desk]] | None
"""Entries of the desk as they were and are, where they differ; ``None`` for another desk altogether."""
_FIELDS = State.__struct_fields__


def view(state: State, who: Who, *, method: Method) -> v.View:
    """All that ``who`` may know now."""
    return Projection(state, method).view(who)


def facts(before: State, after: State, who: Who, *, method: Method) -> v.Facts:
    """What ``who`` may know in ``after`` and did not, or otherwise, in ``before``."""
    earlier = Projection(before, method)
    earlier.mine(who)  # where it still holds, the later one inherits it: as in a room
    return Transition(earlier, Projection(after, method)).facts(who)


def as_facts(fresh: v.View) -> v.Facts:
    """A whole view as facts, for an audience that is another than before."""
    sections = {name: getattr(fresh, name) for name in v.View.__struct_fields__ if name != "items"}
    return v.Facts(set=sections, items=fresh.items, fresh=True)


def sees(state: State, item: Item, who: Who) -> bool:
    """Whether ``who`` may see a contribution. The table screen sees what nobody in the room is kept from."""
    if item.seat == who:
        return True
    veils = (veil for veil in state.veils if veil.phase == item.phase and veil.give in {None, item.give})
    return all(veil.seats and who != TABLE and who not in veil.seats for veil in veils)


class Projection:
    """One state as its audiences see it. ``seated``: the seats that are taken."""

    __slots__ = (
        "_acting",
        "_by_permissions",
        "_conditions",
        "_mine",
        "_outside",
        "_sections",
        "_standing",
        "method",
        "seated",
        "state",
        "values",
    )

    def __init__(self, state: State, method: Method, seated: frozenset[str] | None = None) -> None:
        self.state = state
        self.values = astuple(state)
        self.method = method
        self.seated = seated or frozenset([seat.id for seat in state.seats])
        self._sections: dict[str, Any] = {}
        self._mine: dict[Who, v.MineView] = {}
        self._by_permissions: dict[tuple[Who, tuple[Action, ...]], v.MineView] = {}
        self._standing: dict[Who, tuple[list[Action], tuple[str, ...]]] = {}
        self._outside: dict[str, Any] | None = None
        self._acting: set[Who] = set()
        self._conditions: Conditions | None = None

    def then(self, state: State) -> Projection:
        """The projection of a later state, that has built nothing yet."""
        return Projection(state, self.method, self.seated if state.seats is self.state.seats else None)

    def view(self, who: Who) -> v.View:
        """All that ``who`` may know."""
        if not self.inside(who):
            return v.View(**self.outside(), mine=self.mine(who), items=())
        items = tuple(item_view(item) for item in self.state.items if sees(self.state, item, who))
        return v.View(**{name: self.section(name) for name in SECTIONS}, mine=self.mine(who), items=items)

    def inside(self, who: Who) -> bool:
        """Whether ``who`` may know what goes on: a seat, or the table screen."""
        return who in self.seated or who == TABLE

    def section(self, name: str) -> Any:  # noqa: ANN401  sections are of several types
        """What all who are inside know alike."""
        if name not in self._sections:
            self._sections[name] = SECTIONS[name].build(self.state, self.method)
        return self._sections[name]

    def outside(self) -> dict[str, Any]:
        """What all who are outside know alike."""
        if self._outside is None:
            self._outside = outside(self.state, self.method)
        return self._outside

    def mine(self, who: Who) -> v.MineView:
        """What is for ``who`` alone."""
        mine = self._mine.get(who)
        if mine is None:
            mine = self._mine[who] = self._build_mine(who)
        return mine

    @property
    def conditions(self) -> Conditions:
        """What everybody's permissions ask of the whole queue and desk."""
        if self._conditions is None:
            self._conditions = conditions(self.state)
        return self._conditions

    def _build_mine(self, who: Who) -> v.MineView:
        state, method = self.state, self.method
        known, doer = self._standing.get(who), who if isinstance(who, str) else ""
        if known is None:
            whom = targets(state, doer) if self.inside(who) else ()
            known = self._standing[who] = sorted(standing(state, who, method)), whom
            if whom:
                self._acting.add(who)
        lasting, whom = known
        key = who, tuple(personal(state, who, method))  # few, and they come again
        vote = state.choice.vote_of(who) if state.choice else None
        mine = None if whom else self._by_permissions.get(key)
        if mine is None or mine.vote != vote:
            mine = self._by_permissions[key] = v.MineView(
                seat=who if who in self.seated else None,
                permitted=tuple(sorted([*lasting, *key[1]])),  # mostly in order already
                acting={one: tuple(sorted(acting(state, doer, one, method=method))) for one in whom},
                vote=vote,
                typing=typing(state, who),
            )
        return mine

    def inherit(self, before: Projection, change: Change, desks: Desks) -> frozenset[str]:
        """Keep what was built in ``before`` and still holds; the seats for which ``mine`` does."""
        sections = before._sections.copy()
        for name in change.sections:
            sections.pop(name, None)
        self._sections = {**sections, **self._sections} if self._sections else sections
        if not change.outside:
            self._outside = self._outside or before._outside
        seats = self._affected(before, change, desks) if before._mine else None
        if seats is None:
            return frozenset()
        self._standing, self._by_permissions, self._acting = before._standing, before._by_permissions, before._acting
        kept = before._mine.copy()
        for who in before._acting | seats if before._acting else seats:
            kept.pop(who, None)
        self._mine = {**self._mine, **kept} if self._mine else kept
        return self.seated.intersection(kept)

    def _affected(self, before: Projection, change: Change, desks: Desks) -> set[str] | None:
        """The seats of which ``mine`` may be another than before; ``None``: everybody's may."""
        found = affected(before.state, self.state, change.fields, desks)
        if found is None:
            return None
        seats, depends = found
        return None if depends and before.conditions != self.conditions else seats


class Change(NamedTuple):
    """What is another object than before: fields of the state, and so sections of the view."""

    fields: frozenset[str]
    sections: tuple[str, ...]
    outside: bool


def _change(before: Projection, after: Projection) -> Change:
    was, now = before.state.phase, after.state.phase
    choosing = bool((was and was.choosing) or (now and now.choosing))
    return _read((choosing, tuple(compress(_FIELDS, map(is_not, before.values, after.values)))))


@lru_cache(maxsize=4096)
def _read(differ: tuple[bool, tuple[str, ...]]) -> Change:
    choosing, fields = differ[0], frozenset(differ[1])
    sections = [name for name, section in SECTIONS.items() if not section.reads.isdisjoint(fields)]
    if "choice" in sections and not choosing and fields.isdisjoint({"choice", "phase"}):
        sections.remove("choice")  # what may be chosen is of no account in a phase without a choice
    return Change(fields, tuple(sections), not OUTSIDE_READS.isdisjoint(fields))


def _desks(before: tuple[Desk, ...], after: tuple[Desk, ...]) -> Desks:
    """The entries of the desk that differ from before; ``None`` where it is another desk."""
    if before is after:
        return []
    if len(before) != len(after):
        return None
    pairs = []
    for at, other in enumerate(map(is_not, before, after)):
        if other:
            was, now = before[at], after[at]
            if was.slot is not now.slot:
                return None
            pairs.append((was, now))
    return pairs


class Transition:
    """From one state to a later one, for all audiences: those who are sent the same get the same ``Facts``.

    ``common``: what every seat is sent alike, where it is. ``unaffected``: the seats whose ``mine`` is as it was.
    """

    __slots__ = (
        "_alike",
        "_all",
        "_by_sight",
        "_desks",
        "_items",
        "_known",
        "_seated",
        "_sections",
        "_shared",
        "after",
        "before",
        "change",
        "common",
        "lifted",
        "unaffected",
    )

    def __init__(self, before: Projection, after: Projection) -> None:
        self.before = before
        self.after = after
        self.change = _change(before, after)
        self._desks = _desks(before.state.desk, after.state.desk)
        self.unaffected = after.inherit(before, self.change, self._desks)
        self._known = len(before.state.items)
        self.lifted = self._lifted()
        self._items = self._in_question()
        self._all = tuple([item_view(item) for item in self._items])
        self._alike = not self._items or self._seen_by_all()
        self._sections: dict[bool, dict[str, Any]] = {}
        self._by_sight: dict[tuple[bool, ...], tuple[v.ItemView, ...]] = {}
        self._shared: dict[tuple[bool, int], v.Facts] = {}
        self._seated = after.seated if after.seated is before.seated else after.seated & before.seated
        self.common = self._plain(self._all, inside=True) if self._alike and self._seated else None

    def facts(self, who: Who) -> v.Facts:
        """What ``who`` may know after the transition and did not, or otherwise, before."""
        shared, mine = self.parts(who)
        return shared if mine is None else v.Facts({**shared.set, "mine": mine}, shared.items, shared.desk)

    def parts(self, who: Who) -> tuple[v.Facts, v.MineView | None]:
        """The same facts in two parts: what others may be sent alike, and what is for ``who`` alone, if it changed."""
        shared = self.common if who in self._seated else None
        if shared is None:
            inside = self.after.inside(who)
            if inside != self.before.inside(who):
                return as_facts(self.after.view(who)), None
            shared = self._plain(self._items_for(who) if inside else (), inside=inside)
        elif who in self.unaffected:
            return shared, None
        mine, was = self.after.mine(who), self.before.mine(who)
        return shared, None if mine is was or mine == was else mine

    def _plain(self, items: tuple[v.ItemView, ...], *, inside: bool) -> v.Facts:
        """What is sent to all who are sent no more than these ``items`` and what all know alike."""
        shared = self._shared.get((inside, id(items)))
        if shared is None:
            desk = tuple([slot_view(now) for _, now in self._desks]) if inside and self._desks else ()
            shared = self._shared[inside, id(items)] = v.Facts(self._alike_for(inside=inside), items, desk)
        return shared

    def _alike_for(self, *, inside: bool) -> dict[str, Any]:
        """The sections that differ from before."""
        known = self._sections.get(inside)
        if known is None:
            known = self._sections[inside] = self._inside() if inside else self._outside()
        return known

    def _inside(self) -> dict[str, Any]:
        parts = {}
        for name in self.change.sections:
            if name == "desk" and self._desks is not None:
                continue
            part = self.after.section(name)
            if part != self.before.section(name):
                parts[name] = part
        return parts

    def _outside(self) -> dict[str, Any]:
        if not self.change.outside:
            return {}
        known = self.before.outside()
        return {name: part for name, part in self.after.outside().items() if part != known[name]}

    def _lifted(self) -> frozenset[str]:
        """The phases of which somebody may see more than before."""
        before, after = self.before.state.veils, self.after.state.veils
        return frozenset() if before is after else frozenset([veil.phase for veil in before if veil not in after])

    def _in_question(self) -> tuple[Item, ...]:
        """The contributions that somebody may be sent now: new ones, and those of which a veil was lifted."""
        before, after = self.before.state.items, self.after.state.items
        new = () if before is after else tuple(after.since(self._known))
        return (*(item for item in after.of_phases(self.lifted) if item.n < self._known), *new) if self.lifted else new

    def _seen_by_all(self) -> bool:
        if self.lifted:
            return False
        veils = self.after.state.veils
        return not veils or {veil.phase for veil in veils}.isdisjoint([item.phase for item in self._items])

    def _items_for(self, who: Who) -> tuple[v.ItemView, ...]:
        """What ``who`` sees of the contributions in question: the same tuple for all who see the same."""
        if self._alike:
            return self._all
        sight = tuple(self._new_to(item, who) for item in self._items)
        visible = self._by_sight.get(sight)
        if visible is None:
            visible = tuple(shown for shown, seen in zip(self._all, sight, strict=True) if seen)
            self._by_sight[sight] = visible
        return visible

    def _new_to(self, item: Item, who: Who) -> bool:
        if not sees(self.after.state, item, who):
            return False
        return item.n >= self._known or not sees(self.before.state, item, who)
