"""A meeting over real sockets, with the real store: what everybody hears, in what order, and what survives."""

from __future__ import annotations

from tests.room.support import Running, all_at, sealed


async def test_first_device_gets_an_empty_room_and_a_seat(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    noor = running_room.device(meeting)

    welcome = await noor.hello()
    answer = await noor.sit("seatofnoor")

    assert welcome["seat"] is None
    assert welcome["view"]["seats"] == []
    assert answer["type"] == "done"
    assert [seat["id"] for seat in noor.view["seats"]] == ["seatofnoor"]
    assert noor.view["mine"]["seat"] == "seatofnoor"


async def test_facts_come_before_done_and_reach_everybody_with_the_body(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    noor, sam, *_ = await running_room.started(meeting)
    body = sealed(b"what noor thinks of")

    await noor.give("case", body, content="caseofnoor")

    kinds = [message["type"] for message in noor.heard[-2:]]
    assert kinds == ["facts", "done"]
    assert noor.bodies["caseofnoor"] == body
    await all_at([sam], noor.seq)
    assert "caseofnoor" not in str(sam.heard), "hidden until all are done"


async def test_hidden_contributions_are_revealed_with_their_bodies(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    circle = await running_room.started(meeting)

    for number, device in enumerate(circle):
        await device.give("case", sealed(b"case %d" % number), content=f"casenumber{number}")
    await all_at(circle, circle[-1].seq)

    for device in circle:
        assert {f"casenumber{n}": sealed(b"case %d" % n) for n in range(4)}.items() <= device.bodies.items()
        assert device.view["phase"]["id"] == "choose"
