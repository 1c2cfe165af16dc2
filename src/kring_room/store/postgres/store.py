"""The event store in PostgreSQL: one writer that commits whatever is pending together, and a few connections to read.

Every node has its own. A server that is restarted is found again by itself; until then all is a ``StoreError``.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from psycopg_pool import AsyncConnectionPool

from kring_room.counts import Counts
from kring_room.store import clock_note, erasures, forgetting
from kring_room.store.jobs import Job
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
from kring_room.store.postgres import rows
from kring_room.store.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from kring_room.store.erasures import Ledger
    from kring_room.store.postgres.rows import Connection

T = TypeVar("T")
_log = logging.getLogger(__name__)
_MOST = 1000
"""Writes in one commit."""
_READERS = 4
_PATIENCE = 5.0
"""Seconds for a reading, or a commit; what takes longer has failed."""
_BETWEEN_CLEANINGS = 60.0
"""Seconds between two cleanings of what burns left behind, so that they never become the main work."""
OPTIONS: dict[str, Any] = {"autocommit": True, "connect_timeout": 3, "application_name": "kring"}
_DURABLE = "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
"""Whatever the server was told: what is acknowledged must be on its disk."""
_TABLES_THERE = "SELECT " + ", ".join(f"(SELECT 1 FROM {table} LIMIT 1)" for table in TABLES)  # noqa: S608 - constants
_ERASED = erasures.ERASED.format("%s")
_MORTAL = """
    SELECT set_config('idle_in_transaction_session_timeout', '3s', false), set_config('tcp_keepalives_idle', '30', false),
           set_config('tcp_keepalives_interval', '10', false), set_config('tcp_keepalives_count', '3', false)
"""
"""A node that stands still, or whose machine is gone, must not keep a meeting's row, nor what a burn would clean up."""


