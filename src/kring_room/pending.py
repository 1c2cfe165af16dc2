"""What has been decided and is on its way to the store, in order: the room runs ahead of it and publishes behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from kring.meeting.commands import AnyCommand
    from kring.meeting.events import AnyEvent
    from kring_room.answers import Key
    from kring_room.store import Body
    from kring_room.version import Version


class Guest(Protocol):
    """A device in the room, as the room sees it."""

    device: str
    closed: bool

    def send(self, frame: bytes) -> None:
        """Write whole frames."""

    def welcome(self, frames: bytes) -> None:
        """Write a first answer, however long it is."""

    def trouble(self, code: str) -> None:
        """Say what is wrong and close."""

    def answer(self, command: str, answer: int | str) -> None:
        """Say what became of a command: ``seq`` or a refusal's code."""


class Pending:
    """One step from ``before`` to ``after``, or a refusal that waits for the steps it was decided upon."""

    __slots__ = (
        "after",
        "before",
        "bodies",
        "code",
        "command",
        "durable",
        "events",
        "fetched",
        "key",
        "then",
        "waiting",
    )

    def __init__(
        self,
        before: Version,
        after: Version,
        command: AnyCommand | None = None,
        *,
        events: tuple[AnyEvent, ...] = (),
        bodies: tuple[Body, ...] = (),
        key: Key | None = None,
        code: str | None = None,
    ) -> None:
        self.before = before
        self.after = after
        self.command = command
        self.events = events
        self.bodies = bodies
        self.key = key
        self.code = code
        self.durable = False
        self.fetched: dict[str, str] = {}
        self.waiting: list[Guest] = []
        self.then: Callable[[bool], None] | None = None

    def resolve(self, answer: int | str) -> None:
        """Tell whoever waits."""
        if self.key:
            for guest in self.waiting:
                guest.answer(self.key[1], answer)
        if self.then:
            self.then(isinstance(answer, int))
