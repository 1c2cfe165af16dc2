"""What devices say of text that they have not sent: it is in memory only, and gives a step that ends a moment more."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from kring.methods import library
from kring.methods.model import Give, Method
from tests.room.support import Device, Running, Subprocess, all_at

FREE = Give(who="everyone", what="remark", most=9)


def talk() -> Method:
    """Two steps of free talk and nothing before them."""
    method = library.load("linxx-9")
    steps = tuple(replace(one, gives=(FREE,), ends=("agreed",), position={}, withheld=None) for one in method.round[:2])
    return replace(method, strict=False, opening=(), round=steps)


def step(device: Device) -> str:
    return str(device.view["phase"]["step"])


async def talking(room: Running | Subprocess, *, practice: bool = False) -> list[Device]:
    """Four people in the first step; the first one facilitates, so it is somebody who was not drawn as case owner."""
    room.method = talk()
    meeting = room.meetings.open_meeting(room.method, practice=practice)
    people = [Device(room, meeting) for _ in range(4)]
    for one in people:
        await one.hello()
        await one.sit()
    assert (await people[0].do("start"))["type"] == "done"
    await all_at(people, people[0].seq)
    people.sort(key=lambda one: one.seat == one.view["round"]["owner"])
    await people[0].do("take-facilitation")
    await all_at(people, people[0].seq)
    return people


async def hold(device: Device, watching: Device) -> None:
    """It says that it holds text; whatever it did afterwards is known to everybody."""
    await device.say({"type": "unsent", "phase": step(device), "unsent": True})
    answer = await device.do("ready")
    await all_at([watching], answer["seq"])


@pytest.mark.parametrize("other", ["nowhere", "round:1:another#0"])
async def test_nobody_else_forgets_who_types_when_a_device_speaks_of_another_step(
    running_room: Running, other: str
) -> None:
    lead, noor, sam, *_ = people = await talking(running_room)
    await hold(noor, lead)
    await sam.say({"type": "unsent", "phase": other, "unsent": True})
    assert (await sam.do("ready"))["type"] == "done"
    assert (await lead.do("end-phase"))["type"] == "done"
    await all_at(people, lead.seq)
    assert [one.view["mine"]["typing"] for one in people] == [[noor.seat]] * 4


async def test_whoever_goes_on_waits_a_moment_for_whoever_types_at_any_node(running_room: Running) -> None:
    lead, noor, *_ = people = await talking(running_room)
    first = step(noor)
    await hold(noor, lead)
    assert (await lead.do("end-phase", phase=first))["type"] == "done"
    await all_at(people, lead.seq)
    for one in people:
        assert one.view["phase"]["ending"] - one.view["phase"]["started"] > 0
        assert one.view["mine"]["typing"] == [noor.seat]
        assert one.heard[-1].get("because", ["phase-ending"]) == ["phase-ending"]
    assert (await lead.do("end-phase"))["code"] == "phase-ending"
    assert (await noor.give("remark", content="handedin01"))["type"] == "done"

    await noor.say({"type": "unsent", "phase": first, "unsent": False})
    await lead.until(lambda view: view["phase"]["step"] != first)
    assert [item["content"] for item in lead.view["items"]] == ["handedin01"]
    await all_at(people, lead.seq)
    assert (await noor.do("ready", phase=first))["code"] == "phase-over"
    assert (await noor.do("ready"))["type"] == "done", "an old page says nothing of its step"
    for one in people:
        await one.leave()


async def test_text_of_a_step_that_is_over_or_of_nobody_holds_up_nothing(running_room: Running) -> None:
    lead, noor, bram, _ = people = await talking(running_room)
    first = step(noor)
    visitor = running_room.device(lead.meeting)
    table = running_room.device(lead.meeting, table=True)
    for one in (visitor, table):
        await one.hello()
        await one.say({"type": "unsent", "phase": first, "unsent": True})
    await bram.say({"type": "unsent", "phase": "round:1:another#0", "unsent": True})
    await hold(noor, lead)
    await noor.say({"type": "unsent", "phase": first, "unsent": False})
    await all_at([lead], (await noor.do("ready", ready=False))["seq"])
    assert (await lead.do("end-phase"))["type"] == "done"
    assert step(lead) != first
    for one in people:
        await one.leave()


@pytest.mark.parametrize(
    "message", [{"unsent": True}, {"phase": "p", "unsent": 1}, {"phase": "p" * 257, "unsent": True}]
)
async def test_what_is_not_said_to_the_letter_is_not_taken(file_room: Running, message: dict[str, object]) -> None:
    device = file_room.device(file_room.open_meeting())
    assert (await device.hello())["takes"] == ["unsent"]
    await device.say({"type": "unsent", **message})
    assert (await device.fate()).reason == "bad-shape"


async def test_a_server_that_is_killed_within_the_moment_ends_the_step_when_it_is_back(lone_room: Subprocess) -> None:
    lead, noor, *_ = await talking(lone_room, practice=True)
    assert (await lead.do("speed", factor=5))["type"] == "done"
    first = step(lead)
    await noor.until(lambda view: view["meeting"]["factor"] == 5)
    await hold(noor, lead)
    assert (await lead.do("end-phase"))["type"] == "done"
    until = lead.view["phase"]["ending"]
    await lone_room.kill()
    await lone_room.start()
    await lead.hello(since=lead.seq)
    ended = lead.view["phase"]["step"] != first
    assert ended or (lead.view["phase"]["ending"], lead.view["mine"]["typing"]) == (until, [noor.seat])
    await lead.until(lambda view: view["phase"]["step"] != first)
    await lead.leave()
