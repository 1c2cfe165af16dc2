"""Which adapters stand behind the ports: the one place that knows. A path is an SQLite file, a URL a PostgreSQL server."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from kring_room.cluster.fanout import SingleNode
from kring_room.store.port import StoreError
from kring_room.store.sqlite import journal, rows
from kring_room.store.sqlite import store as sqlite_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kring_room.cluster.fanout import Fanout
    from kring_room.counts import Counts
    from kring_room.store.erasures import Ledger
    from kring_room.store.port import Ends, FeedEntry, Loaded, MeetingRow, Removal, Store, StoredEvent

# PostgreSQL's and Redis' libraries are loaded where they are chosen: most installations do without.


def store_of(where: Path | str, *, create: bool, counts: Counts | None = None, ledger: Ledger | None = None) -> Store:
    """The store there. ``create``: make the tables, where no migration does. ``ledger``: where it notes what it destroys."""
    if isinstance(where, Path):
        return sqlite_store.SqliteStore(where, create=create, counts=counts, ledger=ledger)
    from kring_room.store.postgres.store import PostgresStore  # noqa: PLC0415 - see above

    return PostgresStore(where, create=create, counts=counts, ledger=ledger)


def fanout_of(url: str | None) -> Fanout:
    """The fan-out there; without one this process is alone."""
    if url is None:
        return SingleNode()
    from kring_room.cluster.redis_fanout import RedisFanout  # noqa: PLC0415 - see above

    return RedisFanout(url)


def create_tables(where: Path | str) -> None:
    """Make the tables, where no migration does."""
    if isinstance(where, Path):
        connection = rows.connect(where)
        try:
            rows.create_tables(connection)
        finally:
            connection.close()
        return
    from kring_room.store.postgres import outside  # noqa: PLC0415 - see above

    outside.create_tables(where)


def open_meeting(where: Path | str, row: MeetingRow, events: tuple[StoredEvent, ...], ends: Ends | None = None) -> None:
    """Keep a new meeting, from any thread or process. ``ends``: as of the port. Raises ``StoreError``."""
    if isinstance(where, Path):
        sqlite_store.open_meeting(where, row, events, ends)
        return
    from kring_room.store.postgres import outside  # noqa: PLC0415 - see above

    outside.open_meeting(where, row, events, ends)


def find(where: Path | str, meeting: str) -> MeetingRow | None:
    """A meeting without its log, from any thread or process. Raises ``StoreError``."""
    if not isinstance(where, Path):
        from kring_room.store.postgres import outside  # noqa: PLC0415 - see above

        return outside.find(where, meeting)
    with _sqlite(where) as connection:
        return rows.find(connection, meeting)


def load(where: Path | str, meeting: str, *, whole: bool = False) -> Loaded | None:
    """A meeting as of one moment, from any thread or process; answers may be left out. Raises ``StoreError``."""
    if not isinstance(where, Path):
        from kring_room.store.postgres import outside  # noqa: PLC0415 - see above

        return outside.load(where, meeting, whole=whole)
    with _sqlite(where) as connection:
        return journal.load(connection, meeting, whole=whole)


def ask_removal(where: Path | str, removal: Removal) -> None:
    """Ask that a former member's seat be removed, from any thread or process. Raises ``StoreError``."""
    if not isinstance(where, Path):
        from kring_room.store.postgres import outside  # noqa: PLC0415 - see above

        outside.ask_removal(where, removal)
        return
    with _sqlite(where) as connection:
        rows.ask_removal(connection, removal)


def read_feed(where: Path | str, after: int, most: int) -> tuple[list[FeedEntry], int]:
    """What the web was told after ``after``, up to ``most`` entries, and the number of the last one that there ever was.

    From any thread or process. Raises ``StoreError``.
    """
    if not isinstance(where, Path):
        from kring_room.store.postgres import outside  # noqa: PLC0415 - see above

        return outside.read_feed(where, after, most)
    with _sqlite(where) as connection:
        return rows.read_feed(connection, after, most)


@contextlib.contextmanager
def _sqlite(database: Path) -> Iterator[sqlite3.Connection]:
    try:
        with contextlib.closing(rows.connect(database)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise StoreError(type(error).__name__) from error
