"""A simulated colleague: a client, with a person's behaviour, texts and pace. Also used for load and crash tests."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections import Counter
from random import Random

import msgspec
from msgspec.structs import replace

from kring.meeting import commands as c
from kring.meeting.views import ItemView, View
from kring.names import apart
from kring.rehearsal.behaviour import Behaviour, Move, still
from kring_client.client import Client, Refused
from kring_client.encoding import SealBroken
from kring_client.sealing import Fields
from kring_client.texts import Scene, Texts
from kring_client.tickets import Closed

_PATIENT = 30 * 60.0
"""Seconds for which colleagues wait for the newcomer to come, or to come back."""
_SECONDS: dict[type[c.Command], tuple[float, float]] = {
    c.TakeSeat: (1, 6), c.TakeFacilitation: (1, 3), c.CloseDoors: (3, 6), c.Start: (3, 6), c.Vote: (5, 15),
    c.Pass: (3, 9), c.Ready: (8, 25), c.EndPhase: (6, 12), c.TakeFloor: (3, 12), c.TakeRole: (3, 10),
    c.Choose: (8, 15),
}  # fmt: skip
"""How long people take for what needs no writing; anything else takes the default."""
_USUAL = (4.0, 10.0)
_STILL = 5.0
"""Seconds after which somebody for whom time stands still looks up."""
_SLOWEST = 45.0
_TYPED = 14.0
"""Letters a second: quicker than most, for whoever practises has to wait."""


class Pace:
    """How long someone takes. ``scale``: 0 for no time at all, as in tests."""

    def __init__(self, random: Random, scale: float = 1.0) -> None:
        self._random, self._scale = random, scale

    def seconds(self, move: Move, fields: Fields | None) -> float:
        """Seconds of the meeting's time for thinking, and for typing what is written."""
        least, most = _SECONDS.get(type(move.command), _USUAL)
        typing = sum(len(str(value)) for value in (fields or {}).values()) / _TYPED
        return min(_SLOWEST, self._random.uniform(least, most) + typing) * self._scale


class Company:
    """Those who play together, and whom they play for. ``newcomer=False``: they play among themselves."""

    def __init__(self, *, newcomer: bool = True, for_owner: bool = False, favourite: int | None = None) -> None:
        self.newcomer, self.for_owner = newcomer, for_owner
        self.seats: dict[str, int] = {}
        """Who of the people of the texts sits where."""
        self._favourite = favourite
        self._seen: str | None = None
        self._missed = time.monotonic()

    def guest_of_honour(self, view: View) -> str | None:
        """The newcomer's seat, when they have sat down."""
        self._seen = next((seat.id for seat in view.seats if seat.id not in self.seats), None) or self._seen
        return self._seen

    def favoured(self, view: View) -> str | None:
        """The seat whose case they prefer: the newcomer's, where they play for a case owner, else one of their own."""
        guest = self.guest_of_honour(view)
        own = next((seat for seat, person in self.seats.items() if person == self._favourite), None)
        return guest if self.for_owner else own

    def gone(self, view: View) -> bool:
        """Whether the newcomer left for good, or keeps us waiting for too long."""
        if not self.newcomer:
            return False
        seat = next((seat for seat in view.seats if seat.id == self._seen), None)
        if seat and seat.here:
            self._missed = time.monotonic()
        return (self._seen is not None and seat is None) or time.monotonic() - self._missed > _PATIENT

    def waits(self, view: View, now: int) -> bool:
        """Whether going on would pass over the newcomer, who may still want to give something."""
        phase, seat = view.phase, next((seat for seat in view.seats if seat.id == self._seen), None)
        if not self.newcomer or phase is None or seat is None or not seat.here or phase.signalled:
            return False
        slots = [slot for slot in view.desk if slot.seat == seat.id and slot.what != "vote"]
        if seat.id in view.ready or not slots or any(slot.given or slot.passed for slot in slots):
            return False
        return phase.deadline is None or now - phase.started < 0.6 * (phase.deadline - phase.started)


