"""A device that plays, and writes down all that it does and hears: lean, over the public protocol alone.

It sends again what was not answered, with the same id, comes back with ``since`` (now and then with nothing), and gives
a line up when an answer stays away for too long. What it hears it keeps as it came; the checker folds it for itself.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import time
from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from kring_client.encoding import encode
from kring_client.folding import fold
from tests.torture.history import Asked, Ended, Heard, History, Json, Opened

COMES_WITHIN = 4.0
"""Seconds for a ticket and a welcome."""
PATIENCE = 2.5
"""Seconds without a word, with something asked, after which the line is given up."""
LONGEST_WAIT = 1.0
"""Seconds between two tries at most; people's browsers wait up to eight."""
SHUT = {"doors-closed", "full", "unknown-meeting", "shown-out"}
REPEATS = 0.02
"""How often a command is sent twice although nothing went wrong."""


class Place(NamedTuple):
    """Where a server listens, as a device reaches it."""

    host: str
    port: int


class Unavailable(OSError):
    """The server answered, but not with what was asked."""


async def post(place: Place, path: str, body: Json) -> Any:
    """JSON to a path of the public API; the JSON that it answers."""
    reader, writer = await asyncio.open_connection(place.host, place.port)
    try:
        payload = msgspec.json.encode(body)
        lines = (
            f"POST {path} HTTP/1.1", f"Host: localhost:{place.port}", f"Origin: http://localhost:{place.port}",
            "Content-Type: application/json", f"Content-Length: {len(payload)}", "Connection: close", "", "",
        )  # fmt: skip
        writer.write("\r\n".join(lines).encode() + payload)
        head, _, answer = (await reader.read()).partition(b"\r\n\r\n")
    finally:
        writer.transport.abort()
    if b" 20" not in head[:14]:
        raise Unavailable(head[:40].decode(errors="replace"))
    try:
        return msgspec.json.decode(answer)
    except msgspec.DecodeError as error:  # cut short
        raise Unavailable(path) from error


class Waiting:
    """A command that was not answered yet."""

    __slots__ = ("at", "command", "frame")

    def __init__(self, command: Asked, frame: str) -> None:
        self.command, self.frame = command, frame
        self.at = command.at


