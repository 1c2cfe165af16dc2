"""A real server that can't keep up takes nothing new, and takes it again when it can; nobody guesses."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import sqlite3
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from kring_room.server import capacity
from kring_room.server.capacity import Bounds, Full, Level
from kring_room.server.pulse import SCOPE, Pulse
from tests.room.support import Device, Running, sealed

WITHIN = 20.0


@pytest.fixture
async def measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A running room that looks back on a second, and its pulse as the pages see it."""
    monkeypatch.setattr(capacity, "SAMPLES", 10)
    room, found = Running(tmp_path), asyncio.get_running_loop().create_future()

    async def page(scope: Any, _receive: Any, send: Any) -> None:
        if not found.done():
            found.set_result(scope[SCOPE])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    room.options["asgi_app"] = page
    await room.start()
    await asyncio.to_thread(get, room.port, "/")
    yield room, await found
    await room.close()


def get(port: int, path: str) -> tuple[int, Any]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, json.loads(body) if body.startswith(b"{") else body


async def until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN):
        while not so():  # noqa: ASYNC110 - nothing tells us
            await asyncio.sleep(0.02)


def why(pulse: Pulse) -> str | None:
    found: Full | None = pulse.full()
    return found.reason if found else None


async def test_a_loop_that_is_late_takes_nothing_new_until_it_has_eased(
    measured: tuple[Running, Pulse], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    room, pulse = measured
    noor, _ = await room.circle(room.open_meeting(), 2)
    assert why(pulse) is None

    async def hog() -> None:
        while True:
            time.sleep(0.15)  # noqa: ASYNC251 - on purpose
            await asyncio.sleep(0)

    busy = asyncio.create_task(hog())
    await until(lambda: why(pulse) is not None)
    assert why(pulse) in ("lag", "busy")
    assert (await noor.do("close-doors"))["type"] == "done"
    back: Device = room.device(noor.meeting, device=noor.device)
    assert (await back.hello())["seat"] == noor.seat
    status, said = await asyncio.to_thread(get, room.port, "/readyz")
    assert (status, said["ready"], said["overloaded"]) == (200, True, True)

    busy.cancel()
    await until(lambda: why(pulse) is None)
    lines = [record.getMessage() for record in caplog.records if record.name == "kring_room.server.pulse"]
    assert lines == ["no new meetings", "new meetings again"]


async def test_work_beside_the_loop_counts_where_it_takes_the_loops_core(
    measured: tuple[Running, Pulse], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, pulse = measured
    pulse.capacity.bounds = Bounds(lag=0, commit=0, busy=0.5)
    pulse.capacity.lag, pulse.capacity.busy = Level(0), Level(0.5)
    work = asyncio.create_task(asyncio.to_thread(hashlib.pbkdf2_hmac, "sha256", b"-", b"-", 20_000_000))
    monkeypatch.setattr("kring_room.server.pulse._cores", lambda: 64)
    await asyncio.sleep(1.5)
    assert why(pulse) is None
    monkeypatch.setattr("kring_room.server.pulse._cores", lambda: 1)
    await until(lambda: why(pulse) == "busy")
    await work


async def test_a_commit_that_takes_too_long_takes_nothing_new(measured: tuple[Running, Pulse]) -> None:
    room, pulse = measured
    noor, *_ = await room.started(room.open_meeting())
    other = sqlite3.connect(room.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    await noor.ask("give", what="case", content="content00", bodies={"content00": sealed()})

    await until(lambda: why(pulse) == "commit")
    other.execute("ROLLBACK")
    other.close()

    assert (await noor.hear("done"))["type"] == "done"
    await until(lambda: why(pulse) is None)
