"""A store that is never done: what a room meets whose people never rest, and whose disk is slow."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from kring_room.store.port import Conflict, Since, Write
from kring_room.store.sqlite.store import SqliteStore

Hook = Callable[[], Awaitable[None]]


class BusyStore(SqliteStore):
    """While ``busy``, a write is said to be durable when the next one is asked for: something is always on its way.

    ``conflicts``: so many writes are told that another came first. ``reading_bodies`` and ``reading_log`` are waited for
    before such a read is done. ``forgetful``: the next reading of the log finds less than was told.
    """

    busy = forgetful = False
    conflicts = 0
    reading_bodies: Hook | None = None
    reading_log: Hook | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._said: Callable[[], None] | None = None

    def append(self, write: Write) -> asyncio.Future[None]:
        self.release()
        if self.conflicts:
            self.conflicts -= 1
            failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            failed.set_exception(Conflict())
            return failed
        done = super().append(write)
        if not self.busy:
            return done
        said: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._said = lambda: done.add_done_callback(lambda _: _as(done, said))
        return said

    def release(self) -> None:
        """Say of the last write that it is durable."""
        said, self._said = self._said, None
        if said:
            said()

    async def bodies(self, meeting: str, contents: Iterable[str]) -> dict[str, bytes]:
        if self.reading_bodies:
            await self.reading_bodies()
        return await super().bodies(meeting, contents)

    async def since(self, meeting: str, after: int) -> Since:
        if self.reading_log:
            await self.reading_log()
        if self.forgetful:
            self.forgetful = False
            return Since(after - 1, (), (), {})
        return await super().since(meeting, after)


def _as(done: asyncio.Future[None], said: asyncio.Future[None]) -> None:
    error = done.exception()
    if said.done():
        return
    if error:
        said.set_exception(error)
    else:
        said.set_result(None)


class Gate:
    """Where a read stops until it is opened. Only ``first``: later ones go through."""

    def __init__(self, *, first: bool = False) -> None:
        self.reached, self.opened = asyncio.Event(), asyncio.Event()
        self._first = first

    async def __call__(self) -> None:
        if self.reached.is_set() and self._first:
            return
        self.reached.set()
        await self.opened.wait()
