"""Getting into the room over plain HTTP, from a server that says no."""

from __future__ import annotations

import asyncio
import gc
import urllib.error
from collections.abc import AsyncIterator

import pytest

from kring_client.tickets import Closed, ask

BODY = b"what the server says about it"


@pytest.fixture
async def url(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """A server that answers everything with one status."""
    status: int = request.param

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 %d No\r\nContent-Length: %d\r\n\r\n%s" % (status, len(BODY), BODY))
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize(("url", "code"), [(404, "unknown-meeting"), (410, "expired")], indirect=["url"])
async def test_no_meeting_is_said_and_leaves_no_connection_open(url: str, code: str) -> None:
    with pytest.raises(Closed) as closed:
        await ask(url, "/api/meetings/x/method")

    assert closed.value.code == code
    assert isinstance(closed.value.__cause__, urllib.error.HTTPError)
    assert closed.value.__cause__.fp.closed
    del closed
    gc.collect()  # A connection that was left open would be complained about here, and a complaint is an error.


@pytest.mark.parametrize("url", [503], indirect=True)
async def test_other_trouble_is_the_callers_and_leaves_no_connection_open(url: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as trouble:
        await ask(url, "/api/meetings/x/method")

    assert (trouble.value.code, trouble.value.fp.closed) == (503, True)
