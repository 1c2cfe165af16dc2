"""One port for pages and rooms, in this process and in one of its own."""

from __future__ import annotations

import asyncio
import http.client
import socket
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect

from kring_room.server.serving import _listen, serve
from tests.room.support import SECRET, Device, Running, Subprocess, sealed


async def hello_app(scope: Any, _receive: Any, send: Any) -> None:
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


def get(port: int, path: str = "/") -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


async def test_pages_and_rooms_share_a_port(tmp_path: Path) -> None:
    room = Running(tmp_path)
    room.options["asgi_app"] = hello_app
    await room.start()
    noor = room.device(room.open_meeting())

    await noor.hello()

    assert await asyncio.to_thread(get, room.port) == (200, b"hello")
    assert await asyncio.to_thread(get, room.port, f"/room/{noor.meeting}") == (200, b"hello")
    assert (await noor.sit())["type"] == "done"
    await room.close()


async def test_without_pages_there_are_only_rooms(running_room: Running) -> None:
    status, _ = await asyncio.to_thread(get, running_room.port)

    assert status == 404


async def test_other_protocol_is_refused_at_the_door(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    with pytest.raises(Exception, match=r"400|subprotocol"):
        await connect(f"ws://127.0.0.1:{running_room.port}/room/{meeting}", proxy=None)


async def test_port_that_is_taken_is_an_error(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        await serve(
            host="127.0.0.1", port=taken.getsockname()[1], database=tmp_path / "kring.db", secret=SECRET
        )  # fmt: skip


async def test_killed_server_loses_nothing_it_acknowledged(lone_room: Subprocess) -> None:
    meeting = lone_room.meetings.open_meeting(lone_room.method)
    circle = [Device(lone_room, meeting) for _ in range(4)]
    for device in circle:
        await device.hello()
        await device.sit()
    await circle[0].do("start")
    answer = await circle[0].give("case", sealed(b"kept"), content="keptcontent", id="mycommand")
    await lone_room.kill()
    await lone_room.start()

    welcome = await circle[0].hello(since=circle[0].seq)
    again = await circle[0].do("pass", what="case", id="mycommand")

    assert welcome["seat"] == circle[0].seat
    assert again == answer
    assert [item["content"] for item in circle[0].view["items"]] == ["keptcontent"]
    for device in circle:
        await device.leave()


def test_small_messages_do_not_wait_for_each_other() -> None:
    """Facts and the answer after them leave at once: no algorithm of Nagle's, which would hold the second one back."""
    with _listen("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()):
        listening.setblocking(True)
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine can't serve both by one socket")
def test_the_whole_of_ipv6_means_ipv4_too() -> None:
    with _listen("::", 0) as listening:
        port = listening.getsockname()[1]
        for address in ("127.0.0.1", "::1"):
            with socket.create_connection((address, port), timeout=5):
                pass
