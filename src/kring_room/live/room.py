"""One meeting, live: a command is decided at once, made durable, and only then sent to everybody and acknowledged.

Read it from top to bottom: ``do`` takes a device's command, ``decide`` has the engine decide it, ``_take`` gives it to the
store, ``_written`` notes that it is durable, ``_publish`` sends it to everybody in order, ``_sent`` answers who asked.

Rule 1: what has been decided and is not durable yet, nobody is sent. Rule 2: steps are sent in the order in which they
were decided. Rule 3: when a commit fails, all that was decided upon it is taken back; where somebody else had written
first it is decided anew, else whoever asked may try again. Free of sockets, threads and files.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from functools import partial
from typing import TYPE_CHECKING

from kring.meeting import commands, due, evolve
from kring_room.live.answers import Answers
from kring_room.live.attendees import Attendees
from kring_room.live.catching_up import CatchUp
from kring_room.live.commit_queue import CommitQueue
from kring_room.live.deciding import outcome_of, problem_of, removing, request_of, step_of
from kring_room.live.listeners import MOMENT
from kring_room.live.pending import ROOM, TRY_AGAIN, Connection, Pending, Request
from kring_room.live.presence import Presence
from kring_room.live.version import Version, method_of
from kring_room.store.expiring import expiry
from kring_room.store.port import LATEST_ANSWERS, Conflict, Device, Loaded, StoreError, Write
from kring_room.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kring.meeting import State
    from kring_room.live.services import Services
    from kring_room.live.table_screens import Happened
    from kring_room.store.port import Expired
    from kring_room.wire.messages import Do

_log = logging.getLogger(__name__)
_LATE = 1000
"""Milliseconds until a tick that changed nothing is tried again."""
_chains = itertools.count(1)
"""Of this process: what is written is told apart by it from what was written before something failed."""


class Room:
    """A loaded meeting, at ``version``.

    ``coming``: by device, who is on their way in. ``settled``: all that was decided has been sent, and nothing is in doubt.
    """

    def __init__(self, loaded: Loaded, version: Version, services: Services) -> None:
        self.meeting = loaded.row.id
        self.method = method_of(loaded.row.method)
        self.settings, self.clock = services.settings, services.clock
        self._store, self._nodes, self._alarms = services.store, services.nodes, services.alarms
        self.attendees = Attendees(version, self.method, services.store, services.settings)
        self.coming: dict[str, Connection] = {}
        self.settled = asyncio.Event()
        self.settled.set()
        self._queue = CommitQueue(version)
        self._answers = Answers(loaded.answers, LATEST_ANSWERS)
        self.catch_up = CatchUp(self.meeting, services.store, self._answers)
        self.presence = Presence(self.meeting, services.settings.presence_grace, services.nodes)
        self._chain = next(_chains)
        self._latest = version.state.phase.started if version.state.phase else 0
        """No event is earlier than the one before it, whatever the clock says."""
        self._tasks = Tasks()
        self._publishing = self._reading = self._looking = self._counting = self._stopped = False
        self._grace: asyncio.TimerHandle | None = None
        self._resume()

    # -- what others ask of it

    @property
    def ahead(self) -> Version:
        """What has been decided, durable and sent or not."""
        return self._queue.ahead

    @property
    def in_doubt(self) -> bool:
        """Whether there may be more in the store than is known here."""
        return self.catch_up.under_way

    @property
    def over(self) -> bool:
        """Whether this room is of no more use: load the meeting anew."""
        return self.catch_up.over

    @property
    def idle(self) -> bool:
        """Whether nothing would be lost by letting go of this room."""
        busy = self.coming or self.attendees.connections or self._queue.pending or self._tasks or self.in_doubt
        return self.over or not (busy or self.presence.next is not None)

    def stop(self) -> None:
        """Report nothing more, wait for nothing more."""
        self._stopped = True
        if self._grace:
            self._grace.cancel()
        self._tasks.cancel()

    async def published(self) -> bool:
        """Wait until all that has been decided by now is sent; ``False``: some of it was taken back."""
        request = Request(None, ROOM)
        done = request.outcome()
        self._take(self._still(request))
        return await done

    async def head(self) -> int:
        """The last ``seq`` that another node may have sent; 0 where there is no other."""
        return (await self._store.heads([self.meeting])).get(self.meeting, 0) if self._nodes.shared else 0

    def lost(self, connection: Connection) -> None:
        """A device is gone."""
        if self.attendees.leave(connection):
            self.presence.went(connection.device)
            self.look()

    def bind(self, device: Device, request: Request) -> None:
        """Write down what a device is, and resolve ``request``."""
        ahead, changed = self.ahead, (device,)
        step = Pending(ahead, ahead.after(ahead.state, changed), request)
        self._take(step, Write(self.meeting, ahead.seq, devices=changed, chain=self._chain))

    # -- a command: decide, commit, publish, answer

    def do(self, connection: Connection, message: Do) -> None:
        """Decide what a device asks for; it is answered when it is durable."""
        key = (connection.device, message.id)
        if self.in_doubt:
            self.catch_up.defer(connection, message)
            return
        if self._queue.joins(key, connection):
            return
        if (known := self._answers.get(key)) is not None:
            actor = self.ahead.actor(connection.device)
            self._take(self._still(Request(message.command, actor, key=key, connection=connection), known=known))
            return
        request = request_of(connection, message, self.ahead)
        if isinstance(request, str):
            connection.answer(message.id, request)
        else:
            self.decide(request)

    def decide(self, request: Request) -> None:
        """Decide it upon all that was decided before."""
        now, ahead = self._now(), self.ahead
        outcome = outcome_of(request, ahead, method=self.method, now=now, unsent=self.presence.unsent(ahead))
        if isinstance(outcome, tuple):
            self._commit(request, outcome, now)
            return
        step = self._still(request, code=outcome)
        if request.key and (self._nodes.shared or not self._answers.complete):
            self._hold(step)
            self._tasks.spawn(self._make_sure(step))
        else:
            self._take(step)

    def _commit(self, request: Request, outcome: tuple[Happened, State], now: int) -> None:
        self._latest = max(self._latest, now)
        self._take(*step_of(request, self.ahead, outcome, now=now, chain=self._chain, settings=self.settings))

    def _take(self, step: Pending, write: Write | None = None) -> None:
        """Take this step, once ``write`` is durable."""
        self._hold(step)
        if write is None:
            step.durable = True
            self._publish()
        else:
            self._store.append(write).add_done_callback(partial(self._written, step, write))

    def _hold(self, step: Pending) -> None:
        """Take this step when ``step.durable`` is set and ``_publish`` called."""
        self._queue.add(step)
        self.settled.clear()

    def _written(self, step: Pending, write: Write, future: asyncio.Future[None]) -> None:
        error = StoreError("cancelled") if future.cancelled() else future.exception()
        if not error:
            step.durable = True
            self._nodes.wrote(write)
            if step not in self._queue.pending:
                self.resync()  # it was believed to have failed
        elif step in self._queue.pending:
            self._failed(step, error)
        self._publish()

    def _publish(self) -> None:
        """Send everybody what is durable, in order; then see what else can be done."""
        if self._publishing:
            return  # what is sent may lead to more; it waits its turn
        self._publishing = True
        while (step := self._queue.first) and self._send(step):
            self._queue.remove_first()
            self._sent(step)
        self._publishing = False
        for step in self.catch_up.steps(self._queue):
            self._take(step)
        self._find_out()

    def _send(self, step: Pending) -> bool:
        """Send everybody a step; ``False`` when bodies must be read first."""
        if not step.changes:
            return True
        if self._reading:
            return False
        missing = self.attendees.publish(step)
        if missing:
            self._reading = True
            self._tasks.spawn(self._read_bodies(step, missing))
        return not missing

    async def _read_bodies(self, step: Pending, missing: frozenset[str]) -> None:
        await self.attendees.read_bodies(step, missing)
        self._reading = False
        self._publish()

    def _sent(self, step: Pending) -> None:
        """Everybody has been sent a step: now whoever asked may hear that it is done."""
        request, answer = step.request, step.answer
        if step.events:
            self._latest = max(self._latest, step.events[-1].at)
        if request and request.key and answer != TRY_AGAIN and step.known is None:
            if isinstance(answer, int) and step.changes:
                self._answers.keep(request.key, answer)
            else:
                self._answers.keep_refusal(request.key, answer)
        if request:
            request.resolve(answer)
        if step.changes:
            self._set_alarm()
            if step.affects_presence:
                self.look()

    def _still(self, request: Request, *, code: str | None = None, known: int | str | None = None) -> Pending:
        """An answer that changes nothing, and yet is given after all that led to it has been sent."""
        return Pending(self.ahead, self.ahead, request, code=code, known=known)

    # -- when something is in doubt

    async def _make_sure(self, step: Pending) -> None:
        """Before somebody hears no: it may be a repeat of long ago, or another node may have written what allows it."""
        try:
            if step.request and step.request.key and not self._answers.complete:
                step.known = await self._store.answer(self.meeting, *step.request.key)
            behind = step.known is None and await self.head() > self.ahead.seq
        except StoreError:
            behind, step.known = False, TRY_AGAIN
        if behind and step in self._queue.pending:
            self._failed(step, Conflict())
        if step.known is not None:
            step.code = None
        step.durable = True
        self._publish()

    def _failed(self, step: Pending, error: BaseException) -> None:
        """A write could not be done: take back all that was decided upon it."""
        self._chain = next(_chains)
        self.catch_up.take_back(self._queue.drop(step), error)
        self.resync()

    def resync(self) -> None:
        """There may be more in the store than is known here: ask it, as soon as what was decided is durable or taken back."""
        self.catch_up.doubt()
        self._find_out()

    def _find_out(self) -> None:
        if self.catch_up.begin(self._queue):
            self._tasks.spawn(self._follow())
        if self._queue.pending or (self.in_doubt and not self.over):
            self.settled.clear()
        else:
            self.settled.set()

    async def _follow(self) -> None:
        catch_up = self.catch_up
        step = await catch_up.follow(self.ahead)
        if step is None:  # everybody comes back, and the meeting is loaded again
            for connection in tuple(self.attendees.connections.values()):
                connection.trouble("restarting")
            self.stop()
            catch_up.end_wait()
            self._find_out()
            return
        if step.changes:
            self._take(step)
        catch_up.end_wait()
        for request in catch_up.taken_back():
            self._decide_again(request)
        for connection, message in catch_up.deferred():
            self.do(connection, message)
        if catch_up.outdated:  # for the second time: who waits is helped with what is known by now
            self.resync()
        if not self.in_doubt:
            self._resume()
        self._publish()

    def _decide_again(self, request: Request) -> None:
        """Decide what was taken back, because somebody else had written first."""
        known = self._answers.get(request.key) if request.key else None
        if known is not None:
            self._take(self._still(request, known=known))
        elif problem := problem_of(request, self.ahead):
            request.resolve(problem)
        else:
            self.decide(request)

    def _resume(self) -> None:
        """All is known: be woken when something is due, and see who is here."""
        self._set_alarm()
        self.look()

    # -- what is due, and what the web asked for

    def tick(self) -> None:
        """The time that the room asked for has come."""
        if self.in_doubt:
            return  # knowing all sets the alarm again
        ahead = self.ahead
        at = due(ahead.state)
        if at is None or at > self._now():
            self._set_alarm()
            return
        self.decide(Request(commands.Tick(), ROOM))
        if self.ahead is ahead:
            _log.warning("tick changed nothing", extra={"meeting": self.meeting, "seq": ahead.seq})
            self._alarms.set(self.meeting, self.clock() + _LATE)

    def expire(self, one: Expired) -> None:
        """The time of content is over, of some classes or all."""
        state, now = self.ahead.state, self._now()
        happened = expiry(one, burned=state.info.burned, now=now)
        if happened and not self.in_doubt:
            for event in happened:
                state = evolve(state, event)
            self._commit(Request(None, ROOM), (happened, state), now)

    def remove_member(self, member: str) -> bool:
        """Somebody is no longer a member of the circle: their seat goes, and whoever of them only looks in. Whether all is done."""
        if self.in_doubt:
            return False
        asked, strayed, looking = removing(member, self.ahead, tuple(self.attendees.connections.values()))
        for command in asked:
            self.decide(Request(command, ROOM))
        for device in strayed:
            self.bind(device, Request(None, ROOM))
        for connection in looking:
            connection.trouble("shown-out")
        return not (asked or strayed or looking or self._queue.pending)

    # -- other nodes

    def receive(self, write: Write) -> None:
        """Another node wrote."""
        self.catch_up.receive(write)
        self._publish()

    def receive_arrivals(self, devices: Mapping[str, int]) -> None:
        """These are connected to another node: an older connection of theirs to this one is dead."""
        for connection in self.presence.replaced(devices, self.attendees.connections):
            connection.trouble("replaced")
        self.look()

    # -- time and presence

    def look(self) -> None:
        """See who is here, and write down what changed."""
        if self._stopped or self._looking:
            return
        self._looking = True  # writing down may lead back here
        loop, attendees = asyncio.get_running_loop(), self.attendees
        if not self._counting:
            self._counting = True
            self._tasks.spawn(self._count_listeners())
        seats = {} if self.in_doubt else self.presence.attending(self.ahead, attendees.now, attendees.connections)
        try:
            for seat, here in self.presence.look(seats, loop.time()):
                self.decide(Request(commands.SetPresence(seat, here), ROOM))
        finally:
            if self._grace:
                self._grace.cancel()
            ends = self.presence.next
            self._grace = None if ends is None else loop.call_at(ends, self.look)
            self._looking = False

    async def _count_listeners(self) -> None:
        """Many come and go at once: count them after a moment, once for all of it."""
        await asyncio.sleep(MOMENT)
        self._counting = False
        self.attendees.say_who_listens(self._nodes.elsewhere(self.meeting), self.presence.silent, self.presence.knocks)

    def _set_alarm(self) -> None:
        self._alarms.set(self.meeting, due(self.attendees.now.state))

    def _now(self) -> int:
        return max(self.clock(), self._latest)
