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
from bench.processes import GENERATOR_CORE, SERVER_CORE, native, on_core, python, said
from bench.recording import Heard, record
from bench.script import SEATS, Script
from bench.server import METHODS, SECRET
from kring.methods.library import load
from kring_room.tickets import sign_ticket

FLOORS = {
    "broadcast": "C and epoll, no storage, no rules",
    "picows": "picows, no storage, no rules",
    "websockets": "websockets, a row committed in groups (SQLite FULL), no rules",
    "channels": "Django Channels with Redis and an ORM save per message, no rules",
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
    folder: Path
    """Where it keeps what it stores."""


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
                yield Contender(playing, server.pid, Path(folder))


@contextlib.contextmanager
def floor(which: str, played: Played, *, rooms: int) -> Iterator[Contender]:
    """A server without rules that answers with as many bytes."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        server = stack.enter_context(on_core(SERVER_CORE, _floor_command(which, folder, str(played.size), stack)))
        there = said(server)
        meetings = [(n % len(METHODS), f"{n:020d}") for n in range(rooms)]
        file = plan(Path(folder), played, meetings, rules=False)
        # What one writes from a tutorial loses messages under load; that is no reason not to measure it.
        strict = which != "channels"
        yield Contender(
            stack.enter_context(generator([there["port"]], file, servers=[server.pid], rooms=rooms, strict=strict)),
            server.pid,
            Path(folder),
        )


def _floor_command(which: str, folder: str, size: str, stack: contextlib.ExitStack) -> list[str]:
    if which == "broadcast":
        return [native("broadcast"), size]
    if which != "channels":
        return python("bench.floors", which, folder, size)
    # Redis has the generator's core, which has time to spare: this floor is given more than one core.
    redis = ["redis-server", "--port", "0", "--unixsocket", f"{folder}/redis", "--save", "", "--dir", folder]
    stack.enter_context(on_core(GENERATOR_CORE, [*redis, "--logfile", f"{folder}/redis.log"]))
    return python("bench.tutorial", folder, size)
