"""Which command got which answer, so that a repeat gets the first one. Only the latest are kept; the store knows the rest."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableSequence

Key = tuple[str, str]
"""A device and the command id that it made up."""
Kept = TypeVar("Kept")
_MARK = 8


class Answers:
    """A ``seq`` is the answer to what was done (durable: what is not here is in the store), a code to what was refused.

    ``most``: answers of each kind that are kept.
    """

    __slots__ = ("_done", "_refused", "complete")

    def __init__(self, done: Mapping[Key, int], most: int) -> None:
        self._done: _Latest[int] = _Latest(most, array("Q"))
        self._refused: _Latest[int | str] = _Latest(most, [])
        self.complete = len(done) < most
        """Whether everything that was ever done is here."""
        for key, seq in done.items():
            self.keep(key, seq)

    def get(self, key: Key) -> int | str | None:
        """What this command got before, if it is among the latest."""
        mark = _mark(key)
        done = self._done.get(mark)
        return self._refused.get(mark) if done is None else done

    def keep(self, key: Key, seq: int) -> None:
        """Remember what was done."""
        if self._done.keep(_mark(key), seq):
            self.complete = False

    def keep_refusal(self, key: Key, answer: int | str) -> None:
        """Remember what changed nothing."""
        self._refused.keep(_mark(key), answer)


def _mark(key: Key) -> bytes:
    """What stands for a key in this process: as many bytes as make it its own."""
    return hash(key).to_bytes(_MARK, "little", signed=True)


class _Latest(Generic[Kept]):
    """The latest ``most`` answers: marks side by side, for so many are quicker looked through than hashed, and smaller."""

    __slots__ = ("_answers", "_marks", "_most", "_oldest")

    def __init__(self, most: int, answers: MutableSequence[Kept]) -> None:
        self._most, self._oldest = most, 0
        self._marks = bytearray()
        self._answers = answers

    def get(self, mark: bytes) -> Kept | None:
        """What was kept."""
        at = self._place(mark)
        return None if at < 0 else self._answers[at]

    def keep(self, mark: bytes, answer: Kept) -> bool:
        """Keep this one; whether another is forgotten for it."""
        at = self._place(mark)
        if at >= 0:
            self._answers[at] = answer
            return False
        if len(self._answers) < self._most:
            self._marks += mark
            self._answers.append(answer)
            return False
        at, self._oldest = self._oldest, (self._oldest + 1) % self._most
        self._marks[at * _MARK : (at + 1) * _MARK] = mark
        self._answers[at] = answer
        return True

    def _place(self, mark: bytes) -> int:
        at = self._marks.find(mark)
        while at > 0 and at % _MARK:  # the end of one mark and the beginning of the next
            at = self._marks.find(mark, at + 1)
        return at // _MARK
