"""Meetings in PostgreSQL for whoever is outside the room: from any thread or process, over a connection of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from kring_room.store.port import FeedEntry, FeedRow, StoreError
from kring_room.store.postgres import rows
from kring_room.store.postgres.store import OPTIONS

if TYPE_CHECKING:
    from kring_room.store.port import Ends, Loaded, MeetingRow, Removal, StoredEvent


def open_meeting(url: str, row: MeetingRow, events: tuple[StoredEvent, ...], ends: Ends | None = None) -> None:
    """Keep a new meeting, from any thread or process."""
    try:
        with psycopg.connect(url, **{**OPTIONS, "autocommit": False}) as connection:
            for sql, parameters in rows.opening(row, events, ends):
                connection.execute(sql, parameters)
    except (psycopg.Error, OSError) as error:
        raise StoreError(type(error).__name__) from error


def find(url: str, meeting: str) -> MeetingRow | None:
    """A meeting without its log, from any thread or process."""
    try:
        with psycopg.connect(url, **OPTIONS) as connection:
            return rows.row_of(connection.execute(rows.FIND, (meeting,), binary=True).fetchone())
    except (psycopg.Error, OSError) as error:
        raise StoreError(type(error).__name__) from error


def load(url: str, meeting: str, *, whole: bool = False) -> Loaded | None:
    """A meeting as of one moment, from any thread or process. Answers are left out."""
    try:
        with psycopg.connect(url, **{**OPTIONS, "autocommit": False}) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            return rows.load_alone(connection, meeting, whole=whole)
    except (psycopg.Error, OSError) as error:
        raise StoreError(type(error).__name__) from error


def ask_removal(url: str, removal: Removal) -> None:
    """Ask that a former member's seat be removed, from any thread or process."""
    try:
        with psycopg.connect(url, **OPTIONS) as connection:
            connection.execute(rows.ASK_REMOVAL, (removal.meeting, removal.member, removal.asked_at))
    except (psycopg.Error, OSError) as error:
        raise StoreError(type(error).__name__) from error


def read_feed(url: str, after: int, most: int) -> tuple[list[FeedEntry], int]:
    """What the web was told after ``after`` and is still kept, and the number of the last entry there ever was."""
    try:
        with psycopg.connect(url, **{**OPTIONS, "autocommit": False}) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            found = connection.execute(rows.FEED, (after, most), binary=True).fetchall()
            newest = connection.execute(rows.NEWEST).fetchone()
    except (psycopg.Error, OSError) as error:
        raise StoreError(type(error).__name__) from error
    return [FeedEntry(id_, meeting, FeedRow(*row)) for id_, meeting, *row in found], newest[0] if newest else 0


def create_tables(url: str) -> None:
    """Make the tables, where no migration does."""
    with psycopg.connect(url, **OPTIONS) as connection:
        connection.execute(rows.tables())
