"""The erasure ledger: which content was destroyed, kept where no backup goes, so that a restore destroys it again.

A folder with a file for each day (UTC), and in it a line for each erasure: JSON with a time, a kind and an id, and never content.
The store is the first to know, for it keeps when each class of a meeting went. So a line is written right after the commit, before
anybody is told that the content is gone; what a kill or a full disk kept from being written is completed from the store, at each
start before people come, and each minute. Where many nodes share a store, each keeps a ledger, which becomes whole so.

A line is appended in one write. What a kill leaves of it is no JSON, and is passed over. A day goes, as a file, when no backup that
may be restored is from before its end. ``since`` says from when on the ledger is whole; it is written last.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import msgspec

from kring.meeting.retention import CASE, OTHERS
from kring_room.store.port import Erasure, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kring_room.store.port import Store, Write

_log = logging.getLogger(__name__)
MEETING: Final = "meeting"
"""The kind of an erasure by which nothing is kept of a meeting; the other kinds are the retention classes."""
KINDS: Final = frozenset({CASE, *OTHERS, MEETING})
"""The kinds that this release knows to erase."""
ERASED: Final = """
    SELECT burned_at, 'case', id FROM room_meeting WHERE burned_at >= {0}
    UNION ALL SELECT gone_at, retention, meeting FROM vault_retention WHERE gone_at >= {0}
"""
"""What the store knows; the mark of the parameter goes in."""
OLDEST: Final = "SELECT min(opened_at) FROM room_meeting"
DAY: Final = 24 * 60 * 60 * 1000
_OVERLAP: Final = 60 * 60 * 1000
"""Milliseconds by which a write may become durable after the time that it says."""
_SINCE: Final = "since"
_LINE: Final = msgspec.json.Decoder(Erasure)
Key = tuple[str, str]
"""The kind and the id of an erasure."""


def erasures_of(writes: Iterable[Write]) -> list[Erasure]:
    """What these writes destroy."""
    return [
        Erasure(one.burn_at, what, one.meeting)
        for one in writes
        if one.burn_at is not None
        for what in one.burns or (CASE, *OTHERS)
    ]


class Ledger:
    """The ledger in ``folder``, of as many ``days`` as a backup that is restored may be old. From any thread."""

    def __init__(self, folder: Path, days: int) -> None:
        self.folder = folder
        self.days = days
        self._lock = threading.Lock()
        self._known: dict[Key, int] | None = None
        """What was written of late, by the time it says; ``None``: the store was not asked yet."""
        self._asked = 0

    def since(self) -> int | None:
        """From when on it is whole, in milliseconds since the epoch; ``None``: there is none. Raises ``OSError``."""
        try:
            return int((self.folder / _SINCE).read_text("ascii"))
        except FileNotFoundError:
            return None
        except ValueError:  # not written by us
            return None

    def begin(self, since: int) -> None:
        """From then on it is whole, if nothing was said of that before. Raises ``OSError``."""
        if self.since() is not None:
            return
        self._make_folder()
        beside = self.folder / f".{_SINCE}-{os.getpid()}"
        with open(beside, "w", encoding="ascii", opener=_private) as file:
            file.write(str(since))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.folder / _SINCE)
        _sync_folder(self.folder)

    def add(self, erasures: Iterable[Erasure]) -> None:
        """Write these down, durably. Raises ``OSError``."""
        by_day: dict[str, list[Erasure]] = {}
        for one in erasures:
            by_day.setdefault(_day(one.at), []).append(one)
        with self._lock:
            for day, some in by_day.items():
                self._make_folder()
                self._append(day, some)
                if self._known is not None:
                    self._known |= {(one.what, one.id): one.at for one in some}

    def note(self, erasures: Iterable[Erasure]) -> bool:
        """The same; where it can't be done, that is logged, and done when the store is asked next. Whether it was done."""
        try:
            self.add(erasures)
        except OSError as error:
            _log.error("erasure not noted", extra={"error": type(error).__name__})
            return False
        return True

    def read(self) -> tuple[list[Erasure], int]:
        """All that it says, and how many lines can't be read. Raises ``OSError``."""
        found: list[Erasure] = []
        unreadable = 0
        for file in self._files():
            for line in file.read_bytes().splitlines():
                try:
                    found.append(_LINE.decode(line))
                except msgspec.MsgspecError:
                    unreadable += bool(line)
        return found, unreadable

    async def catch_up(self, store: Store, now: int) -> None:
        """Write down what the store knows and the ledger does not, and let go of what is too old. Raises ``StoreError``."""
        oldest = now - self.days * DAY
        first = self._known is None
        found = await store.erased(oldest if first else min(self._asked, now) - _OVERLAP)
        # A store knows of all that it destroyed, but not of what was destroyed in another one.
        opened = await store.oldest() if first else None
        since = now if opened is None else max(oldest, opened)
        try:
            await asyncio.to_thread(self._complete, found, now, since)
        except OSError as error:
            _log.error("erasure not noted", extra={"error": type(error).__name__})
            raise StoreError(type(error).__name__) from error

    def _complete(self, found: Iterable[Erasure], now: int, since: int) -> None:
        known = {(one.what, one.id): one.at for one in self.read()[0]} if self._known is None else self._known
        missing = {(one.what, one.id): one for one in found if (one.what, one.id) not in known}
        self.add(missing.values())
        if self._known is None:
            self.begin(since)
        # Not at a start, when nobody knows yet whether the clock is to be believed.
        for file in self._files() if self._known is not None else ():
            if file.stem < _day(now - self.days * DAY):
                file.unlink(missing_ok=True)
        with self._lock:
            self._asked = now
            late = now - 2 * _OVERLAP
            written = known | {key: one.at for key, one in missing.items()} | (self._known or {})
            self._known = {key: at for key, at in written.items() if at >= late}

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("????-??-??.jsonl"))

    def _make_folder(self) -> None:
        if not self.folder.is_dir():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sync_folder(self.folder.parent)

    def _append(self, day: str, erasures: Iterable[Erasure]) -> None:
        file = self.folder / f"{day}.jsonl"
        fresh = not file.exists()
        lines = b"".join(msgspec.json.encode(one) + b"\n" for one in erasures)
        with open(file, "ab+", buffering=0, opener=_private) as out:
            if out.tell():
                out.seek(-1, os.SEEK_END)
                lines = lines if out.read(1) == b"\n" else b"\n" + lines  # a kill cut a line off
            if out.write(lines) != len(lines):
                raise OSError("the disk is full")
            os.fsync(out.fileno())
        if fresh:
            _sync_folder(self.folder)


def _day(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).date().isoformat()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync_folder(folder: Path) -> None:
    """Make durable what is in it, where a system knows of that."""
    if os.name != "posix":  # pragma: no cover  another system
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
