"""A passage before a room that cuts a line between two frames: what was let through is read, the rest never comes."""

from __future__ import annotations

import asyncio
from typing import Self

_LONG = {126: 2, 127: 8}
"""Lengths that stand for so many more bytes of length."""


class Shears:
    """Carries connections to ``port``. ``left``: how many more frames from the room the line that is cut next may get."""

    def __init__(self, port: int) -> None:
        self.inner, self.port = port, 0
        self.left: int | None = None
        self.cuts = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.inner)
        back = asyncio.create_task(self._carry(reader, far_writer))
        task = asyncio.create_task(self._frames(far_reader, writer))
        self._tasks |= {back, task}
        await asyncio.wait((back, task), return_when=asyncio.FIRST_COMPLETED)
        writer.close()
        far_writer.transport.abort()
        back.cancel()
        task.cancel()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(64 * 1024):
            writer.write(data)

    async def _frames(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readuntil(b"\r\n\r\n"))
        while True:
            head = await reader.readexactly(2)
            more = await reader.readexactly(_LONG.get(head[1], 0))
            size = int.from_bytes(more, "big") if more else head[1]
            writer.write(head + more + await reader.readexactly(size))
            await writer.drain()
            if self.left is not None:
                self.left -= 1
                if self.left == 0:
                    self.left, self.cuts = None, self.cuts + 1
                    return
