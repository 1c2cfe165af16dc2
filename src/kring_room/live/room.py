"""One meeting, live: commands are decided at once, made durable, and only then told to everybody and acknowledged.

Rule 1: what has been decided and is not durable yet, nobody hears of. Rule 2: steps are told in the order in which they
were decided. Rule 3: when a commit fails, all that was decided upon it is taken back; where somebody else had written
first it is decided anew, else whoever asked may try again. Free of sockets, threads and files.
"""

from __future__ import annotations

import itertools
import logging
from typing import TYPE_CHECKING, Any, Protocol

from kring.meeting import TABLE, Refusal, State, commands, due, events, evolve, execute, snapshot, upcasting
from kring_room.feed import rows_of
from kring_room.live.answers import Answers
from kring_room.live.attendees import Attendees
from kring_room.live.catching_up import TRY_AGAIN, CatchUp
from kring_room.live.commit_queue import CommitQueue
from kring_room.live.entrance import Entrance
from kring_room.live.faults import log_fault
from kring_room.live.pending import ROOM, Connection, Pending, Request
from kring_room.live.presence import Attending, Presence
from kring_room.live.table_screens import id_of, with_screens
from kring_room.live.version import Version, bound, method_of
from kring_room.store.expiring import destroyed, expiry
from kring_room.store.port import LATEST_ANSWERS, Answer, Conflict, Device, Loaded, StoredEvent, StoreError, Write
from kring_room.wire import codec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kring_room.settings import RoomSettings
    from kring_room.store.port import Expired, Store
    from kring_room.wire.messages import Do

_log = logging.getLogger(__name__)
_LATE = 1000
"""Milliseconds until a tick that changed nothing is tried again."""
_chains = itertools.count(1)
"""Of this process: what is written is told apart by it from what was written before something failed."""


class Ties(Protocol):
    """What a room has to do with other nodes, and with the process that it is in."""

    def alarm(self, meeting: str, at: int | None) -> None:
        """Call ``tick`` at that time."""

    def wrote(self, write: Write) -> None:
        """Tell the other nodes what is durable."""

    def here(self, meeting: str, devices: Mapping[str, int]) -> None:
        """Tell the other nodes who is connected, and since when."""

    def elsewhere(self, meeting: str) -> frozenset[str]:
        """Who is connected to other nodes."""

    def sure(self, seconds: float) -> bool:
        """Whether all that other nodes said for so long was heard."""

    def over(self, meeting: str) -> None:
        """This room is of no use any more: let go of it."""

    @property
    def shared(self) -> bool:
        """Whether there may be other nodes."""


