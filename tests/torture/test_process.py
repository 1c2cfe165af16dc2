"""A node that falls by itself is told from one that was killed, stopped, or never begun."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

from tests.torture.campaign import WATCHES, Campaign
from tests.torture.process import PYTHON, Process

FALLS = "import os, time; print('up', flush=True); time.sleep({}); os.abort()"


async def fall(process: Process) -> int:
    while (code := process.fell) is None:  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0.01)
    return code


async def test_only_who_falls_by_itself_has_fallen(tmp_path: Path) -> None:
    falls = Process([PYTHON, "-c", FALLS.format(0)], tmp_path / "log")
    await falls.start()
    assert await fall(falls) == -signal.SIGABRT
    await falls.stop()
    assert falls.fell is None
    for end in (Process.kill, Process.stop):
        stays = Process([PYTHON, "-c", FALLS.format(60)], tmp_path / "log")
        await stays.start()
        await end(stays)
        assert stays.fell is None


async def test_whoever_falls_is_noted_and_begun_again(tmp_path: Path) -> None:
    class Node:
        process = Process([PYTHON, "-c", FALLS.format(0.5)], tmp_path / "log")

    class Installation:
        name = "one"
        nodes = (Node,)

    campaign = Campaign(Installation(), None, tmp_path, seed="", rooms=0, limits=None)  # type: ignore[arg-type] # enough of them to be watched
    watch = asyncio.create_task(campaign._watch())
    await Node.process.start()
    async with asyncio.timeout(20):
        while len(campaign.trouble) < 2:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(WATCHES)
    watch.cancel()
    await asyncio.wait((watch,))
    await Node.process.stop()
    assert campaign.trouble[:2] == [f"a node of one fell by itself ({-signal.SIGABRT})"] * 2
