"""One connection can keep the others waiting only so long: every frame and every byte of it counts, from the first one on."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import FrameType
from typing import Any

import msgspec
import pytest
from websockets.frames import Frame, Opcode

from kring.meeting import open_meeting, upcasting
from kring.methods import library
from kring_room.live.hub import Hub
from kring_room.server.transport import RoomSocket
from kring_room.settings import Rate, RoomSettings
from kring_room.store.memory import MemoryStore
from kring_room.store.port import MeetingRow, StoredEvent
from kring_room.tickets import sign_ticket
from kring_room.wire.messages import CLOSE_CODES, MAX_BODY
from tests.room.support import SECRET, Device, Running, new_id, sealed

MEETING = "aaaaaaaaaaaaaaaaaaaa"
REQUEST = (
    f"GET /room/{MEETING} HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: kring.1\r\n\r\n"
).encode()
READ = 256 * 1024
"""What the event loop hands over at once."""


def frame(opcode: Opcode, payload: bytes = b"", *, fin: bool = True) -> bytes:
    return Frame(opcode, payload, fin).serialize(mask=True)


class Wire(asyncio.Transport):
    """A transport to nowhere, which stops reading when it is asked to."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.reading = True
        self.welcomed = asyncio.Event()

    def write(self, data: Any) -> None:
        self.written += bytes(data)
        if b'"welcome"' in self.written:
            self.welcomed.set()

    def pause_reading(self) -> None:
        self.reading = False

    def is_closing(self) -> bool:
        return False

    def get_write_buffer_size(self) -> int:
        return 0

    def write_eof(self) -> None:
        """Nobody is there."""

    def close(self) -> None:
        self.reading = False

    def abort(self) -> None:
        self.reading = False


class Line:
    """One connection to a real hub, without a kernel."""

    def __init__(self, hub: Hub) -> None:
        self.hub, self.wire, self.socket = hub, Wire(), RoomSocket(hub)
        self.socket.connection_made(self.wire)
        self.socket.data_received(REQUEST)

    async def hello(self) -> None:
        ticket = sign_ticket(SECRET, meeting=MEETING, device=new_id("d"), now=self.hub.clock())
        self.socket.data_received(frame(Opcode.TEXT, msgspec.json.encode({"type": "hello", "ticket": ticket})))
        await self.wire.welcomed.wait()

    def flood(self, stream: bytes) -> int:
        """What the server does of it, in function calls: as a measure of work the same on every machine."""
        work = 0

        def count(_frame: FrameType, event: str, _argument: object) -> None:
            nonlocal work
            work += event in ("call", "c_call")

        at = 0
        gc.disable()
        sys.setprofile(count)
        try:
            while at < len(stream) and self.wire.reading:
                self.socket.data_received(stream[at : at + READ])
                at += READ
        finally:
            sys.setprofile(None)
            gc.enable()
        return work

    @property
    def reason(self) -> str:
        """What the room gave as its reason for closing."""
        code = CLOSE_CODES["too-fast"].to_bytes(2, "big") + b"too-fast"
        return "too-fast" if code in self.wire.written else ""


class StillHub(Hub):
    """Its clock stands: what is done does not depend on how long it takes."""

    def seconds(self) -> float:
        return 1000.0


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    store = MemoryStore()
    hub = StillHub(store, SECRET, RoomSettings())
    await hub.start()
    method = library.load("linxx-9")
    row = MeetingRow(MEETING, method.id, msgspec.json.encode(method), practice=False, opened_at=1, expires_at=2**52)
    opened = open_meeting(MEETING, method, now=1, seed=1)
    await store.open(row, (StoredEvent(upcasting.VERSION, upcasting.encode(opened)),))
    yield hub
    await hub.stop()


