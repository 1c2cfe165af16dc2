"""What waits for the writer of a store that commits whatever is pending together."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

    from kring_room.store.port import Write


class _Waiting:
    """Something that was asked of the writer, and the future of whoever waits for it."""

    __slots__ = ("error", "future")

    def __init__(self, future: asyncio.Future[None]) -> None:
        self.future = future
        self.error: Exception | None = None

    def resolve(self) -> None:
        """Tell whoever waits, on their event loop; nobody may wait any more."""
        if self.future.done():
            return
        if self.error:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(None)


class Job(_Waiting):
    """A pending write."""

    __slots__ = ("asked_at", "write")

    def __init__(self, write: Write, future: asyncio.Future[None]) -> None:
        super().__init__(future)
        self.write = write
        self.asked_at = time.perf_counter()


class Settling(_Waiting):
    """Somebody wants to read these meetings: what of them is durable must have its place first."""

    __slots__ = ("meetings",)

    def __init__(self, meetings: tuple[str, ...], future: asyncio.Future[None]) -> None:
        super().__init__(future)
        self.meetings = meetings
