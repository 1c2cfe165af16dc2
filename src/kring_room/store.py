"""The event store as a port: what the room asks of whatever keeps its meetings. One contract test for all adapters.

``append`` is called on the event loop, keeps the order of its calls, and its future resolves only after the write is
durable. It is optimistic: a write names the last ``seq`` it builds on, and is a ``Conflict`` when that is not the last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable


class StoreError(Exception):
    """The store could not do it; nothing was written, or nobody knows (load again to see)."""


class Conflict(StoreError):
    """Someone else wrote to this meeting first: load it again."""


class MeetingRow(msgspec.Struct, frozen=True):
    """A meeting without its log. ``method`` is the expanded method as JSON; times in milliseconds since the epoch."""

    id: str
    method_id: str
    method: bytes
    practice: bool
    opened_at: int
    expires_at: int
    closed_at: int | None = None
    due_at: int | None = None
    burned_at: int | None = None


class StoredEvent(msgspec.Struct, frozen=True):
    """One event as written, in the version it was written in."""

    version: int
    body: bytes


class Body(msgspec.Struct, frozen=True):
    """A sealed body and the seat it is of."""

    content: str
    seat: str
    sealed: bytes


class Device(msgspec.Struct, frozen=True):
    """What a device is in a meeting: at a seat, a table screen, shown out, or (``seat=None``) none of these any more."""

    device: str
    seat: str | None = None
    table: bool = False
    shown_out: bool = False


class Answer(msgspec.Struct, frozen=True):
    """The command of a device that a write answers."""

    device: str
    command: str


class Write(msgspec.Struct, frozen=True):
    """All that goes down together. ``after``: the last ``seq`` it builds on. ``due_at`` replaces what was there.

    ``burn_at``: destroy all sealed content in the same durable step. ``close_at``: the meeting is over.
    """

    meeting: str
    after: int
    events: tuple[StoredEvent, ...] = ()
    bodies: tuple[Body, ...] = ()
    devices: tuple[Device, ...] = ()
    answer: Answer | None = None
    due_at: int | None = None
    close_at: int | None = None
    burn_at: int | None = None

    @property
    def seq(self) -> int:
        """The last ``seq`` after this write."""
        return self.after + len(self.events)


class Loaded(msgspec.Struct, frozen=True):
    """A meeting with its whole log, its devices, and the answers given: ``(device, command) -> seq``."""

    row: MeetingRow
    events: tuple[StoredEvent, ...]
    devices: tuple[Device, ...]
    answers: dict[tuple[str, str], int]


class Store(Protocol):
    """The port."""

    async def start(self) -> None:
        """Open what must be open."""

    async def stop(self) -> None:
        """Write what is pending, then close."""

    async def open(self, row: MeetingRow, events: tuple[StoredEvent, ...]) -> None:
        """Keep a new meeting with its first events."""

    async def find(self, meeting: str) -> MeetingRow | None:
        """A meeting without its log."""

    async def load(self, meeting: str) -> Loaded | None:
        """A meeting as of one moment."""

    def append(self, write: Write) -> asyncio.Future[None]:
        """Queue a write. The future resolves when it is durable, or has ``Conflict`` or ``StoreError``."""

    async def bodies(self, meeting: str, contents: Iterable[str]) -> dict[str, bytes]:
        """Those of the sealed bodies that are there."""

    async def alarms(self) -> dict[str, int]:
        """When something is due, by meeting."""

    async def expired(self, now: int) -> tuple[str, ...]:
        """The meetings whose content must go, and is still there."""