class Room:
    """A loaded meeting, at ``version``."""

    def __init__(
        self,
        loaded: Loaded,
        version: Version,
        *,
        store: Store,
        settings: RoomSettings,
        clock: Callable[[], int],
        ties: Ties,
    ) -> None:
        self.meeting = loaded.row.id
        self.method = method_of(loaded.row.method)
        self._store, self._settings, self._clock, self._ties = store, settings, clock, ties
        self.attendees = Attendees(version, self.method, store, settings)
        self._queue = CommitQueue(self.meeting, self.attendees, store, self)
        self.settled = self._queue.settled
        self._answers = Answers(loaded.answers, LATEST_ANSWERS)
        self._catch_up = CatchUp(self.meeting, self._queue, store, self._answers, self)
        self._entrance = Entrance(self.attendees, self._queue, self._catch_up, settings, clock, self)
        self._chain = next(_chains)
        self._arrived: dict[str, int] = {}
        self._latest = version.state.phase.started if version.state.phase else 0
        """No event is earlier than the one before it, whatever the clock says."""
        self.presence = Presence(settings.presence_grace, self._seated, self._report, ties.sure)
        self.back()

    @property
    def idle(self) -> bool:
        """Whether nothing would be lost by letting go of this room."""
        steps = self._queue
        busy = (
            self._entrance.under_way
            or self.attendees.connections
            or steps.pending
            or steps.tasks
            or self._catch_up.under_way
        )
        return not (busy or self.presence.waiting)

    def stop(self) -> None:
        """Report nothing more, wait for nothing more."""
        self.presence.stop()
        for task in self._queue.tasks:
            task.cancel()

    # -- coming and going

    async def admit(self, connection: Connection, since: int | None, *, table: bool) -> None:
        """Let a device in, with all that it may know, or close its connection."""
        await self._entrance.admit(connection, since, table=table)

    def came(self, connection: Connection, at: int) -> None:
        """A device is in; it knocked ``at`` that time."""
        self._arrived[connection.device] = at
        self.say_who_is_here()
        self.presence.look()

    def lost(self, connection: Connection) -> None:
        """A device is gone."""
        if self.attendees.leave(connection):
            self._arrived.pop(connection.device, None)
            self.say_who_is_here()
            self.presence.look()

    def bind(self, device: Device, request: Request) -> None:
        """Write down what a device is, and resolve ``request``."""
        ahead, changed = self._queue.ahead, (device,)
        write = Write(self.meeting, ahead.seq, devices=changed, chain=self._chain)
        self._queue.go(Pending(ahead, ahead.after(ahead.state, changed), request), write)

    # -- deciding

    def do(self, connection: Connection, message: Do) -> None:
        """Decide what a device asks for; it hears the answer when it is durable."""
        key = (connection.device, message.id)
        if self._catch_up.under_way:
            self._catch_up.defer(connection, message)
            return
        for entry in self._queue.pending:
            if entry.request and entry.request.key == key:
                entry.request.waiting.append(connection)
                return
        actor = self._queue.ahead.actor(connection.device)
        known = self._answers.get(key)
        if known is not None:
            self._queue.go(self._still(Request(message.command, actor, key=key, connection=connection), known=known))
            return
        bodies = codec.sealed_bodies(message, actor.seat)
        if isinstance(bodies, str):
            connection.answer(message.id, bodies)
            return
        if self._queue.ahead.too_new(bodies):
            connection.answer(message.id, "seal-too-new")
            return
        self.decide(
            Request(message.command, actor, key=key, bodies=bodies, texts=message.bodies, connection=connection)
        )

    def decide_again(self, request: Request) -> None:
        """Decide what was taken back, because somebody else had written first."""
        if request.key is None:
            request.resolve(TRY_AGAIN)  # the room itself finds out anew what it has to do
            return
        known = self._answers.get(request.key)
        if known is not None:
            self._queue.go(self._still(request, known=known))
        elif request.actor != self._queue.ahead.actor(request.key[0]):
            request.resolve(TRY_AGAIN)
        elif self._queue.ahead.too_new(request.bodies):
            request.resolve("seal-too-new")
        else:
            self.decide(request)

    def tick(self) -> None:
        """The time that the room asked for has come."""
        if self._catch_up.under_way:
            return  # knowing all again rings again
        ahead = self._queue.ahead
        at = due(ahead.state)
        if at is None or at > self._now():
            self._ring()
            return
        self.decide(Request(commands.Tick(), ROOM))
        if self._queue.ahead is ahead:
            _log.warning("tick changed nothing", extra={"meeting": self.meeting, "seq": ahead.seq})
            self._ties.alarm(self.meeting, self._clock() + _LATE)

    def expire(self, one: Expired) -> None:
        """The time of content is over, of some classes or all."""
        state, now = self._queue.ahead.state, self._now()
        happened = expiry(one, burned=state.info.burned, now=now)
        if happened and not self._catch_up.under_way:
            for event in happened:
                state = evolve(state, event)
            self._commit(Request(None, ROOM), happened, state, now)

    def remove_member(self, member: str) -> bool:
        """Somebody is no longer a member of the circle: their seat goes, and whoever of them only looks in. Whether all is done."""
        if self._catch_up.under_way:
            return False
        state, known = self._queue.ahead.state, self.attendees.connections
        seats = [seat.id for seat in state.seats if seat.member == member]
        for seat in seats:
            self.decide(Request(commands.RemoveSeat(seat, member), ROOM))
        looking = [one for one in tuple(known.values()) if one.person.member == member]
        for connection in looking:
            audience = self._queue.ahead.audience_of(connection.device)
            if audience is None:
                connection.trouble("shown-out")
            elif audience == TABLE:
                self.decide(Request(commands.CloseTable(id_of(connection.device)), ROOM))
            else:  # at a seat that somebody took with the link
                self.bind(Device(connection.device, shown_out=True), Request(None, ROOM))
        return not (seats or looking or self._queue.pending)

    def decide(self, request: Request) -> None:
        """Decide it upon all that was decided before."""
        if request.command is None:
            return
        now, ahead = self._now(), self._queue.ahead
        outcome: Any
        try:
            outcome = execute(
                ahead.state, request.command, method=self.method, actor=request.actor, now=now, person=request.person
            )
        except Exception as error:  # noqa: BLE001 - a fault in one command must not reach the others in the room
            log_fault(error, self.meeting, request.command)
            outcome = Refusal("bad-value")
        if not isinstance(outcome, Refusal) and outcome[0]:
            happened, state = with_screens(ahead.devices, *outcome, method=self.method, now=now)
            self._commit(request, happened, state, now)
            return
        entry = self._still(request, code=outcome.code if isinstance(outcome, Refusal) else None)
        if request.key and (self._ties.shared or not self._answers.complete):
            self._queue.hold(entry)
            self._queue.spawn(self._make_sure(entry))
        else:
            self._queue.go(entry)

    def _still(self, request: Request, *, code: str | None = None, known: int | str | None = None) -> Pending:
        """An answer that changes nothing, and yet is heard after all that led to it has been told."""
        return Pending(self._queue.ahead, self._queue.ahead, request, code=code, known=known)

    async def _make_sure(self, entry: Pending) -> None:
        """Before somebody hears no: it may be a repeat of long ago, or another node may have written what allows it."""
        try:
            if entry.request and entry.request.key and not self._answers.complete:
                entry.known = await self._store.answer(self.meeting, *entry.request.key)
            behind = entry.known is None and await self.head() > self._queue.ahead.seq
        except StoreError:
            behind, entry.known = False, TRY_AGAIN
        if behind and entry in self._queue.pending:
            self.failed(entry, Conflict())
        if entry.known is not None:
            entry.code = None
        entry.durable = True
        self._queue.flush()

    async def head(self) -> int:
        """The last ``seq`` that another node may have told; 0 where there is no other."""
        return (await self._store.heads([self.meeting])).get(self.meeting, 0) if self._ties.shared else 0

    def _commit(self, request: Request, happened: tuple[events.AnyEvent, ...], state: State, now: int) -> None:
        before = self._queue.ahead
        changed = bound(before.devices, request.command, happened, request.device, request.seal)
        every = self._settings.snapshot_every
        burns = destroyed(happened)
        write = Write(
            meeting=self.meeting,
            after=before.seq,
            events=tuple([StoredEvent(upcasting.VERSION, upcasting.encode(event)) for event in happened]),
            bodies=request.bodies,
            devices=changed,
            answer=Answer(*request.key) if request.key else None,
            due_at=due(state),
            close_at=now if state.info.status == "closed" else None,
            burn_at=None if burns is None else now,
            burns=burns or (),
            snapshot=snapshot.encode(state) if state.seq // every > before.seq // every else None,
            feed=rows_of(before.state, happened),
            chain=self._chain,
        )
        self._latest = max(self._latest, now)
        self._queue.go(
            Pending(before, before.after(state, changed), request, events=happened, bodies=request.bodies), write
        )

    def _now(self) -> int:
        return max(self._clock(), self._latest)

    # -- what becomes of it (the host of the steps, and of catching up)

    def written(self, entry: Pending, write: Write) -> None:
        """A write is durable."""
        self._ties.wrote(write)
        if entry not in self._queue.pending:
            self._catch_up.doubt()  # It was believed to have failed.

    def failed(self, entry: Pending, error: BaseException) -> None:
        """A write could not be done."""
        self._chain = next(_chains)
        self._catch_up.failed(entry, error)

    def told(self, entry: Pending) -> None:
        """Everybody has heard of a step: now whoever asked may hear that it is done."""
        request, answer = entry.request, entry.answer
        if entry.events:
            self._latest = max(self._latest, entry.events[-1].at)
        if request and request.key and answer != TRY_AGAIN and entry.known is None:
            if isinstance(answer, int) and entry.changes:
                self._answers.keep(request.key, answer)
            else:
                self._answers.keep_refusal(request.key, answer)
        if request:
            request.resolve(answer)
        if entry.changes:
            self._ring()
            if entry.affects_presence:
                self.presence.look()

    def flushed(self) -> None:
        """All that can be told now has been told."""
        self._catch_up.flushed()
        if not self._queue.pending and not self._catch_up.under_way:
            self.settled.set()

    def back(self) -> None:
        """All is known: ask to be rung when something is due, and see who is here."""
        self._ring()
        self.presence.look()

    def over(self) -> None:
        """Begin anew: everybody comes back, and the meeting is loaded again."""
        for connection in tuple(self.attendees.connections.values()):
            connection.trouble("restarting")
        self._ties.over(self.meeting)

    # -- other nodes

    def received(self, write: Write) -> None:
        """Another node wrote."""
        self._catch_up.heard(write)

    def resync(self) -> None:
        """There is more in the store than is known here."""
        self._catch_up.doubt()

    def known(self) -> int:
        """Up to which event the meeting is known, told or not."""
        return self._queue.ahead.seq

    def received_here(self, devices: Mapping[str, int]) -> None:
        """These are connected to another node: an older connection of theirs to this one is dead."""
        for device, at in devices.items():
            connection, here = self.attendees.connections.get(device), self._arrived.get(device, at)
            if connection and here < at:
                connection.trouble("replaced")
            elif connection and here > at:  # it was let in there late, and its older connection is the one that is dead
                self.say_who_is_here()
        self.presence.look()

    def say_who_is_here(self) -> None:
        """Tell the other nodes who is connected to this one."""
        self._ties.here(self.meeting, self._arrived)

    # -- time and presence

    def _ring(self) -> None:
        self._ties.alarm(self.meeting, due(self.attendees.now.state))

    def _seated(self) -> dict[str, Attending]:
        """By seat with a device: who is here."""
        ahead = self._queue.ahead
        if self._catch_up.under_way or ahead.state.info.status == "closed":
            return {}
        now = self.attendees.now
        connected = {now.audience_of(device) for device in self.attendees.connections}
        others = {now.audience_of(device) for device in self._ties.elsewhere(self.meeting)}
        return {
            seat.id: Attending(seat.here, seat.id in connected, seat.id in others)
            for seat in ahead.state.seats
            if seat.device
        }

    def _report(self, seat: str, here: bool) -> None:  # noqa: FBT001 - the command's own field
        self.decide(Request(commands.SetPresence(seat, here), ROOM))
