"""When content goes, it is gone: from what the room sends, from the vault, from the database file and its log."""

from __future__ import annotations

import asyncio
import base64
import gc
import inspect
import secrets
import sqlite3
from pathlib import Path
from types import FunctionType, ModuleType

import psycopg
import pytest

from kring.methods import library
from kring_room.meetings import Meetings
from kring_room.server import transport as room_socket
from kring_room.server.transport import RoomSocket
from kring_room.store.port import Body, Write
from kring_room.store.postgres import store as postgres_store
from kring_room.store.postgres.store import PostgresStore
from kring_room.store.sqlite import rows
from tests.cluster.services import Postgres
from tests.room.support import Running, all_at, sealed
from tests.stored import stored


def on_disk(database: Path) -> bytes:
    return b"".join(path.read_bytes() for path in database.parent.glob(database.name + "*"))


def wrapped_bodies(database: Path, meeting: str) -> list[bytes]:
    return list(stored(database, meeting).bodies.values())


def keys(database: Path, table: str = "vault_key") -> dict[str, bytes]:
    connection = sqlite3.connect(database)
    found = dict(connection.execute(f"SELECT meeting, key FROM {table}"))  # noqa: S608 - a constant
    connection.close()
    return found


async def gone(room: Running, meeting: str, within: float = 3) -> bool:
    """Whether nothing is kept of it, some time soon."""
    for _ in range(int(within / 0.05)):
        if room.meetings.find(meeting) is None:
            return True
        await asyncio.sleep(0.05)
    return False


def let_expire(room: Running) -> None:
    """The time of all meetings is over, as of long ago."""
    connection = rows.connect(room.database)
    connection.execute("UPDATE room_meeting SET expires_at = opened_at")
    connection.close()


async def test_burn_by_a_majority_destroys_every_body(file_room: Running) -> None:
    meeting, other = file_room.open_meeting(), file_room.open_meeting()
    circle = await file_room.started(meeting)
    stranger, *_ = await file_room.started(other)
    canaries = [secrets.token_bytes(600) for _ in circle]
    for device, canary in zip(circle, canaries, strict=True):
        await device.give("case", sealed(canary))
        await all_at(circle, device.seq)
    await stranger.give("case", sealed(b"stays"), content="stayscontent")
    wrapped, key = wrapped_bodies(file_room.database, meeting), keys(file_room.database)[meeting]
    assert len(wrapped) == 8

    for device in circle[:3]:
        await device.do("burn")
        await all_at(circle, device.seq)

    disk = on_disk(file_room.database)
    assert all(device.view["meeting"]["burned"] for device in circle)
    assert key not in disk
    assert not any(body[:64] in disk for body in wrapped)
    assert not any(canary[:32] in disk or base64.b64encode(canary)[:32] in disk for canary in canaries)
    assert wrapped_bodies(file_room.database, meeting) == []
    await circle[0].leave()
    assert (await circle[0].hello())["bodies"] == {}
    await stranger.leave()
    assert (await stranger.hello())["bodies"]["stayscontent"] == sealed(b"stays")


async def test_expired_content_is_destroyed_and_the_log_still_replays(tmp_path: Path) -> None:
    room = await Running(tmp_path, sweep=0.2).start()
    meeting = room.open_meeting()
    noor, *_ = await room.started(meeting)
    let_expire(room)

    await noor.until(lambda view: view["meeting"]["burned"])
    await room.restart()

    assert (await noor.hello())["view"]["meeting"]["burned"] is True
    row = room.meetings.find(meeting)
    assert row is not None
    assert row.burned_at is not None
    late = room.device(meeting)
    await late.hello()
    assert (await late.sit())["code"] == "content-burned"
    await room.close()


async def test_nothing_is_kept_of_a_meeting_that_never_began_once_it_expired(tmp_path: Path) -> None:
    room = await Running(tmp_path, content_days=0, sweep=0.1, idle=0.1).start()
    meeting = room.open_meeting()
    noor = room.device(meeting)
    await noor.hello()
    await noor.until(lambda view: view["meeting"]["burned"])
    row = room.meetings.find(meeting)
    assert row is not None, "somebody is in it"

    await noor.leave()
    assert await gone(room, meeting)

    connection = rows.connect(room.database)
    for table in ("room_meeting", "room_event", "room_device", "vault_body"):
        column = "id" if table == "room_meeting" else "meeting"
        assert connection.execute(f"SELECT count(*) FROM {table} WHERE {column} = ?", (meeting,)).fetchone() == (0,)  # noqa: S608 - constants
    connection.close()
    await noor.open()
    await noor.say({"type": "hello", "ticket": noor.ticket()})
    assert (await noor.fate()).reason == "unknown-meeting"
    await room.close()


