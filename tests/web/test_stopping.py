"""A server that is asked to stop: every line ends with its reason, and what was asked is done once, here or by the next."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import subprocess
import sys
from pathlib import Path

from kring.meeting import events, upcasting
from kring_client import wire
from kring_client.client import Client, Refused
from kring_client.keys import LinkKeys
from kring_room.store.sqlite import rows
from kring_room.wire.messages import CLOSE_CODES
from tests.ports import free_port
from tests.web.serving import ask, environment

KEYS = LinkKeys(b"k" * 32)
SECRET = "a secret of this test, of enough characters"
ROOMS, SEATS, TURNS = 4, 4, 24
DOORS: tuple[wire.CloseDoors, wire.OpenDoors] = ({"type": "close-doors"}, {"type": "open-doors"})


class Server:
    """The command line's own, on one port, again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-W", "error", "-m", "kring_command", "serve", "--port", str(self.port)]
        more = {"KRING_SECRET_KEY": SECRET, "KRING_LOG_FORMAT": "json"}
        self.process = subprocess.Popen(
            command, env=environment(self.folder, **more), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout
        assert "Kring is at" in self.process.stdout.readline()

    def stop(self) -> tuple[int, list[dict[str, object]]]:
        """The exit code, and what was logged."""
        self.process.send_signal(signal.SIGTERM)
        _, said = self.process.communicate(timeout=20)
        return self.process.returncode, [json.loads(line) for line in said.splitlines()]


async def busy(client: Client, acknowledged: list[int]) -> None:
    """One who asks and asks; the client repeats what was not answered. A door that is closed can't be closed."""
    for turn in range(TURNS):
        with contextlib.suppress(Refused):
            acknowledged.append(await client.act(DOORS[turn % 2]))
        await asyncio.sleep(0.12)


async def play(server: Server) -> tuple[dict[str, list[int]], list[Client], tuple[int, list[dict[str, object]]]]:
    await asyncio.to_thread(server.start)
    opened = [
        await asyncio.to_thread(ask, server.url, "/api/meetings", "POST", {"method": "linxx-9"}) for _ in range(ROOMS)
    ]
    heard: dict[str, list[int]] = {answer.json["meeting"]: [] for answer in opened}
    clients = [Client(server.url, meeting, KEYS) for meeting in heard for _ in range(SEATS)]
    async with contextlib.AsyncExitStack() as stack:
        for client in clients:
            await stack.enter_async_context(client)
        for at, client in enumerate(clients):
            await client.act({"type": "take-seat", "seat": f"seatnumber{at % SEATS}"}, {"name": "canary"})
        work = [asyncio.create_task(busy(client, heard[client.meeting])) for client in clients]
        await asyncio.wait(work, timeout=0.8)
        stopped = await asyncio.to_thread(server.stop)
        codes = [client.code for client in clients]
        assert codes == [CLOSE_CODES["restarting"]] * len(clients)
        await asyncio.to_thread(server.start)
        await asyncio.gather(*work)
    return heard, clients, stopped


def test_a_stop_under_load_loses_nothing_and_does_nothing_twice(tmp_path: Path) -> None:
    server = Server(tmp_path)
    try:
        heard, clients, (code, said) = asyncio.run(play(server))
    finally:
        again = server.stop()

    assert (code, again[0]) == (0, 0)
    names = [str(line["event"]) for line in said]
    assert names[0] == "serving"
    assert names[-1] == "stopped"
    ended = [line["reason"] for line in said[names.index("stopping") :] if line["event"] == "connection-closed"]
    assert len(ended) >= len(clients)
    assert set(ended) == {"restarting"}  # whoever comes back before the port is shut hears it again
    for meeting, acknowledged in heard.items():
        log = log_of(tmp_path, meeting)
        moved = [seq for seq, event in enumerate(log, 1) if isinstance(event, events.DoorsClosed | events.DoorsOpened)]
        assert len(acknowledged) > SEATS
        assert sorted(acknowledged) == moved
        assert sum(isinstance(event, events.SeatTaken) for event in log) == SEATS


def log_of(folder: Path, meeting: str) -> list[events.AnyEvent]:
    connection = rows.connect(folder / "kring.sqlite3")
    loaded = rows.load(connection, meeting, whole=True)
    connection.close()
    assert loaded is not None
    return [upcasting.upcast(event.version, event.body) for event in loaded.events]
