"""A server that is killed and started again, and people who play on: they keep what was acknowledged to them.

``python tests/room/crashing.py DATABASE PORT`` serves rooms and tickets alone; ``kring serve`` is started as it is.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, Self

from websockets.asyncio.client import ClientConnection

from kring.methods.model import Method
from kring_client.client import Client, Command, new_id
from kring_client.colleague import Pace
from kring_client.colleagues import Config, Group
from kring_client.encoding import encode
from kring_client.keys import Keys, LinkKeys
from kring_client.sealing import Filled
from kring_room import tickets
from kring_room.cluster.clock import wall_clock
from kring_room.server.serving import serve
from kring_room.tickets import TokenError
from tests.environment import clean_environment

SECRET = b"the secret of a server that is killed"
STARTS_WITHIN = 100.0
BACK_WITHIN = 100.0
"""Seconds, on a machine with much else to do."""


async def until(so: Callable[[], bool], found: Callable[[], object] = lambda: "") -> None:
    """Wait for what is so in another process, or with somebody who tells nobody; ``found``: what is to be said if it never is."""
    try:
        async with asyncio.timeout(BACK_WITHIN):
            while not so():  # noqa: ASYNC110 - see above
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(found()) from None


class Acked(NamedTuple):
    """A command that the room said was done, as of ``seq``."""

    id: str
    command: Command
    seq: int


class Recorder(Client):
    """A client that writes down what was acknowledged."""

    def __init__(self, url: str, meeting: str, keys: Keys, asking: asyncio.Event) -> None:
        super().__init__(url, meeting, keys, patience=120)
        self.acked: list[Acked] = []
        self._asking = asking

    @property
    def line(self) -> ClientConnection | None:
        """The line that it has now."""
        return self._connection

    @property
    def waiting(self) -> bool:
        """Whether something was asked and not answered."""
        return bool(self._pending)

    async def act(self, command: Command, fields: Filled | None = None, *, command_id: str | None = None) -> int:
        identity = command_id or new_id()
        self._asking.set()
        seq = await super().act(command, fields, command_id=identity)
        self.acked.append(Acked(identity, command, seq))
        return seq


class Killable:
    """A server process on one port. ``restarts``, and the seconds from each kill to everybody being back."""

    def __init__(self, arguments: list[str], port: int, database: Path, **environment: str) -> None:
        self.url, self.database = f"http://localhost:{port}", database
        path = os.pathsep.join(entry for entry in sys.path if entry)
        self._arguments = [sys.executable, *arguments]
        self._environment = clean_environment(PYTHONPATH=path, **environment)
        self.restarts = 0
        self.midway = 0
        """How many of the kills came while somebody waited for an answer."""
        self.recovered: list[float] = []

    async def start(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *self._arguments, env=self._environment, stdout=asyncio.subprocess.PIPE
        )
        assert self._process.stdout
        assert await asyncio.wait_for(self._process.stdout.readline(), STARTS_WITHIN), "it did not start"
        return self

    async def kill(self) -> None:
        """SIGKILL: whatever it was doing, it does no more."""
        assert self._process.returncode is None, "it fell by itself"
        self._process.kill()
        await self._process.wait()

    async def kill_and_restart(self, clients: list[Recorder], *, wait: bool) -> None:
        """Kill, start again, and ``wait`` until everybody is back."""
        lines = {client: client.line for client in clients}
        self.midway += any(client.waiting and client.line for client in clients)
        killed = time.monotonic()
        await self.kill()
        await self.start()
        self.restarts += 1
        if not wait:
            return
        await until(
            lambda: all(client.closed or client.line not in (None, line) for client, line in lines.items()),
            lambda: [(client.seat, client.code, client.closed, client.line) for client in clients],
        )
        self.recovered.append(time.monotonic() - killed)

    async def open_meeting(self, method: str) -> str:
        """A practice meeting, as a page opens one."""
        wanted = json.dumps({"method": method, "practice": True, "language": "en"}).encode()
        headers = {"Content-Type": "application/json", "Origin": self.url}
        request = urllib.request.Request(f"{self.url}/api/meetings", wanted, headers)  # noqa: S310 - our own address
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

        def send() -> str:
            with opener.open(request, timeout=20) as answer:
                return str(json.load(answer)["meeting"])

        return await asyncio.to_thread(send)

    async def stop(self) -> None:
        if self._process.returncode is None:
            self._process.terminate()
        await self._process.wait()


class Meeting:
    """Colleagues who play a meeting among themselves, sixty times as fast as people do."""

    def __init__(self, server: Killable, meeting: str, method: Method, *, seed: int) -> None:
        self.server, self.meeting, self.method = server, meeting, method
        self.key = Random(seed).randbytes(32)
        config = Config(
            server.url, meeting, encode(self.key), seats=method.group.min, newcomer="nobody", seed=seed, language="en"
        )
        self.group = Group(config, method)
        self.asking = asyncio.Event()
        self.clients = [Recorder(server.url, meeting, LinkKeys(self.key), self.asking) for _ in self.group.colleagues]
        for colleague, client in zip(self.group.colleagues, self.clients, strict=True):
            colleague.client = client
        self._playing = asyncio.create_task(self.group.play())

    @property
    def over(self) -> bool:
        return self._playing.done()

    async def begin(self) -> None:
        """Until the first phase, and then fast."""
        first = self.clients[0]
        await until(lambda: first.seat is not None, lambda: (first.code, first.closed, first.line))
        await first.act({"type": "speed", "factor": 60})

    async def end(self) -> list[str]:
        """Nothing more will happen to them, so they may hurry; why each left."""
        for number, colleague in enumerate(self.group.colleagues):
            colleague.pace = Pace(Random(number), 0.3)
        return await self._playing

    async def moment(self, random: Random) -> None:
        """Any moment, or one just after somebody asked for something."""
        await asyncio.sleep(random.uniform(0.02, 0.7))
        if random.random() < 0.6:
            self.asking.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.asking.wait(), 2)
            await asyncio.sleep(random.uniform(0, 0.012))

    async def abandon(self) -> None:
        """All of them go away at once."""
        self._playing.cancel()
        await asyncio.wait([self._playing])

    async def fresh(self, client: Recorder) -> Client:
        """What the same device gets that comes with nothing."""
        again = Client(self.server.url, self.meeting, LinkKeys(self.key))
        again.device_token = client.device_token
        async with again:
            return again


async def _tickets(scope: Any, receive: Any, send: Any) -> None:
    """``POST /api/meetings/<meeting>/tickets`` and nothing else."""
    meeting = scope["path"].split("/")[3]
    asked = json.loads((await receive())["body"])
    try:
        device = tickets.open_device(SECRET, asked["device_token"] or "", meeting=meeting)
    except TokenError:
        device = new_id()
    answer = {
        "ticket": tickets.sign_ticket(SECRET, meeting=meeting, device=device, now=wall_clock()),
        "device_token": tickets.sign_device(SECRET, meeting=meeting, device=device),
        "room": f"/room/{meeting}",
    }
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(answer).encode()})


async def _app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        while (message := await receive())["type"] != "lifespan.shutdown":
            await send({"type": f"{message['type']}.complete"})
        await send({"type": "lifespan.shutdown.complete"})
        return
    await _tickets(scope, receive, send)


async def _serve_alone(database: str, port: str) -> None:
    await serve(
        host="127.0.0.1", port=int(port), database=Path(database), secret=SECRET, asgi_app=_app,
        ready=lambda taken: print(taken, flush=True),  # noqa: T201 - how one knows that it has started
    )  # fmt: skip


if __name__ == "__main__":
    asyncio.run(_serve_alone(*sys.argv[1:]))
