"""When something is due: one heap and one timer for all meetings of this process."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

_LONGEST = 3600.0
"""Seconds to sleep at most, so that a clock that was set forward is noticed."""


class Alarms:
    """Calls ``fire(meeting)`` once when its time has come; ``set`` replaces an earlier time."""

    def __init__(self, loop: asyncio.AbstractEventLoop, clock: Callable[[], int], fire: Callable[[str], None]) -> None:
        self._loop = loop
        self._clock = clock
        self._fire = fire
        self._at: dict[str, int] = {}
        self._heap: list[tuple[int, str]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._scheduled_for: int | None = None
        """For when the timer is set."""

    def set(self, meeting: str, at: int | None) -> None:
        """Ring for ``meeting`` at ``at`` (milliseconds since the epoch), or not at all."""
        if self._at.get(meeting) == at:
            return
        if at is None:
            self._at.pop(meeting, None)
        else:
            self._at[meeting] = at
            heapq.heappush(self._heap, (at, meeting))
        self._schedule()

    def stop(self) -> None:
        """Ring no more."""
        self._at.clear()
        self._heap.clear()
        self._schedule()

    def _schedule(self) -> None:
        while self._heap and self._at.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)  # replaced or called off
        first = self._heap[0][0] if self._heap else None
        if first == self._scheduled_for:
            return  # mostly: another meeting comes first, and a timer is dear
        if self._timer:
            self._timer.cancel()
            self._timer = None
        self._scheduled_for = first
        if first is not None:
            wait = (first - self._clock()) / 1000
            self._timer = self._loop.call_later(min(max(wait, 0.0), _LONGEST), self._fire_due)

    def _fire_due(self) -> None:
        self._timer = self._scheduled_for = None
        now = self._clock()
        fired = []
        while self._heap and self._heap[0][0] <= now:
            at, meeting = heapq.heappop(self._heap)
            if self._at.get(meeting) == at:
                del self._at[meeting]
                fired.append(meeting)
        self._schedule()
        for meeting in fired:
            self._fire(meeting)
