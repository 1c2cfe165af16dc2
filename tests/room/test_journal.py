"""The journal of the SQLite store: what it holds is neither lost nor done twice, and it stays small."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kring_room.store import backup
from kring_room.store.port import Answer, Body, MeetingRow, StoredEvent, StoreError, Write
from kring_room.store.sqlite import journal, rows
from kring_room.store.sqlite.group_commit import GroupCommit
from kring_room.store.sqlite.store import SqliteStore
from tests.stored import stored

EVENT = StoredEvent(1, b"{}")
FIXTURES = Path(__file__).parent.parent / "fixtures" / "journal"


def said(meeting: str, after: int) -> Write:
    """A contribution."""
    return Write(
        meeting,
        after,
        (EVENT,),
        (Body(f"content{after}", "seat", b"sealed"),),
        answer=Answer("device", f"command{after}"),
    )


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(rows.connect(tmp_path / "kring.db")) as made:
        rows.create_tables(made)
        yield made


def opened(connection: sqlite3.Connection, *meetings: str) -> None:
    for meeting in meetings:
        with rows.transaction(connection):
            rows.add_meeting(connection, MeetingRow(meeting, "linxx-9", b"{}", False, 1, 2), (EVENT,))


def started(connection: sqlite3.Connection) -> GroupCommit:
    group = GroupCommit(connection)
    group.start()
    return group


def size(connection: sqlite3.Connection, table: str) -> int:
    found: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - our own names
    return found


def test_what_waits_has_its_place_after_a_start_and_can_be_read_before(
    connection: sqlite3.Connection, tmp_path: Path
) -> None:
    opened(connection, "anna", "bert")
    killed = started(connection)
    killed.write([said("anna", 1), said("bert", 1), said("anna", 2)])

    assert size(connection, "room_event") == 2, "only what opened them has its place"
    assert [seq for seq, _, _ in stored(tmp_path / "kring.db", "anna").events] == [1, 2, 3]
    again = started(connection)
    assert again.waits("anna")
    again.settle(["anna"])
    again.settle()

    assert not again.waits("anna")
    assert (size(connection, "room_event"), size(connection, "vault_body"), size(connection, "room_answer")) == (
        5,
        3,
        3,
    )
    assert size(connection, "room_journal") == 0


def test_what_has_its_place_already_is_not_put_there_again(connection: sqlite3.Connection) -> None:
    """The row in the journal stays for as long as another meeting waits in it."""
    opened(connection, "anna", "bert")
    killed = started(connection)
    killed.write([said("anna", 1), said("bert", 1)])
    killed.settle(["anna"])
    killed.write_one(said("anna", 2))
    assert size(connection, "room_journal") == 1

    again = started(connection)

    assert not again.waits("anna")
    again.write([said("anna", 3)])
    again.settle()
    assert size(connection, "room_event") == 6


def test_journal_stays_small_whoever_speaks(connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "MOST", 20)
    monkeypatch.setattr(journal, "MOST_OF_ONE", 5)
    meetings = [f"meeting{n}" for n in range(10)]
    opened(connection, *meetings)
    group = started(connection)
    for after in range(1, 9):
        group.write([said(one, after) for one in meetings])
        assert 0 < size(connection, "room_journal") <= 4
    for after in range(9, 30):
        group.write([said("meeting0", after)])

    waits = [one for one in meetings if group.waits(one)]
    assert sum(len(journal.unsettled(connection, one)) for one in waits) <= 20
    assert len(journal.unsettled(connection, "meeting0")) < 5
    group.settle()
    assert size(connection, "room_event") == 10 + 10 * 8 + 21


def test_journal_stays_small_beside_a_meeting_that_is_silent(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "MOST_OF_ONE", 5)
    monkeypatch.setattr(journal, "MOST_ROWS", 10)
    opened(connection, "anna", "bert")
    group = started(connection)
    group.write([said("bert", 1)])
    for after in range(1, 40):
        group.write([said("anna", after)])

    assert size(connection, "room_journal") <= 10
    assert not group.waits("bert")


def test_failed_commit_leaves_what_waited(connection: sqlite3.Connection) -> None:
    opened(connection, "anna", "bert")
    group = started(connection)
    group.write([said("anna", 1), said("bert", 1)])

    with pytest.raises(sqlite3.IntegrityError):
        group.write_one(Write("anna", 2, (EVENT,), (Body("content1", "seat", b"sealed"),)))

    assert group.waits("anna")
    group.write([said("anna", 2)])
    group.settle()
    assert size(connection, "room_event") == 5


def test_burn_empties_the_journal(connection: sqlite3.Connection) -> None:
    opened(connection, "anna", "bert")
    group = started(connection)
    group.write([said("anna", 1), said("bert", 1)])

    group.write([Write("anna", 2, (EVENT,), burn_at=5)])

    assert (size(connection, "room_journal"), size(connection, "vault_body")) == (0, 1)


def test_meeting_that_another_process_opens_or_writes_to_is_seen(
    connection: sqlite3.Connection, tmp_path: Path
) -> None:
    opened(connection, "anna", "bert")
    group = started(connection)
    group.write([said("anna", 1), said("bert", 1)])
    with closing(rows.connect(tmp_path / "kring.db")) as other:
        opened(other, "cora")
        theirs = started(other)
        theirs.write_one(said("anna", 2))

        group.write([said("anna", 3), said("bert", 2), said("cora", 1)])

    group.settle()
    assert size(connection, "room_event") == 3 + 6


def test_journal_of_another_release_is_left_as_it_is(connection: sqlite3.Connection) -> None:
    opened(connection, "anna")
    started(connection).write([said("anna", 1)])
    connection.execute("UPDATE room_journal SET format = 99")

    with pytest.raises(StoreError, match="another release"):
        started(connection)
    assert size(connection, "room_journal") == 1


@pytest.mark.parametrize("form", range(1, journal.FORMAT + 1))
def test_journal_of_each_format_opens(connection: sqlite3.Connection, form: int) -> None:
    """A row as each format wrote it; ``expected.json`` says what it was."""
    opened(connection, "anna", "bert")
    folder = FIXTURES / str(form)
    journal.Journal(connection).create()
    body = (folder / "row.msgpack").read_bytes()
    connection.execute("INSERT INTO room_journal VALUES (1, ?, ?)", (form, body))

    again = started(connection)
    again.settle()

    found = {
        "events": connection.execute("SELECT meeting, seq, version, CAST(body AS TEXT) FROM room_event").fetchall(),
        "answers": connection.execute("SELECT * FROM room_answer").fetchall(),
        "bodies": connection.execute("SELECT meeting, content, seat, retention, hex(body) FROM vault_body").fetchall(),
    }
    assert json.loads(json.dumps(found)) == json.loads((folder / "expected.json").read_text())


async def test_reading_puts_what_waits_into_its_place_and_stopping_all_of_it(tmp_path: Path) -> None:
    database = tmp_path / "kring.db"
    store = SqliteStore(database)
    await store.start()
    for meeting in ("anna", "bert"):
        await store.open(MeetingRow(meeting, "linxx-9", b"{}", False, 1, 2), (EVENT,))
        await store.append(said(meeting, 1))

    with closing(sqlite3.connect(database)) as beside:
        assert size(beside, "room_event") == 2
        assert await store.bodies("anna", ["content1"]) == {"content1": b"sealed"}
        assert size(beside, "room_event") == 3
        await store.stop()
        assert (size(beside, "room_event"), size(beside, "room_journal")) == (4, 0)


async def waiting(database: Path) -> SqliteStore:
    """A store in whose journal something of Anna's waits."""
    store = SqliteStore(database)
    await store.start()
    await store.open(MeetingRow("anna", "linxx-9", b"{}", False, 1, 2), (EVENT,))
    await store.append(said("anna", 1))
    return store


