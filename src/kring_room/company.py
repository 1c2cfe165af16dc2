"""Who is in a room, what they have been told last, and how they are told what comes next.

``now`` is the version that has been told to everybody. A few earlier states are kept, so that a device that was
away briefly hears what it missed rather than everything again.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from kring.meeting import Look, State, Step
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
        self._look = Look(now.state, method)
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
                return Step(Look(past, self._look.method), self._look).facts(who)
        return self._look.view(who)

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
        if before.devices is after.devices:
            pairs = [(who, who) for who in map(after.who, self.guests)]
        else:
            pairs = [(before.who(device), after.who(device)) for device in self.guests]
        return audience.news(self._look_at(before.state), after, because, pairs)

    def _look_at(self, state: State) -> Look:
        """What everybody sees of a state: as a rule the one told last, of which most is known."""
        return self._look if self._look.state is state else Look(state, self._look.method)

    def step(self, before: Version, after: Version, told: audience.News, bodies: dict[str, str]) -> None:
        """Tell everybody of a step that is durable."""
        if after.state.info.burned and not before.state.info.burned:
            self.bodies.burn()
        self._past[before.seq] = before.state
        while len(self._past) > self._settings.remembered:
            self._past.popitem(last=False)
        self.now, self._look = after, told.look
        made = audience.frames(told, bodies)
        moved = before.devices is not after.devices
        if moved:
            self._seated_at |= {one: after.seq for one in after.devices if before.who(one) != after.who(one)}
        for device, guest in tuple(self.guests.items()):
            who = after.who(device)
            problem = self._out(device) if who is None else None
            frames = made.get((before.who(device) if moved else who, who))
            if problem:
                guest.trouble(problem)
            elif frames:
                guest.send(frames[0] if len(frames) == 1 else b"".join(frames))

    def _out(self, device: str) -> str | None:
        """Why a device without a seat may not stay, as a close code."""
        known = self.now.devices.get(device)
        if known and known.shown_out:
            return "shown-out"
        return "doors-closed" if self.now.state.info.doors == "closed" else None


def names_of(version: Version) -> frozenset[str]:
    """The content ids of the names of all seats."""
    return frozenset(seat.name for seat in version.state.seats)