class Device:
    """One device in one meeting. ``place`` is asked anew for each line; ``told`` hears of each answer."""

    def __init__(
        self, meeting: str, place: Callable[[], Place], random: Random, *, table: bool, told: Callable[[str], None]
    ) -> None:
        self.meeting, self.table = meeting, table
        self.history = History("", table)
        self.view: Any = None
        self.seq: int | None = None
        self.waiting: dict[str, Waiting] = {}
        self.line: ClientConnection | None = None
        self.shut = False
        self._place, self._random, self._told = place, random, told
        self._token: str | None = None
        self._heard = time.monotonic()
        self._reading = True
        self._answered: ClientConnection | None = None
        """The line on which a ping was answered."""
        self._running: asyncio.Task[None] | None = None

    # -- the line

    def start(self) -> None:
        """Come, and come back for as long as it takes."""
        self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Go, for good."""
        if self._running:
            self._running.cancel()
            await asyncio.wait([self._running])
        self._running = None

    async def look(self) -> None:
        """Come once more with nothing, for a fresh view with all bodies that follow it, and go."""
        self.seq = None
        self.start()
        try:
            async with asyncio.timeout(3 * COMES_WITHIN):
                asked = None
                while not (self.shut or (asked and asked is self._answered)):
                    if self.line and self.line is not asked:  # what answers comes after all that was on its way
                        asked = self.line
                        with contextlib.suppress(WebSocketException):
                            await asked.send('{"type":"ping","n":1}')
                    await asyncio.sleep(0.01)
        finally:
            await self.stop()

    async def _run(self) -> None:
        tries = 0
        while not self.shut:
            with contextlib.suppress(OSError, TimeoutError, WebSocketException):
                if await self._one_line():
                    tries = 0
            await asyncio.sleep(min(LONGEST_WAIT, 0.03 * 2**tries) * self._random.uniform(0.5, 1))
            tries += 1

    async def _one_line(self) -> bool:
        place = self._place()
        path = f"/api/meetings/{self.meeting}/tickets"
        async with asyncio.timeout(COMES_WITHIN):
            wanted = {"device_token": self._token, "as": "table" if self.table else "device"}
            ticket = await post(place, path, wanted)
            self._name(ticket["device_token"])
            line = await connect(
                f"ws://localhost:{place.port}{ticket['room']}", host=place.host, port=place.port, compression=None,
                subprotocols=[Subprotocol("kring.1")], ping_interval=None, max_size=None, close_timeout=1, proxy=None,
            )  # fmt: skip
        try:
            return await self._live(line, ticket["ticket"])
        finally:
            self.line = None
            self._note(Ended(time.monotonic(), line.close_code or 1006, line.close_reason or ""))
            self.shut = self.shut or (line.close_reason or "") in SHUT
            line.transport.abort()

    async def _live(self, line: ClientConnection, ticket: str) -> bool:
        since = self.seq if self._random.random() > 0.15 else None
        self._note(Opened(time.monotonic(), since))
        await line.send(msgspec.json.encode({"type": "hello", "ticket": ticket, "since": since}).decode())
        with contextlib.suppress(ConnectionClosed):
            async with asyncio.timeout(COMES_WITHIN):
                self._hear(str(await line.recv()))
            self.line, self._reading = line, True
            for waiting in tuple(self.waiting.values()):
                self._send(waiting)
            while True:
                self._hear(str(await line.recv()))
        return line.close_reason != "too-fast"

    def _name(self, token: str) -> None:
        """The device token says which device this is."""
        if self._token is None:
            payload = token.partition(".")[0]
            name = msgspec.json.decode(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["device"]
            self.history.device = f"table:{name}" if self.table else name
        self._token = token

    def impatient(self) -> None:
        """Give a line up on which an answer stays away."""
        now = time.monotonic()
        oldest = min((one.at for one in self.waiting.values()), default=now)
        if self.line and self._reading and now - max(oldest, self._heard) > PATIENCE:
            self.line.transport.abort()

    def cut(self) -> None:
        """The line is gone at once."""
        if self.line:
            self.line.transport.abort()

    def read(self, *, on: bool) -> None:
        """Stop reading what comes, or read on. The line itself stays."""
        self._reading = on
        self._heard = time.monotonic()
        if self.line and not self.line.transport.is_closing():
            (self.line.transport.resume_reading if on else self.line.transport.pause_reading)()

    # -- what is said

    def ask(self, command: Json, bodies: dict[str, str], command_id: str) -> None:
        """Send a command, until it is answered."""
        message = {"type": "do", "id": command_id, "command": command, "bodies": bodies}
        asked = Asked(time.monotonic(), command_id, command, bodies)
        waiting = self.waiting[command_id] = Waiting(asked, msgspec.json.encode(message).decode())
        self._send(waiting)
        if self._random.random() < REPEATS:
            self._send(waiting)

    def _send(self, waiting: Waiting) -> None:
        """Write it to the line, if there is one; without waiting, so that it can't be half noted."""
        line = self.line
        if line is None or line.transport.is_closing() or line.protocol.state.name != "OPEN":
            return
        waiting.at = time.monotonic()
        self._note(msgspec.structs.replace(waiting.command, at=waiting.at))
        line.protocol.send_text(waiting.frame.encode())
        line.transport.write(b"".join(line.protocol.data_to_send()))

    def _hear(self, frame: str) -> None:
        self._heard = time.monotonic()
        self._note(Heard(self._heard, frame))
        message: Json = msgspec.json.decode(frame)
        match message["type"]:
            case "welcome" | "facts":
                self.seq = message["seq"]
                if message.get("view"):
                    self.view = message["view"]
                if message.get("facts"):
                    self.view = fold(self.view, message["facts"])
            case "pong":
                self._answered = self.line
            case "done":
                if self.waiting.pop(message["id"], None):
                    self._told("done")
            case "refused" if message["code"] == "try-again":
                waiting = self.waiting.get(message["id"])
                self._told("try-again")
                if waiting:
                    asyncio.get_running_loop().call_later(self._random.uniform(0.1, 0.3), self._once_more, waiting)
            case "refused":
                if self.waiting.pop(message["id"], None):
                    self._told("refused")

    def _once_more(self, waiting: Waiting) -> None:
        if self.waiting.get(waiting.command.id) is waiting:
            self._send(waiting)

    def _note(self, entry: Opened | Asked | Heard | Ended) -> None:
        self.history.entries.append(entry)

    @property
    def seat(self) -> str | None:
        """Where it sits, as far as it knows."""
        seat: str | None = self.view["mine"]["seat"] if self.view else None
        return seat


def sealed(random: Random, longest: int = 11_000) -> str:
    """Bytes that look like sealed content: mostly short, now and then long."""
    size = random.choice((300, 300, 300, 600, 600, 1500, longest))
    return encode(b"\x01" + random.randbytes(size))
