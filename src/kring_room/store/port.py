"""The event store as a port: what the room asks of whatever keeps its meetings. One contract test for all adapters.

``append`` is called on the event loop, keeps the order of its calls, and its future resolves only after the write is
durable. It is optimistic: a write names the last ``seq`` it builds on, and is a ``Conflict`` when that is not the last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import msgspec

from kring.meeting.retention import CASE, Retention

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable


class StoreError(Exception):
    """The store could not do it; nothing was written, or nobody knows (load again to see)."""


class Conflict(StoreError):
    """Someone else wrote to this meeting first: catch up and decide anew."""


class Repeated(StoreError):
    """This device's command was answered before: ``answer`` says with what. Nothing was written."""


LATEST_ANSWERS: Final = 32
"""Answers of a meeting that are loaded with it; older ones are asked for."""


class MeetingRow(msgspec.Struct, frozen=True):
    """A meeting without its log. ``method`` is the expanded method as JSON; times in milliseconds since the epoch.

    ``expires_at``, ``burned_at``: when the content of its cases is to go, and when it went; other classes have their own.
    """

    id: str
    method_id: str
    method: bytes
    practice: bool
    opened_at: int
    expires_at: int
    closed_at: int | None = None
    due_at: int | None = None
    burned_at: int | None = None


Ends = dict[Retention, int]
"""When the content of a class is destroyed, in milliseconds since the epoch."""


class StoredEvent(msgspec.Struct, frozen=True):
    """One event as written, in the version it was written in."""

    version: int
    body: bytes


class Body(msgspec.Struct, frozen=True):
    """A sealed body, the seat it is of, and the class that says how long it is kept."""

    content: str
    seat: str
    sealed: bytes
    retention: Retention = CASE


class Device(msgspec.Struct, frozen=True):
    """What a device is in a meeting: at a seat, a table screen, shown out, or (``seat=None``) none of these any more.

    ``seal``: the newest format of sealed bodies that it reads.
    """

    device: str
    seat: str | None = None
    table: bool = False
    shown_out: bool = False
    seal: int = 1


class Answer(msgspec.Struct, frozen=True):
    """The command of a device that a write answers."""

    device: str
    command: str


class FeedRow(msgspec.Struct, frozen=True):
    """Something that the web is to know (``kring_room.feed``), as written, in the version it was written in. ``at`` in ms."""

    at: int
    version: int
    body: bytes


class FeedEntry(msgspec.Struct, frozen=True):
    """The same as it is read. Ids rise in the order of the commits: no entry ever appears before one that could be read."""

    id: int
    meeting: str
    row: FeedRow


class Removal(msgspec.Struct, frozen=True):
    """The web asks that the seat of a former member of the circle be removed. ``asked_at`` in milliseconds since the epoch."""

    meeting: str
    member: str
    asked_at: int


