"""Applying what the room tells: each entry of its feed once, in one transaction with the note of how far.

An app registers what it does with entries (``on_reports``) when it starts. A node looks every second. Where there is something,
one transaction takes the cursor, which no other node can meanwhile, reads what comes after it, applies that, and moves the
cursor: after a kill all of it happened, or none, and whoever comes next goes on there. So what is applied must write to Django's
own database and nowhere else; what goes out into the world (a mail) is scheduled as a job.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connections, router, transaction

from kring_room import feed
from kring_room.feed import FeedError, Report
from kring_room.store.port import StoreError
from kring_web.feed.models import FeedCursor

BATCH: Final = 200
_PATIENCE: Final = 5.0
"""Seconds until another try, when one failed."""
_log = logging.getLogger(__name__)

Apply = Callable[[Sequence[Report]], None]
_applying: list[Apply] = []


def on_reports(apply: Apply) -> None:
    """Have ``apply`` called with every entry once, in order, within the transaction that notes it."""
    if apply not in _applying:
        _applying.append(apply)


def follow() -> int:
    """Apply what comes next; how many entries. Raises ``FeedError``, ``StoreError`` and ``DatabaseError``, with nothing done."""
    last = FeedCursor.objects.values_list("last", flat=True).first() or 0
    if not _applying or not feed.read(settings.KRING.store, last, most=1):
        return 0  # nearly always: a look is no write, and holds up nobody's
    with transaction.atomic(using=router.db_for_write(FeedCursor)):
        FeedCursor.objects.get_or_create(id=1)
        cursor = FeedCursor.objects.select_for_update().get(id=1)
        reports = feed.read(settings.KRING.store, cursor.last, most=BATCH)
        if reports:
            for apply in _applying:
                apply(reports)
            cursor.last = reports[-1].id
            cursor.save()
    return len(reports)


class Follower:
    """The thread that follows the feed, as long as this process serves. It rests where nobody applies anything."""

    def __init__(self, *, every: float = 1.0) -> None:
        self._every = every
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="feed", daemon=True)

    def start(self) -> None:
        """Begin, also with what happened while nobody followed."""
        self._thread.start()

    def stop(self, within: float = 5.0) -> None:
        """Wait until what is at hand is applied."""
        self._stopping.set()
        self._thread.join(within)

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                try:
                    wait = 0 if follow() == BATCH else self._every
                except (DatabaseError, StoreError, FeedError) as error:
                    wait = _PATIENCE
                    _log.warning("feed not followed", extra={"error": type(error).__name__})
                    connections.close_all()
                except Exception:  # noqa: BLE001 -- a fault in what is applied: nothing was done, and it is tried again
                    wait = _PATIENCE
                    _log.exception("feed not applied")  # its type and place, never its text
                self._stopping.wait(wait)
        finally:
            connections.close_all()
