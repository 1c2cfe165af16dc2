"""Requests over HTTP have a size and a time: of their head, of their body, and of the answer that somebody has to read."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Self

import pytest

from kring_room.server.http import MOST_BODY, MOST_HEAD, MOST_HEADERS
from tests.room.support import SOON, Running

QUICK: dict[str, Any] = {"head_within": 0.4, "body_within": 0.8, "answer_within": 0.4}
LARGE = 16 * 1024 * 1024


class Pages:
    """An application that notes what it is asked, and answers in its own way by path."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bytes]] = []
        self.heads: list[list[tuple[bytes, bytes]]] = []
        self.gone = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body = b""
        if scope["path"] != "/early":
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    self.gone += 1
                    return
                body += message["body"]
                if not message.get("more_body"):
                    break
        self.asked.append((scope["path"], body))
        self.heads.append(scope["headers"])
        answer = b"x" * LARGE if scope["path"] == "/large" else b"well"
        length = (b"content-length", str(len(answer)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        await send({"type": "http.response.body", "body": answer})


@pytest.fixture
def pages() -> Pages:
    return Pages()


@pytest.fixture
async def server(tmp_path: Path, pages: Pages) -> AsyncIterator[Running]:
    room = Running(tmp_path, **QUICK)
    room.options["asgi_app"] = pages
    await room.start()
    yield room
    await room.stop()


class Caller:
    """One connection, byte by byte."""

    def __init__(self, server: Running) -> None:
        self._server = server

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._server.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.transport.abort()

    async def say(self, data: bytes) -> Caller:
        self._writer.write(data)
        await asyncio.wait_for(self._writer.drain(), SOON)
        return self

    async def answer(self) -> tuple[int, bytes]:
        async with asyncio.timeout(SOON):
            head = await self._reader.readuntil(b"\r\n\r\n")
            length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            return int(head.split()[1]), await self._reader.readexactly(length)

    async def refusal(self) -> tuple[int, str]:
        """The answer, after which the connection ends."""
        status, body = await self.answer()
        assert await self.rest() == b""
        return status, json.loads(body)["code"]

    async def rest(self) -> bytes:
        """All until the connection ends."""
        async with asyncio.timeout(SOON):
            try:
                return await self._reader.read()
            except ConnectionError:
                return b""

    async def read(self, size: int) -> bytes:
        return await self._reader.read(size)


def request(path: str = "/", *more: str, method: str = "POST") -> bytes:
    return "\r\n".join((f"{method} {path} HTTP/1.1", "Host: here", *more, "", "")).encode()


async def test_silent_connection_is_closed_without_a_word(server: Running) -> None:
    async with Caller(server) as caller:
        assert await caller.rest() == b""


@pytest.mark.parametrize(
    "begun",
    [b"\r\n", b"GET", b"GET / HTTP/1.1\r\nHos", request("/", "X-Y: z")[:-2], request("/", "Content-Length: 9") + b"12"],
    ids=["line break", "method", "header", "headers", "body"],
)
async def test_half_a_request_is_waited_for_so_long(server: Running, pages: Pages, begun: bytes) -> None:
    async with Caller(server) as caller:
        assert await (await caller.say(begun)).refusal() == (408, "too-slow")
    assert pages.asked == []


async def test_drop_by_drop_makes_no_time(server: Running) -> None:
    async with Caller(server) as caller:
        for byte in request("/", "X-Y: " + "z" * 60)[:-4]:
            await caller.say(bytes((byte,)))
            await asyncio.sleep(0.02)
            if caller._reader.at_eof():
                break
        assert await caller.refusal() == (408, "too-slow")


async def test_second_half_request_on_a_connection_is_bounded_too(server: Running) -> None:
    async with Caller(server) as caller:
        await caller.say(request("/", "Content-Length: 0"))
        assert (await caller.answer())[0] == 200
        assert await (await caller.say(b"GET /again")).refusal() == (408, "too-slow")


@pytest.mark.parametrize("size", [100, 20_000], ids=["many at once", "a few at once"])
async def test_many_silent_connections_are_let_go_of(server: Running, size: int) -> None:
    callers = [await Caller(server).__aenter__() for _ in range(200)]
    for caller in callers:
        await caller.say(request("/", "X-Y: " + "z" * size)[:-2])

    refusals = await asyncio.gather(*(caller.refusal() for caller in callers))

    assert set(refusals) == {(408, "too-slow")}
    for caller in callers:
        await caller.__aexit__()


async def test_head_without_end_is_refused_before_it_is_long(server: Running, pages: Pages) -> None:
    for begun, filling in ((b"GET / HTTP/1.1\r\nX: ", b"y"), (b"GET /", b"z"), (b"GET / HTTP/1.1\r\n", b"a:b\r\n")):
        async with Caller(server) as caller:
            await caller.say(begun + filling * (MOST_HEAD // len(filling) + 20_000))
            assert await caller.refusal() == (431, "head-too-large")
    assert pages.asked == []


@pytest.mark.parametrize(("count", "status"), [(MOST_HEADERS - 2, 200), (MOST_HEADERS + 1, 431)])
async def test_headers_are_counted(server: Running, count: int, status: int) -> None:
    async with Caller(server) as caller:
        await caller.say(request("/", *(f"X-{n}: y" for n in range(count)), method="GET"))
        assert (await caller.answer())[0] == status


async def test_trailers_are_counted(server: Running) -> None:
    async with Caller(server) as caller:
        await caller.say(request("/", "Transfer-Encoding: chunked") + b"0\r\n")
        await caller.say(b"".join(b"X-%d: y\r\n" % n for n in range(2 * MOST_HEADERS)))
        assert await caller.refusal() == (431, "head-too-large")


async def test_trailer_says_nothing_about_the_request(server: Running, pages: Pages) -> None:
    async with Caller(server) as caller:
        chunked = request("/", "Transfer-Encoding: chunked") + b"1\r\nx\r\n0\r\nX-Forwarded-Proto: https\r\n\r\n"
        assert (await (await caller.say(chunked)).answer())[0] == 200
    assert pages.heads == [[(b"host", b"here"), (b"transfer-encoding", b"chunked")]]


async def test_body_of_the_largest_size_comes_through_in_pieces(server: Running, pages: Pages) -> None:
    body = bytes(range(256)) * (MOST_BODY // 256)
    async with Caller(server) as caller:
        await caller.say(request("/whole", f"Content-Length: {len(body)}"))
        for at in range(0, len(body), 40_000):
            await caller.say(body[at : at + 40_000])
        assert (await caller.answer())[0] == 200
        await caller.say(request("/chunked", "Transfer-Encoding: chunked"))
        for at in range(0, len(body), 8192):
            piece = body[at : at + 8192]
            await caller.say(b"%x\r\n%b\r\n" % (len(piece), piece))
        assert (await (await caller.say(b"0\r\n\r\n")).answer())[0] == 200
    assert pages.asked == [("/whole", body), ("/chunked", body)]


async def test_promise_of_too_much_is_refused_at_once(server: Running, pages: Pages) -> None:
    for length in (str(MOST_BODY + 1), str(2**62)):
        async with Caller(server) as caller:
            await caller.say(request("/", f"Content-Length: {length}", "Expect: 100-continue"))
            assert await caller.refusal() == (413, "too-large")
    assert pages.asked == []


@pytest.mark.parametrize("chunk", [1, 100, 10_000])
async def test_chunks_are_counted_however_short(server: Running, pages: Pages, chunk: int) -> None:
    async with Caller(server) as caller:
        await caller.say(request("/", "Transfer-Encoding: chunked"))
        await caller.say((b"%x\r\n%b\r\n" % (chunk, b"x" * chunk)) * (MOST_BODY // max(chunk, 64) + 200))
        assert await caller.refusal() == (413, "too-large")
    assert (pages.asked, pages.gone) == ([], 1), "the application waits for it no more"


async def test_chunk_that_only_says_things_about_itself_is_counted(server: Running) -> None:
    async with Caller(server) as caller:
        await caller.say(request("/", "Transfer-Encoding: chunked") + b"1;a=" + b"b" * 2 * MOST_BODY)
        assert await caller.refusal() == (413, "too-large")


async def test_answer_that_was_given_early_is_the_only_one(server: Running, pages: Pages) -> None:
    async with Caller(server) as caller:
        await caller.say(request("/early", "Transfer-Encoding: chunked"))
        assert await caller.answer() == (200, b"well")
        await caller.say(b"1000\r\n%b\r\n" % (b"x" * 0x1000) * 200)
        assert await caller.rest() == b""
    assert [path for path, _ in pages.asked] == ["/early"]


async def test_flood_of_requests_in_one_breath_ends_the_connection(server: Running, pages: Pages) -> None:
    async with Caller(server) as caller:
        await caller.say(request("/", method="GET") * 2000)
        await caller.rest()
    assert len(pages.asked) < 20


async def test_a_few_requests_in_one_breath_are_answered_in_turn(server: Running) -> None:
    async with Caller(server) as caller:
        await caller.say(request("/", method="GET") * 3)
        assert [await caller.answer() for _ in range(3)] == [(200, b"well")] * 3


async def test_whoever_does_not_read_the_answer_is_let_go_of(server: Running) -> None:
    async with Caller(server) as caller:
        caller._reader._limit = 1  # type: ignore[attr-defined]  # so that it reads no more than it is asked to
        await caller.say(request("/large", method="GET"))
        await asyncio.sleep(1.5)
        caller._reader._limit = 2 * LARGE  # type: ignore[attr-defined]  # and now what is there, at once
        assert len(await caller.rest()) < LARGE


async def test_half_a_request_behind_an_answer_that_was_read_slowly_is_not_waited_for_longer(server: Running) -> None:
    async with Caller(server) as caller:
        caller._reader._limit = 1  # type: ignore[attr-defined]  # so that it reads no more than it is asked to
        await caller.say(request("/large", method="GET") + request("/", "Content-Length: 9") + b"12")
        await asyncio.sleep(0.2)
        caller._reader._limit = 2 * LARGE  # type: ignore[attr-defined]  # and from now on reads all
        await caller.rest()  # and so it ends


async def test_room_is_not_entered_behind_an_answer_that_is_under_way(server: Running) -> None:
    key = ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
    room = request("/room/aaaaaaaa", *key, "Sec-WebSocket-Version: 13", "Sec-WebSocket-Protocol: kring.1", method="GET")
    async with Caller(server) as caller:
        assert b"101 Switching" in await (await caller.say(room)).read(4096)
    async with Caller(server) as caller:
        assert b"101 Switching" not in await (await caller.say(request("/large", method="GET") + room)).rest()


async def test_what_is_no_http_is_told_so(server: Running) -> None:
    async with Caller(server) as caller:
        assert await (await caller.say(b"\x16\x03\x01\x02\x00 hello\r\n\r\n")).refusal() == (400, "bad-request")


async def test_room_has_no_such_times(server: Running) -> None:
    device = server.device(server.open_meeting())
    await device.hello()
    await asyncio.sleep(1.5)
    await device.say({"type": "ping", "n": 1})
    assert (await device.hear("pong"))["n"] == 1
    await device.leave()