BEGUN = frame(Opcode.TEXT, b"{", fin=False)
FLOODS: dict[str, Callable[[int], bytes]] = {
    "empty fragments": lambda size: BEGUN + frame(Opcode.CONT, fin=False) * (size // 6),
    "fragments of one byte": lambda size: BEGUN + frame(Opcode.CONT, b" ", fin=False) * (size // 7),
    "pings": lambda size: frame(Opcode.PING) * (size // 6),
    "pongs": lambda size: frame(Opcode.PONG) * (size // 6),
    "pongs with something in them": lambda size: frame(Opcode.PONG, b"x" * 100) * (size // 106),
    "pings within a message": lambda size: BEGUN + frame(Opcode.PING, b"x") * (size // 7),
}


@pytest.mark.parametrize("kind", FLOODS)
@pytest.mark.parametrize("greeted", [False, True], ids=["before hello", "after hello"])
async def test_work_for_a_flood_does_not_grow_with_it(hub: Hub, kind: str, greeted: bool) -> None:
    work = []
    for size in (2 * READ, 2 * READ, 32 * READ):  # the first one finds whatever a process does once
        line = Line(hub)
        if greeted:
            await line.hello()
        work.append(line.flood(FLOODS[kind](size)))
        assert line.reason == "too-fast"
        assert not line.wire.reading

    assert work[2] == pytest.approx(work[1], rel=0.01)
    assert work[2] < 10_000


class Flooder:
    """A connection that writes bytes of its own choice, as fast as they are taken."""

    def __init__(self, room: Running, meeting: str) -> None:
        self.room, self.meeting = room, meeting
        self.sent = 0
        self.heard = b""

    async def open(self, *, greeted: bool) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.room.port)
        self.writer.write(REQUEST.replace(MEETING.encode(), self.meeting.encode()))
        await self.reader.readuntil(b"\r\n\r\n")
        if greeted:
            hello = {"type": "hello", "ticket": self.room.device(self.meeting).ticket()}
            self.writer.write(frame(Opcode.TEXT, msgspec.json.encode(hello)))
            await self.reader.readuntil(b'"welcome"')

    async def flood(self, stream: bytes) -> None:
        """Send it all, over and over, until the server hangs up."""
        listening = asyncio.ensure_future(self.listen())
        with contextlib.suppress(ConnectionError):
            while not listening.done():
                self.writer.write(stream)
                self.sent += len(stream)
                draining = asyncio.ensure_future(self.writer.drain())
                await asyncio.wait((draining, listening), return_when=asyncio.FIRST_COMPLETED)
                draining.cancel()
        await listening
        self.writer.transport.abort()

    async def listen(self) -> None:
        with contextlib.suppress(ConnectionError):
            while heard := await self.reader.read(65536):
                self.heard += heard


@pytest.mark.parametrize("greeted", [False, True], ids=["before hello", "after hello"])
async def test_others_are_answered_while_a_flood_comes(file_room: Running, greeted: bool) -> None:
    """The server stops reading it, says why, and ends that line alone; meanwhile somebody else asks and is answered."""
    meeting = file_room.open_meeting()
    witness, rascal = file_room.device(meeting), Flooder(file_room, meeting)
    await witness.hello()
    await rascal.open(greeted=greeted)

    flooding = asyncio.create_task(rascal.flood(FLOODS["empty fragments"](READ)))
    answered = 0
    while not flooding.done():
        await witness.say({"type": "ping", "n": answered})
        assert (await witness.hear("pong"))["n"] == answered
        answered += 1
        await asyncio.wait((flooding,), timeout=0.5)

    assert answered
    assert b"too-fast" in rascal.heard
    assert rascal.sent < 32 * 1024 * 1024, "what the kernel takes, no more"
    await witness.silence(0.05)


async def test_drops_of_a_byte_before_hello_are_counted_too(file_room: Running) -> None:
    rascal = Flooder(file_room, file_room.open_meeting())
    await rascal.open(greeted=False)
    listening = asyncio.create_task(rascal.listen())
    text = frame(Opcode.TEXT, b" " * 5000)

    for at in range(len(text)):
        rascal.writer.write(text[at : at + 1])
        await asyncio.sleep(0)
        if listening.done():
            break
    await listening

    assert b"too-fast" in rascal.heard
    rascal.writer.transport.abort()


async def test_coming_back_gives_a_device_no_new_allowance(tmp_path: Path) -> None:
    room = await Running(tmp_path, frames=Rate(50, 0)).start()
    rascal = room.device(room.open_meeting())
    await rascal.hello()
    for _ in range(40):
        await rascal.socket.pong()
    await rascal.say({"type": "ping", "n": 1})
    await rascal.hear("pong")
    await rascal.leave()

    await rascal.hello()
    for _ in range(20):
        await rascal.socket.pong()

    assert (await rascal.fate()).reason == "too-fast"
    await room.close()


async def come_back(device: Device, pending: int) -> None:
    """As the browser does it: say hello, ask the time, and send again all that was not answered, as large as may be."""
    await device.hello(since=device.seq)
    await device.say({"type": "ping", "n": 1})
    for _ in range(pending):
        content = new_id("k")
        await device.ask("give", what="tip", content=content, bodies={content: sealed(b"x" * (MAX_BODY - 1))})
    await device.hear("pong")
    for _ in range(pending):
        await device.hear("refused")
    await device.leave()


async def test_sixty_people_behind_one_address_come_back_again_and_again(file_room: Running) -> None:
    circles = [await file_room.circle(file_room.open_meeting(), 10) for _ in range(6)]
    people = [device for circle in circles for device in circle]
    for device in people:
        await device.leave()

    for pending in (8, 4, 4, 2):
        await asyncio.gather(*(come_back(device, pending) for device in people))

    for device in people:
        assert (await device.hello(since=device.seq))["seat"] == device.seat
        assert not [message for message in device.heard if message["type"] == "trouble"]
