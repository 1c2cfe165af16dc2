"""Bodies that do not fit into one frame: whoever loses the line in the middle of them gets them all the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kring_client.client import Client
from kring_client.keys import LinkKeys
from kring_client.tickets import Ticket
from kring_room import tickets
from kring_room.cluster.clock import wall_clock
from kring_room.live import audience
from tests.room.shears import Shears
from tests.room.support import SECRET, SOON, UNBOUND, Device, Json, Running, all_at, new_id, sealed

FRAME = 3 * len(sealed())
"""Characters of bodies in one frame, in these tests: three of them."""


@pytest.fixture
async def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Running]:
    """A room that splits what is long at a length that is quick to reach."""
    monkeypatch.setattr(audience, "FRAME_BODIES", FRAME)
    running = await Running(tmp_path, **UNBOUND).start()
    yield running
    await running.close()


async def given_by_all_but_one(room: Running) -> list[Device]:
    """A circle of nine in which eight have given: what they gave shows when the last one gives."""
    circle = await room.started(room.open_meeting(), 9)
    for device in circle[:-1]:
        assert (await device.give("case"))["type"] == "done"
    await all_at(circle, circle[-2].seq)
    return circle


async def revealed(room: Running) -> list[Device]:
    """The same circle, once the last one has given and everybody has heard it."""
    circle = await given_by_all_but_one(room)
    await circle[-1].give("case")
    await all_at(circle, circle[-1].seq)
    return circle


async def frames_until_quiet(device: Device) -> list[Json]:
    """All that is on its way to this device, and has bodies."""
    start = len(device.heard)
    await device.say({"type": "ping", "n": 1})
    await device.hear("pong")
    return [message for message in device.heard[start:] if message["type"] == "facts"]


def lost(device: Device) -> None:
    """The line is gone, with all that was not read yet."""
    device.socket.transport.abort()


def named(device: Device) -> set[str]:
    """Every content id that this device knows of."""
    seats = {seat["name"] for seat in device.view["seats"]}
    return seats | {item["content"] for item in device.view["items"] if item["content"]}


async def comes_back_and_has_all(device: Device) -> None:
    lost(device)
    await device.hello(since=device.seq)
    await frames_until_quiet(device)

    assert len(named(device)) == 18
    assert named(device) <= device.bodies.keys()


async def test_facts_come_with_or_after_the_bodies_that_they_name(room: Running) -> None:
    circle = await given_by_all_but_one(room)
    noor, before = circle[0], circle[0].seq

    await circle[-1].give("case")
    frames = await frames_until_quiet(noor)

    assert len(frames) == 3
    assert [bool(frame["facts"]["items"]) for frame in frames] == [False, False, True]
    assert [frame["seq"] for frame in frames] == [before, before, circle[-1].seq]
    assert named(noor) <= noor.bodies.keys()


@pytest.mark.parametrize("heard", [1, 2, 3])
async def test_line_lost_between_the_frames_of_a_step_loses_no_body(room: Running, heard: int) -> None:
    circle = await given_by_all_but_one(room)
    noor = circle[0]

    await circle[-1].give("case")
    for _ in range(heard):
        await noor.hear("facts")
    await comes_back_and_has_all(noor)


@pytest.mark.parametrize("known", [False, True], ids=["with nothing", "with what it had"])
@pytest.mark.parametrize("heard", [0, 1, 2])
async def test_line_lost_between_the_frames_of_a_welcome_loses_no_body(room: Running, heard: int, known: bool) -> None:
    circle = await given_by_all_but_one(room)
    noor = circle[0]
    lost(noor)
    await circle[-1].give("case")
    if not known:
        noor.bodies.clear()

    await noor.hello(since=noor.seq if known else None)
    for _ in range(heard):
        await noor.hear("facts")
    await comes_back_and_has_all(noor)


async def test_whoever_has_the_whole_of_a_long_welcome_hears_only_what_it_missed(room: Running) -> None:
    noor, sam, *_ = await revealed(room)
    lost(noor)
    await noor.hello()
    await frames_until_quiet(noor)
    lost(noor)
    assert (await sam.do("ready"))["type"] == "done"

    welcome = await noor.hello(since=noor.seq)

    assert welcome.get("view") is None
    assert noor.seq == sam.seq


async def test_long_welcome_and_what_happens_meanwhile_are_heard_in_order(room: Running) -> None:
    noor, sam, *_ = await revealed(room)
    lost(noor)
    noor.bodies.clear()

    welcome = await noor.hello()
    await sam.do("ready")
    await all_at([noor], sam.seq)

    assert welcome["seq"] == 0
    assert named(noor) <= noor.bodies.keys()
    assert noor.view["ready"] == sam.view["ready"]


# -- the Python client


@pytest.fixture
def wire(room: Running, monkeypatch: pytest.MonkeyPatch) -> Shears:
    """What is between the client and the room."""
    device = new_id("d")

    async def ticket(_url: str, meeting: str, _token: str | None, *, table: bool, **_: str) -> Ticket:
        signed = tickets.sign_ticket(SECRET, meeting=meeting, device=device, now=wall_clock(), table=table)
        return Ticket(signed, device, f"/room/{meeting}")

    monkeypatch.setattr("kring_client.client.fetch_ticket", ticket)
    return Shears(room.port)


async def has_all(client: Client) -> None:
    """Wait until the client has every body that its view names, nine names and nine cases."""
    async with asyncio.timeout(SOON):
        while True:
            contents = {seat["name"] for seat in client.view["seats"]}
            contents |= {item["content"] for item in client.view["items"] if item["content"]}
            if len(contents) == 18 and contents <= client.bodies.keys():
                return
            await client.changed()


@pytest.mark.parametrize("heard", [1, 2])
async def test_client_whose_line_is_cut_within_a_step_has_every_body(room: Running, wire: Shears, heard: int) -> None:
    meeting = room.open_meeting()
    async with wire, Client(f"ws://127.0.0.1:{wire.port}", meeting, LinkKeys(bytes(32))) as noor:
        await noor.act({"type": "take-seat", "seat": new_id("s")}, {"name": "Noor"})
        circle = await room.circle(meeting, 8)
        await circle[0].do("start")
        for device in circle[:-1]:
            await device.give("case")
        await noor.act({"type": "give", "what": "case"}, {"text": "Mine"})
        await all_at(circle, noor.seq or 0)

        wire.left = heard
        await circle[-1].give("case")

        await has_all(noor)
        assert (wire.cuts, noor.disconnects) == (1, 1)


@pytest.mark.parametrize("heard", [1, 2])
async def test_client_whose_line_is_cut_within_a_welcome_has_every_body(
    room: Running, wire: Shears, heard: int
) -> None:
    circle = await revealed(room)
    wire.left = heard
    async with (
        wire,
        Client(f"ws://127.0.0.1:{wire.port}", circle[0].meeting, LinkKeys(bytes(32)), table=True) as watcher,
    ):
        await has_all(watcher)
        assert (wire.cuts, watcher.disconnects) == (1, 1)
