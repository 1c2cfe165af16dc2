"""A whole meeting over raw sockets, from the empty room to the close, with something to look at in every phase of it."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import msgspec

from kring.meeting import commands as c
from kring.meeting.views import View
from kring.methods.model import Method
from kring.rehearsal.behaviour import Behaviour, Manners, Move
from tests.room.refusing import every_command, expected, permitted
from tests.room.spying import Clock, Spy, Watch
from tests.room.support import Json, Running, new_id, sealed

LONGEST = 2000
"""More steps than any meeting takes."""


class Walk:
    """A meeting with a seat for each person, a table screen and somebody without a seat, all of whom record.

    ``guided``: someone facilitates, and one seat has no device. ``module``: the sub-protocol that will be chosen.
    """

    def __init__(self, room: Running, clock: Clock, size: int, *, guided: bool, module: str | None = None) -> None:
        self.room, self.clock, self.method = room, clock, room.method
        self.size, self.guided, self.module = size, guided, module
        self.meeting = room.open_meeting()
        self.watch = Watch(room, self.meeting, self.method)
        self.table = Spy(room, self.meeting, clock, table=True)
        self.outsider = Spy(room, self.meeting, clock)
        self.seated: list[Spy] = []
        self.people: list[Behaviour] = []
        self.tried: Counter[str] = Counter()
        self.looked = 0
        self._body = sealed()

    @property
    def spies(self) -> list[Spy]:
        return [*self.seated, self.table, self.outsider]

    @property
    def view(self) -> Json:
        return self.seated[0].view

    async def sit(self) -> None:
        """Everybody comes in; in a guided meeting the second facilitates and adds a chair for one without a device."""
        await self.table.hello()
        await self.outsider.hello()
        for number in range(self.size - self.guided):
            spy = await Spy(self.room, self.meeting, self.clock).sitting()
            self.seated.append(spy)
            manners = Manners(writes=1.0, passes=0.05, wanders=0.0)
            self.people.append(Behaviour(self.method, Random(number), lambda: new_id("k"), manners))
        if self.guided:
            leader, name = self.seated[1], new_id("n")
            await self._done(leader, {"type": "take-facilitation"}, {})
            await self._done(leader, {"type": "add-seat", "seat": new_id("s"), "name": name}, {name: sealed()})
        await self._heard()

    async def phases(self) -> AsyncIterator[str]:
        """Go on to the close. Stops in the lobby, at the start of each phase, in it after something was given, at the end."""
        seen = {"lobby"}
        yield "lobby"
        await self._done(self.seated[0 if not self.guided else 1], {"type": "start"}, {})
        await self._heard()
        for _ in range(LONGEST):
            here = self._place()
            if here not in seen:
                seen.add(here)
                yield here
            if self.view["meeting"]["status"] == "closed":
                return
            await self._step()
        raise AssertionError(self._place())

    def _place(self) -> str:
        phase = self.view["phase"]
        if phase is None:
            return str(self.view["meeting"]["status"])
        begun = any(slot["given"] or slot["passed"] for slot in self.view["desk"])
        return f"{phase['key']}{' begun' if begun else ''}"

    async def _step(self) -> None:
        """The first who has something to do does it; when nobody has, time goes on."""
        for spy, person in zip(self.seated, self.people, strict=True):
            move = person.choose(msgspec.convert(spy.view, View))
            if move is not None:
                await self._do(spy, self._steered(move))
                return
        phase = self.view["phase"]
        self.clock.ahead += max(0, (phase["ending"] or phase["grace"] or phase["deadline"]) - self.clock())
        before = self.seated[0].seq
        while self.seated[0].seq == before:
            await self.seated[0].next()
        await self._heard()

    def _steered(self, move: Move) -> c.AnyCommand:
        if isinstance(move.command, c.Choose) and move.detail == "module" and self.module:
            return c.Choose(choices=(self.module,))
        return move.command

    async def _do(self, spy: Spy, command: c.AnyCommand) -> None:
        fields = msgspec.to_builtins(command)
        content = fields.get("content")
        await self._done(spy, fields, self.watch.canary(content) if content else {})
        await self._heard()

    async def _done(self, spy: Spy, command: Json, bodies: Json) -> None:
        answer = await spy.do(command.pop("type"), bodies=bodies, **command)
        assert answer["type"] == "done", (answer, command)

    async def _heard(self) -> None:
        """Everybody has heard all there is, and nobody too much."""
        for spy in self.spies:
            await spy.sync()
        self.watch.read()
        self.looked += self.watch.check(self.spies)

    # -- what is tried on the way

    @asynccontextmanager
    async def paused(self) -> AsyncIterator[None]:
        """The clock stands still meanwhile."""
        guard = next(spy for spy in self.spies if spy.may("pause"))
        for kind in ("pause", "resume"):
            await self._done(guard, {"type": kind}, {})
            await self._heard()
            if kind == "pause":
                yield

    async def cheat(self) -> None:
        """All kinds of people try all that is not permitted, all at once; each is refused for its reason, and nothing happens."""
        kinds = {self._kind(spy): spy for spy in self.spies}.values()
        asked = {spy.device: await self._try_all(spy) for spy in kinds}
        for spy in kinds:
            waiting = asked[spy.device]
            while (
                waiting
            ):  # once a meeting is long, the store is asked whether it knows the command: a pong may overtake that
                for message in await spy.sync():
                    assert message["type"] == "refused", message
                    command, code = waiting.pop(message["id"])
                    assert message["code"] == code, (self._place(), spy.who, command, message["code"], code)
                    self.tried[code] += 1
        assert self.watch.read() == [], "nothing happened"
        self.looked += self.watch.check(self.spies)

    def _kind(self, spy: Spy) -> str:
        """The same for those whose place, deeds and choices are the same here: what one may not, the other may not either."""
        view, who = spy.view, spy.who
        chair = next(((one["roles"], one["position"]) for one in view["seats"] if one["id"] == who), who)
        desk = [{**slot, "seat": ""} for slot in view["desk"] if slot["seat"] == who]
        floor = view["floor"] and (view["floor"]["seat"] == who, who in view["floor"]["next"])
        asked = [who in view["proposals"][kind] for kind in ("close", "burn")]
        return json.dumps([chair, view["mine"]["permitted"], sorted(view["mine"]["acting"]), desk, floor, asked])

    async def _try_all(self, spy: Spy) -> dict[str, tuple[Json, str]]:
        asked: dict[str, tuple[Json, str]] = {}
        flood = []
        for command in every_command(spy.view, spy.who, self.method):
            if permitted(spy.view, spy.who, command):
                continue
            name = command.get("content") or command.get("name")
            identity = new_id("c")
            asked[identity] = command, expected(spy.view, spy.who, command, self.method)
            flood.append(
                {"type": "do", "id": identity, "command": command, "bodies": {name: self._body} if name else {}}
            )
        await spy.flood(flood)
        return asked

    async def come_back(self) -> None:
        """Everybody loses the line and comes back, with what they had and with nothing; so does a stranger."""
        start = next((n for n, event in reversed([*enumerate(self.watch.log)]) if event["type"] == "phase-started"), 0)
        await asyncio.gather(*(spy.come_back(start) for spy in self.spies))
        stranger = Spy(self.room, self.meeting, self.clock)
        await stranger.hello()
        self.looked += self.watch.check([*self.spies, stranger])
        await stranger.leave()

    async def leave(self) -> None:
        for spy in self.spies:
            await spy.leave()


def variant(method: Method, **changes: dict[str, Any]) -> Method:
    """The same method with some phases of the round changed, by id."""
    phases = tuple(msgspec.structs.replace(phase, **changes.get(phase.id, {})) for phase in method.round)
    return msgspec.structs.replace(method, round=phases)
