"""What a phase asks of each seat, as its events carry it: slots, turns, veils and limits.

These are parts of events, in the log for ever: short arrays, to which only fields at the end may be added, with what they mean
where an older log lacks them.
"""

from __future__ import annotations

import msgspec


class Slot(msgspec.Struct, frozen=True, array_like=True):
    """What one seat owes or may give in a phase. ``turn``: only when it is their turn."""

    seat: str
    what: str
    least: int
    most: int
    turn: bool
    by: str = "either"
    form: str = "text"
    fields: str | None = None
    give: int | None = None
    """Which one of the phase's list it is for, where that has a limit or a veil of its own."""


class Turn(msgspec.Struct, frozen=True, array_like=True):
    """One place in the queue. ``owed``: taken exactly once or passed; otherwise offered.

    ``depth``: 0 a turn, 1 the reply to it, 2 the follow-up, 3 the reply to that; whoever passes takes the deeper ones along.
    """

    seat: str
    what: str
    owed: bool = True
    depth: int = 0
    deferred: bool = False


class Veil(msgspec.Struct, frozen=True, array_like=True):
    """Contributions of phase ``phase`` (its key) are kept from ``seats``; from all but their author when empty.

    ``give``: only those for this one of the phase's list.
    """

    phase: str
    until: str
    seats: tuple[str, ...] = ()
    give: int | None = None


class Limit(msgspec.Struct, frozen=True, array_like=True):
    """All who give this together give ``most`` of it at most. ``give``: its place in the phase's list."""

    give: int
    what: str
    most: int