class Write(msgspec.Struct, frozen=True):
    """All that goes down together. ``after``: the last ``seq`` it builds on. ``due_at`` replaces what was there.

    ``burn_at``: destroy sealed content in the same durable step: of the classes in ``burns``, or all where it names none.
    ``close_at``: the meeting is over.
    ``snapshot``: the state as of ``seq``, in place of an older one. ``chain``: a number of the writer's own; once a write
    of a chain has failed, those after it fail too, for they were made upon it, even where the numbers would fit. 0: none.
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
    burns: tuple[Retention, ...] = ()
    snapshot: bytes | None = None
    feed: tuple[FeedRow, ...] = ()
    chain: int = 0

    @property
    def seq(self) -> int:
        """The last ``seq`` after this write."""
        return self.after + len(self.events)


class Chains:
    """Which chains of writes are broken, for an adapter: the latest of each meeting."""

    def __init__(self) -> None:
        self._broken: dict[str, int] = {}

    def check(self, write: Write) -> None:
        """Raise ``Conflict`` when a write before it failed."""
        if write.chain and self._broken.get(write.meeting) == write.chain:
            raise Conflict

    def broke(self, write: Write) -> None:
        """This write failed."""
        if write.chain:
            self._broken[write.meeting] = write.chain


class Snapshot(msgspec.Struct, frozen=True):
    """The state after ``seq`` events, in a form that only its maker reads."""

    seq: int
    body: bytes


class Loaded(msgspec.Struct, frozen=True):
    """A meeting as of one moment: the events after the snapshot, or all where there is none; its devices.

    And the latest answers given: ``(device, command) -> seq``.
    """

    row: MeetingRow
    events: tuple[StoredEvent, ...]
    devices: tuple[Device, ...]
    answers: dict[tuple[str, str], int]
    snapshot: Snapshot | None = None

    @property
    def seq(self) -> int:
        """The last ``seq``."""
        return (self.snapshot.seq if self.snapshot else 0) + len(self.events)


class Since(msgspec.Struct, frozen=True):
    """What was written to a meeting after some ``seq``: the events, the answers among them, and all its devices.

    ``seq`` is the last one there is: below the one asked for when the store has lost what it once had.
    """

    seq: int
    events: tuple[StoredEvent, ...]
    devices: tuple[Device, ...]
    answers: dict[tuple[str, str], int]


class Expired(msgspec.Struct, frozen=True):
    """A meeting of which content must go: of these classes. ``left``: whether another class has content that stays."""

    meeting: str
    classes: tuple[Retention, ...]
    left: bool = False


class Erasure(msgspec.Struct, frozen=True):
    """That something was destroyed: a retention class of a meeting, or (``erasures.MEETING``) all of it. ``at`` in ms."""

    at: int
    what: str
    id: str


class Store(Protocol):
    """The port. ``shared``: whether others than this process may write to it while it runs."""

    shared: bool

    async def start(self) -> None:
        """Open what must be open."""

    async def stop(self) -> None:
        """Write what is pending, then close."""

    async def open(self, row: MeetingRow, events: tuple[StoredEvent, ...], ends: Ends | None = None) -> None:
        """Keep a new meeting with its first events. ``ends``: of classes that don't go with the cases."""

    async def find(self, meeting: str) -> MeetingRow | None:
        """A meeting without its log."""

    async def load(self, meeting: str, *, whole: bool = False) -> Loaded | None:
        """A meeting as of one moment. ``whole``: with all its events, and no snapshot."""

    async def since(self, meeting: str, after: int) -> Since:
        """What came after ``after``."""

    async def heads(self, meetings: Iterable[str]) -> dict[str, int]:
        """The last ``seq`` of each of these that is there."""

    async def answer(self, meeting: str, device: str, command: str) -> int | None:
        """What this command of this device was answered with, however long ago."""

    def append(self, write: Write) -> asyncio.Future[None]:
        """Queue a write. The future resolves when it is durable, or has ``Conflict``, ``Repeated`` or ``StoreError``."""

    async def probe(self) -> None:
        """Write something durable that changes nothing, or raise ``StoreError``."""

    async def bodies(self, meeting: str, contents: Iterable[str]) -> dict[str, bytes]:
        """Those of the sealed bodies that are there."""

    async def alarms(self, before: int | None = None) -> dict[str, int]:
        """When something is due, by meeting; only what is due ``before`` then, if that is given."""

    async def removals(self) -> tuple[Removal, ...]:
        """What the web asked for, and was not dropped yet."""

    async def drop_removal(self, removal: Removal) -> None:
        """This one is done."""

    async def prune_feed(self, before: int) -> None:
        """Forget what the web was told before that time. The last entry stays, without its text: numbers go on from it."""

    async def expired(self, now: int) -> tuple[Expired, ...]:
        """The meetings of which content must go, and is still there."""

    async def unbegun(self) -> tuple[str, ...]:
        """The meetings without content whose time was over before they began, as it seems; their logs say whether it is so."""

    async def forget(self, meeting: str) -> None:
        """Delete all of a meeting whose content is destroyed: only of one that never began."""

    async def erased(self, since: int) -> tuple[Erasure, ...]:
        """The classes of meetings whose content was destroyed at that time or later."""

    async def note_erasures(self, now: int) -> None:
        """Complete the erasure ledger, where one is kept, by what the store knows (``erasures``). Raises ``StoreError``."""

    async def oldest(self) -> int | None:
        """When the first meeting that is kept was opened, in milliseconds since the epoch."""

    async def newest(self) -> int | None:
        """When the newest meeting was opened, in milliseconds since the epoch."""

    async def last_look(self) -> str | None:
        """What was noted of the latest look at the clock, if anything was."""

    async def note_look(self, look: str) -> None:
        """Note it, in place of the one before."""

    async def clock(self) -> int:
        """Milliseconds since the epoch, by the clock that all who use this store share."""
