"""When a room may not know all: somebody else wrote first, a word of another node was lost, or the store failed.

It asks the store what came since, tells it to everybody, and has what it had to take back decided anew. Meanwhile nothing
is decided: what is asked waits, or, while the store fails, is refused with ``try-again``.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Protocol

from kring_room.live.pending import Pending
from kring_room.live.version import caught_up, heard
from kring_room.store.port import Conflict, Repeated, StoreError

if TYPE_CHECKING:
    from kring_room.live.answers import Answers
    from kring_room.live.commit_queue import CommitQueue
    from kring_room.live.pending import Connection, Request
    from kring_room.store.port import Since, Store, Write
    from kring_room.wire.messages import Do

_log = logging.getLogger(__name__)
TRY_AGAIN = "try-again"
_RETRY = 0.5
"""Seconds until a store that failed is asked again."""
_TRIES = 8
"""How often a command is decided in vain before whoever asked is told to try again."""
_MOST = 512
"""Commands that may wait, and writes of others that may be kept unread."""


class Host(Protocol):
    """Whose knowledge it is."""

    def do(self, connection: Connection, message: Do) -> None:
        """Decide what waited."""

    def decide_again(self, request: Request) -> None:
        """Decide what was taken back."""

    def back(self) -> None:
        """All is known again."""

    def over(self) -> None:
        """The store knows less than what was told already: begin anew."""


class CatchUp:
    """What one room does not know yet. ``under_way``: it is finding out; ``stale``: the store failed.

    ``over``: it can find out no more, and nobody is told anything.
    """

    __slots__ = (
        "_answers",
        "_asked",
        "_heard",
        "_host",
        "_meeting",
        "_outdated",
        "_queue",
        "_repeated",
        "_running",
        "_store",
        "_taken_back",
        "_waiting",
        "over",
        "stale",
        "under_way",
    )

    def __init__(self, meeting: str, queue: CommitQueue, store: Store, answers: Answers, host: Host) -> None:
        self.under_way = self.stale = self.over = False
        self._meeting, self._queue, self._store, self._answers, self._host = meeting, queue, store, answers, host
        self._running = self._outdated = False
        self._taken_back: list[Request] = []
        self._repeated: list[Request] = []
        self._asked: list[tuple[Connection, Do]] = []
        self._heard: list[Write] = []
        self._waiting: list[asyncio.Future[None]] = []

    def defer(self, connection: Connection, message: Do) -> None:
        """Let a command wait, or refuse it."""
        if self.stale or len(self._asked) >= _MOST:
            connection.answer(message.id, TRY_AGAIN)
        else:
            self._asked.append((connection, message))

    async def end(self) -> None:
        """Wait until it has found out all that there is now, told or not; not at all while nothing is in doubt."""
        if self.under_way and not self.over:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(future)
            await future

    def failed(self, entry: Pending, error: BaseException) -> None:
        """A write was not done, or nobody knows: take back all that was decided upon it."""
        dropped = [one.request for one in self._queue.drop(entry) if one.request]
        if isinstance(error, Conflict | Repeated):
            if isinstance(error, Repeated) and entry.request:
                self._repeated.append(entry.request)
            self._taken_back[:0] = dropped  # decided before all that was taken back since
        else:
            _log.warning("commit failed", extra={"meeting": self._meeting, "seq": entry.before.seq})
            for one in dropped:
                one.resolve(TRY_AGAIN)
            self._fail()
        self.doubt()

    def doubt(self) -> None:
        """Ask the store what there is, as soon as what was decided is durable or taken back."""
        self.under_way = True
        self._outdated = self._running  # what is being read may be from before
        self._queue.settled.clear()
        self._begin()

    def _begin(self) -> None:
        if not self._running and not self._queue.pending:
            self._running = True
            self._queue.spawn(self._catch_up())

    def heard(self, write: Write) -> None:
        """Another node wrote this."""
        self._heard.append(write)
        if len(self._heard) > _MOST:
            self._heard.clear()
            self.doubt()
        else:
            self.flushed()

    def flushed(self) -> None:
        """What could be told has been told: go on with what could not be done before."""
        if self.under_way:
            self._begin()
        elif self._heard and self._queue.durable:
            self._take_in()

    def _take_in(self) -> None:
        writes, self._heard = sorted(self._heard, key=lambda one: (one.seq, one.after)), []
        for write in writes:
            ahead = self._queue.ahead
            if write.events and write.seq <= ahead.seq:
                continue
            if write.after > ahead.seq or (write.events and write.after < ahead.seq):
                self.doubt()  # the store knows the rest of them, too
                return
            if write.answer:
                self._answers.keep((write.answer.device, write.answer.command), write.seq)
            try:
                after, happened = heard(ahead, write)
            except Exception:  # noqa: BLE001 - events of a newer release: what the store has says what to do
                self.doubt()
                return
            if after is not ahead:
                self._queue.go(Pending(ahead, after, events=happened, bodies=write.bodies))

    async def _catch_up(self) -> None:
        since = await self._read()
        if self._outdated:
            self._outdated = False
            since = await self._read()
        self._running = False
        before = self._queue.ahead
        try:
            after, happened = caught_up(before, since)
        except Exception as error:  # noqa: BLE001 - events of a newer release, or fewer than were told: begin anew
            _log.error(
                "log could not be followed",
                extra={"meeting": self._meeting, "seq": since.seq, "error": type(error).__name__},
            )
            self.over = True
            self._refuse_all()
            self._host.over()
            self._ended()
            return
        for key, seq in since.answers.items():
            self._answers.keep(key, seq)
        self.under_way = self.stale = False
        if after is not before:
            self._queue.go(Pending(before, after, events=happened))
        self._ended()
        taken_back, self._taken_back = self._taken_back, []
        for one in taken_back:
            self._again(one)
        while self._asked and not self.under_way:
            self._host.do(*self._asked.pop(0))
        if self._outdated:  # for the second time: who waits is helped with what is known by now
            self.doubt()
        if not self.under_way:
            self._host.back()
        self._queue.flush()

    def _ended(self) -> None:
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    def _again(self, request: Request) -> None:
        request.tries += 1
        if request.tries >= _TRIES:
            request.resolve(TRY_AGAIN)
        elif self.under_way:
            self._taken_back.append(request)
        else:
            self._host.decide_again(request)

    async def _read(self) -> Since:
        while True:
            try:
                for request in tuple(self._repeated):
                    if request.key:
                        seq = await self._store.answer(self._meeting, *request.key)
                        if seq is not None:
                            self._answers.keep(request.key, seq)
                    self._repeated.remove(request)
                return await self._store.since(self._meeting, self._queue.ahead.seq)
            except StoreError:
                _log.warning("meeting could not be read", extra={"meeting": self._meeting})
                self._fail()
            await asyncio.sleep(_RETRY)

    def _fail(self) -> None:
        self.stale = True
        self._refuse_all()

    def _refuse_all(self) -> None:
        taken_back, self._taken_back = self._taken_back, []
        for request in taken_back:
            request.resolve(TRY_AGAIN)
        asked, self._asked = self._asked, []
        for connection, message in asked:
            connection.answer(message.id, TRY_AGAIN)
