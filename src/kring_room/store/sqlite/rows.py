"""The room's tables in plain SQL over one SQLite connection: what is read and written, not when nor on which thread."""

from __future__ import annotations

import contextlib
import sqlite3
from importlib import resources
from typing import TYPE_CHECKING

from kring.meeting.retention import CASE, OTHERS
from kring_room.store import forgetting
from kring_room.store.port import (
    LATEST_ANSWERS,
    Body,
    Conflict,
    Device,
    Ends,
    Expired,
    FeedEntry,
    FeedRow,
    Loaded,
    MeetingRow,
    Removal,
    Repeated,
    Since,
    Snapshot,
    StoredEvent,
    Write,
)
from kring_room.store.tables import TABLES
from kring_room.store.wrapping import KEY, keys_of, new_key, unwrap, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from kring.meeting.retention import Retention
    from kring_room.store.wrapping import Keys

_COLUMNS = "id, method_id, method, practice, opened_at, expires_at, closed_at, due_at, burned_at"
_PATIENCE = 10_000
"""Milliseconds to wait for another process to finish writing."""
_CHECKPOINT = 2000
"""Pages in the write-ahead log (8 MB) before they are copied. With 1,000, a write costs a third more; with 8,000, a tenth
less, but the commit that copies them takes twice as long."""
_CACHE = 32 * 1024
"""KiB of pages that the writer has at hand: the last ones of a few thousand meetings."""
_ADDED = (
    ("room_device", "seal", "INTEGER NOT NULL DEFAULT 1"),
    ("vault_body", "retention", "TEXT NOT NULL DEFAULT 'case'"),
)
"""Columns that tables of earlier releases don't have: table, name, kind."""
_AT_ONCE = 500
"""Names in one ``IN (...)``, well below SQLite's bound."""


def connect(database: Path) -> sqlite3.Connection:
    """A connection as the room wants it: durable at each commit, and what is deleted is overwritten."""
    connection = sqlite3.connect(database, timeout=_PATIENCE / 1000, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA secure_delete=ON")
    connection.execute("PRAGMA temp_store=MEMORY")
    connection.execute(f"PRAGMA wal_autocheckpoint={_CHECKPOINT}")
    return connection


def widen_cache(connection: sqlite3.Connection) -> None:
    """For the connection that writes."""
    connection.execute(f"PRAGMA cache_size=-{_CACHE}")


def create_tables(connection: sqlite3.Connection) -> None:
    """Make the tables and columns that aren't there yet."""
    for table, column, kind in _ADDED:
        there = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        if there and column not in there:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
    connection.executescript(resources.files("kring_room.store.sqlite").joinpath("tables.sql").read_text("utf-8"))


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection, kind: str = "IMMEDIATE") -> Iterator[None]:
    """All or nothing."""
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):  # SQLite may have rolled back by itself
            connection.execute("ROLLBACK")
        raise


def add_meeting(
    connection: sqlite3.Connection, row: MeetingRow, events: tuple[StoredEvent, ...], ends: Ends | None = None
) -> None:
    """A new meeting with its first events and its own keys for wrapping bodies."""
    connection.execute(
        f"INSERT INTO room_meeting ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - a constant
        (
            row.id, row.method_id, row.method, row.practice, row.opened_at, row.expires_at, row.closed_at, row.due_at,
            row.burned_at,
        ),
    )  # fmt: skip
    connection.execute("INSERT INTO vault_key (meeting, key) VALUES (?, ?)", (row.id, new_key()))
    connection.executemany(
        "INSERT INTO vault_retention (meeting, retention, key, expires_at) VALUES (?, ?, ?, ?)",
        [(row.id, one, new_key(), (ends or {}).get(one)) for one in OTHERS],
    )
    _add_events(connection, row.id, 0, events)


def find(connection: sqlite3.Connection, meeting: str) -> MeetingRow | None:
    """A meeting without its log."""
    found = connection.execute(f"SELECT {_COLUMNS} FROM room_meeting WHERE id = ?", (meeting,)).fetchone()  # noqa: S608 - a constant
    if found is None:
        return None
    id_, method_id, method, practice, *times = found
    opened_at, expires_at, closed_at, due_at, burned_at = times
    return MeetingRow(
        id_, method_id, bytes(method), bool(practice), opened_at, expires_at, closed_at, due_at, burned_at
    )


