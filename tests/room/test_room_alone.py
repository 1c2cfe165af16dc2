"""A room by itself, on a store in memory: when it is settled, which whoever stops the server waits for; what it does in a storm."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec
import pytest

from kring.meeting import events, open_meeting, upcasting
from kring.methods.encoded import encode
from kring.methods.library import load
from kring_room.cluster.fanout import SingleNode
from kring_room.cluster.nodes import Nodes
from kring_room.live.alarms import Alarms
from kring_room.live.attendees import Attendees
from kring_room.live.room import Room
from kring_room.live.services import Services
from kring_room.live.version import replayed
from kring_room.settings import RoomSettings
from kring_room.store.memory import MemoryStore
from kring_room.store.port import MeetingRow, StoredEvent, Write

MEETING = "meetingone"


@pytest.fixture
async def store() -> AsyncIterator[MemoryStore]:
    made = MemoryStore()
    await made.start()
    method = load("linxx-9")
    row = MeetingRow(MEETING, method.id, encode(method), practice=False, opened_at=1, expires_at=10**15)
    await made.open(row, (stored(open_meeting(MEETING, method, now=1, seed=1)),))
    yield made
    await made.stop()


def stored(event: events.AnyEvent) -> StoredEvent:
    return StoredEvent(upcasting.VERSION, upcasting.encode(event))


async def loaded(store: MemoryStore) -> Room:
    """The meeting's room, as the hub makes it."""
    settings, clock = RoomSettings(), lambda: 1_000
    nodes = Nodes(SingleNode(), settings.beat, shared=False)
    alarms = Alarms(asyncio.get_running_loop(), clock, lambda _meeting: None)
    found = await store.load(MEETING)
    assert found
    version = replayed(found)
    assert version
    return Room(found, version, Services(store, settings, clock, nodes, alarms))


async def test_room_that_missed_what_another_node_wrote_is_settled_when_it_knows_it(store: MemoryStore) -> None:
    room = await loaded(store)
    assert room.settled.is_set()
    doors = [stored(events.DoorsClosed(at=5)), stored(events.DoorsOpened(at=6))]
    for after, event in enumerate(doors, 1):
        await store.append(Write(MEETING, after, events=(event,)))

    room.receive(Write(MEETING, 2, events=(doors[1],)))

    assert not room.settled.is_set(), "the first of the two was lost on its way"
    await asyncio.wait_for(room.settled.wait(), 5)
    assert room.attendees.now.seq == 3
    room.stop()


async def test_nobody_waits_for_a_room_that_can_find_out_no_more(
    store: MemoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    room = await loaded(store)
    since = store.since

    async def fewer(meeting: str, seq: int) -> object:
        return msgspec.structs.replace(await since(meeting, seq), seq=seq - 1)

    store.since = fewer  # type: ignore[method-assign, assignment]  # a store that lost something
    room.resync()
    await asyncio.wait_for(room.settled.wait(), 5)
    assert room.over
    assert room.idle

    room.resync()  # as every beat does while the other nodes know more
    await asyncio.sleep(0.05)
    assert caplog.text.count("log could not be followed") == 1


async def test_a_storm_of_comings_is_counted_once(store: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    room, counts, counted = await loaded(store), 0, asyncio.Event()

    def count(_attendees: Attendees, *_devices: frozenset[str]) -> None:
        nonlocal counts
        counts += 1
        counted.set()

    monkeypatch.setattr(Attendees, "say_who_listens", count)
    for _ in range(1000):
        room.look()
    await counted.wait()
    await asyncio.sleep(0)
    assert counts == 1
    room.stop()
