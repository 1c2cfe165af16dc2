"""Who is here: a seat is here while a device of it is connected, and for a grace after the last one went.

Also who knocks at closed doors, for a minute each.

Also whose device holds text for the step under way that it has not sent. A device says so itself; it holds until it says
otherwise or the step is over, also while its line is gone. And which device is silent: it is connected, and does not answer.

The room has a ``look`` taken after all that it depends on: a device or a node came or went; seats, devices or the status of
the meeting changed, and it was sent; the room knows again all that there is (it may have been sent, or have sent others, what
is not so); and when a grace ends. What comes back is what the room must write down. The other nodes are told who is connected
to this one, and since when, so that of two connections of one device the older one is known to be dead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from kring.meeting.knocking import ANSWER_MS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kring_room.cluster.nodes import Nodes
    from kring_room.live.pending import Connection
    from kring_room.live.version import Version


class Attending(msgspec.Struct, frozen=True):
    """A seat: whether it counts as here, has a device connected to this node, or to another."""

    here: bool
    connected: bool
    elsewhere: bool = False

    @property
    def without_device(self) -> bool:
        """Whether it counts as here, and no device of it is connected."""
        return self.here and not (self.connected or self.elsewhere)


_NO_SEATS: frozenset[str] = frozenset()
_NOBODY = Attending(here=False, connected=False)


class Presence:
    """Of one meeting. ``grace``: seconds."""

    __slots__ = ("_arrived", "_ends", "_grace", "_knocks", "_meeting", "_nodes", "_silent", "_unsent")

    def __init__(self, meeting: str, grace: float, nodes: Nodes) -> None:
        self._meeting, self._grace, self._nodes = meeting, grace, nodes
        self._arrived: dict[str, int] = {}
        self._unsent: dict[str, str] = {}
        self._silent: frozenset[str] = frozenset()
        self._ends: dict[str, float] = {}
        """By seat: when its grace ends."""
        self._knocks: dict[str, float] = {}
        """By device that knocked at closed doors of this node: when that is over."""

    # -- the devices of this node

    def came(self, device: str, at: int) -> None:
        """A device is in; it came to this node ``at`` that time (milliseconds since the epoch). It knocks no more."""
        self._arrived[device] = at
        self._knocks.pop(device, None)
        self._silent -= {device}
        self.tell()

    def went(self, device: str) -> None:
        """A device is gone."""
        self._arrived.pop(device, None)
        self._silent -= {device}
        self.tell()

    def tell(self) -> None:
        """Tell the other nodes who is connected to this one."""
        self._nodes.here(self._meeting, self._arrived, self._unsent, self._silent, frozenset(self._knocks))

    def note_silent(self, device: str, *, silent: bool) -> None:
        """A device that is connected to this node does not answer, or does again."""
        self._silent = self._silent | {device} if silent else self._silent - {device}
        self.tell()

    @property
    def silent(self) -> frozenset[str]:
        """The devices, here or at other nodes, that are connected and don't answer."""
        return self._silent | self._nodes.silent_elsewhere(self._meeting)

    def knock(self, device: str, now: float) -> None:
        """A device knocks at the closed doors. ``now``: seconds, as for ``look``."""
        self._knocks[device] = now + ANSWER_MS / 1000
        self.tell()

    @property
    def knocks(self) -> frozenset[str]:
        """The devices that knock at the closed doors, here or at other nodes: they are three, so whoever is in is none of them."""
        knocking = self._nodes.knocking_elsewhere(self._meeting).union(self._knocks)
        return knocking.difference(self._arrived, self._nodes.elsewhere(self._meeting)) if knocking else knocking

    def note_unsent(self, device: str, step: str, *, unsent: bool) -> bool:
        """A device holds text for this step that it has not sent, or no longer; whether that is new."""
        kept = {one: held for one, held in self._unsent.items() if held == step and one != device}
        after = {**kept, device: step} if unsent else kept
        changed = after.get(device) != self._unsent.get(device)
        self._unsent = after
        if changed:
            self.tell()
        return changed

    def unsent(self, now: Version) -> frozenset[str]:
        """The seats whose devices, here or at other nodes, hold text for the step under way that they have not sent."""
        elsewhere, phase = self._nodes.unsent_elsewhere(self._meeting), now.state.phase
        if not (self._unsent or elsewhere) or phase is None:
            return _NO_SEATS
        held = {**elsewhere, **self._unsent}
        seats = (now.audience_of(device) for device, step in held.items() if phase.is_named(step))
        return frozenset(seat for seat in seats if seat is not None)

    def replaced(self, devices: Mapping[str, int], connections: Mapping[str, Connection]) -> list[Connection]:
        """These devices are connected to another node, since when; the connections to this one that are dead for that."""
        dead = []
        for device, at in devices.items():
            connection, here = connections.get(device), self._arrived.get(device, at)
            if connection and here < at:
                dead.append(connection)
            elif connection and here > at:  # it was let in there late, and its older connection is the one that is dead
                self.tell()
        return dead

    # -- the seats

    @property
    def next(self) -> float | None:
        """When the first grace or knock ends, on the clock of ``look``; ``None`` while none runs."""
        return min((*self._ends.values(), *self._knocks.values()), default=None)

    def attending(self, ahead: Version, now: Version, here: Iterable[str]) -> dict[str, Attending]:
        """By seat with a device: who is here. ``ahead``: as decided; ``now``: as sent; ``here``: the devices of this node."""
        if ahead.state.info.status == "closed":
            return {}
        connected = {now.audience_of(device) for device in here}
        others = {now.audience_of(device) for device in self._nodes.elsewhere(self._meeting)}
        return {
            seat.id: Attending(seat.here, seat.id in connected, seat.id in others)
            for seat in ahead.state.seats
            if seat.device
        }

    def look(self, seats: Mapping[str, Attending], now: float) -> list[tuple[str, bool]]:
        """The seats that must be written down as here or away. ``now``: seconds on a clock that only goes forward.

        Nobody is marked absent unless all that other nodes said for as long as a grace was received.
        """
        if over := [device for device, end in self._knocks.items() if now >= end]:
            for device in over:
                del self._knocks[device]
            self.tell()
        for seat in [seat for seat in self._ends if not seats.get(seat, _NOBODY).without_device]:
            del self._ends[seat]
        changed = []
        for seat, one in seats.items():
            if one.connected and not one.here:
                changed.append((seat, True))
            elif one.without_device and now >= self._ends.setdefault(seat, now + self._grace):
                if self._nodes.is_receiving(self._grace):
                    changed.append((seat, False))
                    del self._ends[seat]
                else:
                    self._ends[seat] = now + self._grace
        return changed
