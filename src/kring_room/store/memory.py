"""The event store in memory, for tests and rehearsals: nothing survives the process. Can be told to fail."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import msgspec

from kring.meeting.retention import CASE, OTHERS, Retention
from kring_room.store import forgetting
from kring_room.store.port import (
    LATEST_ANSWERS,
    Body,
    Chains,
    Conflict,
    Device,
    Ends,
    Erasure,
    Expired,
    Loaded,
    MeetingRow,
    Removal,
    Repeated,
    Since,
    Snapshot,
    StoredEvent,
    StoreError,
    Write,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


class _Kept:
    """One meeting."""

    def __init__(self, row: MeetingRow, events: tuple[StoredEvent, ...], ends: Ends) -> None:
        self.row = row
        self.ends: Ends = {one: ends.get(one, row.expires_at) for one in (CASE, *OTHERS)}
        """Of the classes that are still there."""
        self.gone: Ends = {}
        """When the others went."""
        self.events = list(events)
        self.devices: dict[str, Device] = {}
        self.answers: dict[tuple[str, str], int] = {}
        self.bodies: dict[str, Body] = {}
        self.snapshot: Snapshot | None = None


class MemoryStore:
    """The adapter without a file. ``failing``: how many writes to come will fail."""

    shared = False

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        self._chains = Chains()
        self._removals: list[Removal] = []
        self._look: str | None = None
        self.failing = 0

    async def start(self) -> None:
        """Nothing to open."""

    async def stop(self) -> None:
        """Nothing to close."""

    async def open(self, row: MeetingRow, events: tuple[StoredEvent, ...], ends: Ends | None = None) -> None:
        """Keep a new meeting with its first events. ``ends``: of classes that don't go with the cases."""
        if row.id in self._kept:
            raise StoreError
        self._kept[row.id] = _Kept(row, events, ends or {})

    async def find(self, meeting: str) -> MeetingRow | None:
        """A meeting without its log."""
        kept = self._kept.get(meeting)
        return kept.row if kept else None

    async def load(self, meeting: str, *, whole: bool = False) -> Loaded | None:
        """A meeting as of one moment. ``whole``: with all its events, and no snapshot."""
        kept = self._kept.get(meeting)
        if kept is None:
            return None
        snapshot = None if whole else kept.snapshot
        events = tuple(kept.events[snapshot.seq if snapshot else 0 :])
        latest = dict(tuple(kept.answers.items())[-LATEST_ANSWERS:])
        return Loaded(kept.row, events, tuple(kept.devices.values()), latest, snapshot)

    async def since(self, meeting: str, after: int) -> Since:
        """What came after ``after``."""
        kept = self._kept.get(meeting)
        if kept is None:
            return Since(0, (), (), {})
        answers = {key: seq for key, seq in kept.answers.items() if seq > after}
        return Since(len(kept.events), tuple(kept.events[after:]), tuple(kept.devices.values()), answers)

    async def heads(self, meetings: Iterable[str]) -> dict[str, int]:
        """The last ``seq`` of each of these that is there."""
        return {meeting: len(self._kept[meeting].events) for meeting in meetings if meeting in self._kept}

    async def answer(self, meeting: str, device: str, command: str) -> int | None:
        """What this command of this device was answered with, however long ago."""
        kept = self._kept.get(meeting)
        return kept.answers.get((device, command)) if kept else None

    def append(self, write: Write) -> asyncio.Future[None]:
        """Write at once; the future resolves at the next turn of the loop."""
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        try:
            self._chains.check(write)
            self._write(write)
        except StoreError as error:
            self._chains.broke(write)
            loop.call_soon(_fail, future, error)
        else:
            loop.call_soon(_succeed, future)
        return future

    async def bodies(self, meeting: str, contents: Iterable[str]) -> dict[str, bytes]:
        """Those of the sealed bodies that are there."""
        kept = self._kept.get(meeting)
        return {one: kept.bodies[one].sealed for one in contents if one in kept.bodies} if kept else {}

    async def alarms(self, before: int | None = None) -> dict[str, int]:
        """When something is due, by meeting; only what is due ``before`` then, if that is given."""
        due = {one.row.id: one.row.due_at for one in self._kept.values() if one.row.due_at is not None}
        return due if before is None else {meeting: at for meeting, at in due.items() if at < before}

    async def expired(self, now: int) -> tuple[Expired, ...]:
        """The meetings of which content must go, and is still there."""
        found = (
            (one, tuple(sorted(each for each, at in one.ends.items() if at <= now))) for one in self._kept.values()
        )
        return tuple(Expired(one.row.id, gone, len(gone) < len(one.ends)) for one, gone in found if gone)

    async def removals(self) -> tuple[Removal, ...]:
        """What the web asked for, and was not dropped yet."""
        return tuple(self._removals)

    async def drop_removal(self, removal: Removal) -> None:
        """This one is done."""
        self._removals.remove(removal)

    async def prune_feed(self, before: int) -> None:
        """Nobody reads it here."""

    async def unbegun(self) -> tuple[str, ...]:
        """The meetings without content whose time was over before they began, as it seems."""
        return tuple(
            one.row.id
            for one in self._kept.values()
            if one.row.burned_at is not None and one.row.burned_at >= one.row.expires_at and not one.ends
            if not any(forgetting.BEGAN in event.body for event in one.events)
        )

    async def forget(self, meeting: str) -> None:
        """Delete all of a meeting whose content is destroyed."""
        kept = self._kept.get(meeting)
        if kept and kept.row.burned_at is not None:
            del self._kept[meeting]

    async def erased(self, since: int) -> tuple[Erasure, ...]:
        """The classes of meetings whose content was destroyed at that time or later."""
        return tuple(
            Erasure(at, what, meeting)
            for meeting, kept in self._kept.items()
            for what, at in kept.gone.items()
            if at >= since
        )

    async def note_erasures(self, now: int) -> None:
        """No ledger is kept."""

    async def oldest(self) -> int | None:
        """When the first meeting that is kept was opened."""
        return min((one.row.opened_at for one in self._kept.values()), default=None)

    async def newest(self) -> int | None:
        """When the newest meeting was opened."""
        return max((one.row.opened_at for one in self._kept.values()), default=None)

    async def last_look(self) -> str | None:
        """What was noted of the latest look at the clock."""
        return self._look

    async def note_look(self, look: str) -> None:
        """Note it."""
        self._look = look

    async def clock(self) -> int:
        """Milliseconds since the epoch, by this machine's clock."""
        return time.time_ns() // 1_000_000

    async def probe(self) -> None:
        """Nothing can go wrong here but what a test asks for."""
        if self.failing:
            raise StoreError

    def _write(self, write: Write) -> None:
        if self.failing:
            self.failing -= 1
            raise StoreError
        kept = self._kept.get(write.meeting)
        if kept is None or len(kept.events) != write.after:
            raise Conflict
        if write.answer and (write.answer.device, write.answer.command) in kept.answers:
            raise Repeated
        contents = {body.content for body in write.bodies}
        twice = len(contents) < len(write.bodies) or contents & kept.bodies.keys()
        if twice or any(body.retention not in kept.ends for body in write.bodies):
            raise StoreError
        kept.events += write.events
        kept.bodies |= {body.content: body for body in write.bodies}
        kept.devices |= {device.device: device for device in write.devices}
        if write.answer:
            kept.answers[write.answer.device, write.answer.command] = write.seq
        if write.events:
            closed = kept.row.closed_at if kept.row.closed_at is not None else write.close_at
            kept.row = msgspec.structs.replace(kept.row, due_at=write.due_at, closed_at=closed)
        if write.snapshot is not None:
            kept.snapshot = Snapshot(write.seq, write.snapshot)
        if write.burn_at is not None:
            _burn(kept, write.burn_at, write.burns or (CASE, *OTHERS))


def _burn(kept: _Kept, now: int, classes: tuple[Retention, ...]) -> None:
    for one in classes:
        if kept.ends.pop(one, None) is not None:
            kept.gone[one] = now
    kept.bodies = {content: body for content, body in kept.bodies.items() if body.retention not in classes}
    if CASE in classes:
        kept.row = msgspec.structs.replace(kept.row, burned_at=now)


def _succeed(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _fail(future: asyncio.Future[None], error: StoreError) -> None:
    if not future.done():
        future.set_exception(error)
