"""A copy of every meeting as of one moment, while the server runs; and back again. A copy is always an SQLite file.

So a copy of either store is checked the same way, and can be restored into either one.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from kring.meeting import INITIAL, evolve, snapshot, upcasting
from kring.methods.encoded import decode
from kring_room.store.port import StoreError
from kring_room.store.sqlite import journal, rows
from kring_room.store.tables import LATER, NUMBERED, SWITCHES, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from kring.meeting import State
    from kring_room.store.port import Loaded

_AT_ONCE: Final = 1000


class BackupError(Exception):
    """What is wrong with a copy, or stands in its way, in a sentence."""


class Tally(msgspec.Struct, frozen=True):
    """How much a copy holds."""

    meetings: int
    events: int
    bodies: int
    burned: int


def copy(where: Path | str, target: Path) -> None:
    """Copy everything that is durable now into a new file. Whoever writes meanwhile is not held up."""
    try:
        if isinstance(where, Path):
            # Not page by page: what was freed by a burn stays behind.
            with contextlib.closing(sqlite3.connect(f"{where.absolute().as_uri()}?mode=ro", uri=True)) as source:
                source.execute("VACUUM INTO ?", (str(target),))
            with contextlib.closing(sqlite3.connect(target, isolation_level=None)) as made, rows.transaction(made):
                journal.empty(made)
            return
        with contextlib.closing(rows.connect(target)) as made:
            rows.create_tables(made)
            _copy_postgres(where, made)
            made.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    except sqlite3.Error as error:
        raise BackupError(f"The meetings cannot be copied: {error}.") from None


def bring_up_to_date(copied: Path) -> None:
    """Give a copy that an earlier release made the tables and columns of today. Raises ``BackupError``."""
    try:
        with contextlib.closing(sqlite3.connect(copied, isolation_level=None)) as opened:
            there = {name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if TABLES.keys() - there == LATER:
                rows.create_tables(opened)
    except sqlite3.Error as error:
        raise BackupError(f"The copy cannot be read: {error}.") from None


def check(copied: Path) -> Tally:
    """Replay every meeting and open the wrapping of every body; the tally, or ``BackupError`` about the first fault."""
    try:
        with contextlib.closing(sqlite3.connect(f"{copied.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            opened.isolation_level = None
            if (said := opened.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
                raise BackupError(f"The copy is damaged: {said}.")
            meetings = [meeting for (meeting,) in opened.execute("SELECT id FROM room_meeting ORDER BY id")]
            tallies = [_check_meeting(opened, meeting) for meeting in meetings]
            sizes = "SELECT (SELECT count(*) FROM room_event) + (SELECT count(*) FROM vault_body)"
            parts = opened.execute(sizes).fetchone()[0]
    except sqlite3.Error as error:
        raise BackupError(f"The copy cannot be read: {error}.") from None
    events, bodies, burned = (sum(column) for column in zip((0, 0, 0), *tallies, strict=True))
    if parts != events + bodies:
        raise BackupError("The copy holds parts of meetings that it does not hold.")
    return Tally(len(meetings), events, bodies, burned)


def restore(copied: Path, where: Path | str, *, replace: bool) -> None:
    """Write a copy into a store whose tables are there, all or nothing. Raises ``BackupError`` where meetings are there.

    ``replace``: in place of what is there. No server may run on it.
    """
    try:
        if isinstance(where, Path):
            _restore_sqlite(copied, where, replace=replace)
        else:
            _restore_postgres(copied, where, replace=replace)
    except sqlite3.Error as error:
        raise BackupError(f"The meetings cannot be restored: {error}.") from None


def count_meetings(where: Path | str) -> int:
    """How many meetings are in a store. Raises ``BackupError``."""
    counting = "SELECT count(*) FROM room_meeting"
    if isinstance(where, Path):
        try:
            with contextlib.closing(rows.connect(where)) as connection:
                return int(connection.execute(counting).fetchone()[0])
        except sqlite3.Error as error:
            raise BackupError(f"The meetings that are there cannot be counted: {error}.") from None
    import psycopg  # noqa: PLC0415 - most installations do without

    try:
        with psycopg.connect(where) as target:
            found = target.execute(counting).fetchone()
            return int(found[0]) if found else 0
    except psycopg.Error as error:
        raise BackupError(f"The meetings that are there cannot be counted ({type(error).__name__}).") from None


def is_used(database: Path) -> bool:
    """Whether somebody has this database open."""
    with contextlib.closing(sqlite3.connect(database, timeout=0)) as alone:
        try:
            alone.execute("PRAGMA journal_mode=DELETE")  # only who is alone may leave the write-ahead log
            alone.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            return True
    return False


def _check_meeting(opened: sqlite3.Connection, meeting: str) -> tuple[int, int, int]:
    try:
        loaded = rows.load(opened, meeting, whole=True)
        assert loaded is not None  # noqa: S101 - its id was just read
        decode(loaded.row.method)
        _replay(opened, loaded)
        bodies = _open_bodies(opened, meeting)
    except (ValueError, msgspec.MsgspecError, StoreError, LookupError, AttributeError, TypeError) as error:
        # The text of a fault may quote what is in the log: its kind is enough to begin with.
        raise BackupError(f"Meeting {meeting} cannot be replayed ({type(error).__name__}).") from error
    return len(loaded.events), bodies, int(loaded.row.burned_at is not None)


def _open_bodies(opened: sqlite3.Connection, meeting: str) -> int:
    contents = [one for (one,) in opened.execute("SELECT content FROM vault_body WHERE meeting = ?", (meeting,))]
    if len(rows.bodies(opened, meeting, contents)) != len(contents):
        raise ValueError("sealed bodies without what unwraps them")
    return len(contents)


def _replay(opened: sqlite3.Connection, loaded: Loaded) -> State:
    """From the first event to the last, and as the snapshot says on the way."""
    numbers = [
        seq for (seq,) in opened.execute("SELECT seq FROM room_event WHERE meeting = ? ORDER BY seq", (loaded.row.id,))
    ]
    if not numbers or numbers != list(range(1, len(numbers) + 1)):
        raise ValueError("events are missing")
    kept = opened.execute("SELECT seq, body FROM room_snapshot WHERE meeting = ?", (loaded.row.id,)).fetchone()
    state = INITIAL
    for seq, event in enumerate(loaded.events, 1):
        state = evolve(state, upcasting.upcast(event.version, event.body))
        if kept and kept[0] == seq and snapshot.decode(bytes(kept[1])) not in (None, state):
            raise ValueError("the snapshot says something else than the log")
    return state


def _restore_sqlite(copied: Path, database: Path, *, replace: bool) -> None:
    if is_used(database):
        raise BackupError(f"A server uses {database}. Stop it first.")
    with contextlib.closing(rows.connect(database)) as target:
        target.execute("ATTACH ? AS copied", (f"{copied.absolute().as_uri()}?mode=ro",))
        with rows.transaction(target):
            _check_empty(target.execute("SELECT count(*) FROM room_meeting").fetchone()[0], replace=replace)
            journal.discard(target)
            for table, columns in TABLES.items():
                target.execute(f"DELETE FROM {table}")  # noqa: S608 - a constant
                target.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM copied.{table}")  # noqa: S608 - constants
        target.execute("DETACH copied")
        rows.forget_freed_pages(target)


def _check_empty(meetings: int, *, replace: bool) -> None:
    if meetings and not replace:
        raise BackupError(f"There are {meetings} meetings already. With --replace they are destroyed.")


def _copy_postgres(url: str, made: sqlite3.Connection) -> None:
    import psycopg  # noqa: PLC0415 - most installations do without

    try:
        with psycopg.connect(url) as source, rows.transaction(made):
            source.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            source.read_only = True
            for table, columns in TABLES.items():
                marks = ", ".join("?" * len(columns.split(", ")))
                into = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - constants
                for some in _batches(source, table, columns):
                    made.executemany(into, some)
    except psycopg.Error as error:
        raise BackupError(f"The meetings in PostgreSQL cannot be copied ({type(error).__name__}).") from None


def _batches(source: psycopg.Connection[Any], table: str, columns: str) -> Iterator[list[tuple[Any, ...]]]:
    with source.cursor(name="copy") as cursor:
        cursor.execute(f"SELECT {columns} FROM {table}")  # noqa: S608 - constants
        while some := cursor.fetchmany(_AT_ONCE):
            yield some


def _restore_postgres(copied: Path, url: str, *, replace: bool) -> None:
    import psycopg  # noqa: PLC0415 - most installations do without

    try:
        with contextlib.closing(sqlite3.connect(copied)) as source, psycopg.connect(url) as target:
            found = target.execute("SELECT count(*) FROM room_meeting").fetchone()
            _check_empty(found[0] if found else 0, replace=replace)
            for table, columns in TABLES.items():
                target.execute(f"DELETE FROM {table}")  # noqa: S608 - a constant
                names = columns.split(", ")
                switches = [name in SWITCHES for name in names]
                into = f"COPY {table} ({columns}) FROM STDIN"
                with target.cursor().copy(into) as copying:
                    for row in source.execute(f"SELECT {columns} FROM {table}"):  # noqa: S608 - constants
                        copying.write_row([bool(one) if on else one for one, on in zip(row, switches, strict=True)])
            for table, number in NUMBERED.items():
                target.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', '{number}'),"  # noqa: S608 - constants
                    f" coalesce((SELECT max({number}) FROM {table}), 1))"
                )
    except psycopg.Error as error:
        raise BackupError(f"The meetings cannot be restored into PostgreSQL ({type(error).__name__}).") from None
