"""Two nodes over one PostgreSQL and one Redis: what happens between them, and when what is between them fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest

from kring_room.cluster.clock import SharedClock
from kring_room.cluster.redis_fanout import RedisFanout
from kring_room.store.memory import MemoryStore
from kring_room.store.port import Conflict, MeetingRow, StoredEvent, StoreError, Write
from kring_room.store.postgres.store import PostgresStore
from tests.cluster.services import Postgres, Redis
from tests.room.busy import Gate
from tests.room.support import Device, Running, all_at, new_id, quick, sealed

EVENT = StoredEvent(1, b"{}")


@pytest.fixture
async def pair(postgres: Postgres, redis: Redis, tmp_path: Path) -> AsyncIterator[Running]:
    """Two nodes with short graces."""
    room = Running(
        tmp_path, where=postgres.new_database(), fanout=redis.url, nodes=2, beat=0.1, presence_grace=0.3, takeover=0.2
    )
    await room.start()
    yield room
    await room.close()


async def at(room: Running, node: int, meeting: str, device: str = "") -> Device:
    """A device that is connected to this node."""
    made = room.device(meeting, device=device)
    made.node = room.ports[node]
    await made.hello()
    return made


async def take_a_seat(device: Device) -> dict[str, object]:
    """The answer, whatever it is."""
    return await device.do(
        "take-seat", id="sitdownonce", seat="myseatid", name="mynameid", bodies={"mynameid": sealed()}
    )


async def test_what_is_done_at_one_node_is_heard_at_the_other_with_its_body(pair: Running) -> None:
    meeting = pair.open_meeting()
    noor, sam = await at(pair, 0, meeting), await at(pair, 1, meeting)

    await noor.sit()
    await sam.until(lambda view: len(view["seats"]) == 1)

    name = sam.view["seats"][0]["name"]
    assert sam.bodies[name] == noor.bodies[name]


async def test_all_who_press_at_once_on_two_nodes_are_done_once(pair: Running) -> None:
    meeting = pair.open_meeting()
    circle = [await at(pair, number % 2, meeting) for number in range(8)]

    answers = await asyncio.gather(*(device.sit() for device in circle))

    assert {answer["type"] for answer in answers} == {"done"}
    assert len({answer["seq"] for answer in answers}) == 8
    await all_at(circle, max(answer["seq"] for answer in answers))
    assert len({str(device.view["seats"]) for device in circle}) == 1
    assert len(circle[0].view["seats"]) == 8


async def test_another_device_at_ones_seat_is_ended_at_whatever_node_it_is(pair: Running) -> None:
    meeting = pair.open_meeting()
    noor, sam = await at(pair, 0, meeting), await at(pair, 0, meeting)
    await noor.sit()
    await sam.sit()
    await sam.leave()
    await noor.until(lambda view: [seat["here"] for seat in view["seats"]] == [True, False])
    stranger = await at(pair, 1, meeting)
    assert (await stranger.do("return-to-seat", seat=sam.seat))["type"] == "done"
    again = await at(pair, 0, meeting, sam.device)

    assert (await again.do("end-devices"))["type"] == "done"

    assert (await stranger.fate()).reason == "device-ended"
    assert again.view["mine"]["seat"] == sam.seat


async def test_who_listens_at_another_node_is_counted_until_that_node_is_gone(pair: Running) -> None:
    meeting = pair.open_meeting()
    noor = await at(pair, 0, meeting)
    await noor.sit()
    await at(pair, 1, meeting)
    visitor = await at(pair, 1, meeting)
    await noor.count(2)

    await visitor.leave()
    await noor.count(1)
    await pair.stop_node(1)
    await noor.count(0)
    await pair.start_node(1)


async def test_who_listens_at_a_node_that_was_not_heard_for_a_while_is_counted_again(
    postgres: Postgres, redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other node never noticed: it has to be asked who is with it."""
    pair = await Running(tmp_path, where=postgres.new_database(), fanout=redis.url, nodes=2, beat=0.7).start()
    meeting = pair.open_meeting()
    noor, sam = await at(pair, 0, meeting), await at(pair, 1, meeting)
    for node, one in enumerate((noor, sam)):
        await one.sit()
        await at(pair, node, meeting)
    await asyncio.gather(noor.count(2), sam.count(2))
    publish, silent = RedisFanout.publish, list[RedisFanout]()

    def one_is_silent(self: RedisFanout, channel: str, message: bytes) -> None:
        silent.extend([] if silent else [self])
        if self is not silent[0]:
            publish(self, channel, message)

    monkeypatch.setattr(RedisFanout, "publish", one_is_silent)
    losing = [asyncio.create_task(one.count(1, within=20)) for one in (noor, sam)]
    await asyncio.wait(losing, return_when=asyncio.FIRST_COMPLETED)
    for task in losing:
        task.cancel()
    monkeypatch.setattr(RedisFanout, "publish", publish)

    await asyncio.gather(*losing, return_exceptions=True)
    await asyncio.gather(noor.count(2, within=20), sam.count(2, within=20))
    await pair.close()


