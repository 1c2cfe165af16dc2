"""Each class of a meeting's content goes when its own time is over; a burn takes all of them."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, get_args

import msgspec
import psycopg
import pytest
from msgspec.structs import replace

from kring.meeting import commands, events, upcasting
from kring.meeting.retention import CASE, OTHERS, Retention, retention_of
from kring.methods import library
from kring.methods.model import Give, What
from kring_room.live.bodies import sealed_bodies
from kring_room.store.expiring import destroyed
from kring_room.store.memory import MemoryStore
from kring_room.store.port import Body, Expired, MeetingRow, Store, StoredEvent, StoreError, Write
from kring_room.store.postgres.store import PostgresStore
from kring_room.store.sqlite import rows
from kring_room.store.sqlite.store import SqliteStore
from kring_room.wire.messages import Do
from tests.room.support import Running, new_id, sealed
from tests.stored import stored

ROW = MeetingRow("meetingone", "linxx-9", b"{}", practice=False, opened_at=1_000, expires_at=90_000)
EVENT = StoredEvent(1, b'{"type":"something"}')
SAID, MEANT = Body("content1", "seat1", b"what was said"), Body("content2", "seat1", b"what is meant", "intention")
BOTH = {SAID.content: SAID.sealed, MEANT.content: MEANT.sealed}


@pytest.fixture(params=["sqlite", "memory", "postgres"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    made: Store
    if request.param == "postgres":
        made = PostgresStore(request.getfixturevalue("postgres").new_database())
    else:
        made = SqliteStore(tmp_path / "kring.db") if request.param == "sqlite" else MemoryStore()
    await made.start()
    yield made
    await made.stop()


async def opened(store: Store, **ends: int) -> None:
    """A meeting in which one of each class was given."""
    classes: dict[Retention, int] = {one: ends[one] for one in OTHERS if one in ends}
    await store.open(ROW, (EVENT,), classes)
    await store.append(Write(ROW.id, 1, (EVENT,), (SAID, MEANT)))
    assert await store.bodies(ROW.id, BOTH) == BOTH


async def burned_at(store: Store) -> int | None:
    row = await store.find(ROW.id)
    assert row is not None
    return row.burned_at


def test_what_somebody_means_to_do_has_a_class_of_its_own() -> None:
    others = {what: retention_of(what) for what in get_args(What) if retention_of(what) != CASE}
    assert others == {"action": "intention"}
    assert retention_of("name") == CASE


@pytest.mark.parametrize(("what", "retention"), [("case", "case"), ("action", "intention")])
def test_the_class_of_a_body_follows_from_the_kind_of_its_contribution(what: str, retention: Retention) -> None:
    give: Any = commands.Give(what=what, content="content001")
    assert sealed_bodies(Do("command01", give, {"content001": sealed()}), "seat0001") == (
        Body("content001", "seat0001", b"\x01" + b"ciphertext".ljust(28, b"."), retention),
    )


async def test_an_intention_outlives_the_cases_where_it_is_kept_longer(store: Store) -> None:
    await opened(store, intention=200_000)
    assert await store.expired(89_999) == ()
    assert await store.expired(90_000) == (Expired(ROW.id, ("case",), left=True),)

    await store.append(Write(ROW.id, 2, (EVENT,), burn_at=90_000, burns=("case",)))

    assert await store.bodies(ROW.id, BOTH) == {MEANT.content: MEANT.sealed}
    assert await burned_at(store) == 90_000
    assert await store.expired(199_999) == ()
    assert await store.expired(200_000) == (Expired(ROW.id, ("intention",)),)
    with pytest.raises(StoreError):
        await store.append(Write(ROW.id, 3, (EVENT,), (Body("content3", "seat1", b"too late"),)))

    await store.append(Write(ROW.id, 3, (EVENT,), burn_at=200_000, burns=("intention",)))

    assert await store.bodies(ROW.id, BOTH) == {}
    assert await store.expired(300_000) == ()


async def test_an_intention_goes_before_the_cases_where_it_is_kept_shorter(store: Store) -> None:
    await opened(store, intention=50_000)
    assert await store.expired(50_000) == (Expired(ROW.id, ("intention",), left=True),)

    await store.append(Write(ROW.id, 2, (EVENT,), burn_at=50_000, burns=("intention",)))

    assert await store.bodies(ROW.id, BOTH) == {SAID.content: SAID.sealed}
    assert await burned_at(store) is None
    with pytest.raises(StoreError):
        await store.append(Write(ROW.id, 3, (EVENT,), (Body("content3", "seat1", b"too late", "intention"),)))
    await store.append(Write(ROW.id, 3, (EVENT,), (Body("content4", "seat1", b"in time"),)))
    assert await store.expired(90_000) == (Expired(ROW.id, ("case",)),)


async def test_all_goes_together_where_nothing_else_was_said(store: Store) -> None:
    await opened(store)

    assert await store.expired(90_000) == (Expired(ROW.id, ("case", "intention")),)


async def test_who_never_began_is_found_once_all_of_its_content_went_in_its_time(store: Store) -> None:
    await opened(store, intention=200_000)
    began = replace(ROW, id="meetingtwo")
    await store.open(began, (EVENT, StoredEvent(upcasting.VERSION, upcasting.encode(events.MeetingStarted(at=2)))))
    by_hand = replace(ROW, id="meetingthree")
    await store.open(by_hand, (EVENT,))
    await store.append(Write(by_hand.id, 1, (EVENT,), burn_at=5_000))
    await store.append(Write(began.id, 2, (EVENT,), burn_at=90_000))
    await store.append(Write(ROW.id, 2, (EVENT,), burn_at=90_000, burns=("case",)))
    assert await store.unbegun() == ()
    await store.append(Write(ROW.id, 3, (EVENT,), burn_at=200_000, burns=("intention",)))
    assert await store.unbegun() == (ROW.id,)
    await store.forget(ROW.id)
    assert await store.unbegun() == ()


async def test_a_burn_destroys_every_class(store: Store) -> None:
    await opened(store, intention=200_000)

    await store.append(Write(ROW.id, 2, (EVENT,), burn_at=5_000))

    assert await store.bodies(ROW.id, BOTH) == {}
    assert await store.expired(300_000) == ()
    for number, retention in enumerate((CASE, *OTHERS)):
        with pytest.raises(StoreError):
            await store.append(Write(ROW.id, 3, (EVENT,), (Body(f"more{number}", "seat1", b"x", retention),)))


async def test_without_a_key_of_its_own_a_class_goes_with_the_cases(postgres: Any, tmp_path: Path) -> None:
    """As in meetings that an earlier release opened."""
    url = postgres.new_database()
    for store in (SqliteStore(tmp_path / "kring.db"), PostgresStore(url)):
        await store.start()
        await store.open(ROW, (EVENT,))
        if isinstance(store, SqliteStore):
            with rows.transaction(connection := rows.connect(tmp_path / "kring.db")):
                connection.execute("DELETE FROM vault_retention")
            connection.close()
        else:
            with psycopg.connect(url) as other:
                other.execute("DELETE FROM vault_retention")
        await store.append(Write(ROW.id, 1, (EVENT,), (SAID, MEANT)))

        assert await store.bodies(ROW.id, BOTH) == BOTH
        assert await store.expired(90_000) == (Expired(ROW.id, ("case",)),)
        await store.append(Write(ROW.id, 2, (EVENT,), burn_at=7))
        assert await store.bodies(ROW.id, BOTH) == {}
        await store.stop()


async def test_of_the_class_that_went_nothing_stays_on_the_disk(tmp_path: Path) -> None:
    database = tmp_path / "kring.db"
    store = SqliteStore(database)
    await store.start()
    await opened(store, intention=200_000)
    connection = sqlite3.connect(database)
    (case,), (intention,) = connection.execute("SELECT key FROM vault_key UNION ALL SELECT key FROM vault_retention")
    connection.close()

    def on_disk() -> list[bool]:
        held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        return [key in held for key in (case, intention)]

    assert on_disk() == [True, True]
    await store.append(Write(ROW.id, 2, (EVENT,), burn_at=90_000, burns=("case",)))
    assert on_disk() == [False, True]
    await store.append(Write(ROW.id, 3, (EVENT,), burn_at=200_000, burns=("intention",)))
    assert on_disk() == [False, False]
    await store.stop()


async def test_the_room_lets_the_classes_go_one_by_one_and_the_log_says_so(tmp_path: Path) -> None:
    method = library.load("linxx-9")
    first, *others = method.opening
    more = msgspec.structs.replace(first, gives=(*first.gives, Give(who="everyone", what="action")))
    room = Running(
        tmp_path, method=msgspec.structs.replace(method, opening=(more, *others)), sweep=0.1, intention_days=60
    )
    await room.start()
    meeting = room.open_meeting()
    noor, *_ = await room.started(meeting)
    contents = [new_id("b"), new_id("b")]
    for what, content in zip(("case", "action"), contents, strict=True):
        assert (await noor.do("give", what=what, content=content, bodies={content: sealed()}))["type"] == "done"

    def expire(sql: str) -> None:
        with rows.transaction(connection := rows.connect(room.database)):
            connection.execute(sql, (meeting,))
        connection.close()

    def found() -> tuple[list[str], list[tuple[Retention, ...] | None]]:
        kept = stored(room.database, meeting)
        log = [upcasting.upcast(version, body) for _, version, body in kept.events]
        there = sorted(kept.bodies.keys() & set(contents))
        return there, [gone for event in log if (gone := destroyed([event])) is not None]

    assert found() == (sorted(contents), [])
    expire("UPDATE room_meeting SET expires_at = 5 WHERE id = ?")
    await noor.until(lambda view: view["meeting"]["burned"])
    assert found() == ([contents[1]], [("case",)])
    expire("UPDATE vault_retention SET expires_at = 5 WHERE meeting = ?")
    async with asyncio.timeout(20):
        while found() != ([], [("case",), ("intention",)]):  # noqa: ASYNC110 -- nobody is told of it
            await asyncio.sleep(0.05)
    await room.close()
