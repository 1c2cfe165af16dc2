"""A node whose clock is set wrong believes it, and nobody else does: asked by the public protocol, for the time that it tells."""

from __future__ import annotations

import asyncio
import time
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.torture.device import Place
from tests.torture.faults import HOUR
from tests.torture.installation import Node, clock_problem
from tests.torture.passage import Passage, Proxy
from tests.web.serving import ask


@pytest.mark.torture
async def test_node_tells_the_hour_that_it_was_set_to_while_it_runs_and_when_it_starts(tmp_path: Path) -> None:
    problem = clock_problem()
    if problem:
        pytest.skip(problem)
    place = Place("127.0.0.1", free_port())
    passages: list[Passage] = [Proxy(place, place, "none is opened")]
    (tmp_path / "node").mkdir()
    node = Node(tmp_path / "node", passages)
    await node.process.start()
    try:
        assert await off(place, 0)
        node.set_clock(HOUR)
        assert await off(place, HOUR)
        await node.process.kill()
        node.set_clock(-HOUR)
        await node.process.start()
        assert await off(place, -HOUR)
    finally:
        await node.process.stop()


async def off(place: Place, seconds: int) -> bool:
    """Whether what it says comes to be so far off; it makes the line with its time once a second."""
    for _ in range(60):
        answer = await asyncio.to_thread(ask, f"http://127.0.0.1:{place.port}", "/healthz")
        if abs(parsedate_to_datetime(answer.headers["date"]).timestamp() - time.time() - seconds) < HOUR / 2:
            return True
        await asyncio.sleep(0.1)
    return False
