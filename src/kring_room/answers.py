"""Which command got which answer, so that a repeat gets the first one: all that was done, and the latest refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Key = tuple[str, str]
"""A device and the command id that it made up."""


class Answers:
    """A ``seq`` is the answer to what was done (durable, so all are kept), a code to what was refused (bounded)."""

    def __init__(self, done: Mapping[Key, int], most: int) -> None:
        self._done = dict(done)
        self._brief: dict[Key, int | str] = {}
        self._most = most

    def get(self, key: Key) -> int | str | None:
        """What this command got before."""
        return self._done.get(key, self._brief.get(key))

    def keep(self, key: Key, seq: int) -> None:
        """Remember for as long as the meeting is known."""
        self._done[key] = seq

    def keep_briefly(self, key: Key, answer: int | str) -> None:
        """Remember what changed nothing, for a while."""
        self._brief[key] = answer
        if len(self._brief) > self._most:
            del self._brief[next(iter(self._brief))]

    def reload(self, done: Mapping[Key, int]) -> None:
        """Take over what the store has."""
        self._done = dict(done)
