"""A real cluster: two nodes with pages and all, PostgreSQL, Redis, and nginx before them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import psycopg
import pytest

from kring.methods import library
from kring_client.client import Client, new_id
from kring_client.keys import LinkKeys
from kring_room.store.postgres import outside
from tests.cluster.cluster import Cluster
from tests.room.crashing import until

Columns = dict[tuple[str, str], tuple[str, str, bool]]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster(durable=False) as running:
        yield running


def columns(url: str) -> Columns:
    """By table and column: the type, whether it may be null, whether it has a default."""
    sql = """
        SELECT table_name, column_name, data_type, is_nullable, column_default IS NOT NULL OR is_identity = 'YES'
        FROM information_schema.columns WHERE table_name LIKE 'room!_%' ESCAPE '!' OR table_name LIKE 'vault!_%' ESCAPE '!'
    """
    with psycopg.connect(url) as connection:
        return {(table, name): (kind, null, default) for table, name, kind, null, default in connection.execute(sql)}


def keys(url: str) -> set[tuple[str, str]]:
    """The columns of each primary key and each index of ours."""
    sql = "SELECT tablename, regexp_replace(indexdef, '^.* USING ', '') FROM pg_indexes WHERE schemaname = 'public'"
    with psycopg.connect(url) as connection:
        found = {
            (table, definition) for table, definition in connection.execute(sql) if table[:5] in ("room_", "vault")
        }
    # Django adds one for LIKE to each key of text; nobody asks that way.
    return {(table, definition) for table, definition in found if "text_pattern_ops" not in definition}


def test_the_migrations_make_the_same_tables_in_postgresql(cluster: Cluster) -> None:
    rooms = cluster.postgres.new_database()
    outside.create_tables(rooms)

    made = columns(cluster.postgres.url)
    # The note of the clock's last look is the store's own: it makes it when it first looks.
    assert {about: how for about, how in made.items() if about[0] != "room_clock"} == columns(rooms)
    assert {one for one in keys(cluster.postgres.url) if one[0] != "room_clock"} == keys(rooms)


async def test_stopped_node_hands_everybody_to_the_other_and_loses_nothing(cluster: Cluster) -> None:
    meeting = await asyncio.to_thread(cluster.meetings.open_meeting, library.load("linxx-9"))
    clients = [Client(cluster.url, meeting, LinkKeys(b"k" * 32)) for _ in range(6)]
    for client in clients:
        await client.__aenter__()
    await asyncio.gather(*(client.act({"type": "take-seat", "seat": new_id()}, {"name": "N"}) for client in clients))
    await clients[0].act({"type": "start"})

    cluster.nodes[1].terminate()
    await asyncio.gather(*(client.act({"type": "give", "what": "case"}, {"text": "a case"}) for client in clients))
    await until(lambda: all(client.seq == clients[0].seq for client in clients))

    for client in clients:
        assert len(client.view["seats"]) == 6
        await client.__aexit__(None, None, None)
    assert any(client.disconnects for client in clients)
    cluster.nodes[1].stop()
    await asyncio.to_thread(cluster.nodes[1].start)


async def test_killed_node_is_left_out_by_the_proxy_and_its_people_come_back(cluster: Cluster) -> None:
    meeting = await asyncio.to_thread(cluster.meetings.open_meeting, library.load("linxx-9"))
    clients = [Client(cluster.url, meeting, LinkKeys(b"k" * 32)) for _ in range(4)]
    for client in clients:
        await client.__aenter__()
        await client.act({"type": "take-seat", "seat": new_id()}, {"name": "N"})

    await asyncio.to_thread(cluster.nodes[0].kill)
    await clients[0].act({"type": "start"})
    await asyncio.to_thread(cluster.nodes[0].start)

    assert {client.closed for client in clients} == {None}
    for client in clients:
        await client.__aexit__(None, None, None)
