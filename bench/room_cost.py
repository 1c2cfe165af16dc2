"""What one contribution costs on the event loop, from the bytes of a frame to the bytes of all frames that follow.

``python -m bench.room_cost [--rounds N] [--profile FILE]`` plays the bench's meetings in one process: the real sockets, hub and
rooms, upon transports that only count and a store that is durable at once. So no kernel, no disk, no second thread. Prints
the microseconds of a line of the script, by method, and of what is given alone: of each line the best of all rounds.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import gc
import sys
import time
from statistics import median
from typing import TYPE_CHECKING, cast

import msgspec
import uvloop

from bench.script import SEATS, Script
from bench.server import METHODS, SECRET, UNBOUND
from kring.meeting import open_meeting, upcasting
from kring.methods.library import load
from kring_room.live.hub import Hub
from kring_room.meetings import new_meeting_id
from kring_room.server.gc_tuning import tuned_gc
from kring_room.server.transport import RoomSocket
from kring_room.settings import RoomSettings
from kring_room.store.memory import MemoryStore
from kring_room.store.port import MeetingRow, StoredEvent
from kring_room.tickets import sign_ticket
from kring_room.wire.messages import SUBPROTOCOL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kring.methods.model import Method
    from kring_room.store.port import Write

ROOMS = 10
"""Meetings that are played at once, line by line: so many writes are durable together."""
_BEGUN = SEATS + 2
"""Lines until a meeting has started."""
_KEY = b"\x01\x02\x03\x04"
_HANDSHAKE = (
    "GET /room/{} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
    f"Sec-WebSocket-Protocol: {SUBPROTOCOL}\r\n\r\n"
)


class Together(MemoryStore):
    """Keeps nothing of a write; those of one turn of the loop are durable together, at the next."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[asyncio.Future[None]] = []

    def append(self, write: Write) -> asyncio.Future[None]:  # noqa: ARG002 - the port's own signature
        """Take a write."""
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._resolve)
        future = loop.create_future()
        self._waiting.append(future)
        return future

    def _resolve(self) -> None:
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            future.set_result(None)


class Wire:
    """A transport that counts."""

    def __init__(self) -> None:
        self.writes = self.bytes = 0

    def write(self, data: bytes) -> None:
        """Take bytes."""
        self.writes += 1
        self.bytes += len(data)

    def is_closing(self) -> bool:
        """Never."""
        return False

    def get_write_buffer_size(self) -> int:
        """All is written."""
        return 0

    def abort(self) -> None:
        """Nothing to close."""


def framed(payload: bytes) -> bytes:
    """A masked text frame."""
    size = len(payload)
    head = bytes((0x81, 0x80 | size)) if size < 126 else b"\x81\xfe" + size.to_bytes(2, "big")  # noqa: PLR2004 - RFC 6455, 5.2
    return head + _KEY + bytes(byte ^ _KEY[at % 4] for at, byte in enumerate(payload))


class Meeting:
    """Seven devices in one room."""

    def __init__(self, hub: Hub, meeting: str) -> None:
        self.wires = [Wire() for _ in range(SEATS)]
        self.sockets = [RoomSocket(hub) for _ in range(SEATS)]
        for n, (socket, wire) in enumerate(zip(self.sockets, self.wires, strict=True)):
            socket.connection_made(cast("asyncio.Transport", wire))
            socket.data_received(_HANDSHAKE.format(meeting).encode())
            ticket = sign_ticket(SECRET, meeting=meeting, device=f"device{n:08d}", now=hub.clock())
            socket.data_received(framed(msgspec.json.encode({"type": "hello", "ticket": ticket})))

    def end(self) -> None:
        """All hang up."""
        for socket in self.sockets:
            socket.connection_lost(None)


class Bench:
    """One method's script, in many rooms at once."""

    def __init__(self, hub: Hub, method: Method) -> None:
        self.hub, self.method = hub, method
        self.lines = Script(method).lines
        self.frames = [framed(line.payload) for line in self.lines]
        self.spent: list[list[float]] = [[] for _ in self.lines]
        self.writes = self.bytes = 0

    async def play(self, profile: cProfile.Profile | None) -> None:
        """All rooms once from beginning to end."""
        meetings = [Meeting(self.hub, await self._open()) for _ in range(ROOMS)]
        await asyncio.sleep(0.05)
        for n, (line, frame) in enumerate(zip(self.lines, self.frames, strict=True)):
            sockets = [meeting.sockets[line.device] for meeting in meetings]
            if profile and n >= _BEGUN:
                profile.enable()
            began = time.perf_counter()
            for socket in sockets:
                socket.data_received(frame)
            for _ in range(4):  # durable, told, answered
                await asyncio.sleep(0)
            spent = time.perf_counter() - began
            if profile:
                profile.disable()
            self.spent[n].append(spent / ROOMS * 1e6)
        self.writes += sum(wire.writes for meeting in meetings for wire in meeting.wires)
        self.bytes += sum(wire.bytes for meeting in meetings for wire in meeting.wires)
        for meeting in meetings:
            meeting.end()
        await asyncio.sleep(0)

    async def _open(self) -> str:
        meeting = new_meeting_id()
        event = open_meeting(meeting, self.method, now=1, seed=1)
        row = MeetingRow(
            meeting, self.method.id, msgspec.json.encode(self.method), practice=False, opened_at=1, expires_at=2**52
        )
        await self.hub.store.open(row, (StoredEvent(upcasting.VERSION, upcasting.encode(event)),))
        return meeting

    def costs(self) -> Iterator[tuple[str, float]]:
        """Microseconds of a line: of all, and of gifts."""
        each = [(line, min(spent)) for line, spent in zip(self.lines[_BEGUN:], self.spent[_BEGUN:], strict=True)]
        given = [cost for line, cost in each if b'"give"' in line.payload]
        yield "all", sum(cost for _, cost in each) / len(each)
        yield "given", sum(given) / len(given)
        yield "median given", median(given)


async def main(options: argparse.Namespace) -> None:
    """Play and print."""
    settings = RoomSettings(commands=UNBOUND, pings=UNBOUND, frames=UNBOUND, frame_bytes=UNBOUND)
    hub = Hub(Together(), SECRET, settings)
    await hub.start()
    profile = cProfile.Profile() if options.profile else None
    benches = [Bench(hub, load(name)) for name in METHODS]
    with tuned_gc():
        for _ in range(options.rounds):
            for bench in benches:
                await bench.play(profile)
                gc.collect()
    for bench in benches:
        lines = options.rounds * ROOMS * len(bench.lines)
        sys.stdout.write(
            f"{bench.method.id}: {len(bench.lines)} lines: {bench.writes / lines:.2f} writes, {bench.bytes / lines:.0f} bytes\n"
        )
        for name, cost in bench.costs():
            sys.stdout.write(f"  {name:14} {cost:7.1f} us\n")
    if profile:
        profile.dump_stats(options.profile)
    await hub.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--profile")
    uvloop.run(main(parser.parse_args()))
