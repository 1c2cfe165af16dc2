"""Which command got which answer, so that a repeat gets the first one. Only the latest are kept; the store knows the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Key = tuple[str, str]
"""A device and the command id that it made up."""


class Answers:
    """A ``seq`` is the answer to what was done (durable: what is not here is in the store), a code to what was refused.

    ``most``: answers of each kind that are kept.
    """

    def __init__(self, done: Mapping[Key, int], most: int) -> None:
        self._most = most
        self._done: dict[Key, int] = {}
        self._brief: dict[Key, int | str] = {}
        self.whole = len(done) < most
        """Whether everything that was ever done is here."""
        for key, seq in done.items():
            self.keep(key, seq)

    def get(self, key: Key) -> int | str | None:
        """What this command got before, if it is among the latest."""
        return self._done.get(key, self._brief.get(key))

    def keep(self, key: Key, seq: int) -> None:
        """Remember what was done."""
        self._done[key] = seq
        if len(self._done) > self._most:
            self.whole = False
            del self._done[next(iter(self._done))]

    def keep_briefly(self, key: Key, answer: int | str) -> None:
        """Remember what changed nothing."""
        self._brief[key] = answer
        if len(self._brief) > self._most:
            del self._brief[next(iter(self._brief))]
