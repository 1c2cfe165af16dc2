"""What is wrong on the wire ends that one connection with its own code; nobody else in the room notices."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from kring_client.encoding import encode
from kring_room import tickets
from kring_room.cluster.clock import wall_clock
from kring_room.wire.messages import CLOSE_CODES, MAX_BODY, MAX_FRAME
from tests.room.support import SECRET, Device, Running, new_id, sealed

WRONG: list[tuple[str, Any]] = [
    ("not-json", "{"),
    ("not-json", ""),
    ("not-json", "\x00"),
    ("not-json", "[" * 10_000),
    ("not-text", b"\x01\x02"),
    ("unknown-type", '{"type":"dance"}'),
    ("unknown-type", '{"type":"do","id":"aaaaaaaa","command":{"type":"tick"}}'),
    ("unknown-type", '{"type":"do","id":"aaaaaaaa","command":{"type":"set-presence","seat":"aaaaaaaa","here":true}}'),
    ("bad-shape", "[]"),
    ("bad-shape", "7"),
    ("bad-shape", '{"type":7}'),
    ("bad-shape", '{"type":"ping"}'),
    ("bad-shape", '{"type":"ping","n":"1"}'),
    ("bad-shape", '{"type":"ping","n":-1}'),
    ("bad-shape", '{"type":"ping","n":' + "9" * 4000 + "}"),
    ("bad-shape", '{"type":"do","id":"short","command":{"type":"start"}}'),
    ("bad-shape", '{"type":"do","id":"UPPERCASE","command":{"type":"start"}}'),
    ("bad-shape", '{"type":"do","id":"aaaaaaaa\\n","command":{"type":"start"}}'),
    ("bad-shape", '{"type":"do","id":"aaaaaaaa","command":{"type":"start","more":1}}'),
    ("bad-shape", '{"type":"do","id":"aaaaaaaa","command":{"type":"take-seat","seat":"s","name":"aaaaaaaa"}}'),
    ("bad-shape", '{"type":"do","id":"aaaaaaaa","command":{"type":"extend","minutes":1e99}}'),
    ("bad-shape", '{"type":"hello","ticket":"again"}'),
    ("bad-shape", '{"type":"ping","n":1,"more":1}'),
    ("bad-shape", '{"type":"do","id":"aaaaaaaa","command":{"type":"start"},"more":1}'),
    ("frame-too-large", '{"type":"ping","n":1,"x":"' + "x" * MAX_FRAME + '"}'),
]


def body_of(form: int, size: int) -> str:
    """So many bytes that begin as sealed content of this format does."""
    return encode(bytes([form]) + b"." * (size - 1))


@pytest.fixture
async def pair(running_room: Running) -> list[Device]:
    """Two at the table: one who will do wrong, one who should not notice."""
    return await running_room.circle(running_room.open_meeting(), 2)


@pytest.fixture
async def file_pair(file_room: Running) -> list[Device]:
    """The same over SQLite alone: for what is judged before any store is asked."""
    return await file_room.circle(file_room.open_meeting(), 2)


@pytest.mark.parametrize(("code", "frame"), WRONG, ids=[f"{code}-{n}" for n, (code, _) in enumerate(WRONG)])
async def test_wrong_frame_closes_with_its_code(file_pair: list[Device], code: str, frame: str | bytes) -> None:
    rascal, witness = file_pair
    await witness.until(lambda view: len(view["seats"]) == 2)

    await rascal.say(frame)
    fate = await rascal.fate()

    assert (fate.code, fate.reason, fate.trouble) == (CLOSE_CODES[code], code, code)
    await witness.silence(0.05)
    assert (await witness.do("ready"))["type"] == "refused"


async def test_other_messages_before_hello_are_refused(running_room: Running) -> None:
    device = await running_room.device(running_room.open_meeting()).open()

    await device.say({"type": "ping", "n": 1})

    assert (await device.fate()).reason == "hello-expected"


async def test_no_hello_in_time_closes(running_room: Running) -> None:
    device = await running_room.device(running_room.open_meeting()).open()

    assert (await device.fate()).reason == "hello-expected"


async def refused_ticket(device: Device, ticket: str) -> str:
    await device.open()
    await device.say({"type": "hello", "ticket": ticket})
    return (await device.fate()).reason


async def test_ticket_that_is_not_ours_is_forged(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    good = running_room.device(meeting).ticket()
    body, _, signature = good.partition(".")
    other_key = tickets.sign_ticket(b"other", meeting=meeting, device="dddddddd", now=wall_clock())
    token = tickets.sign_device(SECRET, meeting=meeting, device="dddddddd")
    for forged in (
        "",
        "x",
        "é.é",
        body,
        f"{body}.",
        f"{body}x.{signature}",
        f"{body}.{signature[:-2]}AA",
        other_key,
        token,
    ):
        assert await refused_ticket(running_room.device(meeting), forged) == "ticket-forged", forged


async def test_ticket_of_a_minute_ago_is_expired(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    old = tickets.sign_ticket(SECRET, meeting=meeting, device="dddddddd", now=wall_clock() - 60_000)

    assert await refused_ticket(running_room.device(meeting), old) == "ticket-expired"


async def test_ticket_for_another_meeting_is_elsewhere(running_room: Running) -> None:
    elsewhere = running_room.device(running_room.open_meeting()).ticket()

    assert await refused_ticket(running_room.device(running_room.open_meeting()), elsewhere) == "ticket-elsewhere"


async def test_meeting_that_never_was_is_unknown(running_room: Running) -> None:
    device = running_room.device("a" * 20)

    assert await refused_ticket(device, device.ticket()) == "unknown-meeting"


async def test_flood_of_commands_closes_and_is_still_closed_after_coming_back(pair: list[Device]) -> None:
    rascal, witness = pair
    for _ in range(30):
        await rascal.ask("start")

    assert (await rascal.fate()).reason == "too-fast"

    await rascal.hello()
    for _ in range(6):
        await rascal.ask("start")
    assert (await rascal.fate()).reason == "too-fast"
    assert (await witness.do("ready"))["type"] == "refused"


async def test_flood_of_pings_closes(pair: list[Device]) -> None:
    rascal, _ = pair
    for n in range(30):
        await rascal.say({"type": "ping", "n": n})

    assert (await rascal.fate()).reason == "too-fast"


async def test_flood_of_transport_pings_closes(pair: list[Device]) -> None:
    rascal, _ = pair
    for n in range(30):
        await rascal.socket.ping(b"%d" % n)

    assert (await rascal.fate()).reason == "too-fast"


async def test_fragments_of_one_message_are_joined_and_bounded(pair: list[Device]) -> None:
    rascal, _ = pair
    await rascal.socket.send(iter(['{"type":', '"ping","n"', ":7}"]))
    assert (await rascal.hear("pong"))["n"] == 7

    await rascal.socket.send(iter(["x" * 40_000, "x" * 40_000]))
    assert (await rascal.fate()).code == 1009


@pytest.mark.parametrize(
    ("code", "bodies"),
    [
        ("body-missing", {}),
        ("body-missing", {"someotherid": sealed()}),
        ("body-unasked", {"mycontent": sealed(), "someotherid": sealed()}),
        ("bad-body", {"mycontent": ""}),
        ("bad-body", {"mycontent": "AQ"}),
        ("bad-body", {"mycontent": sealed() + "="}),
        ("bad-body", {"mycontent": "AAAA" + sealed()[4:]}),
        ("bad-body", {"mycontent": "AwAA" + sealed(b"x" * 100)[4:]}),
        ("bad-body", {"mycontent": body_of(1, 28)}),
        ("bad-body", {"mycontent": body_of(2, 45)}),
        ("bad-body", {"mycontent": "plain text, not sealed at all, of some length"}),
        ("body-too-long", {"mycontent": sealed(b"x" * MAX_BODY)}),
    ],
)
async def test_body_that_will_not_do_refuses_the_command(
    file_pair: list[Device], code: str, bodies: dict[str, str]
) -> None:
    answer = await file_pair[0].do("give", what="case", content="mycontent", bodies=bodies)

    assert (answer["type"], answer["code"]) == ("refused", code)


@pytest.mark.parametrize(("form", "size"), [(1, 29), (2, 46), (2, MAX_BODY)])
async def test_bodies_of_both_formats_are_taken(running_room: Running, form: int, size: int) -> None:
    running_room.reads = 2
    noor, *_ = await running_room.started(running_room.open_meeting())
    body = body_of(form, size)

    assert (await noor.give("case", body))["type"] == "done"
    assert body in noor.bodies.values()


async def test_body_with_a_command_that_names_none_is_unasked(pair: list[Device]) -> None:
    assert (await pair[0].do("start", bodies={"mycontent": sealed()}))["code"] == "body-unasked"


async def test_body_of_the_largest_size_is_taken(running_room: Running) -> None:
    noor, *_ = await running_room.started(running_room.open_meeting())

    answer = await noor.give("case", sealed(b"x" * (MAX_BODY - 1)))

    assert answer["type"] == "done"


async def test_page_of_another_site_gets_no_socket(running_room: Running) -> None:
    device = running_room.device(running_room.open_meeting())
    with pytest.raises(InvalidStatus) as refused:
        await device.open(origin="https://elsewhere.example")
    assert refused.value.response.status_code == 403
    own = f"127.0.0.1:{running_room.port}"
    for nobodys in ("http://[", "http://[x]:y", own, f"ftp://{own}", f"http://{own}/", f"http://x@{own}", "null"):
        with pytest.raises(InvalidStatus) as refused:
            await device.open(origin=nobodys)
        assert refused.value.response.status_code == 403, nobodys

    await device.open(origin="own")
    await device.say({"type": "hello", "ticket": device.ticket()})
    assert (await device.hear("welcome"))["type"] == "welcome"


async def test_room_answers_to_its_own_names_and_to_pages_of_its_own_scheme(tmp_path: Path) -> None:
    room = await Running(tmp_path, hosts=("127.0.0.1", ".kring.example"), schemes=("https",)).start()
    device = room.device(room.open_meeting())
    device.node = room.ports[0]
    own = f"127.0.0.1:{device.node}"

    async def status(origin: str | None = None) -> int:
        try:
            await device.open(origin=origin)
        except InvalidStatus as refused:
            return refused.response.status_code
        await device.leave()
        return 101

    assert await status() == await status(f"https://{own}") == 101
    assert await status(f"http://{own}") == 403
    await room.close()


@pytest.mark.parametrize(("name", "answer"), [("127.0.0.1:9", 101), ("A.Kring.Example", 101), ("rebound.example", 400)])
async def test_room_answers_to_no_other_name(tmp_path: Path, name: str, answer: int) -> None:
    room = await Running(tmp_path, hosts=("127.0.0.1", ".kring.example")).start()
    reader, writer = await asyncio.open_connection("127.0.0.1", room.ports[0])
    more = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: kring.1\r\n\r\n"
    writer.write(
        f"GET /room/{room.open_meeting()} HTTP/1.1\r\nHost: {name}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"{more}".encode()
    )
    assert (await reader.readline()).split()[1] == str(answer).encode()
    writer.close()
    await room.close()


async def test_hello_with_an_unknown_field_is_refused(running_room: Running) -> None:
    device = running_room.device(running_room.open_meeting())
    await device.open()
    await device.say({"type": "hello", "ticket": device.ticket(), "more": 1})
    assert (await device.fate()).reason == "bad-shape"


async def test_no_room_at_another_path(running_room: Running) -> None:
    device = running_room.device("UPPER/../x")
    with pytest.raises(InvalidStatus) as refused:
        await device.open()
    assert refused.value.response.status_code == 404


async def test_content_id_of_a_seat_that_left_is_taken_for_good(running_room: Running) -> None:
    circle = await running_room.started(running_room.open_meeting(), 5)
    name = next(seat["name"] for seat in circle[0].view["seats"] if seat["id"] == circle[4].seat)
    await circle[4].do("leave")

    assert (await circle[0].give("case", content=name))["code"] == "content-taken"


async def test_command_without_a_seat_is_refused(running_room: Running) -> None:
    visitor = running_room.device(running_room.open_meeting())
    await visitor.hello()

    answer = await visitor.do("start", id=new_id("c"))

    assert json.dumps(answer["code"]) == '"not-seated"'
