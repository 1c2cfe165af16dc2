"""How a device comes in: what it has to hear is found out, however much goes on meanwhile, and then it is in.

A busy room has no quiet moment, so nobody waits for one: only for what was on its way when they came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from kring_room.live import audience
from kring_room.live.pending import ROOM, Request
from kring_room.live.table_screens import is_open, opening
from kring_room.store.port import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from kring_room.live.attendees import Attendees
    from kring_room.live.catching_up import CatchUp
    from kring_room.live.commit_queue import CommitQueue
    from kring_room.live.pending import Connection
    from kring_room.settings import RoomSettings
    from kring_room.store.port import Device

_TRIES = 8
"""How often a device waits for the same thing in vain, because it was taken back, before it is told to come again."""


class Host(Protocol):
    """Whose door it is."""

    async def head(self) -> int:
        """The last ``seq`` that another node may have told; 0 where there is no other."""

    def decide(self, request: Request) -> None:
        """Decide what the room itself wants, and resolve it."""

    def bind(self, device: Device, request: Request) -> None:
        """Write down what a device is, and resolve ``request``."""

    def came(self, connection: Connection, at: int) -> None:
        """A device is in; it knocked ``at`` that time."""


class Entrance:
    """The door of one meeting's room."""

    def __init__(
        self,
        attendees: Attendees,
        steps: CommitQueue,
        catch: CatchUp,
        settings: RoomSettings,
        clock: Callable[[], int],
        host: Host,
    ) -> None:
        self._attendees, self._queue, self._catch_up = attendees, steps, catch
        self._settings, self._clock, self._host = settings, clock, host
        self._coming: dict[str, Connection] = {}

    @property
    def under_way(self) -> bool:
        """Whether somebody is coming in."""
        return bool(self._coming)

    async def admit(self, connection: Connection, since: int | None, *, table: bool) -> None:
        """Let a device in, with all that it may know, or close its connection."""
        older = self._coming.pop(connection.device, None)
        if older:
            older.trouble("replaced")
        self._coming[connection.device] = connection
        at = self._clock()
        try:
            await self._know_all()
            if table:
                await self._bind_table(connection)
            await self._note_seal(connection)
            with self._attendees.bodies.keeping_all():
                if await self._let_in(connection, since, table=table):
                    self._host.came(connection, at)
        finally:
            if self._coming.get(connection.device) is connection:
                del self._coming[connection.device]

    async def _know_all(self) -> None:
        """What a device was told by another node, it is not told otherwise here."""
        head = await self._host.head()
        sure = not self._catch_up.under_way
        for _ in range(_TRIES):
            if sure and self._attendees.now.seq >= head:
                return
            if head > self._queue.ahead.seq:
                self._catch_up.doubt()
            await self._catch_up.end()
            sure = await self._queue.told()
        raise StoreError

    async def _bind_table(self, connection: Connection) -> None:
        attendees, steps, device = self._attendees, self._queue, connection.device
        for _ in range(_TRIES):
            if is_open(attendees.now, device) or attendees.problem(device, table=True):
                return
            await self._catch_up.end()
            ahead = steps.ahead
            others = sum(one.table for one in ahead.devices.values() if one.device != device)
            if self._catch_up.under_way or is_open(ahead, device) or others >= self._settings.tables:
                await steps.told()
                continue
            request = Request(opening(ahead, device), ROOM, device=device, seal=connection.seal)
            opened = request.outcome()
            self._host.decide(request)
            await opened

    async def _note_seal(self, connection: Connection) -> None:
        """Write down which formats of sealed bodies it reads now; until that is so nobody may count on it."""
        device, queue = connection.device, self._queue
        for _ in range(_TRIES):
            if not _reads_otherwise(self._attendees.now.devices.get(device), connection.seal):
                return
            await self._catch_up.end()
            known = queue.ahead.devices.get(device)
            if known is None or self._catch_up.under_way or not _reads_otherwise(known, connection.seal):
                await queue.told()
                continue
            request = Request(None, ROOM)
            written = request.outcome()
            self._host.bind(replace(known, seal=connection.seal), request)
            await written
        raise StoreError

    async def _let_in(self, connection: Connection, since: int | None, *, table: bool) -> bool:
        attendees = self._attendees
        read: dict[str, str] = {}
        while True:
            problem = attendees.problem(connection.device, table=table)
            if table and not problem and not is_open(attendees.now, connection.device):
                problem = "restarting"  # could not be written down; it will come again
            if self._catch_up.over:
                problem = "restarting"  # nobody is told anything here any more
            if problem:
                connection.trouble(problem)
                return False
            shown = attendees.catch_up(connection, since)
            bodies = await attendees.bodies_for(shown, read)
            if bodies is not None:
                break
        if connection.closed:
            return False
        attendees.join(
            connection, audience.welcome(attendees.now, connection.device, self._clock(), shown, bodies, since)
        )
        return True


def _reads_otherwise(known: Device | None, seal: int) -> bool:
    """Whether a device at a seat or table reads another newest format than is known of it."""
    return known is not None and (known.table or known.seat is not None) and known.seal != seal
