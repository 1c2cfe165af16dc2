"""Tasks that belong to somebody: they run until they are done or their owner stops."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Coroutine


class Tasks:
    """The tasks of one owner; true while some run."""

    __slots__ = ("running",)

    def __init__(self) -> None:
        self.running: set[asyncio.Task[None]] = set()

    def __bool__(self) -> bool:
        """Whether some run."""
        return bool(self.running)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run ``work``."""
        task = asyncio.get_running_loop().create_task(work)
        self.running.add(task)
        task.add_done_callback(self.running.discard)

    def cancel(self) -> None:
        """End them."""
        for task in self.running:
            task.cancel()
