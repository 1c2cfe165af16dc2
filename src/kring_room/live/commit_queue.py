"""The line of what has been decided: a step waits until it is durable, then everybody hears of it, in order.

``ahead`` is what has been decided, ``company.now`` what has been committed and told; nobody hears of ``ahead``.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Protocol

from kring.meeting import Actor, events
from kring_room.live.attendees import names_of
from kring_room.live.pending import Pending, Request
from kring_room.store.port import StoreError

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from kring_room.live.attendees import Attendees
    from kring_room.store.port import Store, Write

_log = logging.getLogger(__name__)
_RETRY = 0.5
"""Seconds until bodies that could not be read are asked for again."""


class Host(Protocol):
    """Whose steps they are."""

    def written(self, entry: Pending, write: Write) -> None:
        """A write is durable."""

    def failed(self, entry: Pending, error: BaseException) -> None:
        """A write could not be done."""

    def told(self, entry: Pending) -> None:
        """Everybody has heard of a step: now whoever asked may hear that it is done."""

    def flushed(self) -> None:
        """All that can be told now has been told."""


class CommitQueue:
    """The steps of one meeting. ``settled``: all that was decided has been told, and nothing is being found out."""

    __slots__ = (
        "_attendees",
        "_flushing",
        "_host",
        "_meeting",
        "_reading",
        "_store",
        "ahead",
        "pending",
        "settled",
        "tasks",
    )

    def __init__(self, meeting: str, attendees: Attendees, store: Store, host: Host) -> None:
        self.ahead = attendees.now
        self.pending: list[Pending] = []
        self.settled = asyncio.Event()
        self.settled.set()
        self.tasks: set[asyncio.Task[None]] = set()
        self._meeting, self._attendees, self._store, self._host = meeting, attendees, store, host
        self._reading = self._flushing = False

    @property
    def durable(self) -> bool:
        """Whether all that was decided is durable, told or not."""
        return all(entry.durable for entry in self.pending)

    def go(self, entry: Pending, write: Write | None = None) -> None:
        """Take this step, once ``write`` is durable."""
        self.hold(entry)
        if write is None:
            entry.durable = True
            self.flush()
        else:
            self._store.append(write).add_done_callback(lambda future: self._written(entry, write, future))

    def hold(self, entry: Pending) -> None:
        """Take this step when ``entry.durable`` is set and ``flush`` called."""
        self.ahead = entry.after
        self.pending.append(entry)
        self.settled.clear()

    def drop(self, entry: Pending) -> list[Pending]:
        """Take back ``entry`` and all that was decided upon it."""
        at = self.pending.index(entry)
        self.pending, dropped = self.pending[:at], self.pending[at:]
        self.ahead = entry.before
        return dropped

    def flush(self) -> None:
        """Tell everybody what is durable."""
        if self._flushing:
            return  # what is told may lead to more; it waits its turn
        self._flushing = True
        while self.pending and self.pending[0].durable:
            entry = self.pending[0]
            if entry.changes and not self._publish(entry):
                break
            del self.pending[0]  # few are on their way at once
            self._host.told(entry)
        self._flushing = False
        self._host.flushed()

    async def told(self) -> bool:
        """Wait until all that has been decided by now is told; ``False``: some of it was taken back."""
        request = Request(None, Actor(room=True))
        told = request.outcome()
        self.go(Pending(self.ahead, self.ahead, request))
        return await told

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run ``work`` until the room stops."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def _written(self, entry: Pending, write: Write, future: asyncio.Future[None]) -> None:
        error = StoreError("cancelled") if future.cancelled() else future.exception()
        if error:
            if entry in self.pending:
                self._host.failed(entry, error)
        else:
            entry.durable = True
            self._host.written(entry, write)
        self.flush()

    def _publish(self, entry: Pending) -> bool:
        """Tell everybody; ``False`` when bodies must be read first."""
        if self._reading:
            return False
        attendees = self._attendees
        kinds = [type(event) for event in entry.events]
        if entry.bodies:
            attendees.bodies.keep(entry.bodies, named=events.SeatTaken in kinds)
        told = attendees.news(entry.before, entry.after, tuple([kind.__struct_config__.tag for kind in kinds]))
        hand = {**entry.fetched, **entry.request.texts} if entry.request else entry.fetched
        others = told.contents - hand.keys()
        if others:
            hand = hand | attendees.bodies.cached(others)
        missing = others - hand.keys()
        if missing:
            self._reading = True
            self.spawn(self._fetch(entry, missing))
            return False
        attendees.step(entry.before, entry.after, told, hand, entry.request.waiting if entry.request else ())
        if events.PhaseStarted in kinds:
            attendees.bodies.phase_ended()
        return True

    async def _fetch(self, entry: Pending, missing: frozenset[str]) -> None:
        try:
            entry.fetched |= await self._attendees.bodies.read(missing, names_of(entry.after))
        except StoreError:
            _log.warning("bodies could not be read", extra={"meeting": self._meeting})
            await asyncio.sleep(_RETRY)
        self._reading = False
        self.flush()
