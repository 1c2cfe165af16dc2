"""Two releases beside each other, as while nodes are updated one by one: nothing is lost, nothing is guessed at."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from kring.meeting import snapshot, upcasting
from kring_room.cluster import nodes
from kring_room.cluster.redis_fanout import RedisFanout
from kring_room.store.port import Snapshot, StoredEvent, Write
from kring_room.store.postgres.store import PostgresStore
from tests.cluster.services import Postgres, Redis
from tests.environment import clean_environment
from tests.room.support import Device, Running, sealed

KEPT = [
    (Path(__file__).parents[1] / f"fixtures/snapshots/{number}/0.1.0-linxx-9.state").read_bytes() for number in (1, 2)
]
LATER_SNAPSHOT = b"kring state %d\n\x00another shape" % (snapshot.FORMAT + 1)
LATER = StoredEvent(upcasting.VERSION + 1, b'{"type":"something-later","at":1}')


@pytest.fixture
async def today(postgres: Postgres, redis: Redis, tmp_path: Path) -> AsyncIterator[Running]:
    """A node of this release, with short graces."""
    room = Running(
        tmp_path, where=postgres.new_database(), fanout=redis.url, beat=0.1, presence_grace=0.3, takeover=0.2, sweep=0.2
    )
    await room.start()
    yield room
    await room.close()


@pytest.fixture
async def newer(today: Running, redis: Redis) -> AsyncIterator[int]:
    """The port of a node of a later one."""
    path = os.pathsep.join(entry for entry in sys.path if entry)
    program = Path(__file__).with_name("newer.py")
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(program), str(today.where), redis.url, env=clean_environment(PYTHONPATH=path),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    yield int(await asyncio.wait_for(process.stdout.readline(), 20))
    process.terminate()
    await process.wait()


@pytest.fixture
async def store(today: Running) -> AsyncIterator[PostgresStore]:
    """Another hand on the same database."""
    other = PostgresStore(str(today.where), create=False)
    await other.start()
    yield other
    await other.stop()


async def at(room: Running, port: int, meeting: str, device: str = "") -> Device:
    made = room.device(meeting, device=device)
    made.node = port
    await made.hello()
    return made


async def test_meeting_moves_to_the_newer_node_and_loses_nothing(
    today: Running, newer: int, store: PostgresStore
) -> None:
    meeting = today.open_meeting()
    noor = await at(today, today.ports[0], meeting)
    body = sealed(b"what noor is called")
    await noor.do("take-seat", seat="seatofnoor", name="nameofnoor", bodies={"nameofnoor": body})

    sam = await at(today, newer, meeting)
    await sam.sit()

    assert [seat["id"] for seat in sam.view["seats"]] == ["seatofnoor", sam.seat]
    assert sam.bodies["nameofnoor"] == body
    assert (await noor.fate()).reason == "restarting", "its node cannot follow, and sends it elsewhere"
    again = await at(today, newer, meeting, noor.device)
    assert again.view["mine"]["seat"] == "seatofnoor"
    loaded = await store.load(meeting, whole=True)
    assert loaded is not None
    assert [event.version - upcasting.VERSION for event in loaded.events][:3] == [0, 0, 1]


async def test_node_goes_on_with_all_that_it_can_read(today: Running, store: PostgresStore, redis: Redis) -> None:
    """What one meeting has of a later release takes neither the ears nor the deadlines of the others."""
    lost, kept = today.open_meeting(), today.open_meeting()
    noor, sam = await at(today, today.ports[0], lost), await at(today, today.ports[0], kept)
    await noor.sit()
    seq = noor.seq

    write = Write(lost, seq, (LATER,), due_at=1)
    await store.append(write)
    await told(redis, f"kring:meeting:{lost}", nodes._encoder.encode(nodes.Wrote("a newer node", write)))

    assert (await noor.fate()).reason == "restarting"
    await noor.open()
    await noor.say({"type": "hello", "ticket": noor.ticket(), "since": None})
    assert (await noor.fate()).reason == "restarting"
    await sam.sit()
    other = Running(Path(today.database.parent), where=str(today.where), fanout=redis.url, beat=0.1)
    await other.start()
    ida = await at(other, other.ports[0], kept)
    await ida.sit()
    await sam.until(lambda view: len(view["seats"]) == 2)
    await other.close()
    assert (await store.heads([lost]))[lost] == seq + 1, "nobody writes upon what they cannot read"


async def test_content_goes_in_time_beside_a_meeting_that_cannot_be_read(today: Running, store: PostgresStore) -> None:
    unreadable, other = today.open_meeting(), today.open_meeting()
    await store.append(Write(unreadable, 1, (LATER,)))
    with psycopg.connect(str(today.where)) as connection:
        for order, meeting in enumerate((unreadable, other)):
            connection.execute("UPDATE room_meeting SET expires_at = %s WHERE id = %s", (order, meeting))

    while (row := await store.find(other)) is None or row.burned_at is None:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.05)

    row = await store.find(unreadable)
    assert row is not None
    assert row.burned_at is None


@pytest.mark.parametrize("body", [*KEPT, LATER_SNAPSHOT], ids=["format 1", "format 2", "a later one"])
async def test_snapshot_of_another_format_is_passed_over(today: Running, store: PostgresStore, body: bytes) -> None:
    """The whole log is folded instead."""
    meeting = today.open_meeting()
    noor = await at(today, today.ports[0], meeting)
    await noor.sit()
    await noor.leave()
    await today.stop()
    await store.append(Write(meeting, noor.seq, snapshot=body))
    kept = await store.load(meeting)
    assert kept is not None
    assert kept.snapshot == Snapshot(noor.seq, body)
    await today.start()

    again = await at(today, today.ports[0], meeting, noor.device)

    assert [seat["id"] for seat in again.view["seats"]] == [noor.seat]


async def test_nobody_is_judged_away_by_a_node_that_does_not_understand_who_is_elsewhere(
    today: Running, newer: int, store: PostgresStore
) -> None:
    meeting = today.open_meeting()
    noor, sam = await at(today, today.ports[0], meeting), await at(today, today.ports[0], meeting)
    await noor.sit()
    await sam.until(lambda view: len(view["seats"]) == 1)

    again = await at(today, newer, meeting, noor.device)
    await noor.leave()
    await sam.silence(1)

    assert [seat["here"] for seat in sam.view["seats"]] == [True]
    assert (await store.heads([meeting]))[meeting] == sam.seq == again.seq


async def told(redis: Redis, channel: str, message: bytes) -> None:
    """Say something to the nodes."""
    line = RedisFanout(redis.url)
    await line.start(lambda *_: None, lambda: None)
    line.publish(channel, message)
    await line.stop()
