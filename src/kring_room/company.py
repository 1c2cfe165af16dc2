"""Who is in a room, what they have been told last, and how they are told what comes next.

``now`` is the version that has been told to everybody. A few earlier states are kept, so that a device that was
away briefly hears what it missed rather than everything again.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from kring.meeting import State, facts, view
from kring_room import audience
from kring_room.bodies import Bodies

if TYPE_CHECKING:
    from kring.meeting.views import Facts, View
    from kring.methods.model import Method
    from kring_room.pending import Guest
    from kring_room.settings import RoomSettings
    from kring_room.store import Store
    from kring_room.version import Version


class Company:
    """The devices in one meeting's room."""

    def __init__(self, now: Version, method: Method, store: Store, settings: RoomSettings) -> None:
        self.now = now
        self.guests: dict[str, Guest] = {}
        self.bodies = Bodies(now.state.info.meeting, store)
        self._method = method
        self._settings = settings
        self._past: OrderedDict[int, State] = OrderedDict()
        self._seated_at: dict[str, int] = {}

    def problem(self, guest: Guest, *, table: bool) -> str | None:
        """Why this device may not come in, as a close code."""
        device = self.now.devices.get(guest.device)
        if device and (device.table or device.seat):
            return None
        if device and device.shown_out:
            return "shown-out"
        if self.now.state.info.doors == "closed":
            return "doors-closed"
        if table:
            tables = sum(one.table for one in self.now.devices.values())
            return "full" if tables >= self._settings.tables else None
        visitors = sum(self.now.who(one) is None for one in self.guests if one != guest.device)
        return "full" if visitors >= self._settings.visitors else None

    def catch_up(self, device: str, since: int | None) -> View | Facts:
        """What this device has to hear, when it has heard all up to ``since``."""
        who = self.now.who(device)
        if since is not None and since >= self._seated_at.get(device, 0):
            past = self.now.state if since == self.now.seq else self._past.get(since)
            if past is not None:
                return facts(past, self.now.state, who, method=self._method)
        return view(self.now.state, who, method=self._method)

    async def bodies_for(self, shown: View | Facts, read: dict[str, str]) -> dict[str, str] | None:
        """The bodies that go along, or ``None`` after having read some: what is shown may have changed meanwhile."""
        contents = audience.contents_of(shown, burned=self.now.state.info.burned)
        hand = read | self.bodies.at_hand(contents)
        missing = contents - hand.keys()
        if missing:
            read |= await self.bodies.read(missing, names_of(self.now))
            return None
        return {one: hand[one] for one in sorted(contents) if hand[one]}

    def join(self, guest: Guest, frames: tuple[bytes, ...]) -> None:
        """This device is in; an older connection of it is not."""
        replaced = self.guests.pop(guest.device, None)
        if replaced:
            replaced.trouble("replaced")
        self.guests[guest.device] = guest
        guest.welcome(b"".join(frames))

    def news(self, before: Version, after: Version, because: tuple[Any, ...]) -> audience.News:
        """What a step tells those who are here."""
        pairs = [(before.who(device), after.who(device)) for device in self.guests]
        return audience.news(before, after, because, pairs, self._method)

    def step(self, before: Version, after: Version, told: audience.News, bodies: dict[str, str]) -> None:
        """Tell everybody of a step that is durable."""
        if after.state.info.burned and not before.state.info.burned:
            self.bodies.burn()
        self._past[before.seq] = before.state
        while len(self._past) > self._settings.remembered:
            self._past.popitem(last=False)
        for device in after.devices:
            if before.who(device) != after.who(device):
                self._seated_at[device] = after.seq
        self.now = after
        made = audience.frames(told, bodies)
        for device, guest in tuple(self.guests.items()):
            pair = before.who(device), after.who(device)
            self._tell(guest, made.get(pair, ()))

    def _tell(self, guest: Guest, told: tuple[bytes, ...]) -> None:
        device = self.now.devices.get(guest.device)
        if device and device.shown_out:
            guest.trouble("shown-out")
        elif self.now.who(guest.device) is None and self.now.state.info.doors == "closed":
            guest.trouble("doors-closed")
        elif told:
            guest.send(b"".join(told))


def names_of(version: Version) -> frozenset[str]:
    """The content ids of the names of all seats."""
    return frozenset(seat.name for seat in version.state.seats)
