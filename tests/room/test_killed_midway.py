"""A server is killed while something short goes on, and started again: nobody hangs.

What is written down goes on, as the result of a vote. A knock at closed doors is in memory alone: one may knock again at once.
"""

from __future__ import annotations

import asyncio

import pytest

from kring_room.cluster.clock import wall_clock
from tests.room.support import Device, Json, Subprocess, all_at

KEPT_OUT: Json = {"type": "trouble", "code": "doors-closed"}


async def sat(room: Subprocess, meeting: str) -> list[Device]:
    people = [Device(room, meeting) for _ in range(4)]
    for one in people:
        await one.hello()
        await one.sit()
    return people


async def voted(room: Subprocess) -> list[Device]:
    """Four people in practice, five times as fast as people are, who look at what came of their vote."""
    people = await sat(room, room.meetings.open_meeting(room.method, practice=True))
    lead = people[0]
    assert (await lead.do("speed", factor=5))["type"] == "done"
    assert (await lead.do("start"))["type"] == "done"
    for one in people:
        assert (await one.give("case"))["type"] == "done"
    await lead.until(lambda view: view["phase"]["id"] == "choose")
    choices = {lead.view["items"][0]["content"]: 1}
    for one in people:
        assert (await one.do("vote", choices=choices))["type"] == "done"
    await all_at(people, people[-1].seq)
    assert all(one.view["phase"]["outcome"] for one in people)
    return people


@pytest.mark.parametrize("asked", ["nothing", "ready"])
async def test_the_outcome_of_a_vote_is_shown_on_and_ends(lone_room: Subprocess, asked: str) -> None:
    people = await voted(lone_room)
    lead, until = people[0], people[0].view["phase"]["ending"]
    told = lead.view["choice"]["tally"]
    if asked == "ready":
        assert (await lead.do("ready"))["type"] == "done"
    await lone_room.kill()
    await lone_room.start()
    for one in people:
        await one.hello(since=one.seq)
    if lead.view["phase"]["id"] != "explanation":
        assert (lead.view["phase"]["ending"], lead.view["choice"]["tally"]) == (until, told)
    for one in people:
        await one.until(lambda view: view["phase"]["id"] == "explanation")
        await one.leave()


async def test_an_outcome_whose_time_passed_meanwhile_is_over(lone_room: Subprocess) -> None:
    people = await voted(lone_room)
    await lone_room.kill()
    await asyncio.sleep(max(0, people[0].view["phase"]["ending"] - wall_clock()) / 1000)
    await lone_room.start()
    for one in people:
        await one.hello(since=one.seq)
        await one.until(lambda view: view["phase"]["id"] == "explanation")
        await one.leave()


async def come(device: Device, *, knock: bool) -> Json:
    await device.open()
    await device.say({"type": "hello", "ticket": device.ticket()} | ({"knock": True} if knock else {}))
    return await device.hear("trouble")


async def test_whoever_knocked_may_knock_again_and_is_let_in(lone_room: Subprocess) -> None:
    meeting = lone_room.meetings.open_meeting(lone_room.method)
    noor, *others = people = await sat(lone_room, meeting)
    assert (await noor.do("close-doors"))["type"] == "done"
    sam = Device(lone_room, meeting)
    assert await come(sam, knock=True) == KEPT_OUT
    await knocks(noor, 1)
    await lone_room.kill()
    await lone_room.start()

    for one in people:
        await one.hello(since=one.seq)
    assert noor.devices["knocks"] == 0
    assert await come(sam, knock=False) == KEPT_OUT | {"knock": True}
    assert await come(sam, knock=True) == KEPT_OUT
    for one in people:
        await knocks(one, 1)
    assert (await noor.do("open-doors"))["type"] == "done"
    await knocks(others[0], 0)
    await sam.hello()
    assert (await sam.sit())["type"] == "done"
    for one in (*people, sam):
        await one.leave()


async def knocks(device: Device, count: int) -> None:
    while device.devices["knocks"] != count:
        await device._receive(5)