class Colleague:
    """Plays one seat until the meeting closes. ``person``: which of the people of the texts."""

    def __init__(
        self, client: Client, behaviour: Behaviour, texts: Texts, pace: Pace, *, person: int, company: Company
    ) -> None:
        self.client, self.behaviour, self.texts, self.pace = client, behaviour, texts, pace
        self.person, self.company = person, company
        self.refused: Counter[str] = Counter()
        self.acted = 0

    async def play(self) -> str:
        """Take part; why it ended: ``done``, ``gone`` (the newcomer), or the code with which the room was closed."""
        try:
            async with self.client:
                return await self._take_part()
        except Closed as closed:
            return closed.code

    async def _take_part(self) -> str:
        while True:
            if self.client.closed is not None:
                return self.client.closed.code
            view = self._view()
            if view.meeting.status == "closed":
                return "done"
            if self.company.gone(view):
                return "gone"
            move = self._choose(view)
            if move is None:
                await self.client.changed(5.0)
                continue
            fields = self._write(move, view)
            if await self._think(move, fields, view) and not await self._act(move, fields):
                return next(iter(self.refused))

    def _view(self) -> View:
        return msgspec.convert(self.client.view, View)

    def _choose(self, view: View) -> Move | None:
        self.behaviour.manners = replace(self.behaviour.manners, votes_for=self.company.favoured(view))
        move = self.behaviour.choose(view)
        passes_over = move is not None and isinstance(move.command, c.Ready | c.EndPhase)
        return None if passes_over and self.company.waits(view, self.client.now()) else move

    async def _think(self, move: Move, fields: Fields | None, before: View) -> bool:
        """Take time, as people do; ``False`` when meanwhile the move makes no sense any more."""
        left = self.pace.seconds(move, fields)
        key = before.phase.key if before.phase else None
        view = before
        while left > 0:
            started = time.monotonic()
            # While time stands still nobody thinks any further: the newcomer does.
            await self.client.changed(left / view.meeting.factor if view.meeting.factor else _STILL)
            left -= (time.monotonic() - started) * view.meeting.factor
            view = self._view()
            if (
                self.client.closed is not None
                or (view.phase.key if view.phase else None) != key
                or not still(move, view)
            ):
                return False
        return True

    async def _act(self, move: Move, fields: Fields | None) -> bool:
        """Do it; ``False`` when there is no place for us here."""
        if isinstance(move.command, c.TakeSeat):
            self.company.seats[move.command.seat] = self.person  # Before the others see it: it is no newcomer's.
            if fields is not None:  # Somebody of that name may have sat down meanwhile.
                fields = {**fields, "name": apart(str(fields["name"]), self._names())}
        try:
            await self.client.act(msgspec.to_builtins(move.command), fields)
        except Refused as refused:
            self.refused[refused.code] += 1
            if isinstance(move.command, c.TakeSeat):
                return False
            await asyncio.sleep(min(2.0, 0.05 * self.refused.total()))  # Others were quicker: look again.
            return True
        self.acted += 1
        return True

    # -- what to write -------------------------------------------------------------------------------------------

    def _write(self, move: Move, view: View) -> Fields | None:
        if move.writes is None:
            return None
        owner = view.round.owner if view.round else None
        scene = Scene(
            person=self.person,
            is_owner=owner is not None and owner == view.mine.seat,
            owner=self._name(owner),
            case=self._text(view, owner, "case"),
            asked=self._asked(view),
            phase=view.phase.id if view.phase else "",
            said=self._said(view),
            given=self._unpicked(view),
            success=self.behaviour.method.starts_from == "success",
            today=dt.datetime.fromtimestamp(self.client.now() / 1000, dt.UTC).date(),
        )
        return self.texts.fill(move.writes, scene, self.behaviour.method)

    def _name(self, seat: str | None) -> str:
        try:
            return self.client.name(seat or "")
        except SealBroken:
            return ""

    def _names(self) -> list[str]:
        return [self._name(seat["id"]) for seat in self.client.view["seats"]]

    def _text(self, view: View, seat: str | None, what: str) -> str:
        """The latest text of this kind by this seat, which the round is about."""
        texts = (self._opened(item) for item in reversed(view.items) if (item.seat, item.what) == (seat, what))
        return next((text for text in texts if text), "")

    def _here(self, view: View, what: str | None = None) -> list[ItemView]:
        return [
            item for item in view.items if view.phase and item.phase == view.phase.key and what in (None, item.what)
        ]

    def _opened(self, item: ItemView) -> str:
        return str(self._fields(item).get("text", ""))

    def _fields(self, item: ItemView) -> Fields:
        try:
            return (self.client.open(item.seat, item.what, item.content) if item.content else None) or {}
        except SealBroken:
            return {}

    def _asked(self, view: View) -> str:
        """The first question of this phase, or else of this round, that was not answered yet."""
        here = self._here(view, "question")
        now = view.round.number if view.round else 0
        items = self._here(view) if here else [item for item in view.items if item.round == now]
        given = {self._opened(item) for item in items if item.what == "answer"}
        asked = (self._opened(item) for item in items if item.what == "question")
        return next((text for text in asked if self.texts.answer(text) not in given), "")

    def _unpicked(self, view: View) -> tuple[tuple[str, str], ...]:
        """What was written in this round, without what this person picked from it already."""
        now = view.round.number if view.round else 0
        items = [item for item in view.items if item.round == now and item.content]
        picked = {text for item in items if item.seat == view.mine.seat for text in self._fields(item).values()}
        texts = ((item.what, self._opened(item)) for item in items if item.seat != view.mine.seat)
        return tuple((what, text) for what, text in texts if text and text not in picked)

    def _said(self, view: View) -> str:
        others = (self._opened(item) for item in reversed(self._here(view)) if item.seat != view.mine.seat)
        return next((text for text in others if text), "")
