"""What a process counts of itself: plain numbers, so that counting costs next to nothing; ``metrics`` makes sense of them.

No meeting, no device, no content: only kinds and codes that the protocol names, so that nobody can be told apart by them.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Final, get_args

import msgspec

from kring_room.wire.messages import CLOSE_CODES, SeatCommand

COMMIT_BOUNDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
BATCH_BOUNDS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
LAG_BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
GREETING_BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
HTTP_REFUSALS: Final = {"bad-request": 400, "too-slow": 408, "too-large": 413, "head-too-large": 431}
"""Why a request over HTTP is not even passed on, with its status."""
GONE: Final = "gone"
"""Beside the protocol's codes: the other side hung up, or fell silent."""


class Histogram:
    """How many values fell below which bound, and their sum. One thread adds."""

    __slots__ = ("bounds", "buckets", "sum")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self.buckets = [0] * (len(bounds) + 1)
        self.sum = 0.0

    def add(self, value: float) -> None:
        """One more value."""
        self.buckets[bisect_left(self.bounds, value)] += 1
        self.sum += value

    @property
    def count(self) -> int:
        """How many values there are."""
        return sum(self.buckets)


class Counts:
    """The numbers of one server. Each has one writer: the event loop, or, for what the store did, its writer thread."""

    __slots__ = (
        "batches",
        "closes",
        "commands",
        "commits",
        "committing_since",
        "deliveries",
        "greetings",
        "http_refusals",
        "lags",
        "read_errors",
        "refusals",
        "sent_bytes",
        "slowest_commit",
        "write_errors",
        "write_fails",
    )

    def __init__(self) -> None:
        self.deliveries = 0
        """Frames with facts that were written to a device."""
        self.sent_bytes = 0
        """Of frames of all kinds."""
        self.commands: dict[type[msgspec.Struct], int] = dict.fromkeys(get_args(SeatCommand), 0)
        self.refusals: dict[str, int] = {}
        self.closes: dict[str, int] = dict.fromkeys((*CLOSE_CODES, GONE), 0)
        self.http_refusals: dict[str, int] = dict.fromkeys(HTTP_REFUSALS, 0)
        """Requests over HTTP that were not even passed on."""
        self.greetings = Histogram(GREETING_BOUNDS)
        """Seconds from a device's hello to its welcome."""
        self.lags = Histogram(LAG_BOUNDS)
        """Seconds that the event loop was late."""
        self.commits = Histogram(COMMIT_BOUNDS)
        """Seconds from the oldest write of a commit being asked for to its being durable."""
        self.batches = Histogram(BATCH_BOUNDS)
        """Writes in one commit."""
        self.read_errors = 0
        self.write_errors = 0
        self.write_fails = False
        """Whether the latest attempt to write something durable failed."""
        self.committing_since: float | None = None
        """``time.perf_counter()`` when the oldest write of the commit under way was asked for."""
        self.slowest_commit = 0.0
        """Seconds of the slowest commit since somebody looked (and set it to nought)."""

    def refused(self, code: str) -> None:
        """A command was refused."""
        self.refusals[code] = self.refusals.get(code, 0) + 1

    def write_failed(self) -> None:
        """The store could not write, for another reason than that somebody else had written first."""
        self.write_errors += 1
        self.write_fails = True

    def committed(self, writes: int, seconds: float) -> None:
        """A commit is durable."""
        self.write_fails = False
        self.batches.add(writes)
        self.commits.add(seconds)
        self.slowest_commit = max(self.slowest_commit, seconds)
