"""What the room writes in a second while sessions are written too: into the same SQLite file, and into one of their own.

``python -m bench.two_databases [--rounds 5] [--seconds 2.5] [--json]``: hundreds of meetings, each of which waits for one
contribution to be durable before it gives the next; beside them a thread writes a session 50 times a second as Django does, on a
new connection each time. With nobody beside them, with sessions in the rooms' file, and with sessions in their own, in turn, so
that what slows the machine slows all three. Medians; ``ratio`` is two files against one, of the same round.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import secrets
import sqlite3
import string
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from kring.meeting import open_meeting, upcasting
from kring.meeting.events import ContributionGiven
from kring.methods.encoded import encode
from kring.methods.library import load
from kring_room.store.port import Answer, Body, MeetingRow, StoredEvent, Write
from kring_room.store.sqlite import rows
from kring_room.store.sqlite.store import SqliteStore

if TYPE_CHECKING:
    from collections.abc import Iterator

MEETINGS = 500
A_SECOND = 50
"""Sessions written."""
SEALED = 230
"""Bytes of a sealed body."""
WAYS = ("alone", "one file", "two files")
_TABLE = (
    "CREATE TABLE IF NOT EXISTS django_session"
    " (session_key varchar(40) NOT NULL PRIMARY KEY, session_data text NOT NULL, expire_date datetime NOT NULL)"
)
_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"


def prepared(folder: Path) -> Path:
    """A rooms' database with its meetings in it, and a web database beside it; both have a table of sessions."""
    database = folder / "kring.sqlite3"
    method = load("linxx-9")
    raw = encode(method)
    with contextlib.closing(rows.connect(database)) as connection:
        rows.create_tables(connection)
        with rows.transaction(connection):
            for number in range(MEETINGS):
                opened = open_meeting(f"meeting{number:013d}", method, now=1, seed=number)
                row = MeetingRow(opened.meeting, method.id, raw, practice=False, opened_at=1, expires_at=2**50)
                rows.add_meeting(connection, row, (StoredEvent(upcasting.VERSION, upcasting.encode(opened)),))
    for file in (database, folder / "web.sqlite3"):
        with contextlib.closing(sqlite3.connect(file)) as connection:
            connection.executescript(_PRAGMAS + _TABLE)
    return database


@contextlib.contextmanager
def sessions(file: Path | None) -> Iterator[list[float]]:
    """Somebody who writes sessions there, or nobody. Yields how long each took, in seconds."""
    took: list[float] = []
    stop = threading.Event()

    def write_on() -> None:
        began, number = time.perf_counter(), 0
        while file is not None and not stop.wait(max(0.0, began + number / A_SECOND - time.perf_counter())):
            number += 1
            at = time.perf_counter()
            _write_session(file, f"session{random.randrange(500):033d}")  # noqa: S311 -- no secret
            took.append(time.perf_counter() - at)

    thread = threading.Thread(target=write_on)
    thread.start()
    try:
        yield took
    finally:
        stop.set()
        thread.join()


def _write_session(file: Path, key: str) -> None:
    with contextlib.closing(sqlite3.connect(file, timeout=10, isolation_level=None)) as connection:
        connection.executescript(_PRAGMAS)
        connection.execute("BEGIN IMMEDIATE")
        values = (key, "".join(random.choices(string.ascii_letters, k=200)), "2026-12-31 00:00:00")  # noqa: S311 -- no secret
        connection.execute("INSERT OR REPLACE INTO django_session VALUES (?, ?, ?)", values)
        connection.execute("COMMIT")


async def contributions(store: SqliteStore, heads: dict[str, int], seconds: float) -> tuple[float, float]:
    """Contributions a second, and the 99th percentile of how long one took until it was durable, in milliseconds."""
    took: list[float] = []
    ends = time.perf_counter() + seconds

    async def meet(meeting: str) -> None:
        while (began := time.perf_counter()) < ends:
            content = secrets.token_hex(10)
            given = upcasting.encode(ContributionGiven(at=5, seat="seatnumber01", what="question", content=content))
            body = Body(content, "seatnumber01", secrets.token_bytes(SEALED))
            answer = Answer("device", secrets.token_hex(8))
            event = StoredEvent(upcasting.VERSION, given)
            await store.append(Write(meeting, heads[meeting], (event,), bodies=(body,), answer=answer))
            heads[meeting] += 1
            took.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(meet(meeting) for meeting in heads))
    spent = time.perf_counter() - began
    return len(took) / spent, sorted(took)[int(len(took) * 0.99)] * 1000


async def measured(rounds: int, seconds: float) -> dict[str, float]:
    """All three ways, in turn."""
    rates: dict[str, list[float]] = {way: [] for way in WAYS}
    waits: dict[str, list[float]] = {way: [] for way in WAYS}
    writes: dict[str, list[float]] = {way: [0.0] for way in WAYS}
    with tempfile.TemporaryDirectory() as folder:
        database = prepared(Path(folder))
        store = SqliteStore(database, create=False)
        await store.start()
        heads = await store.heads([f"meeting{number:013d}" for number in range(MEETINGS)])
        await contributions(store, heads, seconds / 2)
        files = {"alone": None, "one file": database, "two files": database.with_name("web.sqlite3")}
        for number in range(rounds):
            for way in WAYS[number % 3 :] + WAYS[: number % 3]:
                with sessions(files[way]) as took:
                    rate, wait = await contributions(store, heads, seconds)
                rates[way].append(rate)
                waits[way].append(wait)
                writes[way] += [one * 1000 for one in took]
        await store.stop()
    found = {f"{way}: contributions/s": median(rates[way]) for way in WAYS}
    found |= {f"{way}: ms until durable, p99": median(waits[way]) for way in WAYS}
    found |= {f"{way}: ms for a session, median": median(writes[way]) for way in WAYS[1:]}
    found["ratio"] = median(two / one for one, two in zip(rates["one file"], rates["two files"], strict=True))
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = asyncio.run(measured(options.rounds, options.seconds))
    for name, value in found.items():
        sys.stdout.write(f"{name:36} {value:12.2f}\n")
    if options.json:
        sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
