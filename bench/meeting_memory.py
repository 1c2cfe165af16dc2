"""What an open meeting costs in memory, whatever its length: its state, its company, and all that its room keeps.

``python -m bench.meeting_memory [--rooms 20] [--json]`` plays meetings of seven through real rooms into the gossip round, and
on from there, with sealed bodies of 300 bytes, ids of chance as browsers make them, and seconds between one thing and the
next. What the connections and the store keep is not counted.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import random
import string
import sys
import tracemalloc
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import msgspec

from bench.script import SEATS, Script
from kring.meeting import WITH_LINK, commands, open_meeting, permitted, upcasting
from kring.meeting.handlers import MOST_CONTRIBUTIONS
from kring.methods.encoded import encode
from kring.methods.library import load
from kring.methods.model import Method, Phase
from kring_room.cluster.fanout import SingleNode
from kring_room.cluster.nodes import Nodes
from kring_room.live.entrance import admit
from kring_room.live.room import Room
from kring_room.live.services import Services
from kring_room.live.version import method_of, replayed
from kring_room.settings import RoomSettings
from kring_room.store.port import Loaded, MeetingRow, StoredEvent, Write
from kring_room.wire import codec
from kring_room.wire.messages import Do

if TYPE_CHECKING:
    from collections.abc import Iterable

METHOD = "leading-org-7"
BODY = codec.seal_text(b"\x01" + bytes(299))
FULL = 150
"""Contributions of a full meeting: the fullest rehearsal of any method, in its largest group, has 128."""
EVENTS = 2000
"""Events that are no contributions, in a long meeting."""
APART = 15_000
"""Milliseconds between one thing and the next, on average."""
IDS = string.ascii_lowercase + string.digits
COLLECTIONS = 12
CHANCE = random.Random(1)  # noqa: S311 - the same in every run, not a secret


def endless(method: Method) -> Method:
    """The method, with as many free contributions as the meeting holds."""

    def more(phase: Phase) -> Phase:
        gives = tuple(
            msgspec.structs.replace(one, most=MOST_CONTRIBUTIONS) if one.turns == "free" else one for one in phase.gives
        )
        return msgspec.structs.replace(phase, gives=gives)

    return msgspec.structs.replace(method, round=tuple(map(more, method.round)))


class Nowhere:
    """A store that takes everything and keeps nothing: only what rooms keep is to be counted."""

    shared = False

    def append(self, _write: Write) -> asyncio.Future[None]:
        """Durable at once."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done

    async def bodies(self, _meeting: str, contents: Iterable[str]) -> dict[str, bytes]:
        """Any body that is asked for."""
        return {content: b"\x01" + bytes(299) for content in contents}

    async def answer(self, _meeting: str, _device: str, _command: str) -> int | None:
        """Nothing was asked before."""
        return None


class Listener:
    """A device that hears and forgets; a refusal is a fault of the bench."""

    closed = False
    person = WITH_LINK
    seal = codec.NEWEST_SEAL

    def __init__(self, device: str) -> None:
        self.device = device
        self.done = 0

    def send(self, frame: bytes) -> None:
        """Forget it."""

    hold = welcome = send

    def trouble(self, code: str, *, knock: bool = False) -> None:  # noqa: ARG002 - the port's
        """Nothing is wrong here."""
        raise RuntimeError(code)

    def keep_alive(self, now: float) -> None:
        """It is always there."""

    def answer(self, command: str, answer: int | str) -> None:
        """Every command is accepted."""
        if isinstance(answer, str):
            raise RuntimeError((command, answer))  # noqa: TRY004 - the bench plays wrongly
        self.done += 1


class Silent:
    """Alarms that never ring."""

    def set(self, meeting: str, at: int | None) -> None:
        """Nothing rings here."""


NOWHERE, SETTINGS, SILENT = Nowhere(), RoomSettings(), Silent()
ALONE = Nodes(SingleNode(), SETTINGS.beat, shared=False)
"""Of all rooms of a process."""


