"""Rooms of seven devices that play scripts over the public protocol, and note when the last of the seven has heard."""

from __future__ import annotations

import asyncio
import base64
import os
import time
from collections.abc import Callable, Iterator
from typing import cast

from bench.script import SEATS, Line

_FACTS, _DONE, _WELCOME = b'{"type":"facts"', b'{"type":"done"', b'{"type":"welcome"'
_LONG, _LONGER = 126, 127


def masked(payload: bytes) -> bytes:
    """A client's text frame, with a mask of zeroes: the server unmasks all the same."""
    size = len(payload)
    if size < _LONG:
        return bytes((0x81, 0x80 | size)) + bytes(4) + payload
    return b"\x81\xfe" + size.to_bytes(2, "big") + bytes(4) + payload


class PlayError(Exception):
    """The server said or did what a meeting does not lead to."""


class Device(asyncio.Protocol):
    """One connection: counts what it hears."""

    def __init__(self, room: Playing, path: str, hello: bytes) -> None:
        self._room, self._path, self._hello = room, path, hello
        self._buffer = b""
        self._open = False
        self.transport: asyncio.Transport
        self.bytes = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for an upgrade."""
        self.transport = cast("asyncio.Transport", transport)
        key = base64.b64encode(os.urandom(16)).decode()
        self.transport.write(
            f"GET {self._path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: kring.1\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """Take whole frames."""
        self._buffer = self._buffer + data if self._buffer else data
        if not self._open and not self._shaken():
            return
        for start, end in self._frames():
            head = self._buffer[start : start + 20]
            if head.startswith(_FACTS):
                self.bytes += end - start
                self._room.heard()
            elif head.startswith(_WELCOME):
                self._room.welcomed()
            elif not head.startswith(_DONE):
                self._room.fail(PlayError(self._buffer[start:end].decode(errors="replace")))

    def connection_lost(self, exc: Exception | None) -> None:
        """It ends only when the room lets go."""
        self._room.fail(PlayError(f"connection lost: {exc}"))

    def _shaken(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        if b" 101 " not in self._buffer[:20]:
            self._room.fail(PlayError(self._buffer[:end].decode(errors="replace")))
            return False
        self._buffer, self._open = self._buffer[end + 4 :], True
        self.transport.write(masked(self._hello))
        return True

    def _frames(self) -> Iterator[tuple[int, int]]:
        """Where the payloads of whole text frames are; other frames are passed over."""
        at = 0
        while len(self._buffer) >= at + 2:
            start, size = at + 2, self._buffer[at + 1] & 0x7F
            if size >= _LONG:
                width = 2 if size == _LONG else 8
                size = int.from_bytes(self._buffer[start : start + width], "big")
                start += width
            if len(self._buffer) < start + size:
                break
            if self._buffer[at] & 0x0F == 1:
                yield start, start + size
            at = start + size
        self._buffer = self._buffer[at:]


class Playing:
    """One room that plays one script. ``said`` is told of each line how many seconds it took to the last of seven."""

    def __init__(self, lines: list[Line], said: Callable[[float], None], gap: float) -> None:
        self._lines, self._said, self._gap = lines, said, gap
        self._missing = SEATS
        self._at = 0
        self._sent = 0.0
        self.devices: list[Device] = []
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def come(self, port: int, path: str, hello: Callable[[int], bytes]) -> None:
        """Let all seven in; when the last is welcomed, the play begins."""
        loop = asyncio.get_running_loop()
        for n in range(SEATS):
            _, device = await loop.create_connection(lambda n=n: Device(self, path, hello(n)), "127.0.0.1", port)  # type: ignore[misc]  # mypy does not infer the default
            self.devices.append(device)

    def welcomed(self) -> None:
        """One more is in."""
        self._missing -= 1
        if self._missing == 0:
            asyncio.get_running_loop().call_later(self._gap, self._say)

    def heard(self) -> None:
        """One more has heard the line."""
        self._missing -= 1
        if self._missing:
            return
        now = time.perf_counter()
        self._said(now - self._sent)
        self._at += 1
        if self._at == len(self._lines):
            self.close()
        elif self._gap:
            asyncio.get_running_loop().call_later(max(0.0, self._gap - (now - self._sent)), self._say)
        else:
            self._say()

    def _say(self) -> None:
        if self.over.done():
            return
        line = self._lines[self._at]
        self._missing = SEATS
        self._sent = time.perf_counter()
        self.devices[line.device].transport.write(masked(line.payload))

    def fail(self, why: PlayError) -> None:
        """Something went wrong, unless it is over anyway."""
        if not self.over.done():
            self.over.set_exception(why)

    def close(self) -> None:
        """Let go."""
        if not self.over.done():
            self.over.set_result(None)
        for device in self.devices:
            device.transport.abort()
