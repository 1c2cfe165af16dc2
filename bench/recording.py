"""A script played once over the public protocol, slowly: who hears of each line, and in how many bytes.

The generator and the floors take their facts from here: what must be heard before a line is over, and what a delivery
weighs. Nothing is assumed about who hears what.
"""

from __future__ import annotations

import asyncio
from itertools import count
from typing import Any, NamedTuple

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from bench.script import SEATS, Line
from kring_room.wire.messages import SUBPROTOCOL

_PATIENCE = 10
Json = dict[str, Any]


class Heard(NamedTuple):
    """A line as it went: a bit for each device that heard of it, ``seq`` after it, bytes of each of its facts."""

    line: Line
    listeners: int
    seq: int
    sizes: tuple[int, ...]


class RecordingError(Exception):
    """The server did not do what a meeting leads to."""


class _Seat:
    """One device at its line."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._pings = count(1)

    async def say(self, text: bytes) -> None:
        await self._socket.send(text, text=True)

    async def until(self, kind: str) -> list[tuple[Json, int]]:
        """All messages up to the first of this kind, with their bytes."""
        found: list[tuple[Json, int]] = []
        while not found or found[-1][0]["type"] != kind:
            frame = await asyncio.wait_for(self._socket.recv(decode=False), _PATIENCE)
            found.append((msgspec.json.decode(frame), len(frame)))
            if found[-1][0]["type"] in {"refused", "trouble"}:
                raise RecordingError(f"{found[-1][0]}")
        return found

    async def settled(self) -> list[tuple[Json, int]]:
        """What was told before now: the answer to a ping comes after it."""
        await self.say(msgspec.json.encode({"type": "ping", "n": next(self._pings)}))
        return [one for one in await self.until("pong") if one[0]["type"] == "facts"]


async def record(port: int, meeting: str, tickets: list[str], lines: list[Line]) -> list[Heard]:
    """Play ``lines`` in a new meeting; one of ``tickets`` for each device."""
    sockets = [
        await connect(
            f"ws://127.0.0.1:{port}/room/{meeting}",
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            compression=None,
            max_size=None,
            ping_interval=None,
        )
        for _ in range(SEATS)
    ]
    seats = [_Seat(socket) for socket in sockets]
    try:
        for seat, ticket in zip(seats, tickets, strict=True):
            await seat.say(msgspec.json.encode({"type": "hello", "ticket": ticket}))
            await seat.until("welcome")
        return [await _play(seats, line) for line in lines]
    finally:
        for socket in sockets:
            await socket.close()


async def _play(seats: list[_Seat], line: Line) -> Heard:
    await seats[line.device].say(line.payload)
    told: list[list[tuple[Json, int]]] = [[] for _ in seats]
    answered = await seats[line.device].until("done")
    told[line.device] = [one for one in answered if one[0]["type"] == "facts"]
    for number, seat in enumerate(seats):
        told[number] += await seat.settled()
    seqs = {facts["seq"] for heard in told for facts, _ in heard}
    if seqs != {answered[-1][0]["seq"]}:
        raise RecordingError(f"facts of {sorted(seqs)} for {answered[-1][0]}")
    listeners = sum(1 << number for number, heard in enumerate(told) if heard)
    return Heard(line, listeners, seqs.pop(), tuple(size for heard in told for _, size in heard))
