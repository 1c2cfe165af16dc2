"""Expiry: what was said in a meeting is destroyed at its end date; the log stays, and says so.

The serving process does this by itself, every minute, in the room. This is the same by hand, for a server that is stopped.
"""

from __future__ import annotations

import asyncio

from django.conf import settings

from kring.meeting.upcasting import VERSION, encode
from kring_room.adapters import store_of
from kring_room.store.expiring import destroyed, expiry, looked
from kring_room.store.port import Conflict, Expired, Store, StoredEvent, Write


def expire(now: int | None = None, *, trusting: bool = False) -> int:
    """Destroy the content of every meeting whose end date is past ``now``; the result is how many there were.

    Without ``now``: by the clock, as far as it is believed; ``trusting``: whatever it says.
    """
    return asyncio.run(_expire(now, trusting=trusting))


async def _expire(now: int | None, *, trusting: bool) -> int:
    store = store_of(settings.KRING.store, create=False)
    await store.start()
    try:
        if now is None:
            said = await store.clock()
            now = said if trusting else (await looked(store, said, None)).believed
        return sum([await _destroy(store, one, now) for one in await store.expired(now)])
    finally:
        await store.stop()


async def _destroy(store: Store, one: Expired, now: int) -> bool:
    loaded = await store.load(one.meeting)
    happened = expiry(one, burned=loaded.row.burned_at is not None, now=now) if loaded else ()
    if loaded is None or not happened:
        return False
    written = tuple(StoredEvent(VERSION, encode(event)) for event in happened)
    burns = destroyed(happened) or ()
    write = Write(one.meeting, after=loaded.seq, events=written, due_at=loaded.row.due_at, burn_at=now, burns=burns)
    try:
        await store.append(write)
    except Conflict:
        # Someone is in that room right now: the room itself destroys it within a minute.
        return False
    return True
