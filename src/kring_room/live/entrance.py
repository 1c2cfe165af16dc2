"""How a device comes in: what it has to be sent is found out, however much goes on meanwhile, and then it is in.

A busy room has no quiet moment, so nobody waits for one: only for what was on its way when they came. ``admit`` stands before
the room and asks it for what it needs; the room knows nothing of it but who is on their way in (``coming``).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from msgspec.structs import replace

from kring.meeting import commands, knocking
from kring_room.live import audience
from kring_room.live.pending import ROOM, Request
from kring_room.live.table_screens import browser_of, id_of
from kring_room.store.port import StoreError

if TYPE_CHECKING:
    from kring_room.live.pending import Connection
    from kring_room.live.room import Room
    from kring_room.live.version import Version
    from kring_room.store.port import Device

_TRIES = 8
"""How often a device waits for the same thing in vain, because it was taken back, before it is told to come again."""


async def admit(room: Room, connection: Connection, since: int | None, *, table: bool, knock: bool = False) -> None:
    """Let a device in, with all that it may know, or close its connection.

    ``since``: up to which event it was sent all; ``table``: it is a table screen; ``knock``: if the doors are closed, those inside
    are to know of it. Raises ``StoreError``: it should come again.
    """
    older = room.coming.pop(connection.device, None)
    if older:
        older.trouble("replaced")
    room.coming[connection.device] = connection
    at = room.clock()
    try:
        await _know_all(room)
        if table:
            await _bind_table(room, connection)
        await _note_seal(room, connection)
        with room.attendees.bodies.keeping_all():
            if await _let_in(room, connection, since, table=table, knock=knock):
                room.presence.came(connection.device, at)
                room.look()
    finally:
        if room.coming.get(connection.device) is connection:
            del room.coming[connection.device]


async def _know_all(room: Room) -> None:
    """What a device was sent by another node, it is not sent otherwise here."""
    head = await room.head()
    sure = not room.in_doubt
    for _ in range(_TRIES):
        if sure and room.attendees.now.seq >= head:
            return
        if head > room.ahead.seq:
            room.resync()
        await room.catch_up.wait()
        sure = await room.published()
    raise StoreError


async def _bind_table(room: Room, connection: Connection) -> None:
    attendees, device = room.attendees, connection.device
    for _ in range(_TRIES):
        if _is_open(attendees.now, device) or attendees.problem(device, table=True):
            return
        await room.catch_up.wait()
        ahead = room.ahead
        others = sum(one.table for one in ahead.devices.values() if one.device != device)
        if room.in_doubt or _is_open(ahead, device) or others >= room.settings.tables:
            await room.published()
            continue
        request = Request(_opening(ahead, device), ROOM, device=device, seal=connection.seal)
        opened = request.outcome()
        room.decide(request)
        await opened


async def _note_seal(room: Room, connection: Connection) -> None:
    """Write down which formats of sealed bodies it reads now; until that is so nobody may count on it."""
    device = connection.device
    for _ in range(_TRIES):
        if not _reads_otherwise(room.attendees.now.devices.get(device), connection.seal):
            return
        await room.catch_up.wait()
        known = room.ahead.devices.get(device)
        if known is None or room.in_doubt or not _reads_otherwise(known, connection.seal):
            await room.published()
            continue
        request = Request(None, ROOM)
        written = request.outcome()
        room.bind(replace(known, seal=connection.seal), request)
        await written
    raise StoreError


async def _let_in(room: Room, connection: Connection, since: int | None, *, table: bool, knock: bool) -> bool:
    attendees = room.attendees
    read: dict[str, str] = {}
    while True:
        problem = attendees.problem(connection.device, table=table)
        if table and not problem and not _is_open(attendees.now, connection.device):
            problem = "restarting"  # could not be written down; it will come again
        if room.over:
            problem = "restarting"  # nobody is sent anything here any more
        if problem == "doors-closed" and not table:
            connection.trouble(problem, knock=_at_closed_doors(room, connection.device, knock=knock))
            return False
        if problem:
            connection.trouble(problem)
            return False
        shown = attendees.catch_up(connection, since)
        bodies = await attendees.bodies_for(shown, read)
        if bodies is not None:
            break
    if connection.closed:
        return False
    attendees.join(connection, audience.welcome(attendees.now, connection.device, room.clock(), shown, bodies, since))
    return True


def _at_closed_doors(room: Room, device: str, *, knock: bool) -> bool:
    """Let those inside know of it, if it knocks and may; whether it may the next time."""
    presence, state = room.presence, room.attendees.now.state
    if knock and knocking.may_knock(state, presence.knocks, device):
        presence.knock(device, asyncio.get_running_loop().time())
        room.look()
    return knocking.may_knock(state, presence.knocks, device)


def _reads_otherwise(known: Device | None, seal: int) -> bool:
    """Whether a device at a seat or table reads another newest format than is known of it."""
    return known is not None and (known.table or known.seat is not None) and known.seal != seal


def _is_open(version: Version, device: str) -> bool:
    """Whether this table screen is let in, and stands in everybody's view."""
    known = version.devices.get(device)
    return known is not None and known.table and version.state.table(id_of(device)) is not None


def _opening(version: Version, device: str) -> commands.OpenTable:
    """What lets it in. One that an earlier release let in is in already, and only has yet to be shown."""
    browser = version.devices.get(browser_of(device))
    return commands.OpenTable(id_of(device), browser.seat if browser else None, known=device in version.devices)
