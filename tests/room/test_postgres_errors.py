"""What PostgreSQL refuses in the middle of a commit or a reading is gone with it: what comes later does not suffer from it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator

import psycopg
import pytest

from kring_room.server.serving import serve
from kring_room.store.port import Answer, Body, Device, StoreError, Write
from kring_room.store.postgres import store as postgres_store
from kring_room.store.postgres.store import PostgresStore
from tests.cluster.services import Postgres
from tests.room.support import SECRET
from tests.room.test_store import LATER, OPENED, ROW

ROUNDS = 12
"""More than it takes until a statement is prepared for being used often."""


@pytest.fixture
async def store(postgres: Postgres) -> AsyncIterator[tuple[PostgresStore, str]]:
    url = postgres.new_database()
    made = PostgresStore(url)
    await made.start()
    await made.open(ROW, (OPENED,))
    yield made, url
    await made.stop()


def write(after: int, *contents: str) -> Write:
    bodies = tuple(Body(content, "seatofnoor", os.urandom(20)) for content in contents)
    return Write(
        ROW.id, after, (LATER,), bodies, (Device("deviceone", "seatofnoor"),), Answer("deviceone", f"command{after}")
    )


async def test_writes_go_on_after_the_server_refused_some_again_and_again(store: tuple[PostgresStore, str]) -> None:
    kept, _ = store
    for number in range(1, ROUNDS + 1):
        with pytest.raises(StoreError):
            await kept.append(write(number, "twice", "twice"))
        await kept.append(write(number, f"content{number}"))

    loaded = await kept.load(ROW.id)

    assert loaded is not None
    assert len(loaded.events) == ROUNDS + 1


async def test_writes_and_readings_go_on_after_the_server_could_do_nothing_for_a_while(
    store: tuple[PostgresStore, str],
) -> None:
    """As when its disk is full: every statement that needs a table fails, and then none does."""
    kept, url = store
    for number in range(1, ROUNDS + 1):
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            await connection.execute("ALTER TABLE room_answer RENAME TO room_answer_away")
            for _ in range(3):
                failed = await asyncio.gather(
                    kept.append(write(number, "lost")), kept.load(ROW.id), return_exceptions=True
                )
                assert [type(one) for one in failed] == [StoreError, StoreError]
            await connection.execute("ALTER TABLE room_answer_away RENAME TO room_answer")
        await kept.append(write(number, f"content{number}"))
        assert await kept.load(ROW.id)


async def test_connection_that_nobody_waits_for_any_more_is_closed(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a node stops while it connects to clean up after a burn, or when a commit took too long."""
    made: list[psycopg.AsyncConnection[object]] = []

    async def takes_long(connection: psycopg.AsyncConnection[object]) -> None:
        made.append(connection)
        await connection.execute("SELECT pg_sleep(60)")

    monkeypatch.setattr(postgres_store, "_set_up", takes_long)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await PostgresStore(postgres.new_database()).start()

    assert [connection.closed for connection in made] == [True]


async def test_store_that_could_not_start_leaves_no_connection(postgres: Postgres) -> None:
    url = postgres.new_database()
    kept = PostgresStore(url, create=False)
    with pytest.raises(StoreError, match="UndefinedTable"):
        await kept.start()

    await all_gone(url)


async def test_server_that_could_not_start_leaves_no_connection(postgres: Postgres) -> None:
    class GoneAtOnce(PostgresStore):
        async def clock(self) -> int:
            raise StoreError("gone")

    url = postgres.new_database()
    with pytest.raises(StoreError, match="gone"):
        await serve(host="127.0.0.1", port=0, database=url, secret=SECRET, store=GoneAtOnce(url))

    await all_gone(url)


async def all_gone(url: str) -> None:
    """Nobody but the one who looks is connected to this database."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        while (await (await connection.execute("SELECT count(*) " + others)).fetchone()) != (0,):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.05)
