"""``make cluster``: it comes up, carries a meeting across its nodes, and Ctrl+C leaves nothing of it behind."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kring_client.client import Client
from kring_client.keys import LinkKeys
from tests.web.serving import ask

ROOT = Path(__file__).parents[2]
KEYS = LinkKeys(b"k" * 32)


@pytest.fixture
def started() -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The command, and what it said when all was up."""
    command = [sys.executable, "-m", "tests.cluster"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline()]
        while said[-1] and "Ctrl+C" not in said[-1]:
            said.append(process.stdout.readline())
        yield process, said
        process.kill()


def test_cluster_serves_a_meeting_and_ends_clean_with_ctrl_c(started: tuple[subprocess.Popen[str], list[str]]) -> None:
    process, said = started
    assert "Ctrl+C" in said[-1], process.communicate(timeout=20)[1]
    url = said[0].removeprefix("Kring is at ").strip()
    parts = [int(number) for line in said for number in re.findall(r"process (\d+)", line)]
    folders = [Path(found).parent for line in said for found in re.findall(r"log (\S+)\)", line)]
    assert (len(parts), len(folders)) == (4, 2)

    meeting = ask(url, "/api/meetings", "POST", {"method": "troika"}, origin=url).json["meeting"]
    asyncio.run(everybody_hears(url, meeting))
    process.send_signal(signal.SIGINT)
    _, complaints = process.communicate(timeout=60)

    assert process.returncode == 0
    assert complaints == ""
    assert [number for number in parts if Path(f"/proc/{number}").exists()] == []
    assert [folder for folder in folders if folder.exists()] == []
    with pytest.raises(ConnectionRefusedError):
        ask(url, "/readyz")


async def everybody_hears(url: str, meeting: str) -> None:
    clients = [Client(url, meeting, KEYS) for _ in range(4)]
    async with clients[0], clients[1], clients[2], clients[3]:
        for number, client in enumerate(clients):
            await client.act({"type": "take-seat", "seat": f"seatnumber{number}"}, {"name": f"canary {number}"})
        for client in clients:
            while len(client.view["seats"]) < len(clients):
                assert await client.changed(20)
            assert client.name("seatnumber3") == "canary 3"
