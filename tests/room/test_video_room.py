"""The sealed link of the video room reaches who sits there and who sits down later, over all nodes; and nobody outside."""

from __future__ import annotations

from tests.room.support import Running, sealed


async def test_everybody_inside_gets_the_link_and_nobody_outside(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    noor, bram, _ = await running_room.circle(meeting, 3)
    outside = running_room.device(meeting)
    await outside.hello()

    body = sealed()
    assert (await noor.do("set-video-room", content="video0000001", bodies={"video0000001": body}))["type"] == "done"

    await bram.until(lambda view: view["video"] is not None)
    assert bram.view["video"] == {"seat": noor.seat, "content": "video0000001"}
    assert bram.bodies["video0000001"] == body
    late = running_room.device(meeting)
    await late.hello()
    assert late.view["video"] is None
    await late.sit()
    await late.until(lambda view: view["video"] is not None)
    assert late.bodies["video0000001"] == body
    again = running_room.device(meeting, device=bram.device)
    await again.hello()
    assert again.bodies["video0000001"] == body
    await outside.until(lambda view: len(view["seats"]) == 4)
    assert outside.view["video"] is None
    assert "video0000001" not in outside.bodies

    assert (await again.do("set-video-room", content=None))["type"] == "done"
    await noor.until(lambda view: view["video"] is None)


async def test_a_link_without_its_body_is_refused(file_room: Running) -> None:
    meeting = file_room.open_meeting()
    (noor,) = await file_room.circle(meeting, 1)
    assert (await noor.do("set-video-room", content="video0000001"))["code"] == "body-missing"
    assert (await noor.do("set-video-room", content=None, bodies={"x": sealed()}))["code"] == "body-unasked"
