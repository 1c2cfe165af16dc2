"""A whole meeting without a network: scripted seats on the engine, with a clock that costs no time.

Each step lets somebody who has something to do decide, gives it time to think, and jumps to the deadline where that comes first;
then everybody's view is made anew and held against the old one plus the facts. Every line says what was done, logged or seen.

Checks on the way what the engine promises: what is permitted is accepted, and a stale view plus the facts since
equals a fresh view, for each seat, the table screen and a device without a seat.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import msgspec

from kring.meeting import TABLE, State, apply, decide, due, evolve, facts, open_meeting, view
from kring.meeting import commands as c
from kring.meeting.events import AnyEvent
from kring.meeting.refusals import Refusal
from kring.meeting.views import View
from kring.methods.model import Method
from kring.rehearsal.behaviour import Behaviour, Manners, Move

Line = dict[str, Any]
"""One line of what happened: ``line`` says which kind (``did``, ``log``, ``saw``, ``end``)."""

_LONGEST = 20_000
"""More commands than a meeting of any method takes."""
_OPENED = 1_790_000_000_000
"""When the meeting opens: any day will do."""


class RehearsalFailed(Exception):
    """The method or the engine broke a promise: nobody can go on, or what is permitted is refused."""


class Plan(msgspec.Struct, frozen=True):
    """Who comes, and how. ``chairs``: how many of the people have no device."""

    people: int
    seed: int = 0
    facilitator: bool = True
    written: bool = False
    chairs: int = 0
    mishaps: float = 0.0
    """How often, per step, someone drops out, comes back, or leaves for good."""
    opened: int = _OPENED


class Rehearsal:
    """One meeting, from an empty room to the end. ``play`` yields what happens, line by line."""

    def __init__(self, method: Method, plan: Plan) -> None:
        if not method.group.min <= plan.people <= method.group.max:
            raise ValueError(f"{method.id} is for {method.group.min} to {method.group.max} people.")
        if not 0 <= plan.chairs < plan.people:
            raise ValueError(f"Of {plan.people} people, at least one needs a device.")
        self.method, self.plan = method, plan
        self.now = plan.opened
        self._opened = open_meeting("rehearsal", method, now=plan.opened, seed=plan.seed, written=plan.written)
        self.state = State()
        self.views: dict[str | None, View] = {}
        self.log: list[AnyEvent] = []
        self._random = Random(plan.seed)  # noqa: S311 -- chance of the play, from the seed that was passed in
        self._ids = 0
        self._people: dict[str | None, Behaviour] = {}

    def play(self) -> Iterator[Line]:
        """All lines, up to the close of the meeting."""
        opened = self._opened
        self.state = evolve(self.state, opened)
        self.log.append(opened)
        self.views = {who: view(self.state, who, method=self.method) for who in (None, TABLE)}
        yield {"line": "log", "at": self.now, "event": msgspec.to_builtins(opened)}
        yield from self._arrive()
        for _ in range(_LONGEST):
            if self.state.info.status == "closed":
                yield self._ended()
                return
            yield from self._step()
        raise RehearsalFailed(f"No end after {_LONGEST} steps, in {self._where()}.")

    # -- people --------------------------------------------------------------------------------------------------

    def _new_id(self) -> str:
        self._ids += 1
        return f"id{self._ids:08d}"

    def _behaviour(self, number: int) -> Behaviour:
        # Where nobody facilitates, the first one still opens the meeting.
        manners = Manners(
            facilitates=number == 0 and (self.plan.facilitator or self.method.facilitator == "needed"),
            hosts=number == 0,
            expects=self.plan.people,
        )
        seed = self._random.getrandbits(64)
        return Behaviour(self.method, Random(seed), self._new_id, manners)  # noqa: S311 -- as above

    def _arrive(self) -> Iterator[Line]:
        for number in range(self.plan.people):
            if number >= self.plan.people - self.plan.chairs:
                command: c.AnyCommand = c.AddSeat(seat=self._new_id(), name=self._new_id())
                yield from self._do(c.Actor(table=True), command)
                continue
            person = self._behaviour(number)
            move = person.choose(self.views[None])
            if move is None or not isinstance(move.command, c.TakeSeat):
                raise RehearsalFailed("Nobody may sit down.")
            yield from self._do(c.Actor(), move.command)
            self._people[move.command.seat] = person

    # -- time and steps ------------------------------------------------------------------------------------------

    def _step(self) -> Iterator[Line]:
        if self._random.random() < self.plan.mishaps:
            yield from self._mishap()
            return
        found = self._someone()
        alarm = due(self.state)
        if found is None:
            if alarm is None:
                raise RehearsalFailed(f"Nobody can do anything, in {self._where()}.")
            self.now = max(self.now, alarm)
            yield from self._do(c.Actor(room=True), c.Tick())
            return
        seat, move = found
        later = self.now + self._thinking(move.command)
        if alarm is not None and alarm <= later:
            self.now = max(self.now, alarm)
            yield from self._do(c.Actor(room=True), c.Tick())
            return  # The world has changed: think again.
        self.now = later
        yield from self._do(c.Actor(seat=seat), move.command)

    def _someone(self) -> tuple[str, Move] | None:
        """Whoever comes first, of those who have something to do."""
        seats = [seat for seat in self._people if seat is not None and self._present(seat)]
        self._random.shuffle(seats)
        for seat in seats:
            move = self._people[seat].choose(self.views[seat])
            if move is not None:
                return seat, move
        return None

    def _present(self, seat: str) -> bool:
        taken = self.state.seat(seat)
        return taken is not None and taken.here

    def _thinking(self, command: c.AnyCommand) -> int:
        """Milliseconds that people take: as a rule a phase fits into its time, now and then it doesn't."""
        phase, chance = self.state.phase, self._random.random()
        if phase is None or phase.deadline is None or not isinstance(command, c.Give | c.Pass | c.Vote | c.Choose):
            return int(3000 + 6000 * chance)
        span = max(phase.deadline - phase.started, 1000)
        return int(span / (len(self.state.desk) + 1) * (0.4 + 0.9 * chance))

    def _mishap(self) -> Iterator[Line]:
        seats = [seat for seat in self.state.seats if seat.device]
        if not seats or self.state.info.status != "running":
            return
        seat = self._random.choice(seats)
        room = c.Actor(room=True)
        if not seat.here:
            yield from self._do(room, c.SetPresence(seat=seat.id, here=True))
        elif self._random.random() < 0.1 and len(self.state.seats) > self.method.group.min:  # noqa: PLR2004 -- seldom
            yield from self._do(c.Actor(seat=seat.id), c.Leave())
        elif sum(one.here for one in seats) > 1:
            yield from self._do(room, c.SetPresence(seat=seat.id, here=False))

    def _where(self) -> str:
        return self.state.phase.key if self.state.phase else "no phase"

    # -- doing, and seeing what happened -------------------------------------------------------------------------

    def _do(self, actor: c.Actor, command: c.AnyCommand) -> Iterator[Line]:
        decided = decide(self.state, command, method=self.method, actor=actor, now=self.now)
        who = TABLE if actor.table else "room" if actor.room else actor.seat
        if isinstance(decided, Refusal):
            raise RehearsalFailed(f"{who} may {command!r}, but is refused ({decided.code}), in {self._where()}.")
        yield {"line": "did", "at": self.now, "who": who, "command": msgspec.to_builtins(command)}
        before = self.state
        for event in decided:
            self.state = evolve(self.state, event)
            self.log.append(event)
            yield {"line": "log", "at": self.now, "event": msgspec.to_builtins(event)}
        yield from self._see(before)

    def _see(self, before: State) -> Iterator[Line]:
        for who in (None, TABLE, *(seat.id for seat in self.state.seats)):
            fresh = view(self.state, who, method=self.method)
            if who in self.views:
                new = facts(before, self.state, who, method=self.method)
                if apply(self.views[who], new) != fresh:
                    raise RehearsalFailed(f"{who}'s view plus the facts is not a fresh view, in {self._where()}.")
                saw: dict[str, Any] = {"set": new.set, "items": new.items, "desk": new.desk}
            else:
                saw = {"view": fresh}
            self.views[who] = fresh
            if any(saw.values()):
                yield {"line": "saw", "at": self.now, "who": who, **msgspec.to_builtins(saw)}

    def _ended(self) -> Line:
        minutes = (self.now - self.plan.opened) / 60_000
        return {"line": "end", "at": self.now, "events": len(self.log), "minutes": round(minutes, 1)}


def rehearse(method: Method, plan: Plan) -> Iterator[Line]:
    """Play a meeting by this method; raises ``RehearsalFailed`` where a promise is broken."""
    return Rehearsal(method, plan).play()
