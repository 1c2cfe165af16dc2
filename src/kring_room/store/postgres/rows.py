"""The room's tables in PostgreSQL: what is read in one round trip, and what many writes become in one transaction."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import psycopg

from kring.meeting.retention import CASE, OTHERS
from kring_room.store import forgetting
from kring_room.store.port import (
    LATEST_ANSWERS,
    Chains,
    Conflict,
    Device,
    Expired,
    Loaded,
    MeetingRow,
    Repeated,
    Since,
    Snapshot,
    StoredEvent,
    StoreError,
)
from kring_room.store.wrapping import KEY, keys_of, new_key, unwrap, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kring.meeting.retention import Retention
    from kring_room.store.port import Ends, Write
    from kring_room.store.wrapping import Keys

    Connection = psycopg.AsyncConnection[tuple[Any, ...]]

_COLUMNS: Final = "id, method_id, method, practice, opened_at, expires_at, closed_at, due_at, burned_at"
FIND: Final = f"SELECT {_COLUMNS} FROM room_meeting WHERE id = %s"  # noqa: S608 - a constant
_AS_OF_ONE_MOMENT: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_SNAPSHOT: Final = "SELECT seq, body FROM room_snapshot WHERE meeting = %s AND %s"
_EVENTS: Final = "SELECT version, body FROM room_event WHERE meeting = %s AND seq > %s ORDER BY seq"
_DEVICES: Final = "SELECT device, seat, is_table, shown_out, seal FROM room_device WHERE meeting = %s"
_LATEST: Final = "SELECT device, command, seq FROM room_answer WHERE meeting = %s ORDER BY seq DESC LIMIT %s"
_SINCE: Final = "SELECT device, command, seq FROM room_answer WHERE meeting = %s AND seq > %s ORDER BY seq"
_HEADS: Final = """
    SELECT one, (SELECT max(seq) FROM room_event WHERE meeting = one) FROM unnest(%s::text[]) AS one
"""
# Whoever writes to a meeting holds its row until the commit. In the order of the ids, so that two nodes never wait for
# each other; what is read after it is what the other one left.
_LOCK: Final = "SELECT id FROM room_meeting WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
_KEYS: Final = """
    SELECT meeting, 'case', key FROM vault_key WHERE meeting = ANY(%(meetings)s)
    UNION ALL SELECT meeting, retention, key FROM vault_retention WHERE meeting = ANY(%(meetings)s)
"""
_EXPIRED: Final = """
    SELECT id, 'case', expires_at FROM room_meeting WHERE burned_at IS NULL AND expires_at <= %(now)s
    UNION ALL SELECT meeting, retention, cases.expires_at FROM room_meeting AS cases
    JOIN vault_retention AS other ON other.meeting = cases.id
    WHERE burned_at IS NULL AND cases.expires_at <= %(now)s AND gone_at IS NULL AND other.expires_at IS NULL
    UNION ALL SELECT meeting, retention, expires_at FROM vault_retention WHERE gone_at IS NULL AND expires_at <= %(now)s
    ORDER BY 3, 2
"""
_LATER: Final = """
    SELECT id FROM room_meeting WHERE id = ANY(%(meetings)s) AND burned_at IS NULL AND expires_at > %(now)s
    UNION SELECT meeting FROM vault_retention
    WHERE meeting = ANY(%(meetings)s) AND gone_at IS NULL AND expires_at > %(now)s
"""
_ANSWERED: Final = """
    SELECT meeting, device, command FROM room_answer
    JOIN unnest(%s::text[], %s::text[], %s::text[]) AS asked (meeting, device, command) USING (meeting, device, command)
"""
_ADD_EVENTS: Final = """
    INSERT INTO room_event (meeting, seq, version, body)
    SELECT * FROM unnest(%s::text[], %s::bigint[], %s::integer[], %s::bytea[])
"""
_ADD_BODIES: Final = """
    INSERT INTO vault_body (meeting, content, seat, body, retention)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::bytea[], %s::text[])
"""
_ADD_ANSWERS: Final = """
    INSERT INTO room_answer (meeting, device, command, seq)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[])
