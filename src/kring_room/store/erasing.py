"""Destroying content outside the room: what is overdue, and in a copy also what was destroyed after it was made."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from typing import TYPE_CHECKING

import msgspec

from kring.meeting.events import ContentBurned, ContentExpired
from kring.meeting.retention import CASE, OTHERS
from kring.meeting.upcasting import VERSION, encode
from kring_room.store.backup import BackupError
from kring_room.store.erasures import MEETING
from kring_room.store.expiring import destroyed, expiry
from kring_room.store.port import Conflict, Erasure, StoredEvent, StoreError, Write
from kring_room.store.sqlite import journal, rows
from kring_room.store.sqlite.store import SqliteStore

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kring.meeting.events import AnyEvent
    from kring.meeting.retention import Retention
    from kring_room.store.port import Expired, Loaded, Store

_LIVE = """
    SELECT id, 'case' FROM room_meeting WHERE burned_at IS NULL
    UNION ALL SELECT meeting, retention FROM vault_retention WHERE gone_at IS NULL
"""


class Erased(msgspec.Struct, frozen=True):
    """How many meetings of a copy lost content: because it was destroyed after the copy, because it is overdue."""

    again: int
    overdue: int


async def destroy_overdue(store: Store, one: Expired, now: int) -> bool:
    """Destroy of a meeting what is overdue; whether that was done. Raises ``StoreError``."""
    loaded = await store.load(one.meeting)
    happened = expiry(one, burned=loaded.row.burned_at is not None, now=now) if loaded else ()
    if loaded is None or not happened:
        return False
    # Else someone is in that room right now: the room itself destroys it within a minute.
    with contextlib.suppress(Conflict):
        await _destroy(store, loaded, happened, now)
        return True
    return False


async def erase(copied: Path, erasures: Iterable[Erasure], now: int) -> Erased:
    """Destroy in a copy, which nobody else uses, what these name and what is overdue ``now``. Raises ``StoreError``.

    The copy stays one file.
    """
    named: dict[str, set[str]] = {}
    for one in erasures:
        named.setdefault(one.id, set()).add(one.what)
    live = _live(copied)
    store = SqliteStore(copied, create=False)
    await store.start()
    try:
        again = [
            await _destroy_again(store, meeting, live[meeting], named[meeting], now)
            for meeting in live
            if meeting in named
        ]
        overdue = [await destroy_overdue(store, one, now) for one in await store.expired(now)]
        for meeting, kinds in named.items():
            if MEETING in kinds:
                await store.forget(meeting)
    finally:
        await store.stop()
    with contextlib.closing(sqlite3.connect(copied, isolation_level=None)) as made:
        with rows.transaction(made):
            journal.empty(made)
        made.execute("PRAGMA journal_mode=DELETE")
    return Erased(sum(again), sum(overdue))


def destroy_everything(copied: Path, now: int) -> None:
    """Destroy all content of a copy, which nobody else uses: what opens it is gone. Raises ``BackupError``."""
    try:
        all_of_it = [Erasure(now, what, meeting) for meeting, live in _live(copied).items() for what in live]
        asyncio.run(erase(copied, all_of_it, now))
    except StoreError as error:
        raise BackupError(f"What cannot be read without the vault's keys cannot be destroyed ({error}).") from None


async def _destroy_again(store: Store, meeting: str, live: set[str], named: set[str], now: int) -> bool:
    going = live if MEETING in named else live & named
    loaded = await store.load(meeting) if going else None
    if loaded is None:
        return False
    happened: tuple[AnyEvent, ...] = (ContentBurned(at=now, because="asked"),)
    if going != live or CASE not in going:
        classes: tuple[Retention, ...] = (CASE, *OTHERS)
        happened = tuple([ContentExpired(at=now, retention=one) for one in classes if one in going])
    await _destroy(store, loaded, happened, now)
    return True


async def _destroy(store: Store, loaded: Loaded, happened: tuple[AnyEvent, ...], now: int) -> None:
    events = tuple([StoredEvent(VERSION, encode(event)) for event in happened])
    burns = destroyed(happened) or ()
    row = loaded.row
    await store.append(Write(row.id, loaded.seq, events, due_at=row.due_at, burn_at=now, burns=burns))


def _live(copied: Path) -> dict[str, set[str]]:
    """By meeting, the classes whose content is there."""
    found: dict[str, set[str]] = {}
    try:
        with contextlib.closing(sqlite3.connect(copied)) as opened:
            for meeting, what in opened.execute(_LIVE):
                found.setdefault(meeting, set()).add(what)
    except sqlite3.Error as error:
        raise StoreError(type(error).__name__) from error
    return found
