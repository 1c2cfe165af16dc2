"""One meeting, live: commands are decided at once, made durable, and only then told to everybody and acknowledged.

Rule 1: ``ahead`` is what has been decided, ``company.now`` what has been committed and told; nobody hears of ``ahead``.
Rule 2: steps are published in the order in which they were decided. Rule 3: when a commit fails, all that was decided
upon it is dropped with ``try-again``, and the meeting is loaded again. Free of sockets, threads and files.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING, Any

import msgspec

from kring.meeting import Actor, Refusal, State, commands, due, events, evolve, step, upcasting
from kring.methods.model import Method
from kring_room import audience, codec
from kring_room.answers import Answers, Key
from kring_room.company import Company, names_of
from kring_room.pending import Guest, Pending
from kring_room.presence import Presence
from kring_room.store import Answer, Device, Loaded, StoredEvent, StoreError, Write
from kring_room.version import bound, replayed

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from kring_room.messages import Do
    from kring_room.settings import RoomSettings
    from kring_room.store import Body, Store

_log = logging.getLogger(__name__)
_AGAIN = "try-again"
_RETRY = 0.5
_LATE = 1000
"""Milliseconds until a tick that changed nothing is tried again."""
ROOM = Actor(room=True)


class Room:
    """A loaded meeting. ``alarm(meeting, at)`` asks for ``tick`` at that time; ``settled``: all decided has been told."""

    def __init__(
        self,
        loaded: Loaded,
        *,
        store: Store,
        settings: RoomSettings,
        clock: Callable[[], int],
        alarm: Callable[[str, int | None], None],
    ) -> None:
        self.meeting = loaded.row.id
        self.method = msgspec.json.decode(loaded.row.method, type=Method)
        self._store, self._settings, self._clock, self._alarm = store, settings, clock, alarm
        self.ahead = replayed(loaded)
        self.company = Company(self.ahead, self.method, store, settings)
        self._answers = Answers(loaded.answers, settings.refusals)
        self._pending: deque[Pending] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._greeting = 0
        self._stale = self._reloading = self._reading = self._flushing = False
        self.presence = Presence(settings.presence_grace, self._seated, self._report)
        self.settled = asyncio.Event()
        self.settled.set()
        self._ring()
        self.presence.look()

    @property
    def idle(self) -> bool:
        """Whether nothing would be lost by letting go of this room."""
        return not (
            self._greeting
            or self.company.guests
            or self._pending
            or self._tasks
            or self._stale
            or self.presence.waiting
        )

    def stop(self) -> None:
        """Report nothing more, wait for nothing more."""
        self.presence.stop()
        for task in self._tasks:
            task.cancel()

    # -- coming and going

    async def greet(self, guest: Guest, since: int | None, *, table: bool) -> None:
        """Let a device in, with all that it may know, or close its connection."""
        self._greeting += 1
        try:
            await self._greet(guest, since, table=table)
        finally:
            self._greeting -= 1

    async def _greet(self, guest: Guest, since: int | None, *, table: bool) -> None:
        company = self.company
        if table and guest.device not in company.now.devices and not company.problem(guest, table=True):
            await self._bind_table(guest.device)
        read: dict[str, str] = {}
        while True:
            problem = company.problem(guest, table=table)
            if table and not problem and guest.device not in company.now.devices:
                problem = "restarting"  # could not be written down; it will come again
            if problem:
                guest.trouble(problem)
                return
            shown = company.catch_up(guest.device, since)
            bodies = await company.bodies_for(shown, read)
            if bodies is not None:
                break
        if not guest.closed:
            company.join(guest, audience.welcome(company.now, guest.device, self._clock(), shown, bodies))
            self.presence.look()

    def lost(self, guest: Guest) -> None:
        """A device is gone."""
        if self.company.guests.get(guest.device) is guest:
            del self.company.guests[guest.device]
            self.presence.look()

    async def _bind_table(self, device: str) -> None:
        tables = sum(one.table for one in self.ahead.devices.values())
        if self._stale or tables >= self._settings.tables:
            return
        written: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        changed = (Device(device, table=True),)
        entry = Pending(self.ahead, self.ahead.after(self.ahead.state, changed))
        entry.then = lambda done: None if written.done() else written.set_result(done)
        self._go(entry, Write(self.meeting, self.ahead.seq, devices=changed))
        await written

    # -- deciding

    def do(self, guest: Guest, message: Do) -> None:
        """Decide what a device asks for; it hears the answer when it is durable."""
        key = (guest.device, message.id)
        if self._stale:
            guest.answer(message.id, _AGAIN)
            return
        for entry in self._pending:
            if entry.key == key:
                entry.waiting.append(guest)
                return
        known = self._answers.get(key)
        if known is not None:
            self._answer_in_turn(guest, message.id, known)
            return
        actor = self.ahead.actor(guest.device)
        bodies = codec.sealed_bodies(message, actor.seat)
        if isinstance(bodies, str):
            guest.answer(message.id, bodies)
            return
        self._decide(message.command, actor, key=key, guest=guest, bodies=bodies)

    def _answer_in_turn(self, guest: Guest, command: str, known: int | str) -> None:
        """A repeat, too, hears its answer after all that led to it has been told."""
        if not self._pending:
            guest.answer(command, known)
            return
        entry = Pending(self.ahead, self.ahead)
        entry.durable = True
        entry.then = lambda _done: guest.answer(command, known)
        self._pending.append(entry)

    def tick(self) -> None:
        """The time that the room asked for has come."""
        if self._stale:
            return  # loading again rings again
        at = due(self.ahead.state)
        if at is None or at > self._clock():
            self._ring()
            return
        before = self.ahead
        self._decide(commands.Tick(), ROOM)
        if self.ahead is before:
            _log.warning("tick changed nothing", extra={"meeting": self.meeting, "seq": before.seq})
            self._alarm(self.meeting, self._clock() + _LATE)

    def expire(self) -> None:
        """The content's time is over."""
        if self._stale or self.ahead.state.info.burned:
            return
        now = self._clock()
        event = events.ContentBurned(at=now, because="expired")
        self._commit(None, (event,), evolve(self.ahead.state, event), now)

    def _decide(
        self,
        command: commands.AnyCommand,
        actor: Actor,
        *,
        key: Key | None = None,
        guest: Guest | None = None,
        bodies: tuple[Body, ...] = (),
    ) -> None:
        now = self._clock()
        outcome: Any
        try:
            outcome = step(self.ahead.state, command, method=self.method, actor=actor, now=now)
        except Exception as error:  # noqa: BLE001 - a fault in one command must not reach the others in the room
            _fault(error, self.meeting, command)
            outcome = Refusal("bad-value")
        if isinstance(outcome, Refusal):
            entry = Pending(self.ahead, self.ahead, command, key=key, code=outcome.code)
        elif not outcome[0]:
            entry = Pending(self.ahead, self.ahead, command, key=key)
        else:
            happened, state = outcome
            self._commit(command, happened, state, now, key=key, guest=guest, bodies=bodies)
            return
        entry.waiting += [guest] if guest else []
        self._go(entry)

    def _commit(
        self,
        command: commands.AnyCommand | None,
        happened: tuple[events.AnyEvent, ...],
        state: State,
        now: int,
        *,
        key: Key | None = None,
        guest: Guest | None = None,
        bodies: tuple[Body, ...] = (),
    ) -> None:
        before = self.ahead
        changed = bound(before.devices, command, happened, guest.device if guest else None)
        write = Write(
            meeting=self.meeting,
            after=before.seq,
            events=tuple(StoredEvent(upcasting.VERSION, upcasting.encode(event)) for event in happened),
            bodies=bodies,
            devices=changed,
            answer=Answer(*key) if key else None,
            due_at=due(state),
            close_at=now if state.info.status == "closed" else None,
            burn_at=now if state.info.burned and not before.state.info.burned else None,
        )
        entry = Pending(before, before.after(state, changed), command, events=happened, bodies=bodies, key=key)
        entry.waiting += [guest] if guest else []
        self._go(entry, write)

    def _go(self, entry: Pending, write: Write | None = None) -> None:
        self.ahead = entry.after
        self._pending.append(entry)
        self.settled.clear()
        if write is None:
            entry.durable = True
            self._flush()
        else:
            self._store.append(write).add_done_callback(lambda future: self._written(entry, future))

    # -- publishing

    def _written(self, entry: Pending, future: asyncio.Future[None]) -> None:
        failed = future.cancelled() or future.exception() is not None
        if entry not in self._pending:
            return  # was dropped
        if failed:
            self._drop(entry)
        else:
            entry.durable = True
        self._flush()

    def _flush(self) -> None:
        if self._flushing:
            return  # what is told may lead to more; it waits its turn
        self._flushing = True
        while self._pending and self._pending[0].durable:
            entry = self._pending[0]
            if entry.after is not entry.before and not self._publish(entry):
                break
            self._pending.popleft()
            self._acknowledge(entry)
        self._flushing = False
        if not self._pending:
            self.settled.set()
        if self._stale and not self._pending and not self._reloading:
            self._reloading = True
            self._spawn(self._reload())

    def _acknowledge(self, entry: Pending) -> None:
        answer: int | str = entry.code or entry.after.seq
        if entry.key and isinstance(answer, int) and entry.events:
            self._answers.keep(entry.key, answer)
        elif entry.key:
            self._answers.keep_briefly(entry.key, answer)
        entry.resolve(answer)
        if entry.after is not entry.before:
            self._ring()
            self.presence.look()

    def _publish(self, entry: Pending) -> bool:
        """Tell everybody; ``False`` when bodies must be read first."""
        if self._reading:
            return False
        company = self.company
        if entry.command:
            company.bodies.keep(entry.command, entry.bodies)
        told = company.news(entry.before, entry.after, tuple(one.__struct_config__.tag for one in entry.events))
        hand = entry.fetched | company.bodies.at_hand(told.contents)
        missing = told.contents - hand.keys()
        if missing:
            self._reading = True
            self._spawn(self._fetch(entry, missing))
            return False
        company.step(entry.before, entry.after, told, hand)
        if any(isinstance(event, events.PhaseStarted) for event in entry.events):
            company.bodies.turn_page()
        return True

    async def _fetch(self, entry: Pending, missing: frozenset[str]) -> None:
        try:
            entry.fetched |= await self.company.bodies.read(missing, names_of(entry.after))
        except StoreError:
            _log.warning("bodies could not be read", extra={"meeting": self.meeting})
            await asyncio.sleep(_RETRY)
        self._reading = False
        self._flush()

    # -- when a commit fails

    def _drop(self, entry: Pending) -> None:
        """Take back ``entry`` and all that was decided upon it."""
        _log.warning("commit failed", extra={"meeting": self.meeting, "seq": entry.before.seq})
        kept: deque[Pending] = deque()
        while self._pending[0] is not entry:
            kept.append(self._pending.popleft())
        dropped, self._pending = self._pending, kept
        self.ahead = entry.before
        self._stale = True
        for one in dropped:
            one.resolve(_AGAIN)

    async def _reload(self) -> None:
        """Take what the store has for true, and tell what turns out to have happened."""
        loaded = await self._load_again()
        before = self.company.now
        after = replayed(loaded)
        self._answers.reload(loaded.answers)
        self.ahead = after
        self._stale = self._reloading = False
        entry = Pending(before, after)
        entry.durable = True
        self._pending.append(entry)
        self._flush()

    async def _load_again(self) -> Loaded:
        while True:
            try:
                loaded = await self._store.load(self.meeting)
                if loaded:
                    return loaded
            except StoreError:
                _log.warning("meeting could not be loaded", extra={"meeting": self.meeting})
            await asyncio.sleep(_RETRY)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- time and presence

    def _ring(self) -> None:
        self._alarm(self.meeting, due(self.company.now.state))

    def _seated(self) -> dict[str, tuple[bool, bool]]:
        """By seat with a device: whether it counts as here, and whether it is connected."""
        if self._stale or self.ahead.state.info.status == "closed":
            return {}
        connected = {self.company.now.who(device) for device in self.company.guests}
        return {seat.id: (seat.here, seat.id in connected) for seat in self.ahead.state.seats if seat.device}

    def _report(self, seat: str, here: bool) -> None:  # noqa: FBT001 - the command's own field
        self._decide(commands.SetPresence(seat, here), ROOM)


def _fault(error: Exception, meeting: str, command: commands.AnyCommand) -> None:
    """Log where it went wrong, never with what: an exception's text may quote what people sent."""
    where = error.__traceback__
    while where and where.tb_next:
        where = where.tb_next
    place = f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where else "?"
    extra = {"meeting": meeting, "command": type(command).__name__, "error": type(error).__name__, "place": place}
    _log.error("command failed", extra=extra)
