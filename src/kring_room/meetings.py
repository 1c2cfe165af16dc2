"""Meetings from outside the room: open one, find one. For web code on any thread, in this process or another."""

from __future__ import annotations

import base64
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from kring.meeting import longest, open_meeting, upcasting
from kring.methods.encoded import encode
from kring_room import adapters
from kring_room.cluster.clock import shared_clock
from kring_room.settings import RoomSettings
from kring_room.store.port import Ends, MeetingRow, Removal, StoredEvent
from kring_room.store.replay import state_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kring.methods.model import Method

_DAY = 24 * 60 * 60 * 1000
_MILLISECOND = timedelta(milliseconds=1)
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

    def open_meeting(
        self,
        method: Method,
        *,
        practice: bool = False,
        written: bool = False,
        keep: timedelta | None = None,
        meeting: str | None = None,
    ) -> str:
        """Open a meeting by this method, as it is now; its id. Raises ``WayError`` where it can't be held like that.

        ``keep``: for how long its content is kept, instead of as long as the settings say; ``ValueError`` if that is no time.
        ``meeting``: its id, where somebody made one up; ``StoreError`` if there is one of that id.
        """
        if keep is not None and keep <= timedelta(0):
            raise ValueError(keep)
        now = self.now()
        meeting = meeting or new_meeting_id()
        opened = open_meeting(
            meeting, method, now=now, seed=secrets.randbelow(_LOT), practice=practice, written=written
        )
        row = MeetingRow(
            id=meeting,
            method_id=method.id,
            method=encode(method),
            practice=practice,
            opened_at=now,
            expires_at=now + self._kept(keep or timedelta(days=self._settings.content_days), method, written=written),
        )
        days = self._settings.intention_days
        ends: Ends = {}
        if days is not None:
            ends["intention"] = now + self._kept(timedelta(days=days), method, written=written)
        adapters.open_meeting(self._where, row, (StoredEvent(upcasting.VERSION, upcasting.encode(opened)),), ends)
        return meeting

    def remove_member(self, meeting: str, member: str) -> None:
        """Have the seat of somebody removed who is no longer a member of the circle; the log says so. Raises ``StoreError``.

        A room does it within a second or two, on whatever node, after a restart too; who has no seat is sent away. It may be
        asked again. ``member``: the opaque id that their ticket brought. Whoever sits there by themselves stays: the web
        never overrules the circle.
        """
        adapters.ask_removal(self._where, Removal(meeting, member, self.now()))

    def _kept(self, time: timedelta, method: Method, *, written: bool) -> int:
        """For how many milliseconds content is kept. What is written over days is not gone before its meeting can be over."""
        return time // _MILLISECOND + (self._settings.gathering_days * _DAY + longest(method) if written else 0)

    def doors_open(self, meeting: str) -> bool:
        """Whether its doors are open, as of the last thing that a room acknowledged. Raises ``StoreError``."""
        loaded = adapters.load(self._where, meeting)
        state = state_of(loaded) if loaded else None
        if loaded and state is None:  # another release made the snapshot
            loaded = adapters.load(self._where, meeting, whole=True)
            state = state_of(loaded) if loaded else None
        return state is not None and state.info.doors == "open" and state.info.status != "closed"

    def find(self, meeting: str) -> MeetingRow | None:
        """The meeting, if there is one; ``burned_at`` says that its content is gone."""
        return adapters.find(self._where, meeting)


def new_meeting_id() -> str:
    """20 characters that nobody guesses: 100 bits."""
    return base64.b32encode(secrets.token_bytes(_ID_BYTES)).decode().lower()[:_ID_LENGTH]