"""
_SET_DEVICES: Final = """
    INSERT INTO room_device (meeting, device, seat, is_table, shown_out, seal)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::boolean[], %s::boolean[], %s::integer[])
    ON CONFLICT (meeting, device) DO UPDATE
    SET seat = excluded.seat, is_table = excluded.is_table, shown_out = excluded.shown_out, seal = excluded.seal
"""
_SET_SNAPSHOTS: Final = """
    INSERT INTO room_snapshot (meeting, seq, body) SELECT * FROM unnest(%s::text[], %s::bigint[], %s::bytea[])
    ON CONFLICT (meeting) DO UPDATE SET seq = excluded.seq, body = excluded.body
"""
# A row that stays the same is not written: most writes change neither time.
_SET_TIMES: Final = """
    UPDATE room_meeting AS row SET due_at = new.due_at, closed_at = coalesce(row.closed_at, new.closed_at)
    FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) AS new (id, due_at, closed_at)
    WHERE row.id = new.id AND (row.due_at IS DISTINCT FROM new.due_at OR (row.closed_at IS NULL) > (new.closed_at IS NULL))
"""
# Whoever adds to the feed holds this until the commit, and takes it before anything else: so ids rise in the order of the commits,
# and who has read up to one has missed none.
_FEED_LOCK: Final = "SELECT pg_advisory_xact_lock(1802661478)"
_ADD_FEED: Final = """
    INSERT INTO room_feed (meeting, at, version, body)
    SELECT * FROM unnest(%s::text[], %s::bigint[], %s::integer[], %s::bytea[])
"""
FEED: Final = "SELECT id, meeting, at, version, body FROM room_feed WHERE id > %s AND version > 0 ORDER BY id LIMIT %s"
NEWEST: Final = "SELECT coalesce(max(id), 0) FROM room_feed"
PRUNE: Final = (
    "DELETE FROM room_feed WHERE at < %(before)s AND id < (SELECT max(id) FROM room_feed)",
    "UPDATE room_feed SET version = 0, meeting = '', body = '' WHERE at < %(before)s AND version > 0",
)
UNBEGUN: Final = forgetting.UNBEGUN.format("position(%s in body)")
REMOVALS: Final = "SELECT meeting, member, asked_at FROM room_removal"
ASK_REMOVAL: Final = """
    INSERT INTO room_removal (meeting, member, asked_at) VALUES (%s, %s, %s)
    ON CONFLICT (meeting, member) DO UPDATE SET asked_at = excluded.asked_at
"""
DROP_REMOVAL: Final = "DELETE FROM room_removal WHERE meeting = %s AND member = %s AND asked_at = %s"
_BURN_BODIES: Final = "DELETE FROM vault_body WHERE meeting = %(meeting)s AND retention = ANY(%(classes)s)"
_BURN_CASE: Final = (
    "UPDATE vault_key SET key = %(wiped)s WHERE meeting = %(meeting)s",
    "UPDATE room_meeting SET burned_at = %(now)s WHERE id = %(meeting)s",
)
_BURN_OTHERS: Final = """
    UPDATE vault_retention SET key = %(wiped)s, gone_at = %(now)s
    WHERE meeting = %(meeting)s AND retention = ANY(%(classes)s)
"""
_VAULT_KEYS: Final = ("vault_key", "vault_retention")
_LEFT: Final = """
    SELECT coalesce(sum(n_dead_tup), 0), pg_relation_size('vault_key') + pg_relation_size('vault_retention')
    FROM pg_stat_all_tables
    WHERE relid IN ('vault_key'::regclass, 'vault_retention'::regclass, 'vault_body'::regclass)
"""
_SMALL: Final = 16 * 1024 * 1024
"""Bytes of keys, of some hundred thousand meetings, that are written anew in a moment."""


def tables() -> str:
    """The statements that make the tables that aren't there yet."""
    return resources.files("kring_room.store.postgres").joinpath("tables.sql").read_text("utf-8")


def row_of(found: tuple[Any, ...] | None) -> MeetingRow | None:
    """A meeting without its log, from what ``FIND`` found."""
    return MeetingRow(*found) if found else None


