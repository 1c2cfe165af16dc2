"""All rooms of this process: loads a meeting when somebody comes or something is due, lets go of it when it is quiet."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Any, TypeVar

from kring.meeting import TABLE
from kring_room.cluster.clock import SharedClock
from kring_room.cluster.fanout import SingleNode
from kring_room.cluster.nodes import Arrived, Asked, Changed, Nodes
from kring_room.counts import Counts
from kring_room.feed import KEPT_DAYS
from kring_room.live.alarms import Alarms
from kring_room.live.room import Room
from kring_room.live.services import Services
from kring_room.live.version import replayed
from kring_room.store.expiring import looked
from kring_room.store.port import StoreError, Write
from kring_room.tasks import Tasks
from kring_room.tickets import TICKET_SECONDS
from kring_room.wire.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from kring_room.cluster.fanout import Fanout
    from kring_room.cluster.nodes import Effect
    from kring_room.live.pending import Connection
    from kring_room.live.version import Version
    from kring_room.settings import RoomSettings
    from kring_room.store.port import Loaded, Store

T = TypeVar("T")
_log = logging.getLogger(__name__)
_CANCEL_AGAIN = 0.5
"""Seconds until a task that was cancelled is cancelled again."""
_KEEPALIVE_STEP = 0.1
"""Seconds between a few devices that are asked for a sign of life, and the next few."""
_LOAD_RETRY = 1000
"""Milliseconds until a meeting that could not be loaded is tried again."""
_HEAD_START = 500
"""Milliseconds that a node which has loaded a meeting has, before another does what is due there."""


class Hub:
    """The rooms, the connections, and what is due."""

    def __init__(
        self,
        store: Store,
        secret: bytes,
        settings: RoomSettings,
        clock: Callable[[], int] | None = None,
        counts: Counts | None = None,
        fanout: Fanout | None = None,
    ) -> None:
        self.store = store
        self.counts = counts or Counts()
        self.secret = secret
        self.settings = settings
        self.clock = clock or SharedClock()
        self.connections: set[Connection] = set()
        self._rooms: dict[str, Room] = {}
        self._loading: dict[str, asyncio.Future[Room | None]] = {}
        self._quiet: dict[str, float] = {}
        self._limits: dict[tuple[str, str], Limits] = {}
        self._tasks = Tasks()
        self.spawn = self._tasks.spawn
        self._early: dict[str, list[Write]] = {}
        self._unbegun: set[str] = set()
        """Meetings that expired before they began."""
        self._looked_back = False
        self._looked: float | None = None
        """When this process looked at the clock last."""
        self._nodes = Nodes(fanout or SingleNode(), settings.beat, shared=store.shared)
        self.stopping = False

    async def start(self) -> None:
        """Join the other nodes, and take up what is due, also of before a restart."""
        self._loop = asyncio.get_running_loop()
        self._alarms = Alarms(self._loop, self.clock, self._alarm_fired)
        self._services = Services(self.store, self.settings, self.clock, self._nodes, self._alarms)
        if isinstance(self.clock, SharedClock):
            await self.clock.ask(self.store)
            self.spawn(self._every(self.settings.beat, self._set_clock))
        await self.store.note_erasures(self.clock())
        await self._nodes.start(self._received, self._restored)
        if self._nodes.shared:
            self.spawn(self._every(self.settings.beat, self._beat))
        self.spawn(self._every(self.settings.takeover, self._take_over))
        self.spawn(self._every(self.settings.takeover, self._remove_members))
        self.spawn(self._every(self.settings.sweep, self._expire))
        self.spawn(self._keep_alive())
        self.spawn(self._every(min(self.settings.idle, self.settings.sweep), self._unload_idle))

    async def stop(self) -> None:
        """Take nothing new, wait until what was asked is durable and sent, then close every connection."""
        self.stopping = True
        self._alarms.stop()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.settings.stop_within):
                for room in tuple(self._rooms.values()):
                    await room.settled.wait()
        for room in self._rooms.values():
            room.stop()
        for connection in tuple(self.connections):
            connection.trouble("restarting")
        await self._end(set(self._tasks.running))
        await self._nodes.stop()

    @staticmethod
    async def _end(tasks: set[asyncio.Task[None]]) -> None:
        """Cancel, and cancel again what goes on: the libraries of the stores swallow a cancellation now and then."""
        while tasks:
            for task in tasks:
                task.cancel()
            done, tasks = await asyncio.wait(tasks, timeout=_CANCEL_AGAIN)
            for task in done:
                if not task.cancelled():
                    task.exception()

    def running(self) -> frozenset[str]:
        """The meetings with somebody in them."""
        return frozenset(meeting for meeting, room in self._rooms.items() if room.attendees.connections)

    def has(self, meeting: str) -> bool:
        """Whether this meeting is loaded."""
        return meeting in self._rooms

    def census(self) -> tuple[int, int]:
        """How many rooms are loaded, and how many devices at a seat are in them."""
        attendees_by_room = [room.attendees for room in self._rooms.values()]
        seated = (
            attendees.now.audience_of(device) not in (None, TABLE)
            for attendees in attendees_by_room
            for device in attendees.connections
        )
        return len(attendees_by_room), sum(seated)

    def _loaded(self, meeting: str) -> Room | None:
        room = self._rooms.get(meeting)
        if room and room.over:
            del self._rooms[meeting]
            self._quiet.pop(meeting, None)
            return None
        return room

    async def room(self, meeting: str) -> Room | None:
        """The room of this meeting, loaded; ``None`` when there is no such meeting."""
        room = self._loaded(meeting)
        if room:
            return room
        loading = self._loading.get(meeting)
        if loading is None:
            loading = self._loading[meeting] = asyncio.ensure_future(self._load(meeting))
        try:
            return await asyncio.shield(loading)
        finally:
            if loading.done():
                self._loading.pop(meeting, None)

    def limits(self, meeting: str, device: str) -> Limits:
        """The buckets of a device: coming back does not fill them."""
        found = self._limits.get((meeting, device))
        if found is None:
            found = Limits(self.settings, self._loop.time())
            self._limits[meeting, device] = found
        return found

    def seconds(self) -> float:
        """A clock that only goes forward."""
        return self._loop.time()

    def call_later(self, seconds: float, call: Callable[[], None]) -> asyncio.TimerHandle:
        """A timer."""
        return self._loop.call_later(seconds, call)

    # -- other nodes

    def _received(self, channel: str, raw: bytes) -> None:
        for one in self._nodes.received(channel, raw):
            self._take_in(one)

    def _take_in(self, one: Effect) -> None:
        match one:
            case Write(meeting=meeting) if (room := self._loaded(meeting)) is not None:
                room.receive(one)
            case Write(meeting=meeting) if meeting in self._early:
                self._early[meeting].append(one)
            case Write():
                pass  # of a meeting that nobody here is in
            case Arrived(meeting=meeting, devices=devices):
                if room := self._loaded(meeting):
                    room.receive_arrivals(devices)
            case Asked(meeting=meeting):
                if room := self._loaded(meeting):
                    room.presence.tell()
            case Changed():
                self._look()
            case _:
                self._resync()

    def _look(self) -> None:
        """A node came or went: others may count as here."""
        for room in tuple(self._rooms.values()):
            room.look()

    def _resync(self) -> None:
        """Something may be lost: say and ask who is where, and see what was written."""
        for meeting, room in tuple(self._rooms.items()):
            room.presence.tell()
            self._nodes.ask(meeting)
        self.spawn(self._compare())

    def _restored(self) -> None:
        self._nodes.restored()
        self._resync()

    async def _set_clock(self) -> None:
        if isinstance(self.clock, SharedClock):
            await self.clock.ask(self.store)

    async def _beat(self) -> None:
        if self._nodes.beat():
            self._look()
        await self._compare()

    async def _compare(self) -> None:
        with contextlib.suppress(StoreError):  # the next beat does it
            for meeting, head in (await self.store.heads(tuple(self._rooms))).items():
                room = self._loaded(meeting)
                if room and room.ahead.seq < head:
                    room.resync()

    # -- loading and letting go

    async def _load(self, meeting: str) -> Room | None:
        self._early[meeting] = []
        try:
            await self._nodes.listen(meeting)
            room = await self._open(meeting)
            if room is None:
                return None
            self._rooms[meeting] = room
            for write in self._early[meeting]:
                room.receive(write)
            return room
        finally:
            del self._early[meeting]
            if meeting not in self._rooms:
                self._nodes.forget(meeting)

    async def _open(self, meeting: str) -> Room | None:
        return await self._read(meeting, lambda loaded, version: Room(loaded, version, self._services))

    async def _read(self, meeting: str, make: Callable[[Loaded, Version], T]) -> T | None:
        """What is made of a meeting as it is in the store; ``None`` when there is none."""
        loaded = await self.store.load(meeting)
        try:
            version = replayed(loaded) if loaded else None
            if loaded and version is None:  # another release made its snapshot
                loaded = await self.store.load(meeting, whole=True)
                version = replayed(loaded) if loaded else None
            if loaded is None or version is None:
                return None
            return make(loaded, version)
        except StoreError:
            raise
        except Exception as error:  # whatever a later release wrote, here it can't be read: another node can
            _log.error("meeting could not be opened", extra={"meeting": meeting, "error": type(error).__name__})
            raise StoreError(type(error).__name__) from error

    def _alarm_fired(self, meeting: str) -> None:
        if not self.stopping:
            self.spawn(self._tick(meeting))

    async def _tick(self, meeting: str) -> None:
        try:
            room = await self.room(meeting)
        except StoreError:
            _log.warning("meeting could not be loaded for what is due", extra={"meeting": meeting})
            self._alarms.set(meeting, self.clock() + _LOAD_RETRY)
            return
        if room:
            room.tick()

    async def _every(self, seconds: float, what: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while True:
            with contextlib.suppress(StoreError):  # the next time, then
                await what()
            await asyncio.sleep(seconds)

    async def _take_over(self) -> None:
        """Do what is due in meetings that nobody does it in: after a restart, or because their node is dead."""
        late = self.clock() - (_HEAD_START if self._nodes.shared else 0)
        for meeting in await self.store.alarms(late + 1):
            if self._loaded(meeting) is None:
                await self._tick(meeting)

    async def _remove_members(self) -> None:
        """Do what the web asked for. A ticket of before may still be shown for a while: so long it is looked at again."""
        for one in await self.store.removals():
            with contextlib.suppress(StoreError):  # the others' all the same
                room = await self.room(one.meeting)
                done = room is None or room.remove_member(one.member)
                if done and (room is None or self.clock() - one.asked_at > 2 * TICKET_SECONDS * 1000):
                    await self.store.drop_removal(one)

    async def _expire(self) -> None:
        now = await self._believed()
        await self.store.prune_feed(now - KEPT_DAYS * 24 * 60 * 60 * 1000)
        for one in await self.store.expired(now):
            with contextlib.suppress(StoreError):  # the others' content must go all the same
                room = await self.room(one.meeting)
                if room:
                    room.expire(one)
                    if not (one.left or room.ahead.state.info.started):
                        self._unbegun.add(one.meeting)
        await self._look_back()
        await self._forget_unbegun()
        await self.store.note_erasures(now)

    async def _look_back(self) -> None:
        """Once: whose content was destroyed in an earlier life, or by hand while no server ran, may be there still."""
        if self._looked_back:
            return
        for meeting in await self.store.unbegun():
            with contextlib.suppress(StoreError):  # one that can't be read stays
                if await self._read(meeting, lambda _, version: version.state.info.started) is False:
                    self._unbegun.add(meeting)
        self._looked_back = True

    async def _forget_unbegun(self) -> None:
        """Keep nothing of a meeting that never began, once its content is destroyed and nobody is in it."""
        for meeting in tuple(self._unbegun):
            room = self._rooms.get(meeting)
            if meeting not in self._loading and (room is None or room.idle):
                self._rooms.pop(meeting, None)
                self._quiet.pop(meeting, None)
                self._nodes.forget(meeting)
                await self.store.forget(meeting)
                self._unbegun.discard(meeting)

    async def _believed(self) -> int:
        """By which time content is destroyed."""
        since, self._looked = self._looked, self.seconds()
        steady = None if since is None else round((self._looked - since) * 1000)
        return (await looked(self.store, self.clock(), steady)).believed

    async def _keep_alive(self) -> None:
        """Ask each device once in a ``keepalive``, a few at a time: thousands of answers at once keep the rooms waiting."""
        steps = max(1, round(self.settings.keepalive / _KEEPALIVE_STEP))
        while True:
            everybody = tuple(self.connections)
            few = -(-len(everybody) // steps)
            for step in range(steps):
                now = self._loop.time()
                for connection in everybody[step * few : (step + 1) * few]:
                    connection.keep_alive(now)
                await asyncio.sleep(self.settings.keepalive / steps)

    async def _unload_idle(self) -> None:
        now = self._loop.time()
        for meeting, room in tuple(self._rooms.items()):
            if not room.idle or meeting in self._loading:
                self._quiet.pop(meeting, None)
            elif now - self._quiet.setdefault(meeting, now) >= self.settings.idle:
                del self._rooms[meeting], self._quiet[meeting]
                self._nodes.forget(meeting)
        self._limits = {key: limits for key, limits in self._limits.items() if not limits.full(now)}
