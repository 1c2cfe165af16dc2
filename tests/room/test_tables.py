"""Nobody reads along unseen: a table screen is shown to all, can be put out, and goes along with whoever sat at its browser."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest

from kring_room.store.port import Device as Bound
from kring_room.store.port import Write
from kring_room.store.sqlite.store import SqliteStore
from tests.room.support import Device, Json, Running, all_at, new_id, sealed


def tables(device: Device) -> list[Json]:
    found: list[Json] = device.view["tables"]
    return found


async def sees(device: Device, count: int) -> list[Json]:
    await device.until(lambda view: len(view["tables"]) == count)
    return tables(device)


async def opened(room: Running, meeting: str, device: str = "") -> Device:
    table = room.device(meeting, table=True, device=device)
    assert (await table.hello())["table"] is True
    return table


async def refused(device: Device) -> str:
    await device.open()
    await device.say({"type": "hello", "ticket": device.ticket()})
    return (await device.fate()).reason


async def test_a_strangers_table_screen_is_seen_by_everybody_and_put_out_by_anybody(running_room: Running) -> None:
    circle = await running_room.started(running_room.open_meeting())
    noor, sam = circle[:2]
    visitor = running_room.device(noor.meeting)
    await visitor.hello()

    table = await opened(running_room, noor.meeting)
    for device in circle:
        (one,) = await sees(device, 1)
        assert one["seat"] is None
    assert circle[0].heard[-1]["because"] == ["table-opened"]
    assert tables(visitor) == []
    assert await sam.do("remove-table", table=tables(sam)[0]["id"]) | {"id": ""} == {
        "type": "done", "id": "", "seq": sam.seq,
    }  # fmt: skip

    assert (await table.fate()).reason == "shown-out"
    heard = len(table.heard)
    for device in circle:
        assert await sees(device, 0) == []
    await noor.give("case", sealed(b"not for the stranger"))
    for _ in range(2):
        assert await refused(table) == "shown-out"
        await running_room.restart()
    assert {message["type"] for message in table.heard[heard:]} <= {"trouble"}


async def test_a_table_screen_says_whose_browser_opened_it(running_room: Running) -> None:
    noor, sam = await running_room.circle(running_room.open_meeting(), 2)

    await opened(running_room, noor.meeting, sam.device)

    (one,) = await sees(noor, 1)
    assert one["seat"] == sam.seat
    assert set(one) == {"id", "at", "seat"}
    assert sam.device not in one["id"]


async def test_a_table_screen_that_comes_back_is_the_same_one(running_room: Running) -> None:
    noor, _ = await running_room.circle(running_room.open_meeting(), 2)
    table = await opened(running_room, noor.meeting)
    (one,) = await sees(noor, 1)

    await table.leave()
    await running_room.restart()
    await table.hello()
    await noor.hello()

    assert tables(noor) == tables(table) == [one]


@pytest.mark.parametrize("first", ["seat", "table"])
async def test_whoever_is_shown_out_takes_the_table_screen_of_their_browser_along(
    running_room: Running, first: str
) -> None:
    meeting = running_room.open_meeting()
    noor, sam = await running_room.circle(meeting, 2)
    rascal = running_room.device(meeting)
    table = await opened(running_room, meeting, rascal.device) if first == "table" else None
    await rascal.hello()
    await rascal.sit()
    table = table or await opened(running_room, meeting, rascal.device)
    honest = await opened(running_room, meeting)
    await sees(noor, 2)

    for device in (noor, sam):
        await device.do("show-out", seat=rascal.seat)

    assert (await table.fate()).reason == (await rascal.fate()).reason == "shown-out"
    (left,) = await sees(noor, 1)
    assert await sees(honest, 1) == [left]
    out = next(m for m in reversed(noor.heard) if m["type"] == "facts" and "seat-left" in m["because"])
    assert "table-closed" in out["because"], "one commit for both"
    for device in (rascal, table):
        assert await refused(device) == "shown-out"
    await running_room.restart()
    assert await refused(table) == "shown-out"


async def test_whoever_was_shown_out_does_not_come_back_as_a_table_screen(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    noor, sam, rascal = await running_room.circle(meeting, 3)
    for device in (noor, sam):
        await device.do("show-out", seat=rascal.seat)
    await rascal.fate()

    assert await refused(running_room.device(meeting, table=True, device=rascal.device)) == "shown-out"
    assert tables(noor) == []


async def test_whoever_leaves_by_themselves_leaves_their_table_screen_where_it_is(running_room: Running) -> None:
    noor, sam = await running_room.circle(running_room.open_meeting(), 2)
    table = await opened(running_room, noor.meeting, sam.device)
    await sees(noor, 1)

    await sam.do("leave")

    await all_at([noor, table], sam.seq)
    assert len(tables(noor)) == 1


async def test_putting_one_out_makes_room_for_another(running_room: Running) -> None:
    noor, _ = await running_room.circle(running_room.open_meeting(), 2)
    for _ in range(3):
        await opened(running_room, noor.meeting)
    shown = await sees(noor, 3)
    late = running_room.device(noor.meeting, table=True)
    assert await refused(late) == "full"

    await noor.do("remove-table", table=shown[1]["id"])

    assert (await late.hello())["table"] is True
    assert [one["id"] for one in await sees(noor, 3)][:2] == [shown[0]["id"], shown[2]["id"]]


async def test_while_commands_come_from_all_sides_no_table_screen_hears_unseen(running_room: Running) -> None:
    """Whoever is let in stands in everybody's view before anything is sent to them."""
    circle = await running_room.circle(running_room.open_meeting(), 3)
    noor = circle[0]

    async def busy(device: Device) -> None:
        for _ in range(8):
            await device.do("leave")
            await device.sit(new_id("s"))

    listening = asyncio.gather(*(busy(device) for device in circle[1:]))
    table = await opened(running_room, noor.meeting)
    await listening

    welcome = table.heard[0]
    assert len(welcome["view"]["tables"]) == 1
    await sees(noor, 1)


async def test_a_table_screen_of_an_earlier_release_is_seen_when_it_comes_back(tmp_path: Path) -> None:
    room = await Running(tmp_path).start()
    meeting = room.open_meeting()
    noor, _ = await room.circle(meeting, 2)
    table = room.device(meeting, table=True)
    await noor.do("close-doors")
    await room.stop()
    store = SqliteStore(room.database)
    await store.start()
    await store.append(Write(meeting, noor.seq, devices=(Bound(f"table:{table.device}", table=True),)))
    await store.stop()

    await room.start()
    await noor.hello()
    assert tables(noor) == []
    assert (await table.hello())["table"] is True

    await sees(noor, 1)
    assert len(tables(table)) == 1
    with contextlib.suppress(TimeoutError):
        await noor.silence(0.05)
    await room.close()
