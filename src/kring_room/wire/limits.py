"""How fast somebody may talk: token buckets. Free of clocks: the time is passed in, in seconds.

Everything that comes in is counted before anything is done for it, from the first frame after the handshake on: frames and
bytes (``Intake``), of a connection as long as nobody knows whose it is, of a device afterwards. So what one connection can make
the server do in one read is bounded, whatever it sends. A device's messages are counted once more, by what they ask for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kring_room.settings import Rate, RoomSettings

_LEAST_PIECE: Final = 64
"""A read costs as much as so many bytes, however few it brought."""


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


class Intake:
    """What may come in, whatever it is: frames (whole messages, fragments, pings and pongs alike), and bytes.

    Every message passes here, so what was gained is only reckoned once there is nothing left.
    """

    __slots__ = ("_at", "_bytes", "_frames", "_most_bytes", "_most_frames")

    def __init__(self, frames: Rate, size: Rate, now: float) -> None:
        self._most_frames, self._most_bytes = frames, size
        self._frames, self._bytes = frames.burst, size.burst
        self._at = now

    def take(self, now: float, frames: int, size: int) -> bool:
        """Count a piece of ``size`` bytes in which so many frames begin; ``False`` when it is too much."""
        self._frames -= frames
        self._bytes -= max(size, _LEAST_PIECE)
        return (self._frames >= 0 and self._bytes >= 0) or self._gain(now)

    def full(self, now: float) -> bool:
        """Whether nothing would be lost by forgetting this."""
        self._gain(now)
        return self._frames >= self._most_frames.burst and self._bytes >= self._most_bytes.burst

    def _gain(self, now: float) -> bool:
        passed, self._at = now - self._at, now
        self._frames = min(self._most_frames.burst, self._frames + passed * self._most_frames.per_second)
        self._bytes = min(self._most_bytes.burst, self._bytes + passed * self._most_bytes.per_second)
        return self._frames >= 0 and self._bytes >= 0


class Limits:
    """What one device may send: in all, of commands, and of pings."""

    __slots__ = ("commands", "intake", "pings")

    def __init__(self, settings: RoomSettings, now: float) -> None:
        self.intake = Intake(settings.frames, settings.frame_bytes, now)
        self.commands = Bucket(settings.commands, now)
        self.pings = Bucket(settings.pings, now)

    def full(self, now: float) -> bool:
        """Whether this device has been quiet long enough to be forgotten."""
        return self.intake.full(now) and self.commands.full(now) and self.pings.full(now)
