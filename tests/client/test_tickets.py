"""Getting into the room over plain HTTP, from a server that says no, and from whoever answers in its place."""

from __future__ import annotations

import asyncio
import gc
import json
import urllib.error
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from kring_client.tickets import Closed, ask, fetch_method, fetch_ticket

FIXTURE = Path(__file__).parents[1] / "fixtures" / "intermediaries.json"
INTERMEDIARIES: list[dict[str, Any]] = json.loads(FIXTURE.read_text("utf-8"))


def _ours(status: int, code: str) -> dict[str, Any]:
    return {"what": code, "status": status, "type": "application/json", "body": json.dumps({"code": code})}


@pytest.fixture
async def url(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """A server that answers everything with one and the same."""
    said: dict[str, Any] = request.param
    body = said["body"].encode()
    headers = {"Content-Length": len(body)} | said.get("headers", {})
    headers |= {"Content-Type": said["type"]} if said["type"] else {}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {said['status']} {said.get('reason', 'X')}\r\n{head}\r\n".encode() + body)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize(
    ("url", "code"), [(_ours(404, "unknown-meeting"), "unknown-meeting"), (_ours(410, "expired"), "expired")],
    indirect=["url"],
)  # fmt: skip
async def test_no_meeting_is_said_and_leaves_no_connection_open(url: str, code: str) -> None:
    with pytest.raises(Closed) as closed:
        await ask(url, "/api/meetings/x/method")

    assert closed.value.code == code
    assert isinstance(closed.value.__cause__, urllib.error.HTTPError)
    assert closed.value.__cause__.fp.closed
    del closed
    gc.collect()  # A connection that was left open would be complained about here, and a complaint is an error.


@pytest.mark.parametrize("url", [_ours(503, "restarting")], indirect=True)
async def test_other_trouble_is_the_callers_and_leaves_no_connection_open(url: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as trouble:
        await ask(url, "/api/meetings/x/method")

    assert (trouble.value.code, trouble.value.fp.closed) == (HTTPStatus.SERVICE_UNAVAILABLE, True)


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ({"status": 404, "reason": "unknown-meeting", "type": "text/html", "body": ""}, 1),
        ({"status": 400, "reason": "bad-shape", "type": "text/html", "body": ""}, 1),
    ],
    indirect=["url"],
)  # fmt: skip
async def test_a_status_line_is_no_word_of_kring_s(url: str, asked: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else anybody in between could have it ask without the proof, or give up."""
    bodies: list[object] = []

    async def noted(at: str, path: str, body: dict[str, str | None] | None = None) -> bytes:
        bodies.append(body)
        return await ask(at, path, body)

    monkeypatch.setattr("kring_client.tickets.ask", noted)
    with pytest.raises(urllib.error.HTTPError):
        await fetch_ticket(url, "x", None, admission="proof")
    assert len(bodies) == asked


@pytest.mark.parametrize("url", INTERMEDIARIES, indirect=True, ids=lambda said: said["what"])
async def test_an_answer_that_is_not_kring_s_is_trouble_on_the_way(url: str) -> None:
    with pytest.raises(OSError):  # noqa: PT011 -- of any kind: whoever asks tries it later
        await fetch_ticket(url, "x", "the seat")
    with pytest.raises(OSError):  # noqa: PT011 -- as above
        await fetch_method(url, "x")
