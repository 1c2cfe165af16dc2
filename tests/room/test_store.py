"""What every event store keeps, promises and refuses: one set of claims for all adapters."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kring_room.cluster.clock import wall_clock
from kring_room.store.memory import MemoryStore
from kring_room.store.port import (
    LATEST_ANSWERS,
    Answer,
    Body,
    Conflict,
    Device,
    Expired,
    MeetingRow,
    Repeated,
    Since,
    Snapshot,
    Store,
    StoredEvent,
    StoreError,
    Write,
)
from kring_room.store.postgres.store import PostgresStore
from kring_room.store.sqlite import rows
from kring_room.store.sqlite.store import SqliteStore

ROW = MeetingRow("meetingone", "linxx-9", b"{}", practice=False, opened_at=1_000, expires_at=90_000)
ALL_OF_IT = Expired(ROW.id, ("case", "intention"))
OPENED = StoredEvent(1, b'{"type":"meeting-opened"}')
LATER = StoredEvent(1, b'{"type":"later"}')


@pytest.fixture(params=["sqlite", "memory", "postgres"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    made: Store
    if request.param == "postgres":
        made = PostgresStore(request.getfixturevalue("postgres").new_database())
    else:
        made = SqliteStore(tmp_path / "kring.db") if request.param == "sqlite" else MemoryStore()
    await made.start()
    await made.open(ROW, (OPENED,))
    yield made
    await made.stop()


class TestEventStore:
    async def test_new_meeting_is_found_with_its_first_event(self, store: Store) -> None:
        loaded = await store.load(ROW.id)

        assert loaded is not None
        assert (loaded.row, loaded.events, loaded.devices, loaded.answers) == (ROW, (OPENED,), (), {})
        assert await store.find(ROW.id) == ROW

    async def test_unknown_meeting_is_not_found_and_takes_nothing(self, store: Store) -> None:
        assert await store.load("nosuchmeeting") is None
        assert await store.find("nosuchmeeting") is None
        with pytest.raises(Conflict):
            await store.append(Write("nosuchmeeting", 1, (LATER,)))

    async def test_meeting_opened_twice_is_refused(self, store: Store) -> None:
        with pytest.raises(StoreError):
            await store.open(ROW, (OPENED,))

    async def test_everything_of_a_write_goes_down_together(self, store: Store) -> None:
        await store.append(
            Write(
                ROW.id, 1, (LATER, LATER), (Body("content1", "seatofnoor", b"sealed"),),
                (Device("deviceone", "seatofnoor"),), Answer("deviceone", "command1"), due_at=5_000,
            )
        )  # fmt: skip

        loaded = await store.load(ROW.id)
        assert loaded is not None
        assert loaded.events == (OPENED, LATER, LATER)
        assert loaded.devices == (Device("deviceone", "seatofnoor"),)
        assert loaded.answers == {("deviceone", "command1"): 3}
        assert loaded.row.due_at == 5_000
        assert await store.bodies(ROW.id, ["content1", "content2"]) == {"content1": b"sealed"}
        assert await store.alarms() == {ROW.id: 5_000}

    async def test_write_upon_another_head_is_a_conflict_and_changes_nothing(self, store: Store) -> None:
        for after in (0, 2):
            with pytest.raises(Conflict):
                await store.append(Write(ROW.id, after, (LATER,), (Body("content1", "s", b"sealed"),), due_at=7))

        loaded = await store.load(ROW.id)
        assert loaded is not None
        assert (loaded.events, loaded.row.due_at) == ((OPENED,), None)
        assert await store.bodies(ROW.id, ["content1"]) == {}

    async def test_writes_are_done_in_order_and_one_bad_one_takes_only_its_followers(self, store: Store) -> None:
        other = MeetingRow("meetingtwo", "troika", b"{}", practice=True, opened_at=1, expires_at=2)
        await store.open(other, (OPENED,))

        outcomes = await asyncio.gather(
            store.append(Write(ROW.id, 1, (LATER,))),
            store.append(Write(other.id, 1, (LATER,))),
            store.append(Write(ROW.id, 2, (LATER,), (Body("content1", "s", b"1"), Body("content1", "s", b"2")))),
            store.append(Write(ROW.id, 3, (LATER,))),
            store.append(Write(other.id, 2, (LATER,))),
            return_exceptions=True,
        )

        assert [type(one) for one in outcomes] == [type(None), type(None), StoreError, Conflict, type(None)]

    async def test_what_was_made_upon_a_failed_write_fails_even_where_the_numbers_fit(self, store: Store) -> None:
        await store.append(Write(ROW.id, 1, (OPENED,)))

        outcomes = await asyncio.gather(
            store.append(Write(ROW.id, 1, (LATER,), chain=1)),
            store.append(Write(ROW.id, 2, (LATER,), chain=1)),
            return_exceptions=True,
        )
        later = await asyncio.gather(store.append(Write(ROW.id, 2, (LATER,), chain=1)), return_exceptions=True)

        assert [type(one) for one in (*outcomes, *later)] == [Conflict] * 3
        await store.append(Write(ROW.id, 2, (LATER,), chain=2))
        assert await store.heads([ROW.id]) == {ROW.id: 3}

    async def test_same_command_is_answered_once(self, store: Store) -> None:
        await store.append(Write(ROW.id, 1, (LATER,), answer=Answer("deviceone", "command1")))

        with pytest.raises(Repeated):
            await store.append(Write(ROW.id, 2, (LATER,), answer=Answer("deviceone", "command1")))
        await store.append(Write(ROW.id, 2, (LATER,), answer=Answer("devicetwo", "command1")))

        assert await store.answer(ROW.id, "deviceone", "command1") == 2
        assert await store.answer(ROW.id, "devicetwo", "command1") == 3
        assert await store.answer(ROW.id, "devicetwo", "command2") is None
        assert await store.answer("nosuchmeeting", "devicetwo", "command1") is None

    async def test_command_answered_twice_in_one_commit_is_answered_once(self, store: Store) -> None:
        outcomes = await asyncio.gather(
            store.append(Write(ROW.id, 1, (LATER,), answer=Answer("deviceone", "command1"))),
            store.append(Write(ROW.id, 2, (LATER,), answer=Answer("deviceone", "command1"))),
            return_exceptions=True,
        )

        assert [type(one) for one in outcomes] == [type(None), Repeated]

    async def test_only_the_latest_answers_are_loaded_and_older_ones_are_there(self, store: Store) -> None:
        most = LATEST_ANSWERS + 10
        writes = [Write(ROW.id, n, (LATER,), answer=Answer("deviceone", f"command{n}")) for n in range(1, most + 1)]
        await asyncio.gather(*(store.append(write) for write in writes))

        loaded = await store.load(ROW.id)
        assert loaded is not None
        assert loaded.answers == {("deviceone", f"command{n}"): n + 1 for n in range(11, most + 1)}
        assert await store.answer(ROW.id, "deviceone", "command1") == 2

    async def test_what_came_since_is_events_their_answers_and_all_devices(self, store: Store) -> None:
        await store.append(
            Write(ROW.id, 1, (LATER,), devices=(Device("deviceone", "s"),), answer=Answer("deviceone", "command1"))
        )
        await store.append(Write(ROW.id, 2, (OPENED, LATER), answer=Answer("deviceone", "command2")))

        devices = (Device("deviceone", "s"),)
        answers = {("deviceone", "command1"): 2, ("deviceone", "command2"): 4}
        assert await store.since(ROW.id, 0) == Since(4, (OPENED, LATER, OPENED, LATER), devices, answers)
        assert await store.since(ROW.id, 2) == Since(4, (OPENED, LATER), devices, {("deviceone", "command2"): 4})
        assert await store.since(ROW.id, 9) == Since(4, (), devices, {}), "the store lost what it once had"
        assert await store.since("nosuchmeeting", 1) == Since(0, (), (), {})

    async def test_heads_are_told_of_what_is_there(self, store: Store) -> None:
        await store.append(Write(ROW.id, 1, (LATER, LATER)))

        assert await store.heads([ROW.id, "nosuchmeeting"]) == {ROW.id: 3}
        assert await store.heads([]) == {}

    async def test_snapshot_stands_for_the_events_before_it(self, store: Store) -> None:
        await store.append(Write(ROW.id, 1, (LATER,), snapshot=b"first"))
        await store.append(Write(ROW.id, 2, (LATER,), snapshot=b"second"))
        await store.append(Write(ROW.id, 3, (OPENED,)))

        loaded = await store.load(ROW.id)
        whole = await store.load(ROW.id, whole=True)

        assert loaded is not None
        assert (loaded.snapshot, loaded.events, loaded.seq) == (Snapshot(3, b"second"), (OPENED,), 4)
        assert whole is not None
        assert (whole.snapshot, whole.events, whole.seq) == (None, (OPENED, LATER, LATER, OPENED), 4)

    async def test_what_is_due_before_some_time_is_told(self, store: Store) -> None:
        await store.append(Write(ROW.id, 1, (LATER,), due_at=5_000))

        assert await store.alarms(before=5_000) == {}
        assert await store.alarms(before=5_001) == {ROW.id: 5_000}

    async def test_clock_tells_this_time(self, store: Store) -> None:
        assert abs(await store.clock() - wall_clock()) < 60_000

    async def test_content_id_is_taken_once(self, store: Store) -> None:
        await store.append(Write(ROW.id, 1, (LATER,), (Body("content1", "s", b"one"),)))

        with pytest.raises(StoreError):
            await store.append(Write(ROW.id, 2, (LATER,), (Body("content1", "s", b"two"),)))
        assert await store.bodies(ROW.id, ["content1"]) == {"content1": b"one"}

    async def test_device_is_bound_without_an_event_and_bound_anew(self, store: Store) -> None:
        await store.append(Write(ROW.id, 1, (LATER,), due_at=9))
        await store.append(Write(ROW.id, 2, devices=(Device("deviceone", table=True),)))
        await store.append(Write(ROW.id, 2, devices=(Device("deviceone", shown_out=True),)))

        loaded = await store.load(ROW.id)
        assert loaded is not None
        assert loaded.devices == (Device("deviceone", shown_out=True),)
        assert loaded.row.due_at == 9, "only events change what is due"

    async def test_burn_destroys_bodies_and_nothing_else(self, store: Store) -> None:
        await store.append(Write(ROW.id, 1, (LATER,), (Body("content1", "s", b"sealed"),)))
        assert await store.expired(100_000) == (ALL_OF_IT,)

        await store.append(Write(ROW.id, 2, (LATER,), burn_at=3_000))

        loaded = await store.load(ROW.id)
        assert loaded is not None
        assert (loaded.row.burned_at, len(loaded.events)) == (3_000, 3)
        assert await store.bodies(ROW.id, ["content1"]) == {}
        assert await store.expired(100_000) == ()
        with pytest.raises(StoreError):
            await store.append(Write(ROW.id, 3, (LATER,), (Body("content2", "s", b"sealed"),)))

    async def test_meeting_closes_once_and_expires_in_time(self, store: Store) -> None:
        await store.append(Write(ROW.id, 1, (LATER,), close_at=50))
        await store.append(Write(ROW.id, 2, (LATER,), close_at=60))

        row = await store.find(ROW.id)
        assert row is not None
        assert row.closed_at == 50
        assert await store.expired(89_999) == ()
        assert await store.expired(90_000) == (ALL_OF_IT,)


async def test_sqlite_keeps_everything_over_a_restart(tmp_path: Path) -> None:
    first = SqliteStore(tmp_path / "kring.db")
    await first.start()
    await first.open(ROW, (OPENED,))
    writes = [first.append(Write(ROW.id, seq, (LATER,), (Body(f"content{seq}", "s", b"x"),))) for seq in range(1, 50)]
    await first.stop()
    await asyncio.gather(*writes)

    second = SqliteStore(tmp_path / "kring.db")
    await second.start()
    loaded = await second.load(ROW.id)
    assert loaded is not None
    assert len(loaded.events) == 50
    assert len(await second.bodies(ROW.id, [f"content{n}" for n in range(1000)])) == 49
    await second.stop()
    with pytest.raises(StoreError):
        await second.append(Write(ROW.id, 50, (LATER,)))


async def test_sqlite_says_when_a_body_was_tampered_with(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "kring.db")
    await store.start()
    await store.open(ROW, (OPENED,))
    bodies = (Body("content1", "s", b"one"), Body("content2", "s", b"two"))
    await store.append(Write(ROW.id, 1, (LATER,), bodies))
    assert len(await store.bodies(ROW.id, ["content1", "content2"])) == 2

    connection = sqlite3.connect(tmp_path / "kring.db")
    with rows.transaction(connection):
        connection.execute("UPDATE vault_body SET body = (SELECT body FROM vault_body WHERE content = 'content2')")
    connection.close()

    with pytest.raises(StoreError):
        await store.bodies(ROW.id, ["content1"])
    await store.stop()


async def test_sqlite_database_of_before_snapshots_opens(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "kring.db")
    await store.start()
    await store.open(ROW, (OPENED,))
    await store.append(Write(ROW.id, 1, (LATER,), answer=Answer("deviceone", "command1")))
    await store.stop()
    connection = sqlite3.connect(tmp_path / "kring.db")
    connection.executescript("DROP TABLE room_snapshot; DROP INDEX room_answer_seq;")
    connection.close()

    again = SqliteStore(tmp_path / "kring.db")
    await again.start()
    await again.append(Write(ROW.id, 2, (LATER,), snapshot=b"state"))

    loaded = await again.load(ROW.id)
    await again.stop()
    assert loaded is not None
    assert (loaded.snapshot, loaded.events, loaded.answers) == (
        Snapshot(3, b"state"),
        (),
        {("deviceone", "command1"): 2},
    )


@pytest.mark.parametrize("table", ["room_answer", "vault_key"])
async def test_a_store_that_lacks_a_table_is_not_well(tmp_path: Path, table: str) -> None:
    store = SqliteStore(tmp_path / "kring.db")
    await store.start()
    await store.probe()
    connection = sqlite3.connect(tmp_path / "kring.db")
    connection.execute(f"DROP TABLE {table}")
    connection.close()
    with pytest.raises(StoreError):
        await store.probe()
    await store.stop()


async def test_a_page_that_is_damaged_leaves_a_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = SqliteStore(tmp_path / "kring.db")
    await store.start()
    await store.open(ROW, (OPENED,))
    await store.stop()
    size = (tmp_path / "kring.db").stat().st_size
    with (tmp_path / "kring.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    with pytest.raises(StoreError):
        await SqliteStore(tmp_path / "kring.db").start()
    assert "store could not be read" in caplog.text
    assert {record.error for record in caplog.records if hasattr(record, "error")} == {"SQLITE_CORRUPT"}
