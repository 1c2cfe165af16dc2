"""Expiry: what was said in a meeting is destroyed at its end date; the log stays, and says so.

The serving process does this by itself, every minute, in the room. This is the same by hand, for a server that is stopped.
"""

from __future__ import annotations

import asyncio

from django.conf import settings

from kring_room.adapters import store_of
from kring_room.store.erasing import destroy_overdue
from kring_room.store.expiring import looked


def expire(now: int | None = None, *, trusting: bool = False) -> int:
    """Destroy the content of every meeting whose end date is past ``now``; the result is how many there were.

    Without ``now``: by the clock, as far as it is believed; ``trusting``: whatever it says.
    """
    return asyncio.run(_expire(now, trusting=trusting))


async def _expire(now: int | None, *, trusting: bool) -> int:
    store = store_of(settings.KRING.store, create=False, ledger=settings.KRING.ledger)
    await store.start()
    try:
        if now is None:
            said = await store.clock()
            now = said if trusting else (await looked(store, said, None)).believed
        return sum([await destroy_overdue(store, one, now) for one in await store.expired(now)])
    finally:
        await store.stop()
