"""The table screen of somebody who is no longer a member of the circle."""

from __future__ import annotations

import asyncio

from kring.meeting import Person
from tests.room.support import Device, Running

SAMS = "m-sam-90c1"
SAM = Person(account="member", member=SAMS)


async def member(room: Running, meeting: str, *, table: bool = False) -> Device:
    made = room.device(meeting, table=table)
    made.person = SAM
    await made.hello()
    return made


async def removed(room: Running, meeting: str) -> None:
    await asyncio.to_thread(room.meetings.remove_member, meeting, SAMS)


async def test_table_screen_of_a_former_member_without_a_seat_is_closed(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    (noor, *_) = await running_room.circle(meeting, 3)
    screen = await member(running_room, meeting, table=True)
    await noor.until(lambda view: len(view["tables"]) == 1)

    await removed(running_room, meeting)

    assert (await screen.fate(10)).reason == "shown-out"
    await noor.until(lambda view: view["tables"] == [])