def opening(
    row: MeetingRow, events: tuple[StoredEvent, ...], ends: Ends | None = None
) -> list[tuple[str, tuple[Any, ...]]]:
    """The statements that keep a new meeting with its first events and its own keys for wrapping bodies."""
    marks = ", ".join(["%s"] * len(row.__struct_fields__))
    values = (
        row.id, row.method_id, row.method, row.practice, row.opened_at, row.expires_at, row.closed_at, row.due_at,
        row.burned_at,
    )  # fmt: skip
    return [
        (f"INSERT INTO room_meeting ({_COLUMNS}) VALUES ({marks})", values),  # noqa: S608 - constants
        ("INSERT INTO vault_key (meeting, key) VALUES (%s, %s)", (row.id, new_key())),
        *(
            (
                "INSERT INTO vault_retention (meeting, retention, key, expires_at) VALUES (%s, %s, %s, %s)",
                (row.id, one, new_key(), (ends or {}).get(one)),
            )
            for one in OTHERS
        ),
        (_ADD_EVENTS, _columns([(row.id, seq, one.version, one.body) for seq, one in enumerate(events, 1)], 4)),
    ]


async def load(connection: Connection, meeting: str, *, whole: bool) -> Loaded | None:
    """A meeting as of one moment."""
    async with connection.pipeline():
        await connection.execute(_AS_OF_ONE_MOMENT)
        rows = await connection.execute(FIND, (meeting,), binary=True)
        kept = await connection.execute(_SNAPSHOT, (meeting, not whole), binary=True)
        devices = await connection.execute(_DEVICES, (meeting,))
        answers = await connection.execute(_LATEST, (meeting, LATEST_ANSWERS))
        row = row_of(await rows.fetchone())
        found = await kept.fetchone()
        snapshot = Snapshot(*found) if found else None
        events = await connection.execute(_EVENTS, (meeting, snapshot.seq if snapshot else 0), binary=True)
        await connection.execute("COMMIT")
    if row is None:
        return None
    latest = reversed(await answers.fetchall())
    return Loaded(
        row,
        tuple(StoredEvent(*one) for one in await events.fetchall()),
        tuple(Device(*one) for one in await devices.fetchall()),
        {(device, command): seq for device, command, seq in latest},
        snapshot,
    )


def load_alone(connection: psycopg.Connection[Any], meeting: str, *, whole: bool) -> Loaded | None:
    """The same without the answers, within a transaction of the caller's that reads as of one moment."""
    row = row_of(connection.execute(FIND, (meeting,), binary=True).fetchone())
    if row is None:
        return None
    found = connection.execute(_SNAPSHOT, (meeting, not whole), binary=True).fetchone()
    snapshot = Snapshot(*found) if found else None
    events = connection.execute(_EVENTS, (meeting, snapshot.seq if snapshot else 0), binary=True).fetchall()
    devices = connection.execute(_DEVICES, (meeting,)).fetchall()
    return Loaded(row, tuple(StoredEvent(*one) for one in events), tuple(Device(*one) for one in devices), {}, snapshot)


async def since(connection: Connection, meeting: str, after: int) -> Since:
    """What came after ``after``."""
    async with connection.pipeline():
        await connection.execute(_AS_OF_ONE_MOMENT)
        head = await connection.execute(_HEADS, ([meeting],))
        events = await connection.execute(_EVENTS, (meeting, after), binary=True)
        devices = await connection.execute(_DEVICES, (meeting,))
        answers = await connection.execute(_SINCE, (meeting, after))
        await connection.execute("COMMIT")
    ((_, last),) = await head.fetchall()
    return Since(
        last or 0,
        tuple(StoredEvent(*one) for one in await events.fetchall()),
        tuple(Device(*one) for one in await devices.fetchall()),
        {(device, command): seq for device, command, seq in await answers.fetchall()},
    )


async def heads(connection: Connection, meetings: Sequence[str]) -> dict[str, int]:
    """The last ``seq`` of each of these that is there."""
    found = await (await connection.execute(_HEADS, (list(meetings),))).fetchall()
    return {meeting: head for meeting, head in found if head}