def load(connection: sqlite3.Connection, meeting: str, *, whole: bool = False) -> Loaded | None:
    """A meeting as of one moment. ``whole``: with all its events, and no snapshot."""
    with transaction(connection, "DEFERRED"):
        return in_place(connection, meeting, whole=whole)


def in_place(connection: sqlite3.Connection, meeting: str, *, whole: bool) -> Loaded | None:
    """The same within a transaction of the caller's."""
    row = find(connection, meeting)
    if row is None:
        return None
    snapshot = None if whole else _snapshot(connection, meeting)
    events = _events(connection, meeting, snapshot.seq if snapshot else 0)
    devices = _devices(connection, meeting)
    sql = "SELECT device, command, seq FROM room_answer WHERE meeting = ? ORDER BY seq DESC LIMIT ?"
    answers = connection.execute(sql, (meeting, LATEST_ANSWERS)).fetchall()
    return Loaded(
        row, events, devices, {(device, command): seq for device, command, seq in reversed(answers)}, snapshot
    )


def since(connection: sqlite3.Connection, meeting: str, after: int) -> Since:
    """What came after ``after``."""
    with transaction(connection, "DEFERRED"):
        last = head(connection, meeting)
        events = _events(connection, meeting, after)
        devices = _devices(connection, meeting)
        sql = "SELECT device, command, seq FROM room_answer WHERE meeting = ? AND seq > ? ORDER BY seq"
        answers = connection.execute(sql, (meeting, after)).fetchall()
    return Since(last, events, devices, {(device, command): seq for device, command, seq in answers})


def heads(connection: sqlite3.Connection, meetings: Iterable[str]) -> dict[str, int]:
    """The last ``seq`` of each of these that is there."""
    found = {meeting: head(connection, meeting) for meeting in meetings}
    return {meeting: last for meeting, last in found.items() if last}


def head(connection: sqlite3.Connection, meeting: str) -> int:
    """The last ``seq`` of this meeting in the tables; 0: there is none."""
    found = connection.execute("SELECT max(seq) FROM room_event WHERE meeting = ?", (meeting,)).fetchone()
    return found[0] or 0


def answer(connection: sqlite3.Connection, meeting: str, device: str, command: str) -> int | None:
    """What this command was answered with, however long ago."""
    sql = "SELECT seq FROM room_answer WHERE meeting = ? AND device = ? AND command = ?"
    found = connection.execute(sql, (meeting, device, command)).fetchone()
    return found[0] if found else None


def bodies(connection: sqlite3.Connection, meeting: str, contents: Iterable[str]) -> dict[str, bytes]:
    """Those of the sealed bodies that are there, unwrapped."""
    wanted = sorted(set(contents))
    with transaction(connection, "DEFERRED"):
        keys = vault_keys(connection, meeting)
        rows: list[tuple[str, bytes, Retention]] = []
        for start in range(0, len(wanted), _AT_ONCE):
            part = wanted[start : start + _AT_ONCE]
            marks = ",".join("?" * len(part))
            sql = f"SELECT content, body, retention FROM vault_body WHERE meeting = ? AND content IN ({marks})"  # noqa: S608 - marks only
            rows += connection.execute(sql, (meeting, *part))
    return unwrap(keys, meeting, rows)


def vault_keys(connection: sqlite3.Connection, meeting: str) -> Keys:
    """What wraps this meeting's bodies, by class."""
    sql = (
        "SELECT 'case', key FROM vault_key WHERE meeting = :meeting"
        " UNION ALL SELECT retention, key FROM vault_retention WHERE meeting = :meeting"
    )
    return keys_of(connection.execute(sql, {"meeting": meeting}))


def alarms(connection: sqlite3.Connection, before: int | None = None) -> dict[str, int]:
    """When something is due, by meeting; only what is due ``before`` then, if that is given."""
    if before is None:
        return dict(connection.execute("SELECT id, due_at FROM room_meeting WHERE due_at IS NOT NULL"))
    return dict(connection.execute("SELECT id, due_at FROM room_meeting WHERE due_at < ?", (before,)))


