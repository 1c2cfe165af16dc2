"""A room that makes no mistakes, in memory: what the devices of a meeting would have noted down.

For the tests of the checker, which then spoil a thing or two. Nothing of the server is in it but the shape of its messages.
"""

from __future__ import annotations

from random import Random
from typing import Any

import msgspec

from kring.meeting import (
    INITIAL,
    TABLE,
    Actor,
    Refusal,
    commands,
    due,
    events,
    evolve,
    execute,
    facts,
    open_meeting,
    view,
)
from kring.meeting.projection import as_facts
from kring.meeting.views import Facts
from kring.methods.model import Method
from kring.rehearsal.behaviour import Behaviour, Manners
from kring_room.wire.messages import Done, FactsMessage, FactsOut, Refused, SeatCommand, Welcome
from tests.torture.device import sealed
from tests.torture.history import Answered, Asked, Evidence, Heard, History, Json, Opened

MEETING = "m" * 20
START = 1_790_000_000_000


class Ideal:
    """One meeting with so many seats, a table screen and a stranger; everybody hears as_facts at once."""

    def __init__(self, method: Method, seats: int, seed: int) -> None:
        self.method = method
        self._random = Random(seed)
        self._ids = 0
        self.now, self.at = START, 1.0
        opened = open_meeting(MEETING, method, now=START, seed=seed, practice=True)
        self.log: list[events.AnyEvent] = [opened]
        self.state = evolve(INITIAL, opened)
        self.answers: list[Answered] = []
        self.contents: dict[str, str] = {}
        self.histories = [History(f"device{n:04}", table=False) for n in range(seats)]
        self.histories += [History("table:device", table=True), History("stranger", table=False)]
        self._seats: dict[str, str] = {"table:device": TABLE}
        self._people = [
            Behaviour(method, Random(seed + n), self._new_id, Manners(hosts=n == 0, expects=seats, writes=1.0))
            for n in range(seats)
        ]
        for history in self.histories:
            self.come(history)

    def come(self, history: History) -> None:
        """A line, and a fresh view."""
        shown = view(self.state, self._seats.get(history.device), method=self.method)
        seat = self._seats.get(history.device)
        bodies = self._bodies(shown.seats, shown.items)
        history.entries.append(Opened(self._tick(), None))
        welcome = Welcome(
            self.state.seq, self.now, None if seat == TABLE else seat, history.table, view=shown, bodies=bodies
        )
        self._say(history, welcome)

    def play(self, most: int) -> None:
        """So many steps, or to the end: whoever has something to do does it, else time passes."""
        for _ in range(most):
            if self.state.info.status == "closed":
                return
            self._step()

    def do(self, history: History, command: Json, bodies: dict[str, str]) -> str:
        """Ask for something, and hear the answer; the command's id."""
        identity = self._new_id()
        history.entries.append(Asked(self._tick(), identity, command, bodies))
        seat = self._seats.get(history.device)
        actor = Actor(table=True) if seat == TABLE else Actor(seat=seat)
        if not self._commit(history, identity, msgspec.convert(command, SeatCommand), actor):
            return identity
        self.contents |= bodies
        self._say(history, Done(identity, self.state.seq))
        return identity

    def evidence(self) -> Evidence:
        """What the checker gets."""
        return Evidence(
            method=self.method,
            log=tuple(self.log),
            answers=tuple(self.answers),
            contents=frozenset(self.contents),
            histories=tuple(History(one.device, one.table, list(one.entries)) for one in self.histories),
            now=self.now,
        )

    def _step(self) -> None:
        self.now += 500
        for history, person in zip(self.histories, self._people, strict=False):
            move = person.choose(view(self.state, self._seats.get(history.device), method=self.method))
            if move:
                content = move.writes.content if move.writes else None
                bodies = {content: sealed(self._random)} if content else {}
                self.do(history, msgspec.to_builtins(move.command), bodies)
                return
        self.strike()

    def strike(self) -> None:
        """The time comes that the room waits for."""
        self.now = max(self.now, due(self.state) or self.now)
        self._commit(None, "", commands.Tick(), Actor(room=True))

    def _commit(self, history: History | None, identity: str, command: commands.AnyCommand, actor: Actor) -> bool:
        before = self.state
        outcome: Any = execute(before, command, method=self.method, actor=actor, now=self.now)
        if isinstance(outcome, Refusal):
            assert history
            self._say(history, Refused(identity, outcome.code))
            return False
        happened, self.state = outcome
        self.log += happened
        had = dict(self._seats)
        if history:
            self.answers.append(Answered(history.device, identity, self.state.seq))
            last = history.entries[-1]
            assert isinstance(last, Asked)
            self.contents |= last.bodies
            if isinstance(command, commands.TakeSeat):
                self._seats[history.device] = command.seat
        for each in self.histories:
            old, new = had.get(each.device), self._seats.get(each.device)
            told = facts(before, self.state, new, method=self.method)
            if old != new:
                told = as_facts(view(self.state, new, method=self.method))
            self._tell(each, new, told, happened)
        return True

    def _tell(self, history: History, audience: str | None, told: Facts, happened: tuple[events.AnyEvent, ...]) -> None:
        if told == Facts():
            return
        because = () if audience is None else tuple(one.__struct_config__.tag for one in happened)
        bodies = self._bodies(told.set.get("seats", ()), told.items)
        out = FactsOut(**{name: getattr(told, name) for name in Facts.__struct_fields__})
        self._say(history, FactsMessage(self.state.seq, tuple(map(str, because)), out, bodies))

    def _bodies(self, seats: Any, items: Any) -> dict[str, str]:
        named = [seat.name for seat in seats] + [item.content for item in items if item.content]
        return {name: self.contents[name] for name in named}

    def _say(self, history: History, message: Any) -> None:
        history.entries.append(Heard(self._tick(), msgspec.json.encode(message).decode()))

    def _tick(self) -> float:
        self.at += 0.001
        return self.at

    def _new_id(self) -> str:
        self._ids += 1
        return f"id{self._ids:08}"
