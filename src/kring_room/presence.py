"""Who is here: a seat is here while a device of it is connected, and for a grace after the last one went."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Presence:
    """Compares who counts as here with who is connected, whenever it is told to ``look``.

    ``seats()`` gives ``(here, connected)`` by seat; ``report(seat, here)`` says that it must change.
    """

    def __init__(
        self,
        grace: float,
        seats: Callable[[], Mapping[str, tuple[bool, bool]]],
        report: Callable[[str, bool], None],
    ) -> None:
        self._grace = grace
        self._seats = seats
        self._report = report
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._stopped = False
        self._looking = False

    @property
    def waiting(self) -> bool:
        """Whether a grace is running."""
        return bool(self._timers)

    def look(self) -> None:
        """Start, stop and settle graces."""
        if self._stopped or self._looking:
            return
        self._looking = True  # a report may lead back here
        seats = self._seats()
        for seat in tuple(self._timers):
            here, connected = seats.get(seat, (False, False))
            if connected or not here:
                self._timers.pop(seat).cancel()
        for seat, (here, connected) in seats.items():
            if connected and not here:
                self._report(seat, True)  # noqa: FBT003 - "here"
            elif here and not connected and seat not in self._timers:
                self._timers[seat] = asyncio.get_running_loop().call_later(self._grace, self._over, seat)
        self._looking = False

    def stop(self) -> None:
        """Report nothing more."""
        self._stopped = True
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def _over(self, seat: str) -> None:
        del self._timers[seat]
        here, connected = self._seats().get(seat, (False, False))
        if here and not connected:
            self._report(seat, False)  # noqa: FBT003 - "here"