async def test_nobody_is_refused_for_what_another_node_has_written_already(
    pair: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = pair.open_meeting()
    circle = [await at(pair, number % 2, meeting) for number in range(4)]
    monkeypatch.setattr(RedisFanout, "publish", lambda *_: None)

    for device in circle:
        await device.sit()
    answer = await circle[0].do("start")

    assert answer["type"] == "done", "there are enough, though its own node had not heard of them"
    assert (await circle[1].do("start"))["code"] == "already-started"


async def test_command_that_is_sent_again_to_the_other_node_gets_the_first_answer(pair: Running) -> None:
    meeting = pair.open_meeting()
    noor = await at(pair, 0, meeting)
    first = await take_a_seat(noor)
    again = await at(pair, 1, meeting, noor.device)

    second = await take_a_seat(again)

    assert second == first


async def test_device_that_comes_to_another_node_replaces_its_older_connection(pair: Running) -> None:
    meeting = pair.open_meeting()
    noor, sam = await at(pair, 0, meeting), await at(pair, 1, meeting)
    await noor.sit()

    again = await at(pair, 1, meeting, noor.device)

    assert (await noor.fate()).reason == "replaced"
    assert again.view["mine"]["seat"] == noor.seat
    await asyncio.sleep(0.8)
    await sam.sit()
    assert [seat["here"] for seat in sam.view["seats"]] == [True, True]


async def test_connection_that_another_node_lets_in_late_does_not_replace_the_newer(
    pair: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = pair.open_meeting()
    noor = await at(pair, 0, meeting)
    await noor.sit()
    for node in (0, 1):
        await pair.stop_node(node)
        await pair.start_node(node)
    read, gate = PostgresStore.bodies, Gate(first=True)

    async def slow(store: PostgresStore, meeting: str, contents: Iterable[str]) -> dict[str, bytes]:
        await gate()
        return await read(store, meeting, contents)

    monkeypatch.setattr(PostgresStore, "bodies", slow)
    coming = asyncio.create_task(at(pair, 0, meeting, noor.device))
    await gate.reached.wait()
    newer = await at(pair, 1, meeting, noor.device)
    gate.opened.set()
    older = await coming

    assert (await older.fate()).reason == "replaced"
    assert (await newer.do("close-doors"))["type"] == "done"


async def test_seat_at_another_node_is_here_until_that_node_is_gone(pair: Running) -> None:
    meeting = pair.open_meeting()
    noor, sam = await at(pair, 0, meeting), await at(pair, 1, meeting)
    await noor.sit()
    await sam.sit()
    await noor.until(lambda view: len(view["seats"]) == 2)
    await noor.silence(0.8)

    await pair.stop_node(1)

    await noor.until(lambda view: [seat["here"] for seat in view["seats"]] == [True, False])
    await pair.start_node(1)


async def test_deadline_fires_once_for_both_nodes(pair: Running) -> None:
    pair.method = quick(pair.method, 0.02)
    circle = await pair.started(pair.open_meeting())

    for device in circle:
        # In silence whoever still types always has a moment more.
        await device.until(lambda view: view["phase"]["id"] != "question", within=30)

    store = PostgresStore(str(pair.where), create=False)
    await store.start()
    loaded = await store.load(circle[0].meeting, whole=True)
    await store.stop()
    assert loaded is not None
    assert sum(b"phase-ended" in event.body for event in loaded.events[:13]) == 1


async def test_without_a_fanout_nodes_still_come_to_know_the_same(postgres: Postgres, tmp_path: Path) -> None:
    room = Running(
        tmp_path, where=postgres.new_database(), fanout="redis://127.0.0.1:1/0", nodes=2, beat=0.1, presence_grace=0.2
    )
    await room.start()
    meeting = room.open_meeting()
    noor, sam = await at(room, 0, meeting), await at(room, 1, meeting)

    await noor.sit()
    await sam.sit()

    for device in (noor, sam):
        await device.until(lambda view: len(view["seats"]) == 2)
    await noor.silence(0.8)
    assert all(seat["here"] for seat in noor.view["seats"]), "nobody is marked absent by whom one can't hear"
    await room.close()


async def test_word_that_is_lost_between_nodes_is_found_in_the_store(
    pair: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a node dies after it wrote and before it said so."""
    meeting = pair.open_meeting()
    noor, sam = await at(pair, 0, meeting), await at(pair, 1, meeting)
    monkeypatch.setattr(RedisFanout, "publish", lambda *_: None)

    await noor.sit()

    await sam.until(lambda view: len(view["seats"]) == 1)


async def test_database_that_is_restarted_is_found_again(redis: Redis, tmp_path: Path) -> None:
    server = await asyncio.to_thread(Postgres(durable=False).start)
    room = await Running(tmp_path, where=server.url, fanout=redis.url, nodes=2, beat=0.1).start()
    meeting = room.open_meeting()
    noor = await at(room, 0, meeting)
    await asyncio.to_thread(server.stop)

    refused = await take_a_seat(noor)
    await asyncio.to_thread(server.start)
    answer = refused
    while answer.get("code") == "try-again":
        await asyncio.sleep(0.1)
        answer = await take_a_seat(noor)

    assert (refused["type"], refused["code"]) == ("refused", "try-again")
    assert answer["type"] == "done"
    assert len((await at(room, 1, meeting)).view["seats"]) == 1
    await room.close()
    await asyncio.to_thread(server.close)


async def test_two_stores_with_batches_of_the_same_meetings_never_wait_in_a_ring(postgres: Postgres) -> None:
    url = postgres.new_database()
    stores = [PostgresStore(url) for _ in range(2)]
    for store in stores:
        await store.start()
    meetings = [new_id("meeting") for _ in range(40)]
    for meeting in meetings:
        await stores[0].open(MeetingRow(meeting, "linxx-9", b"{}", practice=False, opened_at=1, expires_at=2), (EVENT,))

    for after in range(1, 6):
        writes = [
            store.append(Write(meeting, after, (EVENT,)))
            for store, order in zip(stores, (meetings, meetings[::-1]), strict=True)
            for meeting in order
        ]
        outcomes = await asyncio.gather(*writes, return_exceptions=True)
        assert [type(one) for one in outcomes].count(type(None)) == len(meetings)
        assert {type(one) for one in outcomes} == {type(None), Conflict}
        assert set((await stores[0].heads(meetings)).values()) == {after + 1}
    for store in stores:
        await store.stop()


async def test_node_that_stands_still_in_a_write_does_not_keep_the_meeting_from_the_others(postgres: Postgres) -> None:
    """As when its machine loses its power: nobody tells the server that it is gone."""
    url, meeting = postgres.new_database(), new_id("meeting")
    dead, other = PostgresStore(url), PostgresStore(url)
    await dead.start()
    await other.start()
    await other.open(MeetingRow(meeting, "linxx-9", b"{}", practice=False, opened_at=1, expires_at=2), (EVENT,))
    line = await dead._connect()
    await line.execute("BEGIN")
    await line.execute("SELECT id FROM room_meeting WHERE id = %s FOR NO KEY UPDATE", (meeting,))

    await other.append(Write(meeting, 1, (EVENT,)))

    assert await other.heads([meeting]) == {meeting: 2}
    await line.close()
    await dead.stop()
    await other.stop()


async def test_store_that_can_not_be_reached_says_so_at_start() -> None:
    with pytest.raises(StoreError):
        await PostgresStore("postgresql://kring@127.0.0.1:1/kring").start()


async def test_clock_goes_by_the_store_whatever_this_machine_thinks(monkeypatch: pytest.MonkeyPatch) -> None:
    class HourAhead(MemoryStore):
        async def clock(self) -> int:
            return await super().clock() + 3_600_000

    clock, store = SharedClock(), HourAhead()
    await clock.ask(store)
    assert abs(clock() - await store.clock()) < 1_000

    monkeypatch.setattr("kring_room.cluster.clock.wall_clock", lambda: 0)
    assert abs(clock() - await store.clock()) < 1_000
