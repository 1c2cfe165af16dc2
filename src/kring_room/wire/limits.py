"""How fast a device may talk: a token bucket. Free of clocks: the time is passed in, in seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kring_room.settings import Rate


class Bucket:
    """Holds ``rate.burst`` tokens, gains ``rate.per_second``, loses one per message."""

    __slots__ = ("_at", "_rate", "_tokens")

    def __init__(self, rate: Rate, now: float) -> None:
        self._rate = rate
        self._tokens = rate.burst
        self._at = now

    def take(self, now: float) -> bool:
        """Take a token; ``False`` when there is none."""
        self._gain(now)
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def full(self, now: float) -> bool:
        """Whether nothing would be lost by forgetting this bucket."""
        self._gain(now)
        return self._tokens >= self._rate.burst

    def _gain(self, now: float) -> None:
        self._tokens = min(self._rate.burst, self._tokens + (now - self._at) * self._rate.per_second)
        self._at = now


class Limits:
    """The buckets of one device: one for commands, one for pings."""

    __slots__ = ("commands", "pings")

    def __init__(self, commands: Rate, pings: Rate, now: float) -> None:
        self.commands = Bucket(commands, now)
        self.pings = Bucket(pings, now)

    def full(self, now: float) -> bool:
        """Whether this device has been quiet long enough to be forgotten."""
        return self.commands.full(now) and self.pings.full(now)
