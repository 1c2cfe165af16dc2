"""A wire between devices and the server that keeps every byte that went over it, both ways."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import re
from types import TracebackType
from typing import Self

_REQUEST = re.compile(rb"^(?:GET|POST|HEAD) (\S+) HTTP/1\.1\r\n", re.MULTILINE)


class Wire:
    """Listens on a port of its own and passes everything on to ``port``."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._sent: list[bytearray] = []
        self._heard: list[bytearray] = []
        self._carrying: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._listening = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._listening.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.close()
        for task in self._carrying:
            task.cancel()
        await asyncio.gather(*self._carrying, return_exceptions=True)

    @property
    def sent(self) -> bytes:
        """All that devices sent: requests as they are, frames of a WebSocket unmasked."""
        return b"\n".join(_unmasked(bytes(one)) for one in self._sent)

    @property
    def heard(self) -> bytes:
        """All that devices heard; servers mask nothing."""
        return b"\n".join(bytes(one) for one in self._heard)

    @property
    def paths(self) -> list[str]:
        """What was asked for, of every request, in order."""
        return [path.decode("latin-1") for one in self._sent for path in _REQUEST.findall(one)]

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._carrying.add(task)
        task.add_done_callback(self._carrying.discard)
        sent, heard = bytearray(), bytearray()
        self._sent.append(sent)
        self._heard.append(heard)
        with contextlib.suppress(OSError):
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
            await asyncio.gather(_pass(reader, far_writer, sent), _pass(far_reader, writer, heard))


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kept: bytearray) -> None:
    try:
        while data := await reader.read(65536):
            kept += data
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass  # The other side hung up: so do we.
    finally:
        writer.close()


def _unmasked(sent: bytes) -> bytes:
    """A device's side of a connection, with the masks of its WebSocket frames (RFC 6455, 5.3) taken off."""
    head, end, rest = sent.partition(b"\r\n\r\n")
    if b"upgrade: websocket" not in head.lower():
        return sent
    parts = [head, end]
    while len(rest) > 1:
        size, at = rest[1] & 0x7F, 2
        if size >= 126:
            at = 4 if size == 126 else 10
            size = int.from_bytes(rest[2:at], "big")
        mask, payload, rest = rest[at : at + 4], rest[at + 4 : at + 4 + size], rest[at + 4 + size :]
        parts.append(bytes(byte ^ key for byte, key in zip(payload, itertools.cycle(mask), strict=False)))
    return b"\n".join(parts)
