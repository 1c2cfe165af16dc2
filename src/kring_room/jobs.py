"""A write that waits for its commit, for the stores that commit what is pending together."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

    from kring_room.store import Write


class Job:
    """A pending write and the future of whoever waits for it."""

    __slots__ = ("asked_at", "error", "future", "write")

    def __init__(self, write: Write, future: asyncio.Future[None]) -> None:
        self.write = write
        self.future = future
        self.asked_at = time.perf_counter()
        self.error: Exception | None = None

    def resolve(self) -> None:
        """Tell whoever waits, on their event loop; nobody may wait any more."""
        if self.future.done():
            return
        if self.error:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(None)