class Meeting:
    """One room with seven devices in it."""

    def __init__(self, number: int, method: bytes, listeners: list[Listener]) -> None:
        self.time = 10**12
        name = f"meeting{number:013d}"
        own = bytes(bytearray(method))  # as it comes out of a store: bytes of its own
        opened = open_meeting(name, method_of(own), now=1, seed=1)
        row = MeetingRow(name, METHOD, own, practice=False, opened_at=1, expires_at=10**15)
        loaded = Loaded(row, (StoredEvent(upcasting.VERSION, upcasting.encode(opened)),), (), {})
        version = replayed(loaded)
        if version is None:
            raise RuntimeError(name)
        services = Services(NOWHERE, SETTINGS, self.now, ALONE, SILENT)  # type: ignore[arg-type]  # as much of a store as a room asks for
        self.room = Room(loaded, version, services)
        self.listeners = listeners

    def now(self) -> int:
        """Milliseconds since the epoch."""
        return self.time

    def id(self, letter: str) -> str:
        """An id as browsers make it (``client/src/crypto/seal.ts``)."""
        return letter + "".join(CHANCE.choices(IDS, k=15))

    async def come(self) -> None:
        """All seven devices are let in."""
        for listener in self.listeners:
            await admit(self.room, listener, None, table=False)

    async def do(self, device: int, payload: bytes) -> None:
        """A device asks for something, and it is done."""
        self.time += int(CHANCE.expovariate(1 / APART))
        message = codec.receive(payload)
        if isinstance(message, Do):
            self.room.do(self.listeners[device], message)
            await self.room.settled.wait()

    async def request(self, device: int, command: commands.AnyCommand, bodies: dict[str, str]) -> None:
        """The same, of a command."""
        await self.do(device, msgspec.json.encode(Do(self.id("c"), command, bodies)))  # type: ignore[arg-type]  # one of a seat

    async def play(self, script: Script) -> None:
        """As the script has it, until two people have gossiped."""
        gossiped = 0
        for device, payload, _ in script.lines:
            await self.do(device, payload)
            phase = self.room.attendees.now.state.phase
            gossiped += phase is not None and phase.kind == "gossip"
            if gossiped > 2:  # noqa: PLR2004 - the phase has begun, and two have spoken
                return

    def _who(self, action: str) -> int:
        now = self.room.attendees.now.state
        return next(
            at
            for at, seat in enumerate(now.seats)
            if action in [one.command for one in permitted(now, seat.id, method=self.room.method)]
        )

    async def give(self, upto: int) -> None:
        """One contribution after another."""
        device, given = self._who("give"), len(self.room.attendees.now.state.items)
        for _ in range(given, upto):
            content = self.id("b")
            await self.request(device, commands.Give(what="hypothesis", content=content), {content: BODY})

    async def go_on(self, count: int) -> None:
        """Anything but contributions."""
        device, ready = self._who("pause"), self._who("ready")
        for n in range(count // 4):
            await self.request(device, commands.Pause(), {})
            await self.request(device, commands.Resume(), {})
            await self.request(ready, commands.Ready(ready=n % 2 == 0), {})
            await self.request(ready, commands.Ready(ready=n % 2 == 1), {})


async def cost(rooms: int, method: bytes, script: Script, after: Callable[[Meeting], Awaitable[None]]) -> float:
    """Kilobytes of one meeting."""
    kept: list[Meeting] = []
    devices = [[Listener(f"device{number:06d}x{seat}") for seat in range(SEATS)] for number in range(rooms + 1)]
    before = 0
    for number in range(rooms + 1):
        if number == 1:  # what all meetings share is there by now
            before = kept_bytes()
        meeting = Meeting(number, method, devices[number])
        await meeting.come()
        await meeting.play(script)
        await after(meeting)
        kept.append(meeting)
    await asyncio.sleep(0)
    return (kept_bytes() - before) / rooms / 1000


def kept_bytes() -> int:
    """All that is kept now, but for a cache of names that msgspec has for all rooms, and empties at some collections."""
    for _ in range(COLLECTIONS):
        gc.collect()
    return tracemalloc.get_traced_memory()[0]


async def long(meeting: Meeting) -> None:
    """Much is said and done."""
    await meeting.give(FULL)
    await meeting.go_on(EVENTS)


async def measured(rooms: int) -> dict[str, float]:
    """Kilobytes of one meeting at several points of it."""
    method = endless(load(METHOD))
    raw, script = encode(method), Script(method)
    few = max(1, rooms // 4)
    points: dict[str, tuple[int, Callable[[Meeting], Awaitable[None]]]] = {
        "middle_kb": (rooms, lambda _one: asyncio.sleep(0)),
        "full_kb": (few, lambda one: one.give(FULL)),
        "longest_kb": (few, long),
        "fullest_kb": (few, lambda one: one.give(MOST_CONTRIBUTIONS)),
    }
    tracemalloc.start()
    return {name: round(await cost(*how[:1], raw, script, how[1]), 1) for name, how in points.items()}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rooms", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = asyncio.run(measured(options.rooms))
    each = (found["fullest_kb"] - found["full_kb"]) * 1000 / (MOST_CONTRIBUTIONS - FULL)
    found["bytes_per_contribution"] = round(each, 1)
    for name, value in found.items():
        sys.stdout.write(f"{name:24} {value:8.1f}\n")
    if options.json:
        sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
