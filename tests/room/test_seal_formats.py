"""Which format bodies are sealed in: the newest that every device at a seat, and every table screen, reads."""

from __future__ import annotations

import asyncio
import base64

import pytest

from tests.room.support import Device, Json, Running, all_at


def body(form: int, text: bytes = b"x" * 60) -> str:
    """Nobody can open it, but it has the form of sealed content."""
    return base64.urlsafe_b64encode(bytes([form, 1]) + text).rstrip(b"=").decode()


async def come(room: Running, meeting: str, reads: int | None, *, table: bool = False) -> Device:
    device = room.device(meeting, table=table)
    device.reads = reads
    await device.hello()
    return device


async def seated(room: Running, meeting: str, reads: int | None) -> Device:
    device = await come(room, meeting, reads)
    await device.sit()
    return device


async def announced(devices: list[Device], form: int) -> None:
    """All of them are told so, if they have not been."""
    for device in devices:
        async with asyncio.timeout(20):
            while device.seal != form:
                await device.next(20)


async def refusal(device: Device, form: int) -> Json:
    return await device.give("case", body(form))


async def test_nobody_seals_newer_than_everybody_at_a_seat_reads(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    noor = await seated(running_room, meeting, 2)
    await announced([noor], 2)
    old = await come(running_room, meeting, None)
    assert old.seal == 2, "who has no seat yet reads what is there, and holds nobody up"

    await old.sit()

    await announced([noor, old], 1)
    late = await come(running_room, meeting, 2)
    assert late.seal == 1
    await late.sit()
    await all_at([noor, old], late.seq)
    assert [message["format"] for message in noor.heard if message["type"] == "seal"] == [2, 1], (
        "and not anew each time"
    )


async def test_a_body_in_a_newer_format_is_refused_until_whoever_can_not_read_it_has_left(
    running_room: Running,
) -> None:
    meeting = running_room.open_meeting()
    new = [await seated(running_room, meeting, 2) for _ in range(4)]
    old = await seated(running_room, meeting, 1)
    await announced([*new, old], 1)
    await new[0].do("start")

    answer = await refusal(new[0], 2)
    assert (answer["type"], answer["code"]) == ("refused", "seal-too-new")
    assert (await new[1].give("case", body(1)))["type"] == "done"

    await old.do("leave")
    await announced([*new, old], 2)
    assert (await new[0].give("case", body(2)))["type"] == "done"
    assert (await new[2].give("case", body(1)))["type"] == "done", "older ones are always taken"


async def test_whoever_comes_in_late_and_reads_less_makes_it_older_for_all(running_room: Running) -> None:
    running_room.reads = 2
    circle = await running_room.started(running_room.open_meeting())
    await announced(circle, 2)
    assert (await circle[0].give("case", body(2)))["type"] == "done"

    late = await seated(running_room, circle[0].meeting, 1)

    await announced([*circle, late], 1)
    assert (await refusal(circle[1], 2))["code"] == "seal-too-new"
    assert (await circle[1].give("case", body(1)))["type"] == "done"


async def test_table_screens_count_as_long_as_they_are_let_in(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    noor = await seated(running_room, meeting, 2)
    await announced([noor], 2)

    table = await come(running_room, meeting, 1, table=True)
    await announced([noor], 1)
    assert table.seal == 1
    await noor.until(lambda view: view["tables"])
    await noor.do("remove-table", table=noor.view["tables"][0]["id"])

    await announced([noor], 2)


@pytest.mark.parametrize(("first", "then"), [(1, 2), (2, 1)])
async def test_a_page_that_comes_back_in_another_release_is_counted_as_what_it_is(
    running_room: Running, first: int, then: int
) -> None:
    meeting = running_room.open_meeting()
    noor, sam = await seated(running_room, meeting, 2), await seated(running_room, meeting, first)
    await announced([noor, sam], first)

    await sam.leave()
    sam.reads = then
    await sam.hello(since=sam.seq)

    assert sam.seal == then
    await announced([noor], then)
    await running_room.restart()
    await noor.hello()
    assert noor.seal == then, "it is kept, connected or not"


async def test_a_format_that_this_release_does_not_know_is_not_announced(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    noor = await seated(running_room, meeting, 9)

    await announced([noor], 2)
    assert (await noor.do("add-seat", seat="chair0001", name="name00001", bodies={"name00001": body(9)}))[
        "code"
    ] == "bad-body"


async def test_where_nobody_sits_it_is_the_first_format(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    noor = await come(running_room, meeting, 2)

    assert noor.seal == 1
