"""A whole installation of Kring that may be tortured: one node over SQLite. ``cluster`` has another."""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import msgspec

from kring.meeting import upcasting
from kring.methods.library import load
from kring.methods.model import Method
from kring_room.meetings import Meetings
from kring_room.store.port import StoreError
from tests.ports import free_port
from tests.stored import stored
from tests.torture.device import Place, Unavailable, post
from tests.torture.faults import COMMON, Kind
from tests.torture.history import Answered, Evidence, History
from tests.torture.passage import Passage, Proxy, Wire, wire_problem
from tests.torture.process import PYTHON, Process

DISK = 48
"""Megabytes of the small disk."""
OVERLOADED = 10
"""Refusals after which a meeting is opened without asking a node."""


class Installation(Protocol):
    """What faults are done to, and meetings are played on."""

    name: str
    wire: str
    """What lies between it and the devices, in words."""
    nodes: list[Node]
    passages: list[Passage]
    lacks: dict[str, str]
    """The kinds of faults that can't be done here, and why."""

    @property
    def kinds(self) -> dict[str, Kind]:
        """The kinds of faults that can be done here."""

    async def start(self) -> None:
        """Start all of it."""

    async def stop(self) -> None:
        """Stop all of it, and leave nothing behind."""

    def place(self) -> Place:
        """Where a device comes next."""

    async def open_meeting(self, method: str) -> str:
        """A practice meeting, as a page opens one; its id."""

    async def evidence(self, meeting: str, method: Method, histories: tuple[History, ...]) -> Evidence:
        """These histories with all that the store has."""

    def fill(self) -> None:
        """Leave the store no room."""

    def free(self) -> None:
        """Give the room back."""


class Node:
    """A node at the far end of its passages, the devices' first, with a clock that may be set."""

    def __init__(self, folder: Path, passages: list[Passage], **environment: str) -> None:
        self.passages = passages
        self._offset = folder.with_suffix(".clock")
        devices = passages[0]
        where = ["--host", devices.inner.host, "--port", str(devices.inner.port), "--data", str(folder)]
        arguments = [*devices.prefix, PYTHON, "-m", "tests.torture.node", "serve", *where]
        self.process = Process(
            arguments, folder.with_suffix(".log"), KRING_PRACTICE="on", KRING_LOG_LEVEL="error",
            **faked_clock(self._offset), **environment,
        )  # fmt: skip

    def set_clock(self, seconds: int) -> None:
        """Let its wall clock be off by so much, within ``faults.CLOCK_SETS`` seconds, and after a restart too."""
        made = self._offset.with_suffix(".clock.new")
        made.write_text(f"{seconds:+}")
        made.replace(self._offset)


def clock_problem() -> str | None:
    """Why no node's clock can be set."""
    return None if _faketime() else "libfaketime is not installed"


def faked_clock(offset: Path) -> dict[str, str]:
    """What a process needs in its environment so that its wall clock is off by the seconds in that file; nobody else's is."""
    library = _faketime()
    if library is None:
        return {}
    offset.write_text("+0")
    # The file is read once a second, and waiting for a lock is left alone: else a node with two busy threads, which take
    # Python's lock in turns, does little but look at its clock.
    return {
        "LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(offset), "FAKETIME_CACHE_DURATION": "0",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_FORCE_MONOTONIC_FIX": "0",
    }  # fmt: skip


def _faketime() -> Path | None:
    return next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))), None)


