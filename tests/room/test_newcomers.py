"""Coming into a room in which there is always something on its way, or which is finding out where it stands."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kring_room.live.room import Room
from tests.room.busy import BusyStore, Gate
from tests.room.support import UNBOUND, Closed, Device, Running, all_at, sealed
from tests.room.test_devices import fresh


class Busy(Running):
    """A room over a store that may be kept busy."""

    store: BusyStore

    async def restart(self) -> None:
        await self.stop()
        await self.begin()

    async def begin(self) -> Busy:
        self.options["store"] = self.store = BusyStore(self.database)
        await self.start()
        return self


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Busy]:
    running = await Busy(tmp_path, **UNBOUND, presence_grace=60).begin()
    yield running
    running.store.busy = False
    running.store.release()
    await running.close()


@contextlib.asynccontextmanager
async def never_resting(room: Busy, device: Device) -> AsyncIterator[None]:
    """Meanwhile this device always has something on its way to the disk."""
    stopping = asyncio.Event()

    async def toggle() -> None:
        ready = False
        await device.ask("ready", ready=True)
        while not stopping.is_set():
            await device.ask("ready", ready=ready)
            await device.hear("done")
            ready = not ready

    room.store.busy = True
    hands = asyncio.create_task(toggle())
    await asyncio.sleep(0.05)
    yield
    stopping.set()
    await hands
    room.store.busy = False
    room.store.release()
    await device.hear("done")


async def test_table_comes_into_a_room_that_never_rests(room: Busy) -> None:
    noor, *_ = await room.started(room.open_meeting())
    table = room.device(noor.meeting, table=True)

    async with never_resting(room, noor):
        welcome = await table.hello()

    assert welcome["table"]
    await all_at([table], noor.seq)
    assert table.view == await fresh(table)


async def test_last_place_for_a_table_is_taken_once_in_a_room_that_never_rests(tmp_path: Path) -> None:
    room = await Busy(tmp_path, tables=1, **UNBOUND).begin()
    noor, *_ = await room.started(room.open_meeting())
    tables = [room.device(noor.meeting, table=True) for _ in range(3)]

    async with never_resting(room, noor):
        came = await asyncio.gather(*(table.hello() for table in tables), return_exceptions=True)

    assert [one["table"] for one in came if isinstance(one, dict)] == [True]
    assert [one.reason for one in came if isinstance(one, Closed)] == ["full", "full"]
    await room.close()


async def test_device_comes_back_to_a_room_in_doubt_that_never_rests(room: Busy) -> None:
    noor, sam, *_ = await room.started(room.open_meeting())
    await sam.leave()
    room.store.reading_log = gate = Gate(first=True)

    async with never_resting(room, noor):
        room.store.conflicts = 1
        await gate.reached.wait()
        coming = asyncio.create_task(sam.hello(since=sam.seq))
        await asyncio.sleep(0.05)
        gate.opened.set()
        await coming

    await all_at([sam], noor.seq)
    assert sam.view == await fresh(sam)


async def test_whoever_comes_while_much_is_written_has_it_all_after_two_readings(room: Busy) -> None:
    opening = tuple(msgspec.structs.replace(phase, hidden="no") for phase in room.method.opening)
    room.method = msgspec.structs.replace(room.method, opening=opening)
    noor, *others = await room.started(room.open_meeting(), 9)
    await others.pop().give("case", sealed(b"x" * 3000))
    await noor.leave()
    noor.bodies.clear()
    await room.restart()
    for device in others:
        await device.hello()
    readings = 0

    async def two_more() -> None:
        """What is at hand of so much is the last one only."""
        nonlocal readings
        readings += 1
        for _ in range(2):
            if others:
                await others.pop().give("case", sealed(b"x" * 3000))

    room.store.reading_bodies = two_more
    await noor.hello()

    assert readings <= 2
    assert {item["content"] for item in noor.view["items"]} <= noor.bodies.keys()


async def test_older_connection_that_is_let_in_late_does_not_replace_the_newer(room: Busy) -> None:
    noor, *_ = await room.circle(room.open_meeting(), 2)
    await room.restart()
    room.store.reading_bodies = gate = Gate(first=True)
    older = room.device(noor.meeting, device=noor.device)
    coming = asyncio.create_task(older.hello())
    await gate.reached.wait()

    await noor.hello()
    gate.opened.set()
    with pytest.raises(Closed) as ended:
        await coming

    assert ended.value.reason == "replaced"
    assert (await noor.do("close-doors"))["type"] == "done"


async def test_whoever_is_being_let_in_when_a_room_is_given_up_comes_into_the_next(room: Busy) -> None:
    noor, sam, *_ = await room.started(room.open_meeting())
    await sam.give("case", content="caseofsam")
    await room.restart()
    await noor.hello()
    room.store.reading_bodies = gate = Gate(first=True)
    coming = asyncio.create_task(sam.hello())
    await gate.reached.wait()

    room.store.conflicts, room.store.forgetful = 1, True
    await noor.ask("ready")
    assert (await noor.fate()).reason == "restarting"
    gate.opened.set()
    with pytest.raises(Closed) as ended:
        await coming
    await sam.hello()

    assert ended.value.reason == "restarting"
    assert (await sam.do("ready"))["type"] == "done"


async def test_whoever_waits_for_a_room_in_doubt_that_is_given_up_comes_into_the_next(room: Busy) -> None:
    noor, sam = await room.circle(room.open_meeting(), 2)
    await sam.leave()
    room.store.reading_log = gate = Gate(first=True)
    room.store.conflicts, room.store.forgetful = 1, True
    await noor.ask("close-doors")
    await gate.reached.wait()
    coming = asyncio.create_task(sam.hello(since=sam.seq))
    await asyncio.sleep(0.05)

    gate.opened.set()
    with pytest.raises(Closed) as ended:
        await coming
    await sam.hello(since=sam.seq)

    assert ended.value.reason == "restarting"
    assert (await sam.do("open-doors"))["type"] in ("done", "refused")


async def test_what_a_device_heard_before_a_restore_is_not_believed_after_it(room: Busy, tmp_path: Path) -> None:
    noor, sam = await room.circle(room.open_meeting(), 2)
    await room.stop()
    copy = shutil.copy(room.database, tmp_path / "copy.db")
    await room.begin()
    for device in (noor, sam):
        await device.hello()
    for kind in ("close-doors", "open-doors"):
        await noor.do(kind)
    await all_at([sam], noor.seq)
    lost = sam.seq
    await room.stop()
    shutil.copy(copy, room.database)

    await room.begin()
    await noor.hello(since=noor.seq)
    for kind in ("take-facilitation", "close-doors", "open-doors"):
        await noor.do(kind)
    assert noor.seq > lost
    await sam.hello(since=lost)

    assert sam.view == await fresh(sam)


async def test_room_that_is_doubted_while_it_reads_again_and_again_still_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms: list[Room] = []

    class Doubted(Room):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            rooms.append(self)

    async def doubt() -> None:
        rooms[0].resync()

    monkeypatch.setattr("kring_room.live.hub.Room", Doubted)
    room = await Busy(tmp_path).begin()
    noor, _ = await room.circle(room.open_meeting(), 2)
    room.store.reading_log, room.store.conflicts = doubt, 1

    answer = await noor.do("close-doors")

    assert answer["type"] == "done"
    room.store.reading_log = None
    await room.close()
