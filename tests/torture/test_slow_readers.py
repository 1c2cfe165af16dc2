"""Devices that stop reading: the others in the room go on, the server keeps little for them, and they come back whole."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest

from kring.methods.library import load
from kring_room.meetings import Meetings
from kring_room.settings import RoomSettings
from tests.ports import free_port
from tests.room.support import Closed, Device, Subprocess, all_at, new_id, sealed
from tests.torture.process import PYTHON, Process

DEAD = 24
"""Devices that read nothing; most of them look in from outside."""
TOLD = 400
"""Frames of 16 kB to each device: 150 MB, if all that is unread were kept."""
BUFFER = RoomSettings().buffer
MEGABYTE = 1 << 20
SLACK = 8 * MEGABYTE


class Server(NamedTuple):
    """A server process, as ``Device`` wants it, and where it writes why it closed a connection."""

    port: int
    process: Process
    log: Path
    meetings: Meetings


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    database, port, log = tmp_path / "kring.db", free_port(), tmp_path / "log"
    meetings = Meetings(database)
    meetings.create_tables()
    process = Process([PYTHON, "-m", "tests.torture.hurried", str(database), str(port)], log)
    await process.start()
    yield Server(port, process, log, meetings)
    await process.stop()


class Circle:
    """Six at a table in the lobby: the first tells, the second hears, and the others as they are asked to."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.meeting = server.meetings.open_meeting(load("linxx-9"))
        self.seated = [self._device() for _ in range(6)]
        self.outside = [self._device() for _ in range(DEAD - 4)]

    def _device(self) -> Device:
        return Device(_address(self.server), self.meeting)

    async def come(self) -> None:
        """Everybody comes, through a socket that takes little unread."""
        for device in (*self.seated, *self.outside):
            await enter(device, self.server.port)
            if device in self.seated:
                await device.sit()

    async def tell(self, times: int) -> int:
        """The first adds a chair with a long name and takes it away, again and again; the second hears each time."""
        teller, hearer = self.seated[:2]
        for _ in range(times):
            name = new_id("n")
            seat = new_id("s")
            added = await teller.do("add-seat", seat=seat, name=name, bodies={name: sealed(b"x" * 12_000)})
            left = await teller.do("leave", on=seat)
            assert (added["type"], left["type"]) == ("done", "done")
            await all_at([hearer], teller.seq)
            hearer.heard.clear()
            teller.heard.clear()
        return teller.seq

    async def leave(self) -> None:
        """All lines end, read or not."""
        for device in (*self.seated, *self.outside):
            device.socket.transport.abort()
            await device.socket.wait_closed()


def _address(server: Server) -> Subprocess:
    """What ``Device`` asks of a server: its port."""
    address = Subprocess.__new__(Subprocess)
    address.port = server.port
    return address


async def enter(device: Device, port: int, since: int | None = None) -> None:
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)
    line.setblocking(False)
    await asyncio.get_running_loop().sock_connect(line, ("127.0.0.1", port))
    await device.open(sock=line)
    await device.say({"type": "hello", "ticket": device.ticket(), "since": since})
    await device.hear("welcome")


async def grown_by(circle: Circle) -> int:
    """By how many bytes the server grows while much is told; what the meeting itself takes is in it."""
    before = circle.server.process.memory()
    await circle.tell(TOLD)
    return circle.server.process.memory() - before


async def read_on(device: Device) -> None:
    with contextlib.suppress(Closed, TimeoutError):
        while await device.next(60):
            device.heard.clear()


def stop_reading(device: Device) -> None:
    device.socket.transport.pause_reading()


async def test_dead_readers_neither_slow_the_room_nor_fill_its_memory(server: Server) -> None:
    circle = Circle(server)
    await circle.come()
    dead = [*circle.seated[2:], *circle.outside]
    reading = [asyncio.create_task(read_on(device)) for device in dead]
    await circle.tell(5)
    usual = await grown_by(circle)
    for device, task in zip(dead, reading, strict=True):
        task.cancel()
        stop_reading(device)

    grown = await grown_by(circle)

    closed = server.log.read_text().count("too-slow")
    told = circle.seated[0].seq
    await circle.leave()
    unread = TOLD * 16_000 * DEAD
    print(f"\n{(grown - usual) / MEGABYTE:.1f} MB more for {unread / MEGABYTE:.0f} MB unread; {closed} closed")  # noqa: T201 - the figures
    assert circle.seated[1].seq == told
    assert closed == len(dead) == DEAD
    assert grown - usual < DEAD * BUFFER + SLACK < unread / 4


async def test_a_reader_that_was_too_slow_comes_back_and_misses_nothing(server: Server) -> None:
    circle = Circle(server)
    await circle.come()
    slow = circle.seated[2]
    stop_reading(slow)
    while "too-slow" not in server.log.read_text():
        await circle.tell(5)

    slow.socket.transport.resume_reading()
    fate = await slow.fate()
    await enter(slow, server.port, slow.seq)
    await all_at([slow], circle.seated[0].seq)

    assert isinstance(fate, Closed)
    assert (fate.code, fate.reason, fate.trouble) == (4012, "too-slow", "too-slow")
    fresh = Device(_address(server), circle.meeting, device=slow.device)
    await fresh.hello()
    await circle.leave()
    await fresh.leave()
    assert slow.view == fresh.view
    assert slow.bodies.items() >= fresh.bodies.items()