class Ballast:
    """A small disk of its own for a folder, that can be filled. ``problem``: why there is none."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self._folder = folder
        self.problem: str | None = None
        mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "kring-torture", str(folder)]
        if os.geteuid() != 0:
            self.problem = "mounting a small disk needs root"
        elif subprocess.run(mount, capture_output=True, check=False).returncode:
            self.problem = "mounting a small disk is not permitted"

    def fill(self) -> None:
        """Leave no room."""
        with (self._folder / "ballast").open("wb", buffering=0) as ballast:
            size = 1 << 20
            while size:
                try:
                    ballast.write(bytes(size))
                except OSError:
                    size //= 2

    def free(self) -> None:
        """Give the room back."""
        (self._folder / "ballast").unlink(missing_ok=True)

    def unmount(self) -> None:
        """Take the disk away."""
        if self.problem is None:
            subprocess.run(["umount", str(self._folder)], check=True)


class Alone:
    """One node over SQLite, on a disk of its own where that is permitted."""

    def __init__(self, name: str, folder: Path, seed: str) -> None:
        self.name = name
        self.folder = folder / name
        self.folder.mkdir()
        self._ballast = Ballast(self.folder, DISK)
        lacks = {"disk-full": self._ballast.problem, "clock": clock_problem()}
        self.lacks = {kind: why for kind, why in lacks.items() if why}
        problem = wire_problem()
        passage: Passage
        if problem is None:
            passage = Wire(free_port(), seed)
        else:
            passage = Proxy(Place("127.0.0.1", free_port()), Place("127.0.0.1", free_port()), seed)
        self.passages: list[Passage] = [passage]
        self.wire = f"{passage.kind}{f', since {problem}' if problem else ''}"
        self.nodes = [Node(self.folder, self.passages)]

    @property
    def kinds(self) -> dict[str, Kind]:
        """What can be done here."""
        return {name: kind for name, kind in COMMON.items() if name not in self.lacks}

    async def start(self) -> None:
        """Open the passage, then start the node."""
        await self.passages[0].open()
        await self.nodes[0].process.start()

    async def stop(self) -> None:
        """Stop the node, close the passage, give the disk back."""
        await self.nodes[0].process.stop()
        await self.passages[0].close()
        self._ballast.unmount()

    def place(self) -> Place:
        """There is one."""
        return self.passages[0].outer

    async def open_meeting(self, method: str) -> str:
        """By the public API."""
        return await open_meeting(self.place, self.folder / "kring.sqlite3", method)

    async def evidence(self, meeting: str, method: Method, histories: tuple[History, ...]) -> Evidence:
        """Read from the file, beside the node."""
        now = time.time_ns() // 1_000_000
        return await asyncio.to_thread(read, self.folder / "kring.sqlite3", meeting, method, histories, now)

    def fill(self) -> None:
        """Leave no room on the disk."""
        self._ballast.fill()

    def free(self) -> None:
        """Give the room back."""
        self._ballast.free()


def read(database: Path, meeting: str, method: Method, histories: tuple[History, ...], now: int) -> Evidence:
    """What a SQLite store has of a meeting."""
    found = stored(database, meeting)
    log = tuple(upcasting.upcast(version, body) for _, version, body in found.events)
    answered = tuple(Answered(*row) for row in found.answers)
    return Evidence(method, log, answered, frozenset(found.bodies), histories, now)


async def open_meeting(place: Callable[[], Place], where: Path | str, method: str) -> str:
    """A practice meeting, tried until it is there; beside the nodes where they are overloaded, as on a machine that is busy."""
    refused = 0
    while True:
        try:
            async with asyncio.timeout(4):
                if refused >= OVERLOADED:
                    return await asyncio.to_thread(Meetings(where).open_meeting, method_of(method), practice=True)
                answer = await post(place(), "/api/meetings", {"method": method, "practice": True, "language": "en"})
                return str(answer["meeting"])
        except (OSError, TimeoutError, StoreError) as error:
            refused += isinstance(error, Unavailable)
            await asyncio.sleep(0.2)


METHODS: dict[str, Method] = {}


def method_of(name: str) -> Method:
    """A method of the library as a meeting gets it: from its JSON."""
    if name not in METHODS:
        METHODS[name] = msgspec.json.decode(msgspec.json.encode(load(name)), type=Method)
    return METHODS[name]
