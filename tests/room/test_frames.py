"""However the bytes of a connection are cut on their way, the room hears the same messages, and the library judges the rest."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from kring_room.live.hub import Hub
from kring_room.server.connection import Connection
from kring_room.server.transport import RoomSocket
from kring_room.settings import RoomSettings
from kring_room.wire.frames import Cutter, whole_text
from kring_room.wire.messages import MAX_FRAME

REQUEST = (
    b"GET /room/abc HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: kring.1\r\n\r\n"
)
SIZES = st.sampled_from([0, 1, 125, 126, 127, 128, 200, 65_535, 65_536])


def frame(opcode: Opcode, payload: bytes, *, fin: bool = True) -> bytes:
    return Frame(opcode, payload, fin).serialize(mask=True)


class Ear:
    """A connection that notes what it is told."""

    def __init__(self) -> None:
        self.closed = False
        self.heard: list[bytes | str] = []
        self.signs = 0

    def arrived(self, _frames: int, _size: int) -> bool:
        self.signs += 1
        return True

    def received(self, payload: bytes) -> None:
        self.heard.append(payload)

    def pinged(self) -> None:
        self.heard.append("ping")

    def trouble(self, code: str) -> None:
        self.heard.append(code)
        self.closed = True


class Wire(asyncio.Transport):
    """A transport to nowhere."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.over = False

    def write(self, data: Any) -> None:
        self.written += bytes(data)

    def close(self) -> None:
        self.over = True

    def is_closing(self) -> bool:
        return self.over


class Quiet:
    """As much of a hub as a socket needs."""

    settings = RoomSettings()


class Listened(RoomSocket):
    """A socket with nothing but an ear above it."""

    def __init__(self) -> None:
        super().__init__(cast("Hub", Quiet()))
        self.ear = Ear()

    def connect(self, meeting: str) -> Connection:  # noqa: ARG002 - of any meeting
        return cast("Connection", self.ear)


def opened() -> tuple[RoomSocket, Ear, Wire]:
    socket, wire = Listened(), Wire()
    socket.connection_made(wire)
    socket.data_received(REQUEST)
    assert b" 101 " in wire.written
    return socket, socket.ear, wire


@st.composite
def messages(draw: st.DrawFn) -> tuple[list[bytes], list[bytes | str]]:
    """The frames of some messages, pings within them too, and what the room is to hear of them."""
    sent: list[bytes] = []
    heard: list[bytes | str] = []
    for kind in draw(st.lists(st.sampled_from(["text", "ping", "pong", "parts"]), max_size=6)):
        payload = b"x" * draw(SIZES)
        if kind == "text":
            sent.append(frame(Opcode.TEXT, payload))
            heard.append(payload)
        elif kind == "ping":
            sent.append(frame(Opcode.PING, payload[:125]))
            heard.append("ping")
        elif kind == "pong":
            sent.append(frame(Opcode.PONG, payload[:125]))
        else:
            half = len(payload) // 2
            sent += [
                frame(Opcode.TEXT, payload[:half], fin=False),
                frame(Opcode.PING, b""),
                frame(Opcode.CONT, payload[half:]),
            ]
            heard += ["ping", payload]
    return sent, heard


@given(messages(), st.data())
def test_messages_are_the_same_however_they_are_cut(
    played: tuple[list[bytes], list[bytes | str]], data: st.DataObject
) -> None:
    sent, heard = played
    stream = b"".join(sent)
    edges = [sum(map(len, sent[:n])) + near for n in range(len(sent)) for near in (0, 1, 2, 5, 6, 7)]
    cuts = data.draw(st.lists(st.sampled_from(edges) | st.integers(0, len(stream)), max_size=8)) if stream else []
    socket, ear, _ = opened()

    at = 0
    for cut in sorted({one for one in cuts if one < len(stream)} | {len(stream)}):
        if cut > at:
            socket.data_received(stream[at:cut])
            at = cut

    assert ear.heard == heard


def test_the_answer_to_a_ping_is_a_sign_of_life_and_nothing_else() -> None:
    socket, ear, wire = opened()
    socket.ping()
    wire.written = b""
    for _ in range(3):
        socket.data_received(frame(Opcode.PONG, b""))
    assert (ear.signs, ear.heard, wire.written) == (3, [], b"")
    socket.data_received(frame(Opcode.TEXT, b"x"))
    assert (ear.signs, ear.heard) == (4, [b"x"])


@pytest.mark.parametrize(
    "wrong",
    [
        frame(Opcode.CONT, b"of nothing"),
        Frame(Opcode.TEXT, b"not masked").serialize(mask=False),
        b"\xc1" + frame(Opcode.TEXT, b"compressed?")[1:],
        frame(Opcode.TEXT, b"x", fin=False) + frame(Opcode.TEXT, b"in between"),
    ],
    ids=["continues-nothing", "unmasked", "reserved-bit", "text-within-text"],
)
def test_wrong_frame_is_refused_by_the_protocol_and_nothing_after_it_is_heard(wrong: bytes) -> None:
    socket, ear, wire = opened()
    before = len(wire.written)

    socket.data_received(wrong)
    socket.data_received(frame(Opcode.TEXT, b"too late"))

    assert ear.heard == []
    assert wire.written[before:].startswith(b"\x88")


@pytest.mark.parametrize("cut", [1, 3, 10, 14, 20])
def test_frame_beyond_the_bound_is_told_as_such(cut: int) -> None:
    socket, ear, _ = opened()
    large = frame(Opcode.TEXT, b"x" * (MAX_FRAME + 1))

    socket.data_received(large[:cut])
    socket.data_received(large[cut:])

    assert ear.heard == ["frame-too-large"]


def test_two_frames_are_not_one() -> None:
    assert whole_text(frame(Opcode.TEXT, b"one") + frame(Opcode.TEXT, b"two")) is None


@given(st.lists(st.integers(0, 70_000), max_size=5), st.data())
def test_every_byte_is_in_one_piece_of_its_own_frame(sizes: list[int], data: st.DataObject) -> None:
    sent = [frame(Opcode.BINARY, b"x" * size) for size in sizes]
    stream = b"".join(sent)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    cutter, frames = Cutter(), list[bytes]()

    for start, end in itertools.pairwise([0, *cuts, len(stream)]):
        for piece, begins in cutter.pieces(stream[start:end]):
            frames = [*frames, piece] if begins else [*frames[:-1], frames[-1] + piece]

    assert frames == sent
    assert cutter.between


def test_pieces_are_cut_only_as_they_are_asked_for() -> None:
    pieces = Cutter().pieces(frame(Opcode.PONG, b"") * 100_000)
    assert next(pieces)[1]