@pytest.mark.parametrize("somebody", [False, True], ids=["nobody there", "somebody there"])
async def test_nothing_is_kept_of_one_that_expired_between_two_lives_of_its_server(
    tmp_path: Path, *, somebody: bool
) -> None:
    """Where somebody was in it when its content went, the next life keeps nothing; what began is kept all the same."""
    room = await Running(tmp_path, sweep=0.1, idle=0.1).start()
    never, began = room.open_meeting(), room.open_meeting()
    noor = room.device(never)
    await noor.hello()
    for one in await room.started(began):
        await one.leave()
    await room.stop()
    let_expire(room)

    await room.start()
    if somebody:
        await noor.hello()
        await noor.until(lambda view: view["meeting"]["burned"])
        await room.restart()
    assert await gone(room, never)
    assert not await gone(room, began, within=0.5)
    assert stored(room.database, began).events
    await room.close()


def test_burned_meetings_leave_nothing_readable_among_many(tmp_path: Path) -> None:
    """SQLite leaves copies of moved rows behind even with ``secure_delete``: what they were wrapped with must be gone."""
    room = Running(tmp_path)
    meetings = [room.open_meeting() for _ in range(60)]
    connection = rows.connect(room.database)
    made, of_intentions = keys(room.database), keys(room.database, "vault_retention")

    for number, meeting in enumerate(meetings[:50]):
        with rows.transaction(connection):
            rows._burn(connection, meeting, number, ("case", "intention"))
        assert rows.forget_freed_pages(connection)
        assert not any(each[meeting] in on_disk(room.database) for each in (made, of_intentions))
    connection.close()

    left = on_disk(room.database)
    assert all(each[meeting] in left for meeting in meetings[50:] for each in (made, of_intentions))


def in_tables(server: Postgres, url: str) -> bytes:
    """All that the tables of this database have in their files."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        found = connection.execute("SELECT oid::text FROM pg_database WHERE datname = current_database()").fetchone()
    assert found is not None
    return b"".join(
        path.read_bytes() for path in (server.folder / "data" / "base" / found[0]).rglob("*") if path.is_file()
    )


async def test_burned_keys_leave_the_files_of_postgresqls_tables_even_beside_a_backup(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_store, "_BETWEEN_CLEANINGS", 0.05)
    url = postgres.new_database()
    meetings = Meetings(url)
    meetings.create_tables()
    opened = [meetings.open_meeting(library.load("troika")) for _ in range(40)]
    store = PostgresStore(url, create=False)
    await store.start()
    try:
        for meeting in opened:
            await store.append(Write(meeting, 1, bodies=(Body("content1", "seat0001", secrets.token_bytes(3000)),)))
        with psycopg.connect(url) as backup:
            backup.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            sql = "SELECT meeting, key FROM {}"
            kept = [backup.execute(sql.format(table)).fetchall() for table in ("vault_key", "vault_retention")]
            made = {(meeting, number): bytes(key) for number, one in enumerate(kept) for meeting, key in one}
            for meeting in opened[:30]:
                await store.append(Write(meeting, 1, burn_at=7))
            await asyncio.sleep(0.3)
            held = in_tables(postgres, url)
        assert all(key in held for key in made.values()), "they can't go while somebody reads as of before"

        while any(key in held for (meeting, _), key in made.items() if meeting in opened[:30]):
            await asyncio.sleep(0.1)
            held = in_tables(postgres, url)

        assert len(made) == 80
        assert all(key in held for (meeting, _), key in made.items() if meeting in opened[30:])
        assert [len(await store.bodies(meeting, ["content1"])) for meeting in opened] == [0] * 30 + [1] * 10
    finally:
        await store.stop()


async def test_nothing_typed_is_in_the_files_even_before_it_is_burned(file_room: Running) -> None:
    circle = await file_room.started(file_room.open_meeting())
    body = secrets.token_bytes(100)

    await circle[0].give("case", sealed(body))
    await asyncio.sleep(0.05)

    assert body[:16] not in on_disk(file_room.database)


def held(start: object) -> list[bytes]:
    """All bytes that hang on to this object, through whatever it is made of."""
    found: list[bytes] = []
    seen, near = {id(start)}, [start]
    while near:
        for one in gc.get_referents(near.pop()):
            if isinstance(one, bytes | bytearray | memoryview):
                found.append(bytes(one))
            elif id(one) not in seen and not isinstance(one, type | ModuleType | FunctionType):
                seen.add(id(one))
                near.append(one)
    return found


async def test_a_line_keeps_nothing_of_a_frame_that_was_read(
    file_room: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is silent after a burn keeps their last contribution no longer in the server's memory."""
    lines: list[RoomSocket] = []

    class Seen(RoomSocket):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            super().connection_made(transport)
            lines.append(self)

    monkeypatch.setattr(room_socket, "RoomSocket", Seen)
    await file_room.restart()  # the class of the sockets is made when a server starts
    circle = await file_room.started(file_room.open_meeting())
    canary = secrets.token_bytes(600)

    await circle[0].give("case", sealed(canary))

    needle = sealed(canary)[40:140].encode()
    assert len(lines) == len(circle)
    for line in lines:
        protocol = line._protocol
        assert inspect.getgeneratorstate(protocol.parser) == inspect.GEN_SUSPENDED
        assert not any(needle in one for one in held(protocol))
        assert line._parts == []
