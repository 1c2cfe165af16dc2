"""A contribution, as the state has it."""

from __future__ import annotations

from kring.meeting.record import Record


class Item(Record, frozen=True):
    """A contribution, by reference. ``n``: its number; ``phase``: the phase's key; ``at``: milliseconds since the epoch."""

    n: int
    seat: str
    what: str
    phase: str
    id: str
    round: int
    at: int
    content: str | None
