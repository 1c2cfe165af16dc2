"""A device's line to the room: what it learns, what it sends, and what it does when the line breaks."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from kring_client import client as client_module
from kring_client.client import Client, Refused, UnusableName, place_of
from kring_client.encoding import SealBroken, decode
from kring_client.folding import fold
from kring_client.keys import LinkKeys
from kring_client.sealing import NEWEST
from kring_client.tickets import Closed, Ticket, fetch_ticket, http_base, ws_base
from tests.client.standin import MEETING, StandIn

KEY = bytes(range(32))
NAME = {"name": "Noor"}
NOOR = "seatofnoor"
OUTSIDER_KEY = bytes(32)


def _client(room: StandIn, key: bytes = KEY) -> Client:
    return Client(room.url, MEETING, LinkKeys(key), patience=2)


async def _sit(client: Client, seat: str = NOOR) -> int:
    return await client.act({"type": "take-seat", "seat": seat}, NAME)


def _item(n: int, what: str) -> dict[str, Any]:
    return {"n": n, "what": what}


def _slot(seat: str, what: str, given: int) -> dict[str, Any]:
    return {"seat": seat, "what": what, "given": given}


def test_fold_replaces_sections_and_merges_items_by_number() -> None:
    desk = [_slot(NOOR, "tip", 0), _slot(NOOR, "advice", 0), _slot("another", "tip", 0)]
    view: Any = {"round": None, "desk": desk, "items": [_item(0, "case"), _item(2, "tip")]}
    items = [_item(3, "tip"), _item(1, "case"), _item(2, "advice")]
    facts: Any = {"set": {"round": {"number": 1}}, "items": items, "desk": [_slot(NOOR, "advice", 1)]}
    folded: Any = fold(view, facts)
    assert folded["round"] == {"number": 1}
    assert [slot["given"] for slot in folded["desk"]] == [0, 1, 0]
    assert [slot["given"] for slot in view["desk"]] == [0, 0, 0]
    assert folded["items"] == [_item(0, "case"), _item(1, "case"), _item(2, "advice"), _item(3, "tip")]
    assert view["items"] == [_item(0, "case"), _item(2, "tip")]


@pytest.mark.parametrize(
    ("command", "place"),
    [
        ({"type": "take-seat", "seat": NOOR, "name": "n4m3n4m3"}, (NOOR, "name", "n4m3n4m3")),
        ({"type": "add-seat", "seat": "anotherseat", "name": "n4m3n4m3"}, ("anotherseat", "name", "n4m3n4m3")),
        ({"type": "give", "what": "tip", "content": "c0nt3nt1"}, (NOOR, "tip", "c0nt3nt1")),
        (
            {"type": "give", "what": "tip", "content": "c0nt3nt1", "on": "anotherseat"},
            ("anotherseat", "tip", "c0nt3nt1"),
        ),
        ({"type": "give", "what": "tip", "content": None}, None),
        ({"type": "ready"}, None),
    ],
)
def test_a_body_is_sealed_for_its_author_and_kind(command: Any, place: tuple[str, str, str] | None) -> None:
    found = place_of(MEETING, NOOR, command)
    assert (found and tuple(found)) == (place and (MEETING, *place))


@pytest.mark.parametrize("url", ["ws://host:1", "http://host:1", "http://host:1/"])
def test_any_address_of_the_server_will_do(url: str) -> None:
    assert (http_base(url), ws_base(url)) == ("http://host:1", "ws://host:1")


async def test_whoever_sits_down_is_seen_by_name(room: StandIn) -> None:
    async with _client(room) as noor, _client(room) as other:
        seq = await _sit(noor)
        assert noor.seat == NOOR
        assert noor.name(NOOR) == "Noor"
        await other.changed(1)
        assert (other.seat, other.name(NOOR), other.seq) == (None, "Noor", seq)
        assert other.name("nobodyhere") == ""


@pytest.mark.parametrize("name", ["\u200b", " ", "\u3164\u202e", "\u0301", "a" * 41])
async def test_a_name_that_nobody_could_see_takes_no_seat(room: StandIn, name: str) -> None:
    async with _client(room) as noor:
        with pytest.raises(UnusableName):
            await noor.act({"type": "take-seat", "seat": NOOR}, {"name": name})
        assert (noor.seat, room.received) == (None, [])


async def test_a_name_is_sealed_as_others_see_it(room: StandIn) -> None:
    async with _client(room) as noor:
        await noor.act({"type": "take-seat", "seat": NOOR}, {"name": " \u202eNo\u00ador\u202c  van\u3000Dijk "})
        assert noor.name(NOOR) == "Noor van Dijk"


async def test_nothing_readable_goes_over_the_line(room: StandIn) -> None:
    async with _client(room) as noor:
        await noor.act({"type": "take-seat", "seat": NOOR}, {"name": "Canary-7f3"})
    assert room.received
    assert not any("Canary" in frame for frame in room.received)


async def test_names_are_sealed_in_the_newest_format_that_everybody_reads(room: StandIn) -> None:
    async def sit(device: Client, seat: str) -> int:
        while device.seal_format != (room.seal or 1):
            await device.changed(1)
        await device.act({"type": "take-seat", "seat": seat}, {"name": seat})
        assert device.name(seat) == seat
        return decode(list(room.bodies.values())[-1])[0]

    async with _client(room) as noor:  # a room of an earlier release says nothing
        assert room.hellos[0]["seal"] == NEWEST
        assert await sit(noor, NOOR) == 1
        await room.say_seal(2)
        async with _client(room) as bram, _client(room) as wil, _client(room) as ayse:
            assert await sit(bram, "seatbram") == 2
            await room.say_seal(1)  # somebody with an older client sat down
            assert await sit(wil, "seatwil1") == 1
            await room.say_seal(3)  # and everybody else has a newer one
            assert await sit(ayse, "seatayse") == 2
        await noor.changed(1)
        assert [noor.name(seat) for seat in ("seatbram", "seatwil1", "seatayse")] == [
            "seatbram",
            "seatwil1",
            "seatayse",
        ]


async def _begin(room: StandIn, noor: Client) -> str:
    """Noor and three chairs; the step under way."""
    await _sit(noor)
    for number in range(3):
        await noor.act({"type": "add-seat", "seat": f"chair{number}00", "name": f"name{number}0000"}, NAME)
    await noor.act({"type": "start"})
    assert room.state.phase is not None
    return room.state.phase.step


async def test_a_command_says_for_which_step_it_is_meant(room: StandIn) -> None:
    async with _client(room) as noor:
        step = await _begin(room, noor)
        await noor.act({"type": "ready"})
        await noor.act({"type": "leave", "on": "chair000"})
        said = [json.loads(frame)["command"] for frame in room.received[-2:]]
        assert said == [{"type": "ready", "phase": step}, {"type": "leave", "on": "chair000"}]
        with pytest.raises(Refused) as refused:
            await noor.act({"type": "ready", "phase": "round:1:another#0"})
        assert refused.value.code == "phase-over"


async def test_text_that_is_not_sent_is_told_of_again_on_a_new_line_and_never_to_an_older_room(room: StandIn) -> None:
    async with _client(room) as noor:
        step = await _begin(room, noor)
        await noor.report_unsent(unsent=True)
        room.takes = ("unsent",)
        await room.drop()
        while not room.unsent:
            await noor.changed(0.1)
        await noor.report_unsent(unsent=False)
        await noor.act({"type": "ready"})
        assert room.unsent == [{"type": "unsent", "phase": step, "unsent": held} for held in (True, False)]


async def test_text_of_a_step_that_ended_meanwhile_is_not_told_of_in_the_next(room: StandIn) -> None:
    async with _client(room) as noor:
        step = await _begin(room, noor)
        await noor.report_unsent(unsent=True)
        await noor.act({"type": "take-facilitation"})
        await noor.act({"type": "pass", "what": "case"})
        for number in range(3):
            await noor.act({"type": "pass", "what": "case", "on": f"chair{number}00"})
        await room.until(lambda: room.state.phase and room.state.phase.step != step)
        room.takes = ("unsent",)
        await room.drop()
        for chair in ("chair000", "chair100"):  # the second is answered after all that the new line begins with
            await noor.act({"type": "leave", "on": chair})
        assert room.unsent == []


async def test_another_key_opens_nothing(room: StandIn) -> None:
    async with _client(room) as noor, _client(room, OUTSIDER_KEY) as outsider:
        await _sit(noor)
        await outsider.changed(1)
        with pytest.raises(SealBroken):
            outsider.name(NOOR)


async def test_a_refusal_says_its_code_and_changes_nothing(room: StandIn) -> None:
    async with _client(room) as noor:
        await _sit(noor)
        before = noor.view
        with pytest.raises(Refused) as refused:
            await noor.act({"type": "start"})
        assert refused.value.code == "group-too-small"
        assert noor.view == before


async def test_a_command_is_done_once_over_a_broken_line(room: StandIn) -> None:
    async with _client(room) as noor:
        room.deaf = 1  # Done, but the answer never comes: the line breaks.
        seq = await _sit(noor)
        takes = [frame for frame in room.received if "take-seat" in frame]
        assert len(takes) == 2
        assert takes[0] == takes[1]
        assert (len(room.state.seats), room.state.seq) == (1, seq)
        assert (noor.seat, noor.disconnects) == (NOOR, 1)


async def test_a_dropped_line_comes_back_with_what_was_missed(room: StandIn) -> None:
    async with _client(room) as noor, _client(room) as bram:
        await _sit(noor)
        await room.drop()
        await _sit(bram, "seatofbram")
        while len(noor.view["seats"]) < 2:
            assert await noor.changed(2)
        assert noor.name("seatofbram") == "Noor"
        assert noor.seat == NOOR


async def test_a_frame_as_long_as_the_protocol_allows_is_heard(room: StandIn) -> None:
    async with _client(room) as noor:
        await _sit(noor)
        name = noor.view["seats"][0]["name"]
        room.bodies[name] = "x" * 4_000_000
        await room.drop()
        while len(noor.bodies[name]) < 4_000_000:
            await noor.changed(within=2)
        assert noor.disconnects == 1


async def test_the_same_command_id_gets_the_first_answer(room: StandIn) -> None:
    async with _client(room) as noor:
        await _sit(noor)
        first = await noor.act({"type": "leave"}, command_id="c0mmand1")
        assert await noor.act({"type": "leave"}, command_id="c0mmand1") == first


async def test_burned_content_is_forgotten(room: StandIn) -> None:
    async with _client(room) as noor:
        await _sit(noor)
        assert noor.bodies
        meeting = noor.view["meeting"] | {"burned": True}
        message = {"type": "facts", "seq": 9, "because": ["content-burned"], "facts": {"set": {"meeting": meeting}}}
        await next(iter(room.lines)).send(json.dumps(message))
        while not noor.view["meeting"]["burned"]:
            assert await noor.changed(1)
        assert noor.bodies == {}


@pytest.mark.parametrize(("number", "code"), [(4009, "replaced"), (4010, "shown-out"), (4013, "unknown-meeting")])
async def test_a_final_close_ends_it(room: StandIn, number: int, code: str) -> None:
    async with _client(room) as noor:
        await next(iter(room.lines)).close(number, code)
        while noor.closed is None:
            assert await noor.changed(2)
        assert noor.closed.code == code
        with pytest.raises(Closed):
            await noor.act({"type": "leave"})


@pytest.mark.parametrize(("number", "reason"), [(4010, ""), (4010, "Forbidden"), (4013, "full"), (1008, "shown-out")])
async def test_a_close_by_somebody_in_between_ends_nothing(room: StandIn, number: int, reason: str) -> None:
    async with _client(room) as noor:
        await _sit(noor)
        await next(iter(room.lines)).close(number, reason)
        assert await noor.act({"type": "leave"})
        assert (noor.disconnects, noor.closed) == (1, None)


@pytest.mark.parametrize("said", ["<html>Sign in</html>", "", "null", "[]", "{}"])
async def test_what_is_no_message_of_the_room_ends_nothing(room: StandIn, said: str) -> None:
    async with _client(room) as noor:
        await _sit(noor)
        await next(iter(room.lines)).send(said)
        while not noor.disconnects:
            assert await noor.changed(2)
        assert await noor.act({"type": "leave"})
        assert noor.closed is None


async def test_a_sign_on_page_in_place_of_a_ticket_is_waited_out(
    room: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens: list[str | None] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 7\r\n\r\nSign in")
        writer.close()

    async def fetch(_url: str, meeting: str, token: str | None, *, table: bool, admission: str) -> Ticket:
        tokens.append(token)
        if len(tokens) == 2:
            return await fetch_ticket(portal, meeting, token, table=table, admission=admission)
        return room.ticket(token)

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        portal = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        monkeypatch.setattr(client_module, "fetch_ticket", fetch)
        async with _client(room) as noor:
            await _sit(noor)
            await room.drop()
            await noor.act({"type": "leave"})
    assert tokens == [None, "device1", "device1"]


async def test_whoever_waits_for_an_answer_hears_that_the_room_is_shut(room: StandIn) -> None:
    async with _client(room) as noor:
        room.deaf = 99
        waiting = asyncio.create_task(_sit(noor))
        await asyncio.sleep(0.05)
    with pytest.raises(Closed) as closed:
        await waiting
    assert closed.value.code == "left"


async def test_no_server_is_given_up_after_a_while() -> None:
    with pytest.raises(Closed) as closed:
        async with Client("ws://127.0.0.1:9", MEETING, LinkKeys(KEY), patience=0.2):
            pass
    assert closed.value.code == "unreachable"
