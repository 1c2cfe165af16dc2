"""A step on its way (``Pending``), the request that it comes from, and the port by which a device is answered (``Connection``)."""

from __future__ import annotations

import asyncio
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol

from kring.meeting import WITH_LINK, Actor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kring.meeting import Person
    from kring.meeting.commands import AnyCommand
    from kring.meeting.events import AnyEvent
    from kring_room.live.answers import Key
    from kring_room.live.version import Version
    from kring_room.store.port import Body

_NONE: Final[Mapping[str, str]] = MappingProxyType({})
ROOM: Final = Actor(room=True)
TRY_AGAIN: Final = "try-again"
"""The code for what was not done, and can be asked again."""


class Connection(Protocol):
    """A device in the room, as the room sees it."""

    device: str
    person: Person
    seal: int
    closed: bool

    def send(self, frame: bytes) -> None:
        """Write whole frames."""

    def hold(self, frame: bytes) -> None:
        """Write whole frames together with the answer, which follows at once."""

    def welcome(self, frames: bytes) -> None:
        """Write a first answer, however long it is."""

    def trouble(self, code: str, *, knock: bool = False) -> None:
        """Say what is wrong and close. ``knock``: at closed doors, whether one may knock the next time."""

    def answer(self, command: str, answer: int | str) -> None:
        """Say what became of a command: ``seq`` or a refusal's code."""

    def keep_alive(self, now: float) -> None:
        """Ask for a sign of life, or let go of who gave none."""


class Request:
    """What somebody wants, and who waits for the answer. ``key``: the device and its command, where a device asks.

    ``person``: who asks. ``device``: whose request it is, or which the room wants to let in; ``seal``: the newest format of
    sealed bodies that it reads. ``bodies`` as they are stored;
    ``texts``: the same by content id, as they came over the wire.
    """

    __slots__ = ("_done", "actor", "bodies", "command", "device", "key", "person", "seal", "texts", "tries", "waiting")

    def __init__(
        self,
        command: AnyCommand | None,
        actor: Actor,
        *,
        key: Key | None = None,
        bodies: tuple[Body, ...] = (),
        texts: Mapping[str, str] = _NONE,
        connection: Connection | None = None,
        device: str | None = None,
        seal: int = 1,
    ) -> None:
        self.command = command
        self.actor = actor
        self.key = key
        self.person = connection.person if connection else WITH_LINK
        self.device = key[0] if key else device
        self.seal = connection.seal if connection else seal
        self.bodies = bodies
        self.texts = texts
        self.waiting: list[Connection] = [connection] if connection else []
        self.tries = 0
        """How often it was decided in vain, because somebody else had written first."""
        self._done: asyncio.Future[bool] | None = None

    def outcome(self) -> asyncio.Future[bool]:
        """Resolves with whether it was done."""
        self._done = asyncio.get_running_loop().create_future()
        return self._done

    def resolve(self, answer: int | str) -> None:
        """Answer whoever waits."""
        if self.key:
            for connection in self.waiting:
                connection.answer(self.key[1], answer)
        if self._done and not self._done.done():
            self._done.set_result(isinstance(answer, int))


class Pending:
    """One step from ``before`` to ``after``, or an answer that waits for the steps it was decided upon.

    ``bodies``: those that came with it. ``code``: why it was refused. ``known``: what it was
    answered with when it was asked before.
    """

    __slots__ = ("after", "before", "bodies", "code", "durable", "events", "fetched", "known", "request")

    def __init__(
        self,
        before: Version,
        after: Version,
        request: Request | None = None,
        *,
        events: tuple[AnyEvent, ...] = (),
        bodies: tuple[Body, ...] = (),
        code: str | None = None,
        known: int | str | None = None,
    ) -> None:
        self.before = before
        self.after = after
        self.request = request
        self.events = events
        self.bodies = bodies
        self.code = code
        self.known = known
        self.durable = False
        self.fetched: dict[str, str] = {}

    @property
    def changes(self) -> bool:
        """Whether anything changes."""
        return self.after is not self.before

    @property
    def affects_presence(self) -> bool:
        """Whether it may matter to who counts as here: another seat, device, or status of the meeting."""
        was, now = self.before, self.after
        same = was.devices is now.devices and was.state.seats is now.state.seats and was.state.info is now.state.info
        return not same

    @property
    def answer(self) -> int | str:
        """What whoever asked is answered."""
        return self.code or self.known or self.after.seq
