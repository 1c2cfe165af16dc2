"""The event store in one SQLite file: a writer thread that commits whatever is pending together, and a reader thread.

What is committed may wait in a journal until it has its place in the tables (``journal``); who reads a meeting of which
something waits has it put there first. A burn is durable, and its ciphertext gone from the database file, the journal and
the write-ahead log, before its future resolves.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from kring_room.counts import Counts
from kring_room.store import clock_note, erasures
from kring_room.store.jobs import Job, Settling
from kring_room.store.port import (
    Chains,
    Conflict,
    Ends,
    Erasure,
    Expired,
    Loaded,
    MeetingRow,
    Removal,
    Repeated,
    Since,
    StoredEvent,
    StoreError,
    Write,
)
from kring_room.store.sqlite import rows
from kring_room.store.sqlite.group_commit import GroupCommit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from kring_room.store.erasures import Ledger

T = TypeVar("T")
_log = logging.getLogger(__name__)
_MOST = 1000
"""Writes in one commit."""
_BUSY = 4
"""Writes in a commit from which on the next one waits for more to come: a commit costs as much as ten writes."""
_LINGER = 0.004
"""Seconds that it waits. (PostgreSQL calls these two ``commit_siblings`` and ``commit_delay``.)"""
_CHECKPOINT_TRIES = 50


class SqliteStore:
    """The adapter for SQLite. ``create``: make the tables, where no migration does. ``counts``: where it counts.

    ``ledger``: where it notes what it destroys.
    """

    shared = False

    def __init__(
        self, database: Path, *, create: bool = True, counts: Counts | None = None, ledger: Ledger | None = None
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._create = create
        self._counts = counts or Counts()
        self._jobs: queue.SimpleQueue[Job | Settling | None] = queue.SimpleQueue()
        self._reader = ThreadPoolExecutor(1, "room-reader")
        self._writer: threading.Thread | None = None
        self._chains = Chains()
        self._stopping = False
        self._leftover = False

    async def start(self) -> None:
        """Open the file on both sides; empty the log of a run that was cut short."""
        self._loop = asyncio.get_running_loop()
        self._reading = await self._read(lambda: rows.connect(self._database))
        self._writing = await self._read(lambda: rows.connect(self._database))
        await self._read(lambda: rows.widen_cache(self._writing))
        self._group = GroupCommit(self._writing)
        if self._create:
            await self._read(lambda: rows.create_tables(self._writing))
        await self._read(lambda: self._writing.execute(clock_note.TABLE))
        await self._read(self._group.start)
        await self._read(lambda: rows.forget_freed_pages(self._writing))
        self._writer = threading.Thread(target=self._write_on, name="room-writer", daemon=True)
        self._writer.start()

    async def stop(self) -> None:
        """Write what is pending, then close the file."""
        self._stopping = True
        self._jobs.put(None)
        if self._writer:
            await asyncio.to_thread(self._writer.join)
        await self._read(self._reading.close)
        with contextlib.suppress(StoreError):  # it waits until the next start
            await self._read(self._group.settle)
        await self._read(self._writing.close)
        self._reader.shutdown()

    async def open(self, row: MeetingRow, events: tuple[StoredEvent, ...], ends: Ends | None = None) -> None:
        """Keep a new meeting with its first events. ``ends``: of classes that don't go with the cases."""
        await asyncio.to_thread(open_meeting, self._database, row, events, ends)

    async def find(self, meeting: str) -> MeetingRow | None:
        """A meeting without its log."""
        return await self._read(lambda: rows.find(self._reading, meeting))

    async def load(self, meeting: str, *, whole: bool = False) -> Loaded | None:
        """A meeting as of one moment. ``whole``: with all its events, and no snapshot."""
        await self._settled(meeting)
        return await self._read(lambda: rows.load(self._reading, meeting, whole=whole))

    async def since(self, meeting: str, after: int) -> Since:
        """What came after ``after``."""
        await self._settled(meeting)
        return await self._read(lambda: rows.since(self._reading, meeting, after))

    async def heads(self, meetings: Iterable[str]) -> dict[str, int]:
        """The last ``seq`` of each of these that is there."""
        wanted = tuple(meetings)
        await self._settled(*wanted)
        return await self._read(lambda: rows.heads(self._reading, wanted))

    async def answer(self, meeting: str, device: str, command: str) -> int | None:
        """What this command of this device was answered with, however long ago."""
        await self._settled(meeting)
        return await self._read(lambda: rows.answer(self._reading, meeting, device, command))

    async def bodies(self, meeting: str, contents: Iterable[str]) -> dict[str, bytes]:
        """Those of the sealed bodies that are there."""
        wanted = tuple(contents)
        await self._settled(meeting)
        return await self._read(lambda: rows.bodies(self._reading, meeting, wanted))

    async def alarms(self, before: int | None = None) -> dict[str, int]:
        """When something is due, by meeting; only what is due ``before`` then, if that is given."""
        return await self._read(lambda: rows.alarms(self._reading, before))

    async def removals(self) -> tuple[Removal, ...]:
        """What the web asked for, and was not dropped yet."""
        return await self._read(lambda: rows.removals(self._reading))

    async def drop_removal(self, removal: Removal) -> None:
        """This one is done."""
        await self._read(lambda: rows.drop_removal(self._reading, removal))

    async def prune_feed(self, before: int) -> None:
        """Forget what the web was told before that time."""
        await self._read(lambda: rows.prune_feed(self._reading, before))

    async def expired(self, now: int) -> tuple[Expired, ...]:
        """The meetings of which content must go, and is still there."""
        return await self._read(lambda: rows.expired(self._reading, now))

    async def unbegun(self) -> tuple[str, ...]:
        """The meetings without content whose time was over before they began, as it seems."""
        return await self._read(lambda: rows.unbegun(self._reading))

    async def forget(self, meeting: str) -> None:
        """Delete all of a meeting whose content is destroyed: only of one that never began."""
        await self._settled(meeting)
        if self._ledger and not await self._read(lambda: self._note([Erasure(_now(), erasures.MEETING, meeting)])):
            raise StoreError("the erasure ledger can't be written")
        await self._read(lambda: rows.forget(self._reading, meeting))

    async def erased(self, since: int) -> tuple[Erasure, ...]:
        """The classes of meetings whose content was destroyed at that time or later."""
        sql = erasures.ERASED.format("?1")
        found = await self._read(lambda: self._reading.execute(sql, (since,)).fetchall())
        return tuple([Erasure(*one) for one in found])

    async def note_erasures(self, now: int) -> None:
        """Complete the erasure ledger, where one is kept."""
        if self._ledger:
            await self._ledger.catch_up(self, now)

    async def oldest(self) -> int | None:
        """When the first meeting that is kept was opened."""
        found = await self._read(lambda: self._reading.execute(erasures.OLDEST).fetchone())
        return None if found is None else found[0]

    async def newest(self) -> int | None:
        """When the newest meeting was opened."""
        found = await self._read(lambda: self._reading.execute(clock_note.NEWEST).fetchone())
        return None if found is None else found[0]

    async def last_look(self) -> str | None:
        """What was noted of the latest look at the clock, if anything was."""
        found = await self._read(lambda: self._reading.execute(clock_note.READ).fetchone())
        return found[0] if found else None

    async def note_look(self, look: str) -> None:
        """Note it."""
        await self._read(lambda: self._reading.execute(clock_note.WRITE.format("?"), (look,)))

    async def clock(self) -> int:
        """Milliseconds since the epoch: this machine's own clock, since the file is here."""
        return _now()

    async def probe(self) -> None:
        """Write something durable that changes nothing; raises ``StoreError`` when that can't be done."""
        try:
            await asyncio.to_thread(rows.probe, self._database)
        except sqlite3.Error as error:
            self._counts.write_failed()
            raise StoreError(type(error).__name__) from error

    def append(self, write: Write) -> asyncio.Future[None]:
        """Queue a write for the next commit."""
        future = self._loop.create_future()
        if self._stopping:
            future.set_exception(StoreError("the store is closed"))
        else:
            self._jobs.put(Job(write, future))
        return future

    async def _settled(self, *meetings: str) -> None:
        """Have all of these meetings that is durable by now in its place."""
        waiting = tuple(one for one in meetings if self._group.waits(one))
        if waiting and not self._stopping:
            future = self._loop.create_future()
            self._jobs.put(Settling(waiting, future))
            await future

    async def _read(self, what: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._reader, what)
        except sqlite3.Error as error:
            self._counts.read_errors += 1
            name = getattr(error, "sqlite_errorname", type(error).__name__)
            _log.error("store could not be read", extra={"error": name})
            raise StoreError(type(error).__name__) from error

    def _write_on(self) -> None:
        stopping = False
        jobs: list[Job] = []
        while not stopping:
            batch = [self._jobs.get()]
            if len(jobs) >= _BUSY:
                time.sleep(_LINGER)
            while len(batch) < _MOST and not self._jobs.empty():
                batch.append(self._jobs.get())
            stopping = None in batch
            jobs = [job for job in batch if isinstance(job, Job)]
            if jobs:
                self._counts.committing_since = jobs[0].asked_at
                self._commit(jobs)
                self._counts.committing_since = None
                self._loop.call_soon_threadsafe(_resolve, jobs)
            asked = [job for job in batch if isinstance(job, Settling)]
            if asked:
                self._settle(asked)
                self._loop.call_soon_threadsafe(_resolve, asked)

    def _commit(self, jobs: list[Job]) -> None:
        try:
            for job in jobs:
                self._chains.check(job.write)
            self._group.write([job.write for job in jobs])
        except (sqlite3.Error, StoreError):  # one that can't be written must not take the others with it
            for job in jobs:
                self._commit_one(job)
        else:
            self._committed(jobs)

    def _commit_one(self, job: Job) -> None:
        try:
            self._chains.check(job.write)
            self._group.write_one(job.write)
        except (sqlite3.Error, StoreError) as error:
            self._chains.broke(job.write)
            if isinstance(error, Conflict | Repeated):
                job.error = error
            else:
                job.error = StoreError(type(error).__name__)
                self._counts.write_failed()
            _log.warning("write refused", extra={"meeting": job.write.meeting, "reason": type(error).__name__})
            return
        self._committed([job])

    def _settle(self, asked: list[Settling]) -> None:
        try:
            self._group.settle([meeting for one in asked for meeting in one.meetings])
        except (sqlite3.Error, StoreError) as error:
            self._counts.read_errors += 1
            for one in asked:
                one.error = StoreError(type(error).__name__)

    def _committed(self, jobs: list[Job]) -> None:
        self._counts.committed(len(jobs), time.perf_counter() - jobs[0].asked_at)
        if destroyed := erasures.erasures_of(job.write for job in jobs):
            self._truncate()
            self._note(destroyed)
        elif self._leftover:
            self._leftover = not rows.forget_freed_pages(self._writing)

    def _note(self, destroyed: list[Erasure]) -> bool:
        return self._ledger is None or self._ledger.note(destroyed)

    def _truncate(self) -> None:
        for _ in range(_CHECKPOINT_TRIES):
            if rows.forget_freed_pages(self._writing):
                self._leftover = False
                return
            time.sleep(0.02)
        self._leftover = True
        # Somebody reads the database: it is emptied at a later commit, or the next start.
        _log.error("write-ahead log not emptied")


def _now() -> int:
    return time.time_ns() // 1_000_000


def open_meeting(database: Path, row: MeetingRow, events: tuple[StoredEvent, ...], ends: Ends | None = None) -> None:
    """Keep a new meeting, from any thread or process."""
    connection = rows.connect(database)
    try:
        with rows.transaction(connection):
            rows.add_meeting(connection, row, events, ends)
    except sqlite3.Error as error:
        raise StoreError(type(error).__name__) from error
    finally:
        connection.close()


def _resolve(jobs: Sequence[Job | Settling]) -> None:
    for job in jobs:
        job.resolve()
