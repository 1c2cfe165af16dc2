"""When a room may not know all: somebody else wrote first, a word of another node was lost, or the store failed.

The room then asks the store what came since (``follow``), sends that to everybody, and decides anew what it had to take back.
Meanwhile nothing is decided: what is asked waits, or, while the store fails, is refused with ``try-again``. This module keeps
what waits and says what the room has to do with it; it calls nobody but the store, and those whom it refuses.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from kring_room.live.pending import TRY_AGAIN, Pending
from kring_room.live.version import after_write, caught_up
from kring_room.store.port import Conflict, Repeated, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kring_room.live.answers import Answers
    from kring_room.live.commit_queue import CommitQueue
    from kring_room.live.pending import Connection, Request
    from kring_room.live.version import Version
    from kring_room.store.port import Since, Store, Write
    from kring_room.wire.messages import Do

_log = logging.getLogger(__name__)
_RETRY = 0.5
"""Seconds until a store that failed is asked again."""
_TRIES = 8
"""How often a command is decided in vain before whoever asked is told to try again."""
_MOST = 512
"""Commands that may wait, and writes of others that may be kept unread."""


class CatchUp:
    """What one room does not know yet. ``under_way``: it is finding out; ``stale``: the store failed.

    ``outdated``: what is being read, or was read last, may be from before the latest doubt. ``over``: it can find out no more,
    and nobody is sent anything.
    """

    __slots__ = (
        "_answers",
        "_asked",
        "_meeting",
        "_repeated",
        "_running",
        "_store",
        "_taken_back",
        "_waiting",
        "_writes",
        "outdated",
        "over",
        "stale",
        "under_way",
    )

    def __init__(self, meeting: str, store: Store, answers: Answers) -> None:
        self.under_way = self.stale = self.over = self.outdated = False
        self._meeting, self._store, self._answers = meeting, store, answers
        self._running = False
        self._taken_back: list[Request] = []
        self._repeated: list[Request] = []
        self._asked: list[tuple[Connection, Do]] = []
        self._writes: list[Write] = []
        self._waiting: list[asyncio.Future[None]] = []

    # -- what begins it

    def doubt(self) -> None:
        """There may be more in the store than is known here."""
        self.under_way = True
        self.outdated = self._running  # what is being read may be from before

    def begin(self, queue: CommitQueue) -> bool:
        """Whether to ``follow`` now: not before what was decided is durable or taken back, not twice at once, and not in vain."""
        if not self.under_way or self.over or self._running or queue.pending:
            return False
        self._running = True
        return True

    def take_back(self, dropped: list[Pending], error: BaseException) -> None:
        """A write was not done, or nobody knows whether: these were decided upon it, the one that failed first."""
        requests = [one.request for one in dropped if one.request]
        if isinstance(error, Conflict | Repeated):
            if isinstance(error, Repeated) and dropped[0].request:
                self._repeated.append(dropped[0].request)
            self._taken_back[:0] = requests  # decided before all that was taken back since
        else:
            _log.warning("commit failed", extra={"meeting": self._meeting, "seq": dropped[0].before.seq})
            for one in requests:
                one.resolve(TRY_AGAIN)
            self._fail()

    # -- what waits for it

    def defer(self, connection: Connection, message: Do) -> None:
        """Let a command wait, or refuse it."""
        if self.stale or len(self._asked) >= _MOST:
            connection.answer(message.id, TRY_AGAIN)
        else:
            self._asked.append((connection, message))

    async def wait(self) -> None:
        """Wait until it has found out all that there is now, sent or not; not at all while nothing is in doubt."""
        if self.under_way and not self.over:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(future)
            await future

    def end_wait(self) -> None:
        """Whoever waits may go on."""
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    # -- what the store has

    async def follow(self, before: Version) -> Pending | None:
        """The step from ``before`` to all that the store has; ``None``: no step leads there, begin anew."""
        since = await self._read(before.seq)
        if self.outdated:
            self.outdated = False
            since = await self._read(before.seq)
        self._running = False
        try:
            after, happened = caught_up(before, since)
        except Exception as error:  # noqa: BLE001 - events of a newer release, or fewer than were sent
            _log.error(
                "log could not be followed",
                extra={"meeting": self._meeting, "seq": since.seq, "error": type(error).__name__},
            )
            self.over = True
            self._refuse_all()
            return None
        for key, seq in since.answers.items():
            self._answers.keep(key, seq)
        self.under_way = self.stale = False
        return Pending(before, after, events=happened)

    def taken_back(self) -> Iterator[Request]:
        """What was taken back, to be decided anew one by one; a new doubt keeps the rest."""
        requests, self._taken_back = self._taken_back, []
        for request in requests:
            request.tries += 1
            if request.tries >= _TRIES:
                request.resolve(TRY_AGAIN)
            elif self.under_way:
                self._taken_back.append(request)
            else:
                yield request

    def deferred(self) -> Iterator[tuple[Connection, Do]]:
        """What was asked meanwhile, to be done one by one until there is a new doubt."""
        while self._asked and not self.under_way:
            yield self._asked.pop(0)

    # -- what other nodes wrote

    def receive(self, write: Write) -> None:
        """Another node wrote this."""
        self._writes.append(write)
        if len(self._writes) > _MOST:
            self._writes.clear()
            self.doubt()

    def steps(self, queue: CommitQueue) -> Iterable[Pending]:
        """The steps to what other nodes wrote, upon what ``queue`` is at, each after the one before it was taken."""
        return self._steps(queue) if self._writes and not self.under_way and queue.durable else ()

    def _steps(self, queue: CommitQueue) -> Iterator[Pending]:
        writes, self._writes = sorted(self._writes, key=lambda one: (one.seq, one.after)), []
        for write in writes:
            ahead = queue.ahead
            if write.events and write.seq <= ahead.seq:
                continue
            if write.after > ahead.seq or (write.events and write.after < ahead.seq):
                self.doubt()  # the store knows the rest of them, too
                return
            if write.answer:
                self._answers.keep((write.answer.device, write.answer.command), write.seq)
            try:
                after, happened = after_write(ahead, write)
            except Exception:  # noqa: BLE001 - events of a newer release: what the store has says what to do
                self.doubt()
                return
            if after is not ahead:
                yield Pending(ahead, after, events=happened, bodies=write.bodies)

    # -- inside

    async def _read(self, seq: int) -> Since:
        while True:
            try:
                for request in tuple(self._repeated):
                    if request.key:
                        answer = await self._store.answer(self._meeting, *request.key)
                        if answer is not None:
                            self._answers.keep(request.key, answer)
                    self._repeated.remove(request)
                return await self._store.since(self._meeting, seq)
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
