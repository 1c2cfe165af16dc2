"""Meetings from outside the room: open one, find one. For web code on any thread, in this process or another."""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING

from kring.meeting import longest, open_meeting, upcasting
from kring.methods.encoded import encode
from kring_room.cluster.clock import shared_clock
from kring_room.settings import RoomSettings
from kring_room.store import adapters
from kring_room.store.port import Ends, MeetingRow, StoredEvent

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kring.methods.model import Method

_DAY = 24 * 60 * 60 * 1000
_LOT = 2**31
_ID_BYTES = 13
_ID_LENGTH = 20


class Meetings:
    """The meetings in a database: an SQLite file, or a PostgreSQL URL."""

    def __init__(
        self, where: Path | str, settings: RoomSettings | None = None, clock: Callable[[], int] | None = None
    ) -> None:
        self._where = where
        self._settings = settings or RoomSettings()
        self.now = clock or shared_clock(where)
        """Milliseconds since the epoch, on the clock that the rooms go by."""

    def create_tables(self) -> None:
        """Make the tables, where no migration does."""
        adapters.create_tables(self._where)

    def open_meeting(self, method: Method, *, practice: bool = False, written: bool = False) -> str:
        """Open a meeting by this method, as it is now; its id. Raises ``WayError`` where it can't be held like that."""
        now = self.now()
        meeting = new_meeting_id()
        opened = open_meeting(
            meeting, method, now=now, seed=secrets.randbelow(_LOT), practice=practice, written=written
        )
        row = MeetingRow(
            id=meeting,
            method_id=method.id,
            method=encode(method),
            practice=practice,
            opened_at=now,
            expires_at=now + self._kept(self._settings.content_days, method, written=written),
        )
        days = self._settings.intention_days
        ends: Ends = {} if days is None else {"intention": now + self._kept(days, method, written=written)}
        adapters.open_meeting(self._where, row, (StoredEvent(upcasting.VERSION, upcasting.encode(opened)),), ends)
        return meeting

    def _kept(self, days: int, method: Method, *, written: bool) -> int:
        """For how long content is kept. What is written over days is not gone before its meeting can be over."""
        return days * _DAY + (self._settings.gathering_days * _DAY + longest(method) if written else 0)

    def find(self, meeting: str) -> MeetingRow | None:
        """The meeting, if there is one; ``burned_at`` says that its content is gone."""
        return adapters.find(self._where, meeting)


def new_meeting_id() -> str:
    """20 characters that nobody guesses: 100 bits."""
    return base64.b32encode(secrets.token_bytes(_ID_BYTES)).decode().lower()[:_ID_LENGTH]
