"""Applying what the room tells: each entry of its feed once, in one transaction with the note of how far.

An app registers what it does with entries (``on_reports``) when it starts. A node looks every second. Where there is something,
one transaction takes the cursor, which no other node can meanwhile, reads what comes after it, applies that, and moves the
cursor: after a kill all of it happened, or none, and whoever comes next goes on there. So what is applied must write to Django's
own database and nowhere else; what goes out into the world (a mail) is scheduled as a job.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Final

from django.conf import settings
from django.db import DatabaseError, router, transaction

from kring_room import feed
from kring_room.feed import FeedError, Report
from kring_room.store.port import StoreError
from kring_web.feed.models import FeedCursor
from kring_web.web.worker import Worker

BATCH: Final = 200
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


class Follower(Worker):
    """Follows the feed. It rests where nobody applies anything."""

    PATIENCE = 5.0

    def __init__(self, *, every: float = 1.0) -> None:
        super().__init__("feed")
        self._every = every

    def work(self) -> float:
        """Apply what comes next; at once again where there may be more."""
        return 0 if follow() == BATCH else self._every

    def report(self, error: Exception) -> None:
        """Log what kept it: the database, the feed, or a fault in what is applied. Nothing was done, and it is tried again."""
        if isinstance(error, (DatabaseError, StoreError, FeedError)):
            _log.warning("feed not followed", extra={"error": type(error).__name__})
        else:
            _log.error("feed not applied", exc_info=error)
