"""What goes down in one commit with others is the same as if it had gone down by itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring_room.store.port import Answer, Body, Conflict, Device, MeetingRow, StoredEvent, StoreError, Write
from kring_room.store.sqlite import rows
from kring_room.store.sqlite.group_commit import GroupCommit

FIRST = StoredEvent(1, b"{}")
MEETINGS = ("anna", "bert", "cora")
TABLES = ("room_event", "room_answer", "room_device", "room_snapshot")
COLUMNS = {"room_meeting": "id, due_at, closed_at, burned_at", "vault_body": "meeting, content, seat"}


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    with TemporaryDirectory() as folder, closing(rows.connect(Path(folder) / "kring.db")) as connection:
        connection.execute("PRAGMA synchronous=OFF")  # hundreds of databases are made here, and none is to last
        rows.create_tables(connection)
        for meeting in MEETINGS:
            with rows.transaction(connection):
                rows.add_meeting(connection, MeetingRow(meeting, "linxx-9", b"{}", False, 1, 2), (FIRST,))
        yield connection


def all_of(connection: sqlite3.Connection) -> list[object]:
    """Everything but the keys and what is wrapped with them."""
    columns = dict.fromkeys(TABLES, "*") | COLUMNS
    return [
        sorted(map(repr, connection.execute(f"SELECT {columns[table]} FROM {table}").fetchall()))  # noqa: S608 - our own names
        for table in columns
    ]


@st.composite
def batches(draw: st.DrawFn) -> list[list[Write]]:
    """Writes of three meetings, each upon the one before; now and then one upon another head, or a repeat."""
    heads = dict.fromkeys(MEETINGS, 1)
    made: list[list[Write]] = []
    number = 0
    for _ in range(draw(st.integers(1, 3))):
        made.append([])
        for _ in range(draw(st.integers(1, 12))):
            meeting = draw(st.sampled_from(MEETINGS))
            number += 1
            kind = draw(st.sampled_from(["common"] * 6 + ["device", "snapshot", "close", "burn", "wrong", "repeat"]))
            one = Write(
                meeting=meeting,
                after=heads[meeting] + draw(st.sampled_from([-1, 1])) * (kind == "wrong"),
                events=(FIRST,) * draw(st.integers(0 if kind == "device" else 1, 2)),
                bodies=(Body(f"content{number}", "seat", b"sealed"),) if draw(st.booleans()) else (),
                devices=(Device(f"device{number}", "seat"),) if kind == "device" else (),
                answer=Answer("device", "once" if kind == "repeat" else f"command{number}"),
                due_at=draw(st.sampled_from([None, 5, 7])),
                snapshot=b"state" if kind == "snapshot" else None,
                close_at=9 if kind == "close" else None,
                burn_at=9 if kind == "burn" else None,
            )
            heads[meeting] += len(one.events) * (kind != "wrong")
            made[-1].append(one)
    return made


@given(batches(), st.booleans(), st.booleans())
def test_group_writes_what_one_by_one_would_or_nothing(
    given_batches: list[list[Write]], settles: bool, starts_anew: bool
) -> None:
    with database() as together, database() as single:
        group = GroupCommit(together)
        group.start()
        for batch in given_batches:
            problem = None
            try:
                with rows.transaction(single):
                    for one in batch:
                        rows.write(single, one)
            except (StoreError, sqlite3.Error) as error:
                problem = error
            try:
                group.write(batch)
            except (StoreError, sqlite3.Error):
                assert problem is not None
            else:
                assert problem is None
            if settles:
                group.settle()
                assert together.execute("SELECT count(*) FROM room_journal").fetchone() == (0,)
            elif starts_anew:  # as after the process was killed
                group = GroupCommit(together)
                group.start()

        group.settle()
        assert all_of(together) == all_of(single)
        for meeting in MEETINGS:
            contents = [body.content for batch in given_batches for one in batch for body in one.bodies]
            assert rows.bodies(together, meeting, contents) == rows.bodies(single, meeting, contents)


def test_group_forgets_a_key_that_somebody_else_wiped() -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "kring.db"
        with closing(rows.connect(path)) as ours, closing(rows.connect(path)) as theirs:
            rows.create_tables(ours)
            with rows.transaction(ours):
                rows.add_meeting(ours, MeetingRow("anna", "linxx-9", b"{}", False, 1, 2), (FIRST,))
            group = GroupCommit(ours)
            group.start()
            said = Write(meeting="anna", after=1, events=(FIRST,), bodies=(Body("first", "seat", b"sealed"),))
            group.write([said])
            group.settle()
            with rows.transaction(theirs):
                rows.write(theirs, Write(meeting="anna", after=2, events=(FIRST,), burn_at=3))

            late = Write(meeting="anna", after=3, events=(FIRST,), bodies=(Body("second", "seat", b"sealed"),))
            with pytest.raises(StoreError):
                group.write([late])


def test_group_upon_a_gap_is_a_conflict() -> None:
    with database() as connection:
        group = GroupCommit(connection)
        group.start()
        with pytest.raises(Conflict):
            group.write([Write(meeting="anna", after=5, events=(FIRST,))])
