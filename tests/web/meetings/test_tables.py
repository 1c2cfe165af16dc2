"""The migrations make the tables that the room writes, and forgetting reaches them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from kring_room.store.sqlite import rows
from kring_room.store.tables import TABLES
from kring_web.config.current import environment
from kring_web.config.databases import ROOMS
from kring_web.config.migrating import make_tables


def shape(connection: sqlite3.Connection, table: str) -> dict[str, tuple[str, bool, bool, int]]:
    """Name -> affinity, not null, has a default, place in the primary key."""
    columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
    return {
        name: (affinity(kind), bool(strict or key), default is not None, key)
        for _, name, kind, strict, default, key in columns
    }


def affinity(kind: str) -> str:
    """SQLite's own rule, https://sqlite.org/datatype3.html, where bool is stored as an integer."""
    kind = kind.upper()
    return next(
        (word for mark, word in (("INT", "INTEGER"), ("BOOL", "INTEGER"), ("TEXT", "TEXT")) if mark in kind), "BLOB"
    )


def indexes(connection: sqlite3.Connection, table: str) -> set[tuple[tuple[str, ...], bool, bool]]:
    """Columns, unique, partial; without those that a primary key brings."""
    found = set()
    for _, name, unique, origin, partial in connection.execute(f"PRAGMA index_list({table})").fetchall():
        if origin != "pk":
            columns = tuple(row[2] for row in connection.execute(f"PRAGMA index_info({name})"))
            found.add((columns, bool(unique), bool(partial)))
    return found


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = rows.connect(tmp_path / "room.sqlite3")
    rows.create_tables(connection)
    yield connection
    connection.close()


def test_the_migrations_know_every_table_of_the_room(rooms: sqlite3.Connection) -> None:
    made = {name for (name,) in rooms.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {name for name in made if not name.startswith("sqlite_")} == set(TABLES)


def test_the_columns_of_a_copy_are_all_there_are(rooms: sqlite3.Connection) -> None:
    for table, columns in TABLES.items():
        assert set(columns.split(", ")) == set(shape(rooms, table)), table


@pytest.mark.parametrize("table", TABLES)
def test_the_migrations_make_the_rooms_table(ours: sqlite3.Connection, rooms: sqlite3.Connection, table: str) -> None:
    assert shape(ours, table) == shape(rooms, table)
    assert indexes(ours, table) == indexes(rooms, table)


def test_the_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_a_database_of_before_snapshots_is_brought_up_to_date(ours: sqlite3.Connection, meeting: str) -> None:
    ours.close()
    call_command("migrate", "meetings", "0001", database=ROOMS, verbosity=0)
    make_tables()
    again = rows.connect(environment().database)
    loaded = rows.load(again, meeting)
    again.close()
    assert loaded is not None
    assert (loaded.snapshot, loaded.seq) == (None, 1)
