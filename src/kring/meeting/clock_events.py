"""The events by which the clock of a step changes: signals, the moment before its end, more time, a pause, another speed.

Each says what holds from then on as times, in milliseconds since the epoch, never as spans: so a log replays without a clock. They
are part of ``events``, which hands them on.
"""

from __future__ import annotations

from typing import Literal

from kring.meeting.event import Event, tag


class PhaseSignalled(Event, frozen=True, tag=tag):
    """Time is up. ``grace``: until when the speaker may finish, in a phase that then advances.

    ``overtime``: until when what is owed is waited for.
    """

    grace: int | None = None
    overtime: int | None = None


class PhaseEnding(Event, frozen=True, tag=tag):
    """A step, or its part, ends ``until`` then at the latest: whoever still types may hand it in.

    ``seats``: whose text is waited for; nobody is named in a step that is hidden, silent or for voting. ``outcome``: it lasts so
    long because what was chosen is shown.
    """

    until: int
    because: Literal["done", "time", "agreed", "skipped"]
    seats: tuple[str, ...] = ()
    outcome: bool = False


class PhaseExtended(Event, frozen=True, tag=tag):
    """More time."""

    minutes: int
    deadline: int | None


class Paused(Event, frozen=True, tag=tag):
    """The clock stands still, with ``remaining`` milliseconds on it."""

    remaining: int | None = None


class Resumed(Event, frozen=True, tag=tag):
    """The clock goes on: to the deadline, to the end of the overtime, or to that of a step that is ending."""

    deadline: int | None = None
    overtime: int | None = None
    ending: int | None = None


class SpeedChanged(Event, frozen=True, tag=tag):
    """Time goes ``factor`` times as fast, or with 0 stands still (practice)."""

    factor: int
    deadline: int | None = None
    overtime: int | None = None
    ending: int | None = None
