"""One connection of one device: says hello, is let in, asks, is answered. Between the transport below and the room above."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Protocol

from kring.meeting import WITH_LINK
from kring_room import tickets
from kring_room.counts import GONE
from kring_room.live.entrance import admit
from kring_room.live.table_screens import screen_of
from kring_room.live.unsent import report
from kring_room.settings import Rate
from kring_room.store.port import StoreError
from kring_room.wire import codec
from kring_room.wire.codec import ProtocolError
from kring_room.wire.limits import Intake
from kring_room.wire.messages import CLOSE_CODES, Do, Done, Hello, Ping, Pong, Refused, Trouble, Unsent

if TYPE_CHECKING:
    from kring_room.live.hub import Hub
    from kring_room.live.room import Room
    from kring_room.wire.limits import Limits
    from kring_room.wire.messages import Received

_log = logging.getLogger(__name__)
_EARLY = 32
"""Messages that may wait while a device is being let in."""
_MISSED = 8
"""Keepalives without any sign of life after which a device is gone."""
_LATE = 1.25
"""Keepalives after which a device is silent: it has not answered the last one."""


def _before_hello(hub: Hub) -> Intake:
    """What may come in until somebody knows whose it is: a hello, and little besides."""
    settings = hub.settings
    return Intake(Rate(settings.frames_before_hello, 0), Rate(settings.bytes_before_hello, 0), hub.seconds())


class Socket(Protocol):
    """The transport below."""

    def write(self, frame: bytes) -> None:
        """Write whole frames, or tell the connection that it is too slow."""

    def allow_backlog(self) -> None:
        """What waits now was asked for: it is no slowness until it is read."""

    def close(self, code: int, reason: str) -> None:
        """Write a close frame and close, by force if need be."""

    def ping(self) -> None:
        """Ask for a sign of life."""

    def abort(self) -> None:
        """Close without a word: nobody is there."""


class Connection:
    """A device in a room, once it is in."""

    __slots__ = (
        "_counts",
        "_early",
        "_ending",
        "_held",
        "_hello",
        "_hub",
        "_intake",
        "_limits",
        "_meeting",
        "_room",
        "_seen",
        "_silent",
        "_socket",
        "closed",
        "device",
        "person",
        "seal",
    )

    def __init__(self, hub: Hub, meeting: str, socket: Socket) -> None:
        self.device = ""
        self.person = WITH_LINK
        self.seal = 1
        self.closed = False
        self._hub = hub
        self._counts = hub.counts
        self._meeting = meeting
        self._socket = socket
        self._room: Room | None = None
        self._limits: Limits | None = None
        self._intake = _before_hello(hub)
        self._early: list[Received] | None = None
        self._ending = GONE
        self._held = b""
        self._seen = hub.seconds()
        self._silent = False
        self._hello = hub.call_later(hub.settings.hello_within, lambda: self.trouble("hello-expected"))
        hub.connections.add(self)

    # -- from below

    def received(self, frame: bytes) -> None:
        """A text frame came in."""
        if self.closed:
            return
        try:
            message = codec.receive(frame)
            self._charge(message)
            self._take(message)
        except ProtocolError as trouble:
            self.trouble(trouble.code)

    def arrived(self, frames: int, size: int) -> bool:
        """So many bytes came in, in which so many frames begin. ``False``: that is too much, and nothing is to be done for it."""
        self._seen = now = self._hub.seconds()
        if self._silent:
            self._be_silent(silent=False)
        if self._intake.take(now, frames, size):
            return True
        self.trouble("too-fast")
        return False

    def pinged(self) -> None:
        """A ping of the transport's own came in: it counts as one of ours."""
        if self._limits and not self._limits.pings.take(self._seen):
            self.trouble("too-fast")

    def lost(self) -> None:
        """The connection is gone."""
        if not self.closed:
            self._counts.closes[self._ending] += 1
        self.closed = True
        self._hello.cancel()
        self._hub.connections.discard(self)
        room, self._room = self._room, None
        if room:
            room.lost(self)

    # -- from above

    def send(self, frame: bytes) -> None:
        """Write whole frames of facts."""
        if not self.closed:
            counts = self._counts
            counts.deliveries += 1
            counts.sent_bytes += len(frame)
            self._socket.write(frame)

    def hold(self, frame: bytes) -> None:
        """Write whole frames of facts together with the answer that follows at once: one write does for both."""
        self._counts.deliveries += 1
        self._held += frame

    def welcome(self, frames: bytes) -> None:
        """Write a first answer, however long it is."""
        self._say(frames)
        self._socket.allow_backlog()

    def answer(self, command: str, answer: int | str) -> None:
        """Say what became of a command."""
        if isinstance(answer, str):
            self._counts.refused(answer)
        message = Done(command, answer) if isinstance(answer, int) else Refused(command, answer)
        self._say(codec.text_frame(codec.encode(message)))

    def trouble(self, code: str, *, knock: bool = False) -> None:
        """Say what is wrong and close. ``knock``: at closed doors, whether one may knock the next time."""
        if self.closed:
            return
        _log.info("connection closed", extra={"meeting": self._meeting, "device": self.device, "reason": code})
        self._say(codec.text_frame(codec.encode(Trouble(code, knock))))
        self._socket.close(CLOSE_CODES[code], code)
        self._ending = code
        self.lost()

    def keep_alive(self, now: float) -> None:
        """Ask for a sign of life, or let go of who gave none."""
        waited = (now - self._seen) / self._hub.settings.keepalive
        if waited > _MISSED:
            self._socket.abort()
            self.lost()
            return
        if waited > _LATE and not self._silent:
            self._be_silent(silent=True)
        self._socket.ping()

    # -- between

    def _be_silent(self, *, silent: bool) -> None:
        """Say so to the others in the room, who wait for somebody without knowing why."""
        if self._room:
            self._silent = silent
            self._room.presence.note_silent(self.device, silent=silent)
            self._room.look()

    def _say(self, frame: bytes) -> None:
        if not self.closed:
            frame, self._held = self._held + frame, b""
            self._counts.sent_bytes += len(frame)
            self._socket.write(frame)

    def _charge(self, message: Received) -> None:
        if self._limits:
            bucket = self._limits.pings if type(message) is Ping else self._limits.commands
            if not bucket.take(self._seen):
                raise ProtocolError("too-fast")

    def _take(self, message: Received) -> None:
        if self._room:
            self._handle(self._room, message)
        elif self._early is not None:
            if len(self._early) >= _EARLY:
                raise ProtocolError("too-fast")
            self._early.append(message)
        elif isinstance(message, Hello):
            self._early = []
            self._open(message)
        else:
            raise ProtocolError("hello-expected")

    def _open(self, hello: Hello) -> None:
        hub = self._hub
        try:
            ticket = tickets.open_ticket(hub.secret, hello.ticket, meeting=self._meeting, now=hub.clock())
        except tickets.TokenError as error:
            raise ProtocolError(error.code) from error
        # A browser may show a person's own seat and the table screen: two devices, as far as the room is concerned.
        self.device = screen_of(ticket.device) if ticket.table else ticket.device
        self.person = ticket.person
        self.seal = hello.seal
        self._hello.cancel()
        if hub.stopping:
            raise ProtocolError("restarting")
        self._limits = hub.limits(self._meeting, self.device)
        self._intake = self._limits.intake
        hub.spawn(self._admit(hello.since, table=ticket.table, knock=hello.knock))

    async def _admit(self, since: int | None, *, table: bool, knock: bool) -> None:
        asked_at = time.perf_counter()
        room = None
        try:
            room = await self._hub.room(self._meeting)
            if room is None:
                self.trouble("unknown-meeting")
                return
            async with asyncio.timeout(self._hub.settings.admit_within):
                await admit(room, self, since, table=table, knock=knock)
        except (StoreError, TimeoutError):
            self.trouble("restarting")
        if self.closed or room is None:
            if room:
                room.lost(self)
            return
        self._room = room
        self._counts.greetings.add(time.perf_counter() - asked_at)
        early, self._early = self._early or [], []
        for message in early:
            if not self.closed:
                self._handle(room, message)

    def _handle(self, room: Room, message: Received) -> None:
        match message:
            case Do():
                if not self._hub.stopping:  # then the line ends in a moment, and a device repeats elsewhere
                    self._counts.commands[type(message.command)] += 1
                    room.do(self, message)
            case Unsent():
                report(room, self, message)
            case Ping():
                self._say(codec.text_frame(codec.encode(Pong(message.n, self._hub.clock()))))
            case Hello():
                self.trouble("bad-shape")