async def bodies(connection: Connection, meeting: str, contents: Iterable[str]) -> dict[str, bytes]:
    """Those of the sealed bodies that are there, unwrapped."""
    async with connection.pipeline():
        await connection.execute(_AS_OF_ONE_MOMENT)
        keys = await connection.execute(_KEYS, {"meetings": [meeting]}, binary=True)
        sql = "SELECT content, body, retention FROM vault_body WHERE meeting = %s AND content = ANY(%s)"
        rows = await connection.execute(sql, (meeting, sorted(set(contents))), binary=True)
        await connection.execute("COMMIT")
    kept = keys_of([(retention, key) for _, retention, key in await keys.fetchall()])
    return unwrap(kept, meeting, await rows.fetchall())


async def forget(connection: Connection, meeting: str) -> None:
    """Delete all of a meeting whose content is destroyed."""
    async with connection.transaction():
        found = await connection.execute(forgetting.BURNED.format("%s").encode(), (meeting,))
        for sql in forgetting.STATEMENTS if await found.fetchone() else ():
            await connection.execute(sql.format("%s").encode(), (meeting,))


async def expired(connection: Connection, now: int) -> tuple[Expired, ...]:
    """The meetings of which content must go, and is still there."""
    found: dict[str, list[Retention]] = {}
    async with connection.pipeline():
        await connection.execute(_AS_OF_ONE_MOMENT)
        gone = await connection.execute(_EXPIRED, {"now": now})
        for meeting, retention, _ in await gone.fetchall():
            found.setdefault(meeting, []).append(retention)
        later = await connection.execute(_LATER, {"meetings": sorted(found), "now": now})
        await connection.execute("COMMIT")
    left = {meeting for (meeting,) in await later.fetchall()}
    return tuple(Expired(meeting, tuple(classes), meeting in left) for meeting, classes in found.items())


async def write_all(connection: Connection, writes: Sequence[Write], chains: Chains) -> list[StoreError | None]:
    """Do all these writes in one transaction; for each, why it was not done. What raises has undone all of them."""
    meetings = sorted({one.meeting for one in writes})
    async with connection.pipeline():
        await connection.execute("BEGIN")
        if any(one.feed for one in writes):
            await connection.execute(_FEED_LOCK)
        await connection.execute(_LOCK, (meetings,))
        lasts = await connection.execute(_HEADS, (meetings,))
        sealing = sorted({one.meeting for one in writes if one.bodies})
        keys = await connection.execute(_KEYS, {"meetings": sealing}, binary=True)
        asked = [(one.meeting, one.answer.device, one.answer.command) for one in writes if one.answer]
        answered = await connection.execute(_ANSWERED, _columns(asked, 3))
        batch = _Batch(
            dict(await lasts.fetchall()),
            _by_meeting(await keys.fetchall()),
            {(meeting, device, command) for meeting, device, command in await answered.fetchall()},
        )
        outcomes = [batch.add(one, chains) for one in writes]
        for sql, parameters in batch.statements():
            await connection.execute(sql, parameters)
        await connection.execute("COMMIT")
    return outcomes


async def clean(connection: Connection) -> bool:
    """Drop the row versions that hold what was burned, of the keys every trace in the table's file; whether that was done."""
    for table in (*_VAULT_KEYS, "vault_body"):
        await connection.execute(f"VACUUM {table}")
    found = await (await connection.execute(_LEFT)).fetchone()
    dead, size = found or (1, 0)
    if dead == 0 and size <= _SMALL:
        # It writes a new file. Who waits for it is not held up for long, and it does not wait for others.
        await connection.execute("SET lock_timeout = '200ms'")
        for table in _VAULT_KEYS:
            await connection.execute(f"VACUUM FULL {table}")
    return bool(dead == 0)


