"""One meeting of people who play it fast, with a table screen and a stranger who look on, over one installation."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections import Counter, deque
from collections.abc import Callable
from random import Random
from typing import get_args

import msgspec

from kring.meeting import commands as c
from kring.meeting.views import View
from kring.methods.model import Method, What
from kring.rehearsal.behaviour import Behaviour, Manners, Move
from tests.torture.device import Device, Place, sealed
from tests.torture.history import History, Json

FASTEST = 60
BEAT = 0.2
"""Seconds between two commands of the room's pulse, which is always permitted: practice changes its speed a little."""
THINKS = (0.15, 0.6)
"""Seconds between two looks of one person at their screen."""
CHEATS = 0.03
"""How often somebody tries what is not permitted, most likely."""
AT_ONCE = 3
"""Commands of one device that may wait for an answer."""
SETTLES = 15.0


class Meeting:
    """Seats with people, each at a device of their own. ``answers`` counts what was answered, by ``done`` and others."""

    def __init__(self, meeting: str, method: Method, place: Callable[[], Place], seed: str) -> None:
        self.id, self.method = meeting, method
        self.began = time.monotonic()
        self.answers: Counter[str] = Counter()
        self._random = Random(seed)
        self._acknowledged = asyncio.Event()
        self._done: deque[float] = deque(maxlen=2000)
        self._tasks: list[asyncio.Task[None]] = []
        self._turn = 0
        most = min(7, method.group.max)
        count = self._random.randint(min(5, most), most)
        self.seats = [self._device(place) for _ in range(count)]
        self.table = self._device(place, table=True)
        self.stranger = self._device(place)
        self._people = {device: self._person(number, count) for number, device in enumerate(self.seats)}

    @property
    def devices(self) -> list[Device]:
        """All of them."""
        return [*self.seats, self.table, self.stranger]

    @property
    def histories(self) -> tuple[History, ...]:
        """What each device has noted; a device that never came has no name and no history."""
        return tuple(device.history for device in self.devices if device.history.device)

    @property
    def closed(self) -> bool:
        """Whether somebody has seen that it is over."""
        return any(device.view and device.view["meeting"]["status"] == "closed" for device in self.seats)

    def start(self) -> None:
        """Let everybody come and play."""
        for device in self.devices:
            device.start()
        self._tasks = [asyncio.create_task(self._play(device)) for device in self.seats]
        self._tasks.append(asyncio.create_task(self._beat()))

    async def acknowledged(self, after: float) -> float:
        """Wait for the first answer ``done`` after that moment; when it came. Once it is over, nobody asks for anything."""
        while True:
            at = next((at for at in self._done if at > after), None)
            if at is not None:
                return at
            if self.closed:
                return time.monotonic()
            self._acknowledged.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._acknowledged.wait(), BEAT)

    async def all_here(self) -> None:
        """Wait until every device has a line."""
        while not all(device.line or device.shut for device in self.devices):  # noqa: ASYNC110 - they tell nobody
            await asyncio.sleep(0.02)

    async def finish(self) -> bool:
        """Ask for nothing more, wait for what was asked, take a fresh view with each device; whether all that was had."""
        await self._end_tasks()
        settled = await self._settled()
        for device in self.devices:
            await device.stop()
        looks = await asyncio.gather(*(device.look() for device in self.devices), return_exceptions=True)
        return settled and not any(isinstance(look, BaseException) for look in looks)

    async def abandon(self) -> None:
        """All go, whatever they wait for."""
        await self._end_tasks()
        for device in self.devices:
            await device.stop()

    async def _end_tasks(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _settled(self) -> bool:
        deadline = time.monotonic() + SETTLES
        while any(device.waiting for device in self.devices):
            if time.monotonic() > deadline:
                return False
            for device in self.devices:
                device.impatient()
            await asyncio.sleep(0.05)
        return True

    # -- people

    def _device(self, place: Callable[[], Place], *, table: bool = False) -> Device:
        chance = Random(self._random.getrandbits(64))
        return Device(self.id, place, chance, table=table, told=self._told)

    def _told(self, answer: str) -> None:
        self.answers[answer] += 1
        if answer == "done":
            self._done.append(time.monotonic())
            self._acknowledged.set()

    def _person(self, number: int, count: int) -> Behaviour:
        guided = self.method.facilitator == "needed" or self._random.random() < 0.6
        manners = Manners(
            facilitates=number == 0 and guided, hosts=number == 0, expects=count, writes=0.9, passes=0.05, wanders=0.05
        )
        return Behaviour(self.method, Random(self._random.getrandbits(64)), _new_id, manners)

    async def _play(self, device: Device) -> None:
        while True:
            await asyncio.sleep(self._random.uniform(*THINKS))
            device.impatient()
            if device.view is None or device.waiting or self.closed:
                continue
            if device.seat and self._random.random() < CHEATS:
                self._cheat(device)
                continue
            move = self._people[device].choose(msgspec.convert(device.view, View))
            if move:
                self._do(device, move)

    def _do(self, device: Device, move: Move) -> None:
        command: Json = msgspec.to_builtins(move.command)
        content = move.writes.content if move.writes else None
        device.ask(command, {content: sealed(self._random)} if content else {}, _new_id())

    def _cheat(self, device: Device) -> None:
        """Something that is, most likely, refused; where it isn't, it is a command like any other."""
        content = _new_id()
        what = self._random.choice(get_args(What))
        give: Json = {"type": "give", "what": what, "content": content, "on": None}
        other = self._random.choice(self.seats).seat
        command, bodies = self._random.choice(
            (
                (give, {content: sealed(self._random)}),
                (give, {content: sealed(self._random)}),
                ({**give, "on": other}, {content: sealed(self._random)}),
                ({"type": "start"}, {}),
                ({"type": "take-seat", "seat": _new_id(), "name": content}, {content: sealed(self._random)}),
                ({"type": "give", "what": what, "content": content}, {}),
            )
        )
        device.ask(command, bodies, _new_id())

    async def _beat(self) -> None:
        """The pulse: every so often somebody who has a seat changes the speed, so that there is always something to answer."""
        while True:
            await asyncio.sleep(BEAT * self._random.uniform(0.7, 1.3))
            seated = [device for device in self.seats if device.seat and len(device.waiting) < AT_ONCE]
            if seated and not self.closed:
                self._turn += 1
                device = seated[self._turn % len(seated)]
                command = msgspec.to_builtins(c.Speed(FASTEST - self._turn % 2))
                device.ask(command, {}, _new_id())


def _new_id() -> str:
    return secrets.token_hex(10)
