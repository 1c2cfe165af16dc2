"""Who is in a room, what they have been sent last, and how they are sent what comes next.

``now`` is the version that has been sent to everybody. Whoever was away gets what they missed (``missed``) or, where
nobody knows that any more, everything again.
"""

from __future__ import annotations

import asyncio
import logging
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, get_args

from kring.meeting import Projection, events
from kring_room.live import audience
from kring_room.live.bodies import Bodies
from kring_room.live.listeners import Listeners
from kring_room.live.missed import Missed
from kring_room.live.table_screens import browser_of
from kring_room.store.port import StoreError
from kring_room.wire import codec
from kring_room.wire.messages import Seal

if TYPE_CHECKING:
    from kring.meeting import State
    from kring.meeting.views import Facts, View
    from kring.methods.model import Method
    from kring_room.live.pending import Connection, Pending
    from kring_room.live.version import Version
    from kring_room.settings import RoomSettings
    from kring_room.store.port import Store

_log = logging.getLogger(__name__)
_NAMES: Final = {kind: str(kind.__struct_config__.tag) for kind in get_args(events.AnyEvent)}
_RETRY = 0.5
"""Seconds until bodies that could not be read are asked for again."""


class Attendees:
    """The devices in one meeting's room."""

    __slots__ = (
        "_connections",
        "_listeners",
        "_loaded_at",
        "_look",
        "_missed",
        "_rows",
        "_sent_since",
        "_settings",
        "_shared",
        "bodies",
        "connections",
        "now",
    )

    def __init__(self, now: Version, method: Method, store: Store, settings: RoomSettings) -> None:
        self.now = now
        self._connections: dict[str, Connection] = {}
        self.connections = MappingProxyType(self._connections)
        """By device, those who are here; ``join`` and ``leave`` change it."""
        self._rows: dict[audience.Pair, list[Connection]] | None = None
        self._listeners = Listeners()
        self.bodies = Bodies(now.state.info.meeting, store)
        self._look = Projection(now.state, method)
        self._settings = settings
        self._missed = Missed(now.state)
        self._sent_since: dict[str, int] = {}
        """For devices at a seat or table that were here since the room was loaded: as of when they were sent anything as such."""
        self._loaded_at, self._shared = now.seq, store.shared

    def problem(self, device: str, *, table: bool) -> str | None:
        """Why this device may not come in, as a close code."""
        known, browser = self.now.devices.get(device), self.now.devices.get(browser_of(device))
        if (known and known.shown_out) or (browser and browser.shown_out):
            return "shown-out"
        if known and (known.table or known.seat):
            return None
        if self.now.state.info.doors == "closed":
            return "doors-closed"
        if table:
            tables = sum(one.table for one in self.now.devices.values())
            return "full" if tables >= self._settings.tables else None
        visitors = sum(self.now.audience_of(one) is None for one in self.connections if one != device)
        return "full" if visitors >= self._settings.visitors else None

    def catch_up(self, connection: Connection, since: int | None) -> View | Facts:
        """What this device has to be sent, when it got all up to ``since``."""
        viewer = self.now.viewer(connection.device, connection.person.member)
        if since is not None and isinstance(viewer, str) and self._believes(connection.device, since):
            missed = self._missed.facts(self._look, viewer, since)
            if missed is not None:
                self._note(connection.device, since)
                return missed
        return self._look.view(viewer)

    def _believes(self, device: str, since: int) -> bool:
        """Whether it can have got that much. After a restore a device may have got what is lost, and happened otherwise."""
        known = self._sent_since.get(device)
        if known is not None:
            return since >= known
        return self._shared or since == self._loaded_at

    def _note(self, device: str, seq: int) -> None:
        if self.now.audience_of(device) is not None:
            self._sent_since.setdefault(device, seq)

    async def bodies_for(self, shown: View | Facts, read: dict[str, str]) -> dict[str, str] | None:
        """The bodies that go along, or ``None`` after having read some: what is shown may have changed meanwhile."""
        contents = audience.contents_of(shown, burned=self.now.state.info.burned)
        hand = read | self.bodies.cached(contents)
        missing = contents - hand.keys()
        if missing:
            read |= await self.bodies.read(missing, names_of(self.now))
            return None
        return {one: hand[one] for one in sorted(contents) if hand[one]}

    def join(self, connection: Connection, frames: tuple[bytes, ...]) -> None:
        """This device is in; an older connection of it is not."""
        self._note(connection.device, self.now.seq)
        replaced = self._connections.pop(connection.device, None)
        if replaced:
            replaced.trouble("replaced")
        self._connections[connection.device] = connection
        self._rows = None
        connection.welcome(b"".join(frames))

    def leave(self, connection: Connection) -> bool:
        """This connection is gone; whether its device was here by it."""
        if self._connections.get(connection.device) is not connection:
            return False
        del self._connections[connection.device]
        self._rows = None
        return True

    def say_who_listens(self, elsewhere: frozenset[str], silent: frozenset[str], knocks: frozenset[str]) -> None:
        """Send those at a seat or table how many devices listen besides, who is offline, and how many knock, if that changed.

        ``elsewhere``: the devices at other nodes; ``silent``: those that don't answer; ``knocks``: those at the closed doors.
        """
        self._listeners.send(self.now, self.connections, elsewhere, silent, knocks)

    def _audiences(self, before: Version, after: Version) -> dict[audience.Pair, list[Connection]]:
        """Who is sent the same of a step."""
        moved = before.devices is not after.devices
        rows = None if moved else self._rows
        if rows is None:
            rows = {}
            for device, connection in self._connections.items():
                member = connection.person.member
                rows.setdefault((before.viewer(device, member), after.viewer(device, member)), []).append(connection)
            self._rows = None if moved else rows
        return rows

    def publish(self, step: Pending) -> frozenset[str]:
        """Send everybody a step that is durable. Gives the ids of bodies that must be read first: nothing is sent yet."""
        before, after = step.before, step.after
        kinds = [type(event) for event in step.events]
        if step.bodies:
            self.bodies.keep(step.bodies, named=events.SeatTaken in kinds)
        because = tuple([_NAMES[kind] for kind in kinds])
        audiences = self._audiences(before, after)
        news = audience.news(self._look_at(before.state), after, because, audiences)
        hand = {**step.fetched, **step.request.texts} if step.request else step.fetched
        others = news.contents - hand.keys()
        if others:
            hand = hand | self.bodies.cached(others)
        missing = others - hand.keys()
        if not missing:
            self._move_on(before, after, news)
            self._send(step, news, hand, audiences)
            if before.seal != after.seal:
                self._announce_seal()
            if events.PhaseStarted in kinds:
                self.bodies.phase_ended()
        return missing

    async def read_bodies(self, step: Pending, missing: frozenset[str]) -> None:
        """Read what a step has to bring along; where that fails, wait until it may be tried again."""
        try:
            step.fetched |= await self.bodies.read(missing, names_of(step.after))
        except StoreError:
            _log.warning("bodies could not be read", extra={"meeting": self.now.state.info.meeting})
            await asyncio.sleep(_RETRY)

    def _look_at(self, state: State) -> Projection:
        """What everybody sees of a state: as a rule the one sent last, of which most is known."""
        return self._look if self._look.state is state else Projection(state, self._look.method)

    def _move_on(self, before: Version, after: Version, news: audience.News) -> None:
        """From here on ``after`` is what has been sent."""
        if after.state.info.burned and not before.state.info.burned:
            self.bodies.burn()
        self.now, self._look = after, news.step.after
        self._missed.note(news.step)
        if before.devices is not after.devices:
            self._sent_since |= {
                one: after.seq for one in after.devices if before.audience_of(one) != after.audience_of(one)
            }
            self._rows = None

    def _send(
        self,
        step: Pending,
        news: audience.News,
        bodies: dict[str, str],
        audiences: dict[audience.Pair, list[Connection]],
    ) -> None:
        """Whoever asked for the step gets the answer right after it."""
        requesters = step.request.waiting if step.request else ()
        for pairs, frame in audience.frames(news, bodies):
            for pair in pairs:
                if isinstance(pair[1], str):
                    to = audiences[pair]
                else:
                    to = self._staying(audiences[pair], ended=isinstance(pair[0], str) and _ends_devices(step))
                if not frame:
                    continue
                for connection in to:
                    if connection in requesters:
                        connection.hold(frame)
                    else:
                        connection.send(frame)

    def _staying(self, without_seat: list[Connection], *, ended: bool) -> list[Connection]:
        """Those who may stay though they have no seat; the others hear why not. ``ended``: by another at the seat that they had."""
        staying = []
        for connection in without_seat:
            problem = "device-ended" if ended else self._out(connection.device)
            if problem:
                connection.trouble(problem)
            else:
                staying.append(connection)
        return staying

    def _announce_seal(self) -> None:
        frame = codec.text_frame(codec.encode(Seal(self.now.seal)))
        for connection in tuple(self._connections.values()):
            connection.send(frame)

    def _out(self, device: str) -> str | None:
        """Why a device without a seat may not stay, as a close code."""
        known = self.now.devices.get(device)
        if known and known.shown_out:
            return "shown-out"
        return "doors-closed" if self.now.state.info.doors == "closed" else None


def _ends_devices(step: Pending) -> bool:
    """Whether a seat goes on with one device alone, so that its others have none any more."""
    return any(isinstance(event, events.SeatReturned) and event.alone for event in step.events)


def names_of(version: Version) -> frozenset[str]:
    """The content ids of the names of all seats."""
    return frozenset(seat.name for seat in version.state.seats)
