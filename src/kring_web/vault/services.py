"""Expiry: what was said in a meeting is destroyed at its end date; the log stays, and says so.

The serving process does this by itself, every minute, in the room. This is the same by hand, for a server that is stopped.
"""

from __future__ import annotations

import asyncio

from django.conf import settings

from kring.meeting.events import ContentBurned
from kring.meeting.upcasting import VERSION, encode
from kring_room.store.adapters import store_of
from kring_room.store.port import Conflict, Store, StoredEvent, Write


def expire(now: int | None = None) -> int:
    """Destroy the content of every meeting whose end date is past ``now``; the result is how many there were."""
    return asyncio.run(_expire(now))


async def _expire(now: int | None) -> int:
    store = store_of(settings.KRING.store, create=False)
    await store.start()
    try:
        now = await store.clock() if now is None else now
        return sum([await _destroy(store, meeting, now) for meeting in await store.expired(now)])
    finally:
        await store.stop()


async def _destroy(store: Store, meeting: str, now: int) -> bool:
    loaded = await store.load(meeting)
    if loaded is None:
        return False
    burned = StoredEvent(VERSION, encode(ContentBurned(at=now, because="expired")))
    write = Write(meeting, after=loaded.seq, events=(burned,), due_at=loaded.row.due_at, burn_at=now)
    try:
        await store.append(write)
    except Conflict:
        # Someone is in that room right now: the room itself destroys it within a minute.
        return False
    return True
