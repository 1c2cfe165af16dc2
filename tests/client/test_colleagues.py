"""Simulated colleagues: a whole meeting over the protocol, among themselves and with a newcomer."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from random import Random
from typing import Any

import pytest

from kring.meeting import Actor
from kring.meeting import commands as c
from kring.methods import library
from kring.rehearsal.behaviour import Behaviour, Manners, Move, Writes
from kring_client import colleagues
from kring_client.client import Client, new_id
from kring_client.colleague import Colleague, Company, Pace
from kring_client.colleagues import Config, play
from kring_client.encoding import encode
from kring_client.keys import LinkKeys
from kring_client.sealing import Place, unseal
from kring_client.texts import Texts
from tests.client.standin import MEETING, StandIn

KEY = bytes(range(32))
QUICK = 0.002


def _config(room: StandIn, **more: Any) -> Config:
    return Config(room.url, MEETING, encode(KEY), language="nl", pace=QUICK, patience=2, **more)


def _text(room: StandIn, item: Any) -> str:
    place = Place(MEETING, item.seat, item.what, item.content)
    return str(unseal(LinkKeys(KEY), place, room.bodies[item.content]).get("text"))


async def _hurry(room: StandIn) -> None:
    """Sixty times as fast, as soon as someone sits: some phases end by time alone."""
    await room.until(lambda: room.state.seats)
    await room.decide(c.Speed(factor=60), Actor(seat=room.state.seats[0].id), {})


def _newcomer(room: StandIn, **manners: Any) -> Colleague:
    """Someone who practises: quick, and a stranger to the colleagues."""
    behaviour = Behaviour(room.method, Random(4), new_id, Manners(writes=1.0, **manners))
    alone = Company(newcomer=False)
    client = Client(room.url, MEETING, LinkKeys(KEY), patience=2)
    return Colleague(client, behaviour, Texts("en", Random(2)), Pace(Random(4), QUICK), person=4, company=alone)


@pytest.mark.parametrize("room", library.names(), indirect=True)
async def test_colleagues_play_a_whole_meeting_among_themselves(room: StandIn) -> None:
    hurry = asyncio.create_task(_hurry(room))
    people = max(3, room.method.group.min)
    assert await play(_config(room, seats=people, newcomer="nobody")) == ["done"] * people
    await hurry
    assert room.state.info.status == "closed"
    given = [_text(room, item) for item in room.state.items if item.content and item.what != "case"]
    assert len(given) > 10


@pytest.mark.parametrize("role", ["owner", "participant", "facilitator"])
async def test_colleagues_leave_the_newcomer_their_role(room: StandIn, role: str) -> None:
    leads = role == "facilitator"
    newcomer = _newcomer(room, facilitates=leads, hosts=leads, expects=5)
    group = asyncio.create_task(play(_config(room, seats=4, newcomer=role)))
    await room.until(lambda: len(room.state.seats) == 4)
    await asyncio.sleep(0.1)
    assert (room.state.info.doors, room.state.info.started) == ("open", False)  # They wait for the newcomer.
    mine, theirs, _ = await asyncio.gather(newcomer.play(), group, _hurry(room))
    assert (mine, theirs) == ("done", ["done"] * 4)
    seat = newcomer.client.seat
    assert room.state.round is not None
    assert (room.state.round.owner == seat) == (role == "owner")
    assert (room.state.roles.facilitator == seat) == leads
    assert room.state.roles.facilitator is not None


async def test_colleagues_leave_when_the_newcomer_has_left(room: StandIn) -> None:
    newcomer = _newcomer(room)
    group = asyncio.create_task(play(_config(room, seats=4)))
    playing = asyncio.create_task(newcomer.play())
    await room.until(lambda: room.state.info.started)
    await newcomer.client.act({"type": "leave"})
    assert await group == ["gone"] * 4
    playing.cancel()


async def test_colleagues_leave_where_nobody_comes_or_comes_back(room: StandIn) -> None:
    """Twelve groups that nobody joined kept everybody else from practising, for hours."""
    assert await play(_config(room, seats=4, alone=0.4)) == ["deserted"] * 4
    for gone in room.state.seats:
        await room.decide(c.SetPresence(seat=gone.id, here=False), Actor(room=True), {})

    group = asyncio.create_task(play(_config(room, seats=4, alone=0.6)))
    newcomer = _newcomer(room)
    async with newcomer.client as client:
        await client.act({"type": "take-seat", "seat": new_id()}, {"name": "Noor"})
        await asyncio.sleep(1)
        assert not group.done()
    await room.decide(c.SetPresence(seat=str(client.seat), here=False), Actor(room=True), {})
    assert await asyncio.wait_for(group, 20) == ["deserted"] * 4


async def test_colleagues_leave_room_for_the_newcomer(room: StandIn) -> None:
    task = asyncio.create_task(play(_config(room, seats=20)))
    await room.until(lambda: len(room.state.seats) == room.method.group.max - 1)
    await asyncio.sleep(0.1)
    assert len(room.state.seats) == room.method.group.max - 1
    task.cancel()


async def test_a_colleague_of_the_same_name_is_told_from_whoever_has_it(room: StandIn) -> None:
    latecomer = _newcomer(room)
    person = latecomer.texts.people[latecomer.person]["name"]
    async with Client(room.url, MEETING, LinkKeys(KEY), patience=2) as noor:
        await noor.act({"type": "take-seat", "seat": "seatofnoor"}, {"name": f"{person.upper()}"})
        playing = asyncio.create_task(latecomer.play())
        while len(noor.view["seats"]) < 2:
            assert await noor.changed(5)
        assert noor.name(noor.view["seats"][1]["id"]) == f"{person} 2"
        playing.cancel()


async def test_who_finds_no_chair_goes_home(room: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(room.method.group.max):
        await room.decide(c.TakeSeat(seat=f"seatnumber{number}", name=f"namenumber{number}"), Actor(), {})
    latecomer = _newcomer(room)
    monkeypatch.setattr(latecomer.behaviour, "choose", lambda _view: _sit())
    assert await latecomer.play() == "group-full"


def _sit() -> Move:
    return Move(c.TakeSeat(seat=new_id(), name="namenumberx"), Writes("seat", "name", "namenumberx"))


async def test_broken_lines_lose_and_double_nothing(room: StandIn) -> None:
    async def break_lines() -> None:
        await room.until(lambda: room.state.info.started)
        for _ in range(5):
            room.deaf = 2
            await asyncio.sleep(0.15)
            await room.drop()

    breaking = asyncio.create_task(break_lines())
    hurry = asyncio.create_task(_hurry(room))
    assert await play(_config(room, seats=4, newcomer="nobody")) == ["done"] * 4
    await asyncio.gather(breaking, hurry)
    done = {
        json.loads(frame)["id"] for frame in room.received if room.answers[json.loads(frame)["id"]]["type"] == "done"
    }
    given = [json.loads(frame) for frame in room.received]
    contents = {one["command"]["content"] for one in given if one["id"] in done and one["command"].get("content")}
    assert sorted(contents) == sorted(item.content for item in room.state.items if item.content)


@pytest.mark.parametrize("line", ["", "no json", '{"url": "x"}', '{"url": "x", "meeting": "m", "key": "short"}'])
def test_a_wrong_configuration_is_refused_without_repeating_it(
    line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(line.encode())))
    assert colleagues.main() == 2
    assert "short" not in capsys.readouterr().err


def test_no_server_is_said_and_not_thrown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    line = json.dumps({"url": "ws://127.0.0.1:9", "meeting": MEETING, "key": encode(KEY)})
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(line.encode())))
    assert colleagues.main() == 1
    assert "No meeting to play in" in capsys.readouterr().err


def test_writing_takes_longer_than_speaking_and_never_too_long() -> None:
    move = Move(c.Give(what="advice"))
    pace = Pace(Random(1))
    assert (
        pace.seconds(move, None)
        < pace.seconds(move, {"text": "x" * 200})
        < pace.seconds(move, {"text": "x" * 4000})
        <= 45
    )
