"""What is wrong with a method file: where it is, and one sentence that tells what to do."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_PROBLEMS = 50
"""More problems than these at once help nobody."""
_SHOWN = 60


class Problem(msgspec.Struct, frozen=True, order=True):
    """One thing to repair. ``line`` and ``column`` count from 1.

    ``steps``: the shortest way for a meeting to come by it, phase by phase in words, where it takes a meeting to see it.
    """

    file: str
    line: int
    column: int
    message: str
    steps: tuple[str, ...] = ()

    def as_line(self) -> str:
        """Return ``file:line:column: message``, as compilers print it."""
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class MethodError(Exception):
    """A file is no method. ``problems`` is never empty and sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems, in the order of the file, each once."""
        self.problems = in_order(problems)
        super().__init__("\n".join(problem.as_line() for problem in self.problems))


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each problem once, sorted by place, and no more than anyone would read."""
    return tuple(sorted(set(problems))[:MOST_PROBLEMS])


def listed(words: Iterable[str]) -> str:
    """``a, b or c``, each in backticks."""
    quoted = [f"`{shown(word)}`" for word in words]
    if len(quoted) < 2:  # noqa: PLR2004 (nothing to join)
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def guess(word: str, known: Iterable[str]) -> str:
    """Return `` Did you mean ...?`` when a known word looks like this one, else nothing."""
    close = difflib.get_close_matches(word[:_SHOWN], sorted(known), n=1, cutoff=0.6)
    return f" Did you mean `{close[0]}`?" if close else ""


def shown(value: object) -> str:
    """Return a value as it may be quoted in a sentence: short and on one line."""
    text = " ".join(str(value).split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
