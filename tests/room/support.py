"""A raw device and a running server, for whoever tests against the room.

``running_room`` is the fixture (in ``conftest.py``); ``Running`` starts, stops and restarts a server in this process,
``Subprocess`` one that can be killed. ``Device`` speaks the protocol by hand and folds what it hears into ``view``.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import json
import os
import random
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from kring.meeting import Person
from kring.methods import library
from kring.methods.model import Method
from kring_room import tickets
from kring_room.cluster.clock import wall_clock
from kring_room.meetings import Meetings
from kring_room.server.serving import serve
from kring_room.settings import Rate, RoomSettings
from kring_room.store.erasures import Ledger
from kring_room.wire.messages import SUBPROTOCOL
from tests.environment import clean_environment

SECRET = b"a secret of this test and no other"
SOON = 5.0
_ANY = Rate(1e9, 1e9)
UNBOUND: dict[str, Any] = {"commands": _ANY, "pings": _ANY, "frames": _ANY, "frame_bytes": _ANY}
"""Settings for whoever is faster than people are."""
Json = dict[str, Any]
_numbers = itertools.count()


def new_id(prefix: str = "x") -> str:
    """An id as a device makes it up."""
    return f"{prefix}{next(_numbers):09d}"


def sealed(text: bytes = b"ciphertext") -> str:
    """Bytes that look like sealed content: nobody here can open them anyway."""
    return base64.urlsafe_b64encode(b"\x01" + text.ljust(28, b".")).rstrip(b"=").decode()


def quick(method: Method, minutes: float) -> Method:
    """The same method with phases of so many minutes."""
    phases = {
        part: tuple(msgspec.structs.replace(phase, minutes=minutes) for phase in getattr(method, part))
        for part in ("opening", "round", "closing")
    }
    return msgspec.structs.replace(method, **phases)


class Closed(Exception):
    """The room closed the connection: ``code`` of the close frame, its ``reason``, the ``trouble`` said before."""

    def __init__(self, code: int, reason: str, trouble: str | None) -> None:
        super().__init__(f"{code} {reason} after trouble {trouble}")
        self.code, self.reason, self.trouble = code, reason, trouble


NOBODY: Json = {"seats": {}, "visitors": 0, "offline": [], "knocks": 0}  # what the room need not say of who listens


class Device:
    """A browser without a screen."""

    def __init__(self, room: Running | Subprocess, meeting: str, *, table: bool = False, device: str = "") -> None:
        self.room = room
        self.meeting = meeting
        self.table = table
        self.person: Person | None = None
        """Who this is, where their ticket says so."""
        self.device = device or new_id("d")
        self.reads: int | None = None
        """The newest format of sealed bodies that it says it reads; an older release says nothing."""
        self.seal = 1
        """The format to seal in, as the room says."""
        self.node = 0
        """The port to connect to, where it is not the next one's turn."""
        self.seat: str | None = None
        self.seq = 0
        self.view: Json = {}
        self.bodies: dict[str, str] = {}
        self.heard: list[Json] = []
        """All that the room said but for who else listens."""
        self.devices: Json = {}
        """Who else listens, as the room says."""
        self.counts: list[Json] = []
        """Each time that it said so."""
        self.socket: ClientConnection

    def ticket(self) -> str:
        who: Json = {"person": self.person, "version": 2} if self.person else {}
        now = wall_clock()
        return tickets.sign_ticket(SECRET, meeting=self.meeting, device=self.device, now=now, table=self.table, **who)

    async def open(self, origin: str | None = None, **options: Any) -> Self:
        """Only the connection, no hello. ``origin="own"``: as a page of this server would."""
        host = f"127.0.0.1:{self.node or self.room.port}"
        self.socket = await connect(
            f"ws://{host}/room/{self.meeting}",
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            origin=Origin(f"http://{host}" if origin == "own" else origin) if origin else None,
            compression=None,
            max_size=None,
            max_queue=None,
            ping_interval=None,
            proxy=None,
            **options,
        )
        return self

    async def hello(self, since: int | None = None, ticket: str | None = None) -> Json:
        """Connect and be let in; the ``welcome``."""
        await self.open()
        reads = {"seal": self.reads} if self.reads else {}
        await self.say({"type": "hello", "ticket": ticket or self.ticket(), "since": since, **reads})
        return await self.hear("welcome")

    async def say(self, message: Json | str | bytes) -> None:
        await self.socket.send(json.dumps(message) if isinstance(message, dict) else message)

    async def next(self, within: float = SOON) -> Json:
        """The next message, folded into what this device knows; who else listens is noted on the way."""
        while True:
            message = await self._receive(within)
            if message["type"] != "devices":
                return message

    async def _receive(self, within: float) -> Json:
        trouble = self.heard[-1]["code"] if self.heard and self.heard[-1]["type"] == "trouble" else None
        try:
            raw = await asyncio.wait_for(self.socket.recv(), within)
        except ConnectionClosed as closed:
            frame = closed.rcvd
            raise Closed(frame.code if frame else 1006, frame.reason if frame else "", trouble) from None
        message: Json = json.loads(raw)
        (self.counts if message["type"] == "devices" else self.heard).append(message)
        self._fold(message)
        return message

    async def hear(self, kind: str, within: float = SOON, **fields: Any) -> Json:
        """The next message of this kind, with these fields."""
        while True:
            message = await self.next(within)
            if message["type"] == kind and all(message.get(name) == value for name, value in fields.items()):
                return message

    async def until(self, so: Callable[[Json], Any], within: float = SOON) -> None:
        """Listen until the view is so."""
        while not so(self.view):
            await self.next(within)

    async def count(self, visitors: int, seats: dict[str | None, int] | None = None, within: float = SOON) -> None:
        """Listen until the room has said that so many others listen."""
        while (self.devices["seats"], self.devices["visitors"]) != (seats or {}, visitors):
            await self._receive(within)

    async def offline(self, *seats: str | None, within: float = SOON) -> None:
        """Listen until the room has said that just these seats are offline."""
        while set(self.devices["offline"]) != set(seats):
            await self._receive(within)

    async def do(self, kind: str, *, id: str | None = None, bodies: Json | None = None, **fields: Any) -> Json:  # noqa: A002 - the protocol's own word
        """Ask for something; the answer."""
        command = id or new_id("c")
        await self.ask(kind, id=command, bodies=bodies, **fields)
        while True:
            message = await self.next()
            if message["type"] in ("done", "refused") and message["id"] == command:
                return message

    async def ask(self, kind: str, *, id: str | None = None, bodies: Json | None = None, **fields: Any) -> None:  # noqa: A002 - the protocol's own word
        """Ask for something, without waiting."""
        command = {"type": kind, **fields}
        await self.say({"type": "do", "id": id or new_id("c"), "command": command, "bodies": bodies or {}})

    async def sit(self, seat: str = "", **fields: Any) -> Json:
        name = new_id("n")
        answer = await self.do(
            "take-seat", seat=seat or new_id("s"), name=name, bodies={name: sealed(self.device.encode())}, **fields
        )
        self.seat = self.view["mine"]["seat"]
        return answer

    async def give(self, what: str, body: str = "", content: str = "", **fields: Any) -> Json:
        content = content or new_id("k")
        return await self.do("give", what=what, content=content, bodies={content: body or sealed()}, **fields)

    async def fate(self, within: float = SOON) -> Closed:
        """Listen until the room closes the connection; why."""
        while True:
            try:
                await self.next(within)
            except Closed as closed:
                return closed

    async def silence(self, seconds: float = 0.2) -> None:
        """Nothing comes for so long."""
        with contextlib.suppress(TimeoutError):
            message = await self.next(seconds)
            raise AssertionError(message)

    async def leave(self) -> None:
        """Hang up."""
        await self.socket.close()

    def may(self, command: str, detail: str = "") -> bool:
        return [command, detail] in self.view["mine"]["permitted"]

    def _fold(self, message: Json) -> None:
        if message["type"] == "devices":
            self.devices = {name: message[name] for name in NOBODY}
        elif message["type"] == "welcome" or message.get("facts", {}).get("fresh"):
            self.devices = NOBODY
        if message.get("view"):
            self.view = message["view"]
        elif message.get("facts"):
            facts = message["facts"]
            items = {item["n"]: item for item in (*self.view["items"], *facts.get("items", ()))}
            places = {(slot["seat"], slot["what"]): slot for slot in facts.get("desk", ())}
            desk = [places.get((slot["seat"], slot["what"]), slot) for slot in self.view["desk"]]
            items_now = [items[n] for n in sorted(items)]
            self.view = {**self.view, "desk": desk, **facts.get("set", {}), "items": items_now}
        said = message.get("seq", 0)
        self.seq = said if message["type"] == "welcome" else max(self.seq, said)
        if message["type"] == "welcome":
            self.seal = message["seal"]
        elif message["type"] == "seal":
            self.seal = message["format"]
        self.bodies |= message.get("bodies", {})


