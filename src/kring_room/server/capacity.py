"""Whether this server should take another meeting: decided from what was measured, never guessed. Free of clocks.

Running meetings come first. Whoever belongs to one may always come in; only *new* meetings are refused, and only while
one of the measures below is too high. A single pause is no overload: half of the latest samples must be too high.
"""

from __future__ import annotations

from collections import deque
from statistics import median
from typing import Final, Literal

import msgspec

SAMPLES: Final = 50
"""Samples that are looked back on."""
EASED: Final = 0.8
"""What was too high must fall below this part of its limit before new meetings are taken again."""
SOON: Final = 120
"""Seconds after which to try again, when the load must fall."""
LATER: Final = 300
"""Seconds after which to try again, when a meeting must end first."""

Reason = Literal["stopping", "store", "lag", "commit", "busy", "rooms", "connections"]
Code = Literal["restarting", "store-trouble", "overloaded"]
REASONS: Final[tuple[Reason, ...]] = ("stopping", "store", "lag", "commit", "busy", "rooms", "connections")


class Full(msgspec.Struct, frozen=True):
    """Why no new meeting is taken. ``retry_after``: seconds after which it is worth another try."""

    reason: Reason
    code: Code
    retry_after: int

    @property
    def minutes(self) -> int:
        """The same for people."""
        return -(-self.retry_after // 60)


class Load(msgspec.Struct, frozen=True):
    """What there is now. ``rooms``: meetings with somebody in them, and those that were opened a moment ago."""

    rooms: int = 0
    connections: int = 0
    stopping: bool = False
    store_fails: bool = False


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """How much is too much. 0: no limit."""

    rooms: int = 0
    connections: int = 0
    lag: float = 0.02
    """Seconds that the event loop may be late."""
    commit: float = 0.25
    """Seconds that a write may take until it is durable."""
    busy: float = 0.85
    """The part of the time in which the event loop, or the process for each of its cores, may be at work.

    With one core, where latency was measured against load, 99 of 100 contributions were heard within 50 ms up to some 0.8.
    """


class Level:
    """The latest samples of one measure."""

    __slots__ = ("_high", "_limit", "_samples")

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._samples: deque[float] = deque(maxlen=SAMPLES)
        self._high = False

    def add(self, value: float) -> None:
        """One more sample."""
        self._samples.append(value)

    @property
    def value(self) -> float:
        """The level: the samples' median, nought while there are too few to tell."""
        return median(self._samples) if len(self._samples) == SAMPLES else 0.0

    def high(self) -> bool:
        """Whether it is too high; once it was, it must have eased before it no longer is."""
        limit = self._limit * EASED if self._high else self._limit
        self._high = bool(self._limit) and self.value >= limit
        return self._high


class Capacity:
    """Takes samples, all three at a time and evenly spaced, and tells whether there is room for one more meeting."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.lag = Level(bounds.lag)
        self.commit = Level(bounds.commit)
        self.busy = Level(bounds.busy)
        self.high: Reason | None = None
        """The measure that was too high at the latest look."""

    def sample(self, *, lag: float, commit: float, busy: float) -> None:
        """Seconds that the loop was late, seconds of the slowest write, the part of the time at work."""
        self.lag.add(lag)
        self.commit.add(commit)
        self.busy.add(busy)

    def evaluate(self) -> None:
        """See what the samples come to; until the next look it is believed."""
        # Each is asked every time, for each must notice when it has eased.
        measured: dict[Reason, bool] = {
            "lag": self.lag.high(),
            "commit": self.commit.high(),
            "busy": self.busy.high(),
        }
        self.high = next((reason for reason, high in measured.items() if high), None)

    def full(self, load: Load) -> Full | None:
        """Why no new meeting may begin now, or ``None`` when one may."""
        if load.stopping:
            return Full("stopping", "restarting", SOON)
        if load.store_fails:
            return Full("store", "store-trouble", SOON)
        if self.high:
            return Full(self.high, "overloaded", SOON)
        if 0 < self.bounds.rooms <= load.rooms:
            return Full("rooms", "overloaded", LATER)
        if 0 < self.bounds.connections <= load.connections:
            return Full("connections", "overloaded", LATER)
        return None