def expired(connection: sqlite3.Connection, now: int) -> tuple[Expired, ...]:
    """The meetings of which content must go, and is still there."""
    sql = (
        "SELECT id, 'case', expires_at FROM room_meeting WHERE burned_at IS NULL AND expires_at <= :now"
        " UNION ALL SELECT meeting, retention, cases.expires_at FROM room_meeting AS cases"
        " JOIN vault_retention AS other ON other.meeting = cases.id"
        " WHERE burned_at IS NULL AND cases.expires_at <= :now AND gone_at IS NULL AND other.expires_at IS NULL"
        " UNION ALL SELECT meeting, retention, expires_at FROM vault_retention WHERE gone_at IS NULL AND expires_at <= :now"
        " ORDER BY 3, 2"
    )
    found: dict[str, list[Retention]] = {}
    for meeting, retention, _ in connection.execute(sql, {"now": now}):
        found.setdefault(meeting, []).append(retention)
    left = (
        "SELECT EXISTS (SELECT 1 FROM room_meeting WHERE id = :meeting AND burned_at IS NULL AND expires_at > :now)"
        " OR EXISTS (SELECT 1 FROM vault_retention WHERE meeting = :meeting AND gone_at IS NULL AND expires_at > :now)"
    )
    return tuple(
        Expired(meeting, tuple(classes), bool(connection.execute(left, {"meeting": meeting, "now": now}).fetchone()[0]))
        for meeting, classes in found.items()
    )


def write(connection: sqlite3.Connection, one: Write) -> None:
    """Do one write inside a transaction. Raises ``Conflict`` or ``Repeated`` before anything is changed."""
    if head(connection, one.meeting) != one.after or not one.after:
        raise Conflict
    if one.answer and answer(connection, one.meeting, one.answer.device, one.answer.command) is not None:
        raise Repeated
    _add_events(connection, one.meeting, one.after, one.events)
    if one.bodies:
        _add_bodies(connection, one.meeting, one.bodies)
    connection.executemany(
        "INSERT OR REPLACE INTO room_device (meeting, device, seat, is_table, shown_out, seal) VALUES (?, ?, ?, ?, ?, ?)",
        [(one.meeting, each.device, each.seat, each.table, each.shown_out, each.seal) for each in one.devices],
    )
    if one.answer:
        connection.execute(
            "INSERT INTO room_answer (meeting, device, command, seq) VALUES (?, ?, ?, ?)",
            (one.meeting, one.answer.device, one.answer.command, one.seq),
        )
    if one.events:
        sql = "UPDATE room_meeting SET due_at = ?, closed_at = coalesce(closed_at, ?) WHERE id = ?"
        connection.execute(sql, (one.due_at, one.close_at, one.meeting))
    if one.snapshot is not None:
        sql = "INSERT OR REPLACE INTO room_snapshot (meeting, seq, body) VALUES (?, ?, ?)"
        connection.execute(sql, (one.meeting, one.seq, one.snapshot))
    connection.executemany(
        "INSERT INTO room_feed (meeting, at, version, body) VALUES (?, ?, ?, ?)",
        [(one.meeting, each.at, each.version, each.body) for each in one.feed],
    )
    if one.burn_at is not None:
        _burn(connection, one.meeting, one.burn_at, one.burns or (CASE, *OTHERS))


def read_feed(connection: sqlite3.Connection, after: int, most: int) -> tuple[list[FeedEntry], int]:
    """What the web was told after ``after`` and is still kept, and the number of the last entry there ever was."""
    with transaction(connection, "DEFERRED"):
        sql = "SELECT id, meeting, at, version, body FROM room_feed WHERE id > ? AND version > 0 ORDER BY id LIMIT ?"
        found = connection.execute(sql, (after, most)).fetchall()
        newest = connection.execute("SELECT max(id) FROM room_feed").fetchone()[0]
    return [FeedEntry(id_, meeting, FeedRow(at, version, bytes(body))) for id_, meeting, at, version, body in found], (
        newest or 0
    )


def prune_feed(connection: sqlite3.Connection, before: int) -> None:
    """Forget what the web was told before that time, but for the last number."""
    if connection.execute("SELECT 1 FROM room_feed WHERE at < ? AND version > 0 LIMIT 1", (before,)).fetchone():
        with transaction(connection):
            connection.execute("DELETE FROM room_feed WHERE at < ? AND id < (SELECT max(id) FROM room_feed)", (before,))
            connection.execute("UPDATE room_feed SET version = 0, meeting = '', body = x'' WHERE at < ?", (before,))


def removals(connection: sqlite3.Connection) -> tuple[Removal, ...]:
    """What the web asked for."""
    sql = "SELECT meeting, member, asked_at FROM room_removal"
    return tuple(Removal(*one) for one in connection.execute(sql).fetchall())


def ask_removal(connection: sqlite3.Connection, removal: Removal) -> None:
    """Ask for it, or once more."""
    sql = "INSERT OR REPLACE INTO room_removal (meeting, member, asked_at) VALUES (?, ?, ?)"
    connection.execute(sql, (removal.meeting, removal.member, removal.asked_at))


