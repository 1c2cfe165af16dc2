"""What one device did and heard, in order, and what is in the store of a meeting: all that the checker knows.

``at`` is seconds on one clock for all devices of a run, which only goes forward.
"""

from __future__ import annotations

from typing import Any

import msgspec

from kring.meeting import events
from kring.methods.model import Method

Json = dict[str, Any]


class Entry(msgspec.Struct, frozen=True, tag=True):
    """Base of what a history is made of."""

    at: float


class Opened(Entry, frozen=True):
    """A line to the room was had, and ``hello`` said."""

    since: int | None


class Asked(Entry, frozen=True):
    """A ``do`` was written to the line, for the first time or again."""

    id: str
    command: Json
    bodies: dict[str, str]


class Heard(Entry, frozen=True):
    """A frame came in."""

    frame: str


class Ended(Entry, frozen=True):
    """The line ended; 1006 where nobody said why."""

    code: int
    reason: str


class History(msgspec.Struct):
    """One device in one meeting."""

    device: str
    table: bool
    entries: list[Opened | Asked | Heard | Ended] = []


class Answered(msgspec.Struct, frozen=True):
    """A row of the store: this command of this device was done as of ``seq``."""

    device: str
    command: str
    seq: int


class Evidence(msgspec.Struct, frozen=True):
    """All about one meeting. ``now``: the server's clock when the store was read, after all histories had ended."""

    method: Method
    log: tuple[events.AnyEvent, ...]
    answers: tuple[Answered, ...]
    contents: frozenset[str]
    """The ids of the sealed bodies in the store."""
    histories: tuple[History, ...]
    now: int


class Violation(msgspec.Struct, frozen=True):
    """A promise that was broken. ``what`` is one of ``tests.torture.checker.PROMISES``."""

    what: str
    device: str
    seq: int
    detail: str
