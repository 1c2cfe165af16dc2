"""Devices and seats: who is let in, who is shown out, who counts as here, what one hears after coming back."""

from __future__ import annotations

import asyncio
from pathlib import Path

from msgspec.structs import replace

from tests.room.support import Device, Running, all_at, new_id, sealed


async def fresh(device: Device) -> dict[str, object]:
    """What this device would see if it had just come in."""
    return (await newcomer(device)).view


async def newcomer(device: Device) -> Device:
    """The same device, as it is when it has come with nothing and left."""
    again = Device(device.room, device.meeting, table=device.table, device=device.device)
    await again.hello()
    await again.leave()
    return again


async def test_seat_taken_by_two_at_once_is_refused_to_the_second(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    noor, sam = running_room.device(meeting), running_room.device(meeting)
    await noor.hello()
    await sam.hello()

    answers = await asyncio.gather(
        noor.do("take-seat", seat="thatchair", name="nameofnoor", bodies={"nameofnoor": sealed()}),
        sam.do("take-seat", seat="thatchair", name="nameofsam", bodies={"nameofsam": sealed()}),
    )

    (first, done), (second, refused) = sorted(zip((noor, sam), answers, strict=True), key=lambda one: one[1]["type"])
    assert (done["type"], refused["type"], refused["code"]) == ("done", "refused", "seat-taken")
    assert (first.view["mine"]["seat"], second.view["mine"]["seat"]) == ("thatchair", None)


async def test_coming_back_with_since_gives_only_what_was_missed(running_room: Running) -> None:
    circle = await running_room.started(running_room.open_meeting())
    noor, sam = circle[:2]
    await noor.leave()
    await sam.give("case", content="caseofsam")

    welcome = await noor.hello(since=noor.seq)

    assert welcome.get("view") is None
    assert "desk" in welcome["facts"]["set"]
    assert noor.view == await fresh(noor)


async def test_coming_back_with_a_seq_nobody_remembers_gives_a_fresh_view(running_room: Running) -> None:
    noor, *_ = await running_room.started(running_room.open_meeting())
    await noor.leave()

    assert (await noor.hello(since=10_000))["view"] is not None
    await running_room.restart()
    assert (await noor.hello(since=noor.seq - 1))["view"] is not None


async def test_stale_view_plus_facts_is_a_fresh_view_for_everybody(running_room: Running) -> None:
    circle = await running_room.started(running_room.open_meeting())
    visitor = running_room.device(circle[0].meeting)
    await visitor.hello()
    for device in circle:
        await device.give("case")
        await all_at([*circle], device.seq)
    for device in circle:
        option = device.view["choice"]["options"][0]
        await device.do("vote", choices={option: 1})
        await all_at(circle, device.seq)

    for device in (*circle, visitor):
        await device.leave()
        again = await newcomer(device)
        while again.seq != device.seq:  # meanwhile somebody who left was away for longer than the grace
            await device.hello(since=device.seq)
            await device.leave()
            again = await newcomer(device)
        assert device.view == again.view


async def test_same_device_again_replaces_the_older_connection(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    noor, sam = await running_room.circle(meeting, 2)
    again = running_room.device(meeting, device=noor.device)

    welcome = await again.hello()
    fate = await noor.fate()

    assert (fate.code, fate.reason) == (4009, "replaced")
    assert welcome["seat"] == noor.seat
    await asyncio.sleep(0.5)
    assert all(seat["here"] for seat in again.view["seats"])
    assert (await sam.do("ready"))["type"] == "refused"


async def test_seat_is_away_only_after_the_grace_and_here_at_once(running_room: Running) -> None:
    noor, sam = await running_room.circle(running_room.open_meeting(), 2)
    await all_at([noor], sam.seq)

    await sam.leave()
    await noor.silence(0.15)
    await sam.hello(since=sam.seq)
    await noor.silence(0.5)
    await sam.leave()
    message = await noor.hear("facts")
    assert message["because"] == ["presence-changed"]
    assert [seat["here"] for seat in noor.view["seats"]] == [True, False]
    assert message["bodies"] == {}, "names were heard before"

    await sam.hello(since=sam.seq)
    await noor.hear("facts")
    assert [seat["here"] for seat in noor.view["seats"]] == [True, True]


async def test_seats_nobody_came_back_to_after_a_restart_are_away(running_room: Running) -> None:
    noor, _sam = await running_room.circle(running_room.open_meeting(), 2)
    await running_room.restart()

    await noor.hello()

    await noor.until(lambda view: [seat["here"] for seat in view["seats"]] == [True, False])


async def test_closed_doors_keep_out_whoever_has_no_seat(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    noor, sam = await running_room.circle(meeting, 2)
    visitor, late = running_room.device(meeting), running_room.device(meeting)
    table, late_table = running_room.device(meeting, table=True), running_room.device(meeting, table=True)
    await visitor.hello()
    await table.hello()

    await noor.do("close-doors")

    assert (await visitor.fate()).reason == "doors-closed"
    for device in (late, late_table):
        await device.open()
        await device.say({"type": "hello", "ticket": device.ticket()})
        assert (await device.fate()).reason == "doors-closed"
    await table.leave()
    await running_room.restart()
    assert (await table.hello())["table"] is True
    assert (await sam.hello())["seat"] == sam.seat
    assert (await sam.do("open-doors"))["type"] == "done"
    assert (await late.hello())["seat"] is None


async def test_fourth_table_screen_finds_it_full(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    tables = [running_room.device(meeting, table=True) for _ in range(4)]
    for table in tables[:3]:
        assert (await table.hello())["table"] is True

    await tables[3].open()
    await tables[3].say({"type": "hello", "ticket": tables[3].ticket()})

    assert (await tables[3].fate()).reason == "full"
    await tables[0].leave()
    assert (await tables[0].hello())["table"] is True


async def test_table_adds_a_chair_and_acts_for_it(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    table = running_room.device(meeting, table=True)
    await table.hello()

    answer = await table.do("add-seat", seat="chairofana", name="nameofana", bodies={"nameofana": sealed()})

    assert answer["type"] == "done"
    assert table.view["seats"][0]["device"] is False
    await asyncio.sleep(0.4)
    assert table.view["seats"][0]["here"] is True


async def test_whoever_is_shown_out_is_out_for_good(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    noor, sam, rascal = await running_room.circle(meeting, 3)
    for device in (noor, sam):
        await device.do("show-out", seat=rascal.seat)

    assert (await rascal.fate()).reason == "shown-out"
    for _ in range(2):
        await rascal.open()
        await rascal.say({"type": "hello", "ticket": rascal.ticket()})
        assert (await rascal.fate()).reason == "shown-out"
        await running_room.restart()


async def test_whoever_leaves_sees_what_a_visitor_sees_and_may_sit_again(running_room: Running) -> None:
    noor, sam = await running_room.circle(running_room.open_meeting(), 2)

    await sam.do("leave")

    assert sam.view["mine"]["seat"] is None
    assert (await sam.sit(new_id("s")))["type"] == "done"
    await all_at([noor], sam.seq)
    assert len(noor.view["seats"]) == 2


async def returned(room: Running, noor: Device, sam: Device) -> Device:
    """Another device at Sam's seat, which came back to it while Sam's own was away."""
    await sam.leave()
    await noor.until(lambda view: not view["seats"][1]["here"])
    other = room.device(noor.meeting)
    await other.hello()
    assert (await other.do("return-to-seat", seat=sam.seat))["type"] == "done"
    return other


async def test_whose_seat_it_is_sees_and_ends_another_device_at_it(running_room: Running) -> None:
    circle = await running_room.started(running_room.open_meeting())
    noor, sam = circle[:2]
    stranger = await returned(running_room, noor, sam)
    await sam.hello()
    await sam.count(0, {sam.seat: 2})
    assert sam.may("end-devices")
    assert not noor.may("end-devices")

    assert (await sam.do("end-devices"))["type"] == "done"

    fate = await stranger.fate()
    assert (fate.code, fate.reason, fate.trouble) == (4016, "device-ended", "device-ended")
    await sam.count(0)
    assert not sam.may("end-devices")
    assert (await sam.do("end-devices"))["code"] == "only-device"
    heard = len(stranger.heard)
    await sam.give("case", content="caseofsam")
    for _ in range(2):
        assert (await stranger.hello())["seat"] is None
        assert (await stranger.do("return-to-seat", seat=sam.seat))["code"] == "seat-present"
        await stranger.leave()
        await running_room.restart()
        assert (await sam.hello())["seat"] == sam.seat
    assert "caseofsam" not in str(stranger.heard[heard:])


async def test_a_device_that_is_not_connected_is_ended_as_well(running_room: Running) -> None:
    circle = await running_room.started(running_room.open_meeting())
    noor, sam = circle[:2]
    stranger = await returned(running_room, noor, sam)
    await sam.hello()
    await stranger.leave()
    assert (await sam.do("end-devices"))["type"] == "done"
    await noor.do("close-doors")
    await stranger.open()
    await stranger.say({"type": "hello", "ticket": stranger.ticket()})
    assert (await stranger.fate()).reason == "doors-closed"


async def test_absent_seat_is_taken_back_with_another_device(running_room: Running) -> None:
    circle = await running_room.started(running_room.open_meeting())
    noor, sam = circle[:2]
    await sam.give("case", content="caseofsam")
    await sam.leave()
    await noor.until(lambda view: not view["seats"][1]["here"])
    other = running_room.device(noor.meeting)
    await other.hello()

    answer = await other.do("return-to-seat", seat=sam.seat)

    assert answer["type"] == "done"
    assert [item["content"] for item in other.view["items"]] == ["caseofsam"]
    assert "caseofsam" in other.bodies
    assert other.view == await fresh(other)


async def test_device_that_gives_no_sign_of_life_is_gone(tmp_path: Path) -> None:
    room = await Running(tmp_path, keepalive=0.1, presence_grace=0.1).start()
    noor, sam = await room.circle(room.open_meeting(), 2)

    sam.socket.transport.pause_reading()

    await noor.until(lambda view: not view["seats"][-1]["here"])
    sam.socket.transport.abort()
    await room.close()


async def test_whoever_does_not_answer_is_shown_offline_long_before_they_are_gone(running_room: Running) -> None:
    running_room.settings = replace(running_room.settings, keepalive=0.4)
    await running_room.restart()
    noor, sam = await running_room.circle(running_room.open_meeting(), 2)

    sam.socket.transport.pause_reading()
    await noor.offline(sam.seat)
    assert noor.view["seats"][-1]["here"]
    sam.socket.transport.resume_reading()
    await noor.offline()


async def test_quiet_meeting_is_let_go_of_and_taken_up_again(tmp_path: Path) -> None:
    room = await Running(tmp_path, idle=0.1, sweep=0.1, presence_grace=0.1).start()
    noor, sam = await room.circle(room.open_meeting(), 2)
    for device in (noor, sam):
        await device.leave()
    await asyncio.sleep(0.8)

    welcome = await noor.hello(since=noor.seq)

    assert welcome["view"], "nobody remembered"
    assert welcome["seat"] == noor.seat
    await noor.until(lambda view: [seat["here"] for seat in view["seats"]] == [True, False])
    await room.close()


async def test_chair_of_someone_who_left_is_nobody_elses(running_room: Running) -> None:
    """Whoever had its id would see all that only its first sitter may see."""
    circle = await running_room.started(running_room.open_meeting(), 5)
    await circle[4].give("case", content="hiddencase")
    gone = circle[4].seat
    assert gone
    await circle[4].do("leave")
    rascal = running_room.device(circle[0].meeting)
    await rascal.hello()

    for _ in range(2):
        answer = await rascal.do("take-seat", seat=gone, name="rascalname", bodies={"rascalname": sealed()})
        assert (answer["type"], answer["code"]) == ("refused", "seat-taken")
        await running_room.restart()
        await rascal.hello()
    assert "hiddencase" not in rascal.bodies