async def test_copy_has_everything_in_its_place(tmp_path: Path) -> None:
    store = await waiting(tmp_path / "kring.db")

    backup.copy(tmp_path / "kring.db", tmp_path / "copy.db")
    await store.stop()

    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert (size(copy, "room_event"), size(copy, "vault_body")) == (2, 1)
        assert not copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'room_journal'").fetchone()


async def test_what_cannot_be_put_into_place_is_no_reason_to_lose_it(tmp_path: Path) -> None:
    database = tmp_path / "kring.db"
    store = await waiting(database)
    with closing(sqlite3.connect(database)) as beside:
        beside.execute("ALTER TABLE room_answer RENAME TO room_answer_away")
        with pytest.raises(StoreError):
            await store.load("anna")
        beside.execute("ALTER TABLE room_answer_away RENAME TO room_answer")

    loaded = await store.load("anna")
    await store.stop()
    assert loaded is not None
    assert len(loaded.events) == 2


async def test_journal_that_becomes_unreadable_fails_those_who_ask_and_not_the_writer(tmp_path: Path) -> None:
    database = tmp_path / "kring.db"
    store = await waiting(database)
    with closing(sqlite3.connect(database, isolation_level=None)) as beside:
        beside.execute("UPDATE room_journal SET format = 99")
        with pytest.raises(StoreError):
            await store.append(said("anna", 7))  # upon no such head: what is remembered is looked up anew
        with pytest.raises(StoreError):
            await store.load("anna")
        beside.execute("UPDATE room_journal SET format = ?", (journal.FORMAT,))

    loaded = await store.load("anna")
    await store.stop()
    assert loaded is not None
    assert len(loaded.events) == 2