class Running:
    """A server in this process, on a port of its own; or, with ``nodes``, several over the same store and fan-out.

    Each connection that is opened goes to the next node, so that a meeting is spread over them.
    """

    def __init__(
        self,
        folder: Path,
        *,
        method: Method | None = None,
        nodes: int = 1,
        where: str | None = None,
        fanout: str | None = None,
        **settings: Any,
    ) -> None:
        self.database = folder / "kring.db"
        self.where = where or self.database
        self.method = method or library.load("linxx-9")
        self.settings = RoomSettings(**settings)
        self.meetings = Meetings(self.where, self.settings)
        self.meetings.create_tables()
        self.options: Json = {"fanout": fanout}
        self.ports = [0] * nodes
        self.ledgers = [Ledger(folder / f"erasures{node}", 90) for node in range(nodes)]
        self._stops: dict[int, asyncio.Event] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._devices, self._next = list[Device](), 0
        self.reads: int | None = None
        """The newest format of sealed bodies that new devices say they read."""

    @property
    def port(self) -> int:
        """The next node's."""
        self._next = (self._next + 1) % len(self.ports)
        return self.ports[self._next]

    async def start(self) -> Self:
        for node in range(len(self.ports)):
            await self.start_node(node)
        return self

    async def start_node(self, node: int) -> None:
        ready, self._stops[node] = asyncio.get_running_loop().create_future(), asyncio.Event()
        task = self._tasks[node] = asyncio.create_task(
            serve(
                host="127.0.0.1", port=self.ports[node], database=self.where, secret=SECRET, settings=self.settings,
                ready=ready.set_result, stop=self._stops[node], ledger=self.ledgers[node], **self.options,
            )
        )  # fmt: skip
        await asyncio.wait((ready, task), return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        self.ports[node] = ready.result()

    async def stop_node(self, node: int) -> None:
        self._stops[node].set()
        await self._tasks[node]

    async def stop(self) -> None:
        for node in range(len(self.ports)):
            await self.stop_node(node)

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    async def close(self) -> None:
        for device in self._devices:
            if hasattr(device, "socket"):
                await device.leave()
        await self.stop()

    def open_meeting(self, **options: Any) -> str:
        return self.meetings.open_meeting(self.method, **options)

    def device(self, meeting: str, **options: Any) -> Device:
        device = Device(self, meeting, **options)
        device.reads = self.reads
        self._devices.append(device)
        return device

    async def circle(self, meeting: str, size: int = 4) -> list[Device]:
        """So many people, each at a seat."""
        devices = [self.device(meeting) for _ in range(size)]
        for device in devices:
            await device.hello()
            await device.sit()
        return devices

    async def started(self, meeting: str, size: int = 4) -> list[Device]:
        """The same, with the first phase under way."""
        devices = await self.circle(meeting, size)
        await devices[0].until(lambda view: len(view["seats"]) == size)
        assert (await devices[0].do("start"))["type"] == "done"
        await all_at(devices, devices[0].seq)
        return devices


async def all_at(devices: list[Device], seq: int) -> None:
    """Everybody has heard all up to ``seq``."""
    for device in devices:
        while device.seq < seq:
            await device.next()


class Subprocess:
    """A server in a process of its own, to be killed. Started with ``python tests/room/support.py DATABASE PORT``."""

    def __init__(self, folder: Path, *, method: Method | None = None) -> None:
        self.database = folder / "kring.db"
        self.method = method or library.load("linxx-9")
        self.meetings = Meetings(self.database)
        self.meetings.create_tables()
        self.port = 0

    async def start(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, __file__, str(self.database), str(self.port), stdout=asyncio.subprocess.PIPE,
            env=clean_environment(PYTHONPATH=os.pathsep.join(filter(None, sys.path))),
        )  # fmt: skip
        assert self._process.stdout
        self.port = int(await asyncio.wait_for(self._process.stdout.readline(), 20))
        return self

    async def kill(self) -> None:
        """SIGKILL: no time for last words."""
        self._process.kill()
        await self._process.wait()

    async def stop(self) -> None:
        """SIGTERM: time for last words."""
        if self._process.returncode is None:
            self._process.terminate()
        await self._process.wait()


async def _serve_alone(database: str, port: str) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await serve(
        host="127.0.0.1", port=int(port), database=Path(database), secret=SECRET, stop=stop,
        ready=lambda taken: print(taken, flush=True),  # noqa: T201 - how the port is told
    )  # fmt: skip


def shuffled(seed: int, things: list[Any]) -> list[Any]:
    """The same things in another order, the same for the same seed."""
    return random.Random(seed).sample(things, len(things))


if __name__ == "__main__":
    asyncio.run(_serve_alone(*sys.argv[1:]))