def drop_removal(connection: sqlite3.Connection, removal: Removal) -> None:
    """It is done; if it was asked once more meanwhile, that stays."""
    sql = "DELETE FROM room_removal WHERE meeting = ? AND member = ? AND asked_at = ?"
    connection.execute(sql, (removal.meeting, removal.member, removal.asked_at))


def unbegun(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The meetings without content whose time was over before they began, as it seems."""
    found = connection.execute(forgetting.UNBEGUN.format("instr(body, ?)"), (forgetting.BEGAN,))
    return tuple([meeting for (meeting,) in found])


def forget(connection: sqlite3.Connection, meeting: str) -> None:
    """Delete all of a meeting whose content is destroyed."""
    with transaction(connection):
        if connection.execute(forgetting.BURNED.format("?"), (meeting,)).fetchone():
            for sql in forgetting.STATEMENTS:
                connection.execute(sql.format("?"), (meeting,))


def forget_freed_pages(connection: sqlite3.Connection) -> bool:
    """Empty the write-ahead log, which still holds older pages. Whether it could be done now; waits for nobody."""
    connection.execute("PRAGMA busy_timeout=0")
    try:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:
        return False
    finally:
        connection.execute(f"PRAGMA busy_timeout={_PATIENCE}")
    return not busy


def probe(database: Path) -> None:
    """Write a page that says what it said before, durably. Raises ``sqlite3.Error`` when that can't be done."""
    connection = sqlite3.connect(f"{database.absolute().as_uri()}?mode=rw", uri=True, timeout=2, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous=FULL")
        for table in TABLES:  # an empty file can be written, and is no store; nor is one that lacks a table
            connection.execute(f"SELECT * FROM {table} LIMIT 1").fetchone()  # noqa: S608 - a constant
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        connection.execute(f"PRAGMA user_version={version}")
    finally:
        connection.close()


def _add_events(connection: sqlite3.Connection, meeting: str, after: int, events: tuple[StoredEvent, ...]) -> None:
    connection.executemany(
        "INSERT INTO room_event (meeting, seq, version, body) VALUES (?, ?, ?, ?)",
        [(meeting, seq, event.version, event.body) for seq, event in enumerate(events, after + 1)],
    )


def _add_bodies(connection: sqlite3.Connection, meeting: str, sealed: tuple[Body, ...]) -> None:
    keys = vault_keys(connection, meeting)
    connection.executemany(
        "INSERT INTO vault_body (meeting, content, seat, body, retention) VALUES (?, ?, ?, ?, ?)",
        [(meeting, *wrap(keys, meeting, one)) for one in sealed],
    )


def _burn(connection: sqlite3.Connection, meeting: str, now: int, classes: Iterable[Retention]) -> None:
    for one in classes:
        connection.execute("DELETE FROM vault_body WHERE meeting = ? AND retention = ?", (meeting, one))
        if one == CASE:
            connection.execute("UPDATE vault_key SET key = zeroblob(?) WHERE meeting = ?", (KEY, meeting))
            connection.execute("UPDATE room_meeting SET burned_at = ? WHERE id = ?", (now, meeting))
        else:
            sql = "UPDATE vault_retention SET key = zeroblob(?), gone_at = ? WHERE meeting = ? AND retention = ?"
            connection.execute(sql, (KEY, now, meeting, one))


def _events(connection: sqlite3.Connection, meeting: str, after: int) -> tuple[StoredEvent, ...]:
    sql = "SELECT version, body FROM room_event WHERE meeting = ? AND seq > ? ORDER BY seq"
    return tuple(StoredEvent(version, bytes(body)) for version, body in connection.execute(sql, (meeting, after)))


def _devices(connection: sqlite3.Connection, meeting: str) -> tuple[Device, ...]:
    sql = "SELECT device, seat, is_table, shown_out, seal FROM room_device WHERE meeting = ?"
    return tuple(
        Device(device, seat, bool(table), bool(out), seal)
        for device, seat, table, out, seal in connection.execute(sql, (meeting,))
    )


def _snapshot(connection: sqlite3.Connection, meeting: str) -> Snapshot | None:
    found = connection.execute("SELECT seq, body FROM room_snapshot WHERE meeting = ?", (meeting,)).fetchone()
    return Snapshot(found[0], bytes(found[1])) if found else None
