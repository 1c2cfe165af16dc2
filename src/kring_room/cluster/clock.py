"""The time that all nodes share: a steady clock of this machine, set by the store's.

So a machine whose clock is wrong, or is put right while people meet, does no harm.
"""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kring_room.store.port import Store


def wall_clock() -> int:
    """Milliseconds since the epoch, by this machine alone."""
    return time.time_ns() // 1_000_000


class SharedClock:
    """Milliseconds since the epoch. By the store's clock once that was asked, until then by this machine's."""

    def __init__(self) -> None:
        self._ahead: float | None = None
        """The store's time less this machine's steady one, in milliseconds."""

    def __call__(self) -> int:
        """What time it is."""
        return wall_clock() if self._ahead is None else int(_steady() + self._ahead)

    async def ask(self, store: Store) -> None:
        """Set it by the store's clock. Raises ``StoreError``."""
        before = _steady()
        there = await store.clock()
        self.learn(before, there, _steady())

    def learn(self, before: float, there: int, after: float) -> None:
        """It was ``there`` at some moment between ``before`` and ``after`` on the steady clock: move no more than that says."""
        least, most = there - after, there + 1 - before
        self._ahead = least if self._ahead is None else min(max(self._ahead, least), most)


def _steady() -> float:
    return time.monotonic_ns() / 1_000_000


@cache
def shared_clock(_where: Path | str) -> SharedClock:
    """The clock that all in this process use who use the same store."""
    return SharedClock()
