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
    from kring_room.live.commit_queue import Steps
    from kring_room.live.pending import Ask, Guest
    from kring_room.store.port import Since, Store, Write
    from kring_room.wire.messages import Do

_log = logging.getLogger(__name__)
AGAIN = "try-again"
_RETRY = 0.5
"""Seconds until a store that failed is asked again."""
_TRIES = 8
"""How often a command is decided in vain before whoever asked is told to try again."""
_MOST = 512
"""Commands that may wait, and writes of others that may be kept unread."""


class Host(Protocol):
    """Whose knowledge it is."""

    def do(self, guest: Guest, message: Do) -> None:
        """Decide what waited."""

    def decide_anew(self, ask: Ask) -> None:
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
        "_repeated",
        "_running",
        "_steps",
        "_store",
        "_taken_back",
        "_waiting",
        "over",
        "stale",
        "under_way",
    )

    def __init__(self, meeting: str, steps: Steps, store: Store, answers: Answers, host: Host) -> None:
        self.under_way = self.stale = self.over = False
        self._meeting, self._steps, self._store, self._answers, self._host = meeting, steps, store, answers, host
        self._running = self._outdated = False
        self._taken_back: list[Ask] = []
        self._repeated: list[Ask] = []
        self._asked: list[tuple[Guest, Do]] = []
        self._heard: list[Write] = []
        self._waiting: list[asyncio.Future[None]] = []

    def ask(self, guest: Guest, message: Do) -> None:
        """Let a command wait, or refuse it."""
        if self.stale or len(self._asked) >= _MOST:
            guest.answer(message.id, AGAIN)
        else:
            self._asked.append((guest, message))

    async def end(self) -> None:
        """Wait until it has found out all that there is now, told or not; not at all while nothing is in doubt."""
        if self.under_way and not self.over:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(future)
            await future

    def failed(self, entry: Pending, error: BaseException) -> None:
        """A write was not done, or nobody knows: take back all that was decided upon it."""
        dropped = [one.ask for one in self._steps.drop(entry) if one.ask]
        if isinstance(error, Conflict | Repeated):
            if isinstance(error, Repeated) and entry.ask:
                self._repeated.append(entry.ask)
            self._taken_back[:0] = dropped  # decided before all that was taken back since
        else:
            _log.warning("commit failed", extra={"meeting": self._meeting, "seq": entry.before.seq})
            for one in dropped:
                one.resolve(AGAIN)
            self._fail()
        self.doubt()

    def doubt(self) -> None:
        """Ask the store what there is, as soon as what was decided is durable or taken back."""
        self.under_way = True
        self._outdated = self._running  # what is being read may be from before
        self._steps.settled.clear()
        self._begin()

    def _begin(self) -> None:
        if not self._running and not self._steps.pending:
            self._running = True
            self._steps.spawn(self._catch_up())

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
        elif self._heard and self._steps.durable:
            self._take_in()

    def _take_in(self) -> None:
        writes, self._heard = sorted(self._heard, key=lambda one: (one.seq, one.after)), []
        for write in writes:
            ahead = self._steps.ahead
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
                self._steps.go(Pending(ahead, after, events=happened, bodies=write.bodies))

    async def _catch_up(self) -> None:
        since = await self._read()
        if self._outdated:
            self._outdated = False
            since = await self._read()
        self._running = False
        before = self._steps.ahead
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
            self._steps.go(Pending(before, after, events=happened))
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
        self._steps.flush()

    def _ended(self) -> None:
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    def _again(self, ask: Ask) -> None:
        ask.tries += 1
        if ask.tries >= _TRIES:
            ask.resolve(AGAIN)
        elif self.under_way:
            self._taken_back.append(ask)
        else:
            self._host.decide_anew(ask)

    async def _read(self) -> Since:
        while True:
            try:
                for ask in tuple(self._repeated):
                    if ask.key:
                        seq = await self._store.answer(self._meeting, *ask.key)
                        if seq is not None:
                            self._answers.keep(ask.key, seq)
                    self._repeated.remove(ask)
                return await self._store.since(self._meeting, self._steps.ahead.seq)
            except StoreError:
                _log.warning("meeting could not be read", extra={"meeting": self._meeting})
                self._fail()
            await asyncio.sleep(_RETRY)

    def _fail(self) -> None:
        self.stale = True
        self._refuse_all()

    def _refuse_all(self) -> None:
        taken_back, self._taken_back = self._taken_back, []
        for ask in taken_back:
            ask.resolve(AGAIN)
        asked, self._asked = self._asked, []
        for guest, message in asked:
            guest.answer(message.id, AGAIN)
