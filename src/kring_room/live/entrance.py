"""How a device comes in: what it has to hear is found out, however much goes on meanwhile, and then it is in.

A busy room has no quiet moment, so nobody waits for one: only for what was on its way when they came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from kring.meeting import Actor
from kring_room.live import audience
from kring_room.live.pending import Ask
from kring_room.store.port import Device, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from kring_room.live.attendees import Company
    from kring_room.live.catching_up import CatchUp
    from kring_room.live.commit_queue import Steps
    from kring_room.live.pending import Guest
    from kring_room.settings import RoomSettings

_TRIES = 8
"""How often a device waits for the same thing in vain, because it was taken back, before it is told to come again."""


class Host(Protocol):
    """Whose door it is."""

    async def head(self) -> int:
        """The last ``seq`` that another node may have told; 0 where there is no other."""

    def bind(self, device: Device, ask: Ask) -> None:
        """Write down what a device is, and resolve ``ask``."""

    def came(self, guest: Guest, at: int) -> None:
        """A device is in; it knocked ``at`` that time."""


class Greeting:
    """The door of one meeting's room."""

    def __init__(
        self,
        company: Company,
        steps: Steps,
        catch: CatchUp,
        settings: RoomSettings,
        clock: Callable[[], int],
        host: Host,
    ) -> None:
        self._company, self._steps, self._catch = company, steps, catch
        self._settings, self._clock, self._host = settings, clock, host
        self._coming: dict[str, Guest] = {}

    @property
    def under_way(self) -> bool:
        """Whether somebody is coming in."""
        return bool(self._coming)

    async def greet(self, guest: Guest, since: int | None, *, table: bool) -> None:
        """Let a device in, with all that it may know, or close its connection."""
        older = self._coming.pop(guest.device, None)
        if older:
            older.trouble("replaced")
        self._coming[guest.device] = guest
        at = self._clock()
        try:
            await self._know_all()
            if table:
                await self._bind_table(guest.device)
            with self._company.bodies.all_kept():
                if await self._let_in(guest, since, table=table):
                    self._host.came(guest, at)
        finally:
            if self._coming.get(guest.device) is guest:
                del self._coming[guest.device]

    async def _know_all(self) -> None:
        """What a device was told by another node, it is not told otherwise here."""
        head = await self._host.head()
        sure = not self._catch.under_way
        for _ in range(_TRIES):
            if sure and self._company.now.seq >= head:
                return
            if head > self._steps.ahead.seq:
                self._catch.doubt()
            await self._catch.end()
            sure = await self._steps.told()
        raise StoreError

    async def _bind_table(self, device: str) -> None:
        company, steps = self._company, self._steps
        for _ in range(_TRIES):
            if device in company.now.devices or company.problem(device, table=True):
                return
            await self._catch.end()
            ahead = steps.ahead
            tables = sum(one.table for one in ahead.devices.values())
            if self._catch.under_way or device in ahead.devices or tables >= self._settings.tables:
                await steps.told()
                continue
            ask = Ask(None, Actor(room=True))
            bound = ask.outcome()
            self._host.bind(Device(device, table=True), ask)
            await bound

    async def _let_in(self, guest: Guest, since: int | None, *, table: bool) -> bool:
        company = self._company
        read: dict[str, str] = {}
        while True:
            problem = company.problem(guest.device, table=table)
            if table and not problem and guest.device not in company.now.devices:
                problem = "restarting"  # could not be written down; it will come again
            if self._catch.over:
                problem = "restarting"  # nobody is told anything here any more
            if problem:
                guest.trouble(problem)
                return False
            shown = company.catch_up(guest.device, since)
            bodies = await company.bodies_for(shown, read)
            if bodies is not None:
                break
        if guest.closed:
            return False
        company.join(guest, audience.welcome(company.now, guest.device, self._clock(), shown, bodies, since))
        return True
