"""Who listens besides those whom a view shows, and whose line is gone though a view says that they are here.

A view shows every seat, which stands for the first device at it, and every table screen, which an event lets in. The others,
further devices at a seat and visitors without one, are counted here, over all nodes. A seat counts as here for a grace after its
last device went: what the others see of that they see at once. Nothing of it is written down: whoever sits at a seat or table is
sent it after their welcome, and when it changes. Visitors are not.

Many come and go at once. So what changed is looked at after a moment, once for all of it: a storm of ``n`` devices
costs a message to each listener for each moment that it lasts, not ``n``.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from kring.meeting import TABLE
from kring_room.wire import codec
from kring_room.wire.messages import Devices

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kring_room.live.pending import Connection
    from kring_room.live.version import Version

NOBODY: Final = Devices({}, 0)
"""What holds for whoever was sent nothing since their welcome, or since they sat down."""
_NONE: Final[frozenset[str]] = frozenset()
MOMENT: Final = 0.1
"""Seconds from a change until it is looked at and sent."""


def counted(
    version: Version, connected: Iterable[str], silent: frozenset[str] = _NONE, knocks: frozenset[str] = _NONE
) -> Devices:
    """How many of the devices that are connected, here or elsewhere, a view does not show.

    ``silent``: those that don't answer; ``knocks``: those that knock at the closed doors.
    """
    connected = frozenset(connected)
    at = Counter(version.audience_of(device) for device in connected)
    several = {seat: count for seat, count in at.items() if seat is not None and seat != TABLE and count > 1}
    answering = {version.audience_of(device) for device in connected - silent}
    outside = 0 if version.state.info.doors == "open" else sum(version.audience_of(device) is None for device in knocks)
    return Devices(dict(sorted(several.items())), at[None], tuple(_offline(version, answering)), outside)


def _offline(version: Version, answering: set[str | None]) -> Iterable[str]:
    if version.state.info.status == "closed":
        return ()
    return (seat.id for seat in version.state.seats if seat.device and seat.here and seat.id not in answering)


class Listeners:
    """What those at a seat or table of one meeting's room were sent of who else listens."""

    __slots__ = ("_sent",)

    def __init__(self) -> None:
        self._sent: dict[Connection, Devices] = {}

    def send(
        self,
        now: Version,
        connections: Mapping[str, Connection],
        elsewhere: frozenset[str],
        silent: frozenset[str],
        knocks: frozenset[str] = _NONE,
    ) -> None:
        """Send it where it changed. ``now``: as sent; ``connections``: by device.

        ``elsewhere``: the devices at other nodes; ``silent``: those, here or there, that don't answer; ``knocks``: that knock.
        """
        devices = counted(now, connections.keys() | elsewhere, silent, knocks)
        inside = [connection for device, connection in connections.items() if now.audience_of(device) is not None]
        before, self._sent = self._sent, dict.fromkeys(inside, devices)
        frame = codec.text_frame(codec.encode(devices))
        for connection in inside:
            if before.get(connection, NOBODY) != devices:
                connection.send(frame)
