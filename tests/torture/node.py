"""``kring serve`` with a wall clock that a test may set: ``python -m tests.torture.node OFFSETS serve --port ...``.

On SIGUSR1 the clock jumps to the number of milliseconds ahead (or, negative, behind) that the file OFFSETS says. Only what
the process itself reads is another; nothing on the machine changes.
"""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path

from kring_command.__main__ import main

_real, _real_ns = time.time, time.time_ns


class Clock:
    """The wall clock, and how far off it is."""

    def __init__(self, offsets: Path) -> None:
        self._offsets = offsets
        self._ahead = 0

    def jump(self, *_: object) -> None:
        """Be off by as much as the file says now."""
        self._ahead = int(self._offsets.read_text())

    def seconds(self) -> float:
        """As ``time.time``."""
        return _real() + self._ahead / 1000

    def nanoseconds(self) -> int:
        """As ``time.time_ns``."""
        return _real_ns() + self._ahead * 1_000_000


def run() -> int:
    """Set the clock up, then be ``kring``."""
    clock = Clock(Path(sys.argv[1]))
    time.time, time.time_ns = clock.seconds, clock.nanoseconds
    signal.signal(signal.SIGUSR1, clock.jump)
    return main(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(run())