class PostgresStore:
    """The adapter for PostgreSQL. ``create``: make the tables, where no migration does. ``counts``: where it counts.

    ``ledger``: where it notes what it destroys.
    """

    shared = True

    def __init__(
        self, url: str, *, create: bool = True, counts: Counts | None = None, ledger: Ledger | None = None
    ) -> None:
        self._url = url
        self._ledger = ledger
        self._create = create
        self._counts = counts or Counts()
        self._jobs: deque[Job] = deque()
        self._chains = Chains()
        self._wake = asyncio.Event()
        self._stopping = False
        self._writing: Connection | None = None
        self._writer: asyncio.Task[None] | None = None
        self._cleaner: asyncio.Task[None] | None = None
        self._burned = asyncio.Event()

    async def start(self) -> None:
        """Connect, and see that the tables are there."""
        self._loop = asyncio.get_running_loop()
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            self._url, min_size=1, max_size=_READERS, open=False, timeout=_PATIENCE, kwargs=OPTIONS, max_waiting=0,
            check=AsyncConnectionPool.check_connection, reconnect_timeout=0, name="room-readers",
            configure=_set_up,
        )  # fmt: skip
        try:
            self._writing = await self._connect()
            if self._create:
                await self._writing.execute(rows.tables())
            await self._writing.execute("SELECT 1 FROM room_meeting LIMIT 1")
            with contextlib.suppress(psycopg.errors.UniqueViolation):  # another node makes it at the same moment
                await self._writing.execute(clock_note.TABLE)
        except (psycopg.Error, OSError) as error:
            await self._hang_up()
            raise StoreError(type(error).__name__) from error
        await self._pool.open()
        self._writer = asyncio.create_task(self._write_on())
        self._cleaner = asyncio.create_task(self._clean_on())

    async def stop(self) -> None:
        """Write what is pending, then disconnect."""
        self._stopping = True
        self._wake.set()
        if self._writer:
            await self._writer
        if self._cleaner:
            self._cleaner.cancel()
            await asyncio.gather(self._cleaner, return_exceptions=True)
        await self._pool.close()
        await self._hang_up()

    async def open(self, row: MeetingRow, events: tuple[StoredEvent, ...], ends: Ends | None = None) -> None:
        """Keep a new meeting with its first events. ``ends``: of classes that don't go with the cases."""

        async def add(connection: Connection) -> None:
            async with connection.transaction():
                for sql, parameters in rows.opening(row, events, ends):
                    await connection.execute(sql, parameters)

        await self._read(add)

    async def find(self, meeting: str) -> MeetingRow | None:
        """A meeting without its log."""

        async def ask(connection: Connection) -> MeetingRow | None:
            return rows.row_of(await (await connection.execute(rows.FIND, (meeting,), binary=True)).fetchone())

        return await self._read(ask)

    async def load(self, meeting: str, *, whole: bool = False) -> Loaded | None:
        """A meeting as of one moment. ``whole``: with all its events, and no snapshot."""
        return await self._read(lambda connection: rows.load(connection, meeting, whole=whole))

    async def since(self, meeting: str, after: int) -> Since:
        """What came after ``after``."""
        return await self._read(lambda connection: rows.since(connection, meeting, after))

    async def heads(self, meetings: Iterable[str]) -> dict[str, int]:
        """The last ``seq`` of each of these that is there."""
        wanted = tuple(meetings)
        return await self._read(lambda connection: rows.heads(connection, wanted)) if wanted else {}

    async def answer(self, meeting: str, device: str, command: str) -> int | None:
        """What this command of this device was answered with, however long ago."""
        sql = "SELECT seq FROM room_answer WHERE meeting = %s AND device = %s AND command = %s"
        found = await self._ask(sql, meeting, device, command)
        return found[0][0] if found else None

    async def bodies(self, meeting: str, contents: Iterable[str]) -> dict[str, bytes]:
        """Those of the sealed bodies that are there."""
        wanted = tuple(contents)
        return await self._read(lambda connection: rows.bodies(connection, meeting, wanted))

    async def alarms(self, before: int | None = None) -> dict[str, int]:
        """When something is due, by meeting; only what is due ``before`` then, if that is given."""
        if before is None:
            return dict(await self._ask("SELECT id, due_at FROM room_meeting WHERE due_at IS NOT NULL"))
        return dict(await self._ask("SELECT id, due_at FROM room_meeting WHERE due_at < %s", before))

    async def expired(self, now: int) -> tuple[Expired, ...]:
        """The meetings of which content must go, and is still there."""
        return await self._read(lambda connection: rows.expired(connection, now))

    async def unbegun(self) -> tuple[str, ...]:
        """The meetings without content whose time was over before they began, as it seems."""
        return tuple([meeting for (meeting,) in await self._ask(rows.UNBEGUN, forgetting.BEGAN)])

    async def forget(self, meeting: str) -> None:
        """Delete all of a meeting whose content is destroyed: only of one that never began."""
        if not await self._note([Erasure(time.time_ns() // 1_000_000, erasures.MEETING, meeting)]):
            raise StoreError("the erasure ledger can't be written")
        await self._read(lambda connection: rows.forget(connection, meeting))

    async def erased(self, since: int) -> tuple[Erasure, ...]:
        """The classes of meetings whose content was destroyed at that time or later."""
        return tuple([Erasure(*one) for one in await self._ask(_ERASED, since, since)])

    async def note_erasures(self, now: int) -> None:
        """Complete the erasure ledger, where one is kept."""
        if self._ledger:
            await self._ledger.catch_up(self, now)

    async def oldest(self) -> int | None:
        """When the first meeting that is kept was opened."""
        oldest: int | None = (await self._ask(erasures.OLDEST))[0][0]
        return oldest

    async def newest(self) -> int | None:
        """When the newest meeting was opened."""
        newest: int | None = (await self._ask(clock_note.NEWEST))[0][0]
        return newest

    async def last_look(self) -> str | None:
        """What was noted of the latest look at the clock, if anything was."""
        found = await self._ask(clock_note.READ)
        return found[0][0] if found else None

    async def note_look(self, look: str) -> None:
        """Note it."""

        async def note(connection: Connection) -> None:
            await connection.execute(clock_note.WRITE.format("%s").encode(), (look,))

        await self._read(note)

    async def removals(self) -> tuple[Removal, ...]:
        """What the web asked for, and was not dropped yet."""
        return tuple(Removal(*one) for one in await self._ask(rows.REMOVALS))

    async def drop_removal(self, removal: Removal) -> None:
        """This one is done."""

        async def drop(connection: Connection) -> None:
            await connection.execute(rows.DROP_REMOVAL, (removal.meeting, removal.member, removal.asked_at))

        await self._read(drop)

    async def prune_feed(self, before: int) -> None:
        """Forget what the web was told before that time."""

        async def prune(connection: Connection) -> None:
            async with connection.transaction():
                for sql in rows.PRUNE:
                    await connection.execute(sql, {"before": before})

        await self._read(prune)

    async def clock(self) -> int:
        """Milliseconds since the epoch, by the server's clock."""
        ((now,),) = await self._ask("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")
        return int(now)

    async def probe(self) -> None:
        """Write something durable that changes nothing; raises ``StoreError`` when that can't be done."""
        # A transaction with a number of its own is written to the log, and waited for.
        try:
            await self._ask("SELECT pg_current_xact_id()::text")
            await self._ask(_TABLES_THERE)
        except StoreError:
            self._counts.write_failed()
            raise

    def append(self, write: Write) -> asyncio.Future[None]:
        """Queue a write for the next commit."""
        future = self._loop.create_future()
        if self._stopping:
            future.set_exception(StoreError("the store is closed"))
        else:
            self._jobs.append(Job(write, future))
            self._wake.set()
        return future

    # -- reading

    async def _ask(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        async def ask(connection: Connection) -> list[tuple[Any, ...]]:
            return await (await connection.execute(sql, parameters)).fetchall()

        return await self._read(ask)

    async def _read(self, what: Callable[[Connection], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout(_PATIENCE), self._pool.connection() as connection:
                try:
                    return await what(connection)
                except psycopg.Error:
                    await connection.close()  # as after a failed write; the pool makes another
                    raise
        except (psycopg.Error, OSError, TimeoutError) as error:
            self._counts.read_errors += 1
            raise StoreError(type(error).__name__) from error

    # -- writing

    async def _write_on(self) -> None:
        while self._jobs or not self._stopping:
            if not self._jobs:
                self._wake.clear()
                await self._wake.wait()
                continue
            jobs = [self._jobs.popleft() for _ in range(min(_MOST, len(self._jobs)))]
            self._counts.committing_since = jobs[0].asked_at
            await self._commit(jobs)
            self._counts.committing_since = None
            for job in jobs:
                job.resolve()

    async def _commit(self, jobs: list[Job]) -> None:
        started = time.perf_counter()
        try:
            async with asyncio.timeout(_PATIENCE):
                connection = self._writing = await self._connected()
                outcomes = await rows.write_all(connection, [job.write for job in jobs], self._chains)
        except (psycopg.Error, OSError, TimeoutError) as error:
            await self._failed(jobs, error)
            return
        for job, outcome in zip(jobs, outcomes, strict=True):
            job.error = outcome
            if outcome:
                self._refused(job, outcome)
        self._counts.committed(len(jobs), time.perf_counter() - min(started, jobs[0].asked_at))
        if destroyed := erasures.erasures_of(job.write for job in jobs if job.error is None):
            self._burned.set()
            await self._note(destroyed)

    async def _note(self, destroyed: list[Erasure]) -> bool:
        return self._ledger is None or await asyncio.to_thread(self._ledger.note, destroyed)

    async def _failed(self, jobs: list[Job], error: Exception) -> None:
        alive = self._writing is not None and not self._writing.broken and not isinstance(error, TimeoutError)
        # After an error in a pipeline psycopg may believe in prepared statements that the server never made.
        await self._hang_up()
        if alive and len(jobs) > 1:  # one that can't be written must not take the others with it
            for job in jobs:
                await self._commit([job])
            return
        for job in jobs:
            job.error = StoreError(type(error).__name__)
            self._chains.broke(job.write)
            self._refused(job, error)

    def _refused(self, job: Job, error: Exception) -> None:
        usual = isinstance(error, Conflict | Repeated)
        if not usual:
            self._counts.write_failed()
        extra = {"meeting": job.write.meeting, "reason": type(error).__name__}
        _log.log(logging.DEBUG if usual else logging.WARNING, "write refused", extra=extra)

    async def _connect(self) -> Connection:
        connection = await psycopg.AsyncConnection.connect(self._url, **OPTIONS)
        try:
            await _set_up(connection)
        except BaseException:  # also when nobody waits for it any more: a stop, a commit that took too long
            await connection.close()
            raise
        return connection

    async def _connected(self) -> Connection:
        if self._writing is None or self._writing.closed:
            self._writing = None
            return await self._connect()
        return self._writing

    async def _hang_up(self) -> None:
        if self._writing:
            with contextlib.suppress(psycopg.Error, OSError):
                await self._writing.close()
        self._writing = None

    # -- after a burn

    async def _clean_on(self) -> None:
        """Have the server drop the row versions that still hold what was burned."""
        while True:
            await self._burned.wait()
            self._burned.clear()
            try:
                async with await self._connect() as connection:
                    clean = await rows.clean(connection)
            except (psycopg.Error, OSError):
                clean = False
            if not clean:  # somebody still reads as of before, such as a backup
                self._burned.set()
                _log.warning("burned content not cleaned up yet")
            await asyncio.sleep(_BETWEEN_CLEANINGS)


async def _set_up(connection: Connection) -> None:
    await connection.execute(_DURABLE)
    await connection.execute(_MORTAL)
