"""Who is here: a seat is here while a device of it is connected, and for a grace after the last one went."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Attending(msgspec.Struct, frozen=True):
    """A seat: whether it counts as here, has a device connected to this node, or to another."""

    here: bool
    connected: bool
    elsewhere: bool = False


_NOBODY = Attending(here=False, connected=False)


class Presence:
    """Compares who counts as here with who is connected, whenever it is told to ``look``: after all that it depends on.

    That is: a device or a node came or went; seats, devices or the status of the meeting changed, and it was told; the room
    knows again all that there is (it may have been told, or have told others, what is not so).

    ``report(seat, here)`` says that it must change. ``sure(seconds)``: whether everything that other nodes said in the last
    so many seconds was heard; without that nobody is marked absent.
    """

    __slots__ = ("_grace", "_looking", "_report", "_seats", "_stopped", "_sure", "_timers")

    def __init__(
        self,
        grace: float,
        seats: Callable[[], Mapping[str, Attending]],
        report: Callable[[str, bool], None],
        sure: Callable[[float], bool],
    ) -> None:
        self._grace = grace
        self._seats = seats
        self._report = report
        self._sure = sure
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
            one = seats.get(seat, _NOBODY)
            if one.connected or one.elsewhere or not one.here:
                self._timers.pop(seat).cancel()
        for seat, one in seats.items():
            if one.connected and not one.here:
                self._report(seat, True)  # noqa: FBT003 - "here"
            elif one.here and not (one.connected or one.elsewhere) and seat not in self._timers:
                self._wait(seat)
        self._looking = False

    def stop(self) -> None:
        """Report nothing more."""
        self._stopped = True
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def _wait(self, seat: str) -> None:
        self._timers[seat] = asyncio.get_running_loop().call_later(self._grace, self._over, seat)

    def _over(self, seat: str) -> None:
        del self._timers[seat]
        one = self._seats().get(seat, _NOBODY)
        if not one.here or one.connected or one.elsewhere:
            return
        if self._sure(self._grace):
            self._report(seat, False)  # noqa: FBT003 - "here"
        else:
            self._wait(seat)