class _Batch:
    """Writes that go down together, as rows for each table; each builds on the ones before it."""

    def __init__(
        self, lasts: dict[str, int | None], keys: dict[str, Keys], answered: set[tuple[str, str, str]]
    ) -> None:
        self._lasts, self._keys, self._answered = lasts, keys, answered
        self._events: list[tuple[Any, ...]] = []
        self._bodies: list[tuple[Any, ...]] = []
        self._answers: list[tuple[Any, ...]] = []
        self._devices: dict[tuple[str, str], tuple[Any, ...]] = {}
        self._times: dict[str, tuple[Any, ...]] = {}
        self._snapshots: dict[str, tuple[Any, ...]] = {}
        self._feed: list[tuple[Any, ...]] = []
        self._burns: list[tuple[str, dict[str, Any]]] = []
        self._named: set[tuple[str, str]] = set()

    def add(self, one: Write, chains: Chains) -> StoreError | None:
        """Take in a write, or say why not."""
        try:
            chains.check(one)
            self._add(one)
        except StoreError as error:
            chains.broke(one)
            return error
        return None

    def _add(self, one: Write) -> None:
        meeting, answer = one.meeting, one.answer
        if self._lasts.get(meeting) != one.after:
            raise Conflict
        if answer and (meeting, answer.device, answer.command) in self._answered:
            raise Repeated
        keys = self._keys.get(meeting, {})
        named = [(meeting, body.content) for body in one.bodies]
        if len(set(named)) < len(named) or self._named.intersection(named):
            raise StoreError("a content id is taken")
        wrapped = [(meeting, *wrap(keys, meeting, each)) for each in one.bodies]
        self._lasts[meeting] = one.seq
        self._named.update(named)
        self._events += [(meeting, seq, each.version, each.body) for seq, each in enumerate(one.events, one.after + 1)]
        self._bodies += wrapped
        if answer:
            self._answered.add((meeting, answer.device, answer.command))
            self._answers.append((meeting, answer.device, answer.command, one.seq))
        for each in one.devices:
            self._devices[meeting, each.device] = (
                meeting,
                each.device,
                each.seat,
                each.table,
                each.shown_out,
                each.seal,
            )
        if one.events:
            closed = self._times.get(meeting, (None, None, None))[2]
            self._times[meeting] = (meeting, one.due_at, one.close_at if closed is None else closed)
        if one.snapshot is not None:
            self._snapshots[meeting] = (meeting, one.seq, one.snapshot)
        self._feed += [(meeting, each.at, each.version, each.body) for each in one.feed]
        if one.burn_at is not None:
            self._burn(meeting, one.burn_at, one.burns or (CASE, *OTHERS))

    def statements(self) -> list[tuple[str, Any]]:
        """What to do, in order."""
        tables: list[tuple[str, Sequence[tuple[Any, ...]]]] = [
            (_ADD_EVENTS, self._events),
            (_ADD_BODIES, self._bodies),
            (_ADD_ANSWERS, self._answers),
            (_SET_DEVICES, tuple(self._devices.values())),
            (_SET_TIMES, tuple(self._times.values())),
            (_SET_SNAPSHOTS, tuple(self._snapshots.values())),
            (_ADD_FEED, self._feed),
        ]
        return [(sql, _columns(rows, len(rows[0]))) for sql, rows in tables if rows] + self._burns

    def _burn(self, meeting: str, now: int, classes: tuple[Retention, ...]) -> None:
        # A class whose key was not read has no body in this commit; whatever of it comes after this is refused all the same.
        self._keys[meeting] = {**self._keys.get(meeting, {}), **dict.fromkeys(classes)}
        self._bodies = [one for one in self._bodies if one[0] != meeting or one[4] not in classes]
        values = {"meeting": meeting, "now": now, "wiped": bytes(KEY), "classes": list(classes)}
        statements = (_BURN_BODIES, *(_BURN_CASE if CASE in classes else ()), _BURN_OTHERS)
        self._burns += [(sql, values) for sql in statements]


def _by_meeting(found: Iterable[tuple[Any, ...]]) -> dict[str, Keys]:
    stored: dict[str, list[tuple[Retention, bytes]]] = {}
    for meeting, retention, key in found:
        stored.setdefault(meeting, []).append((retention, key))
    return {meeting: keys_of(keys) for meeting, keys in stored.items()}


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> tuple[list[Any], ...]:
    """Rows as columns, for ``unnest``."""
    return tuple(list(column) for column in zip(*rows, strict=True)) if rows else tuple([] for _ in range(width))
