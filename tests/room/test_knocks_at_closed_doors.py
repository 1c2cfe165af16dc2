"""At closed doors whoever has the key knocks: those inside hear of it, at whichever node, and answer by opening them, or not."""

from __future__ import annotations

import pytest

from kring_room.live import presence
from tests.room.support import SOON, Device, Json, Running


async def come(device: Device, *, knock: bool = False) -> Json:
    """Try to come in through closed doors; what is said."""
    await device.open()
    await device.say({"type": "hello", "ticket": device.ticket()} | ({"knock": True} if knock else {}))
    said = await device.hear("trouble")
    assert (await device.fate()).reason == said["code"]
    return said


async def hears(device: Device, *, knocks: int) -> None:
    """Listen until the room has said that so many knock at the closed doors."""
    while device.devices["knocks"] != knocks:
        await device._receive(SOON)


async def shut(room: Running, meeting: str, size: int = 3) -> list[Device]:
    people = await room.circle(meeting, size)
    assert (await people[0].do("close-doors"))["type"] == "done"
    return people


KEPT_OUT = {"type": "trouble", "code": "doors-closed"}
MAY_KNOCK = KEPT_OUT | {"knock": True}


async def test_a_knock_is_heard_inside_and_answered_by_opening_the_doors(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    people = await shut(running_room, meeting)
    noor, sam, seq = people[0], running_room.device(meeting), people[0].seq
    assert await come(sam) == MAY_KNOCK
    assert await come(sam, knock=True) == KEPT_OUT
    for one in people:
        await hears(one, knocks=1)
    assert await come(sam, knock=True) == KEPT_OUT, "once a minute"
    assert sam.bodies == sam.view == {}, "nothing is told outside"

    answer = await noor.do("open-doors")
    assert answer["seq"] == seq + 1, "a knock is written down nowhere"
    for one in people:
        await hears(one, knocks=0)
    await sam.hello()
    assert (await sam.sit())["type"] == "done"
    await noor.do("close-doors")
    late = await running_room.device(meeting, device=people[1].device).hello()
    assert late["seat"] == people[1].seat
    assert noor.devices["knocks"] == 0, "who was let in knocks no more"


async def test_who_comes_back_meanwhile_hears_it_too_and_three_knock_at_a_time(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    noor, bram, _ = await shut(running_room, meeting)
    outside = [running_room.device(meeting) for _ in range(4)]
    for one in outside[:3]:
        assert await come(one) == MAY_KNOCK
        await come(one, knock=True)
    await hears(noor, knocks=3)
    assert await come(outside[3]) == KEPT_OUT
    assert await come(outside[3], knock=True) == KEPT_OUT
    await bram.leave()
    await bram.hello()
    await hears(bram, knocks=3)


async def test_who_was_let_in_takes_no_place_at_the_door(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    noor = (await shut(running_room, meeting))[0]
    outside = [running_room.device(meeting) for _ in range(4)]
    for one in outside[:3]:
        await come(one, knock=True)
    await noor.do("open-doors")
    for one in outside[:3]:
        await one.hello()
        await one.sit()
    await noor.do("close-doors")
    assert await come(outside[3]) == MAY_KNOCK
    await come(outside[3], knock=True)
    await hears(noor, knocks=1)


async def test_a_knock_is_over_after_a_minute_and_another_may_follow(
    running_room: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "ANSWER_MS", 300)
    meeting = running_room.open_meeting()
    people = await shut(running_room, meeting)
    sam = running_room.device(meeting)
    for _ in range(2):
        await come(sam, knock=True)
        for one in people:
            await hears(one, knocks=1)
        for one in people:
            await hears(one, knocks=0)
    assert await come(sam) == MAY_KNOCK


async def test_who_was_shown_out_and_a_table_screen_do_not_knock_nor_does_anybody_once_it_is_over(
    running_room: Running,
) -> None:
    meeting = running_room.open_meeting()
    noor, bram, *_, gus = await running_room.started(meeting)
    await noor.do("take-facilitation")
    assert (await noor.do("show-out", seat=gus.seat))["type"] == "done"
    await noor.do("close-doors")
    assert await come(gus, knock=True) == {"type": "trouble", "code": "shown-out"}
    assert await come(running_room.device(meeting, table=True), knock=True) == KEPT_OUT
    sam = running_room.device(meeting)
    assert await come(sam) == MAY_KNOCK
    assert (await noor.do("close-meeting"))["type"] == "done"
    assert await come(sam, knock=True) == KEPT_OUT
    assert noor.devices["knocks"] == bram.devices["knocks"] == 0


async def test_at_open_doors_a_knock_is_nothing_more_than_coming_in(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    (noor,) = await running_room.circle(meeting, 1)
    sam = running_room.device(meeting)
    await sam.open()
    await sam.say({"type": "hello", "ticket": sam.ticket(), "knock": True})
    await sam.hear("welcome")
    await noor.count(1)
    assert noor.devices["knocks"] == 0
