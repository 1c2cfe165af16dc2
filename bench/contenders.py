"""Who is measured: Kring, and the floors that it is measured against. Each on one core, with meetings to play."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.generator import Generator, generator
from bench.plan import Meeting, bytes_of_a_delivery, write_plan
from bench.processes import SERVER_CORE, native, on_core, python, said
from bench.recording import Heard, record
from bench.script import SEATS, Script
from bench.server import METHODS, SECRET
from kring.methods.library import load
from kring_room.tickets import sign_ticket

FLOORS = {
    "broadcast": "C and epoll, no storage, no rules",
    "picows": "picows, no storage, no rules",
    "websockets": "websockets, a row committed in groups (SQLite FULL), no rules",
}
_VALID_FOR = 3600_000
"""Milliseconds by which tickets are dated ahead: meetings are prepared, and played later."""


class Played(NamedTuple):
    """What both Kring and the floors are given to play, and how long a delivery is on average."""

    scripts: list[list[Heard]]
    size: int


class Contender(NamedTuple):
    """A running server, ready to be played against."""

    generator: Generator
    pid: int


def tickets(meeting: str) -> list[str]:
    """A ticket for each device of a meeting."""
    now = time.time_ns() // 1_000_000 + _VALID_FOR
    return [sign_ticket(SECRET, meeting=meeting, device=f"device{n:08d}", now=now) for n in range(SEATS)]


def recorded() -> Played:
    """Both methods' scripts as they go over the wire."""
    with tempfile.TemporaryDirectory() as folder, on_core(SERVER_CORE, python("bench.server", folder, "2")) as server:
        there = said(server)
        scripts = [
            asyncio.run(record(there["port"], meeting, tickets(meeting), Script(load(METHODS[method])).lines))
            for method, meeting in there["meetings"]
        ]
    return Played(scripts, bytes_of_a_delivery(scripts))


def plan(folder: Path, played: Played, meetings: Sequence[tuple[int, str]], *, rules: bool) -> Path:
    """The plan as a file in ``folder``."""
    file = folder / "plan"
    listed = [Meeting(method, f"/room/{meeting}", tickets(meeting)) for method, meeting in meetings]
    write_plan(file, played.scripts, listed, rules=rules)
    return file


@contextlib.contextmanager
def kring(played: Played, *, rooms: int, standby: int = 0, spare: int = 0) -> Iterator[Contender]:
    """The real server. ``spare``: meetings beyond those that play first and those that stand by."""
    with tempfile.TemporaryDirectory() as folder:
        count = str(rooms + standby + spare)
        with on_core(SERVER_CORE, python("bench.server", folder, count)) as server:
            there = said(server)
            file = plan(Path(folder), played, there["meetings"], rules=True)
            with generator([there["port"]], file, servers=[server.pid], rooms=rooms, standby=standby) as playing:
                yield Contender(playing, server.pid)


@contextlib.contextmanager
def floor(which: str, played: Played, *, rooms: int) -> Iterator[Contender]:
    """A server without rules that answers with as many bytes."""
    with tempfile.TemporaryDirectory() as folder:
        size = str(played.size)
        command = [native("broadcast"), size] if which == "broadcast" else python("bench.floors", which, folder, size)
        with on_core(SERVER_CORE, command) as server:
            there = said(server)
            meetings = [(n % len(METHODS), f"{n:020d}") for n in range(rooms)]
            file = plan(Path(folder), played, meetings, rules=False)
            with generator([there["port"]], file, servers=[server.pid], rooms=rooms) as playing:
                yield Contender(playing, server.pid)
