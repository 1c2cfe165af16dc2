"""What is wrong with a method file: where it is, and a remark that tells what to do.

A ``Problem`` is a place and a ``Remark`` (a code with arguments), so each language makes its own sentence. Reading stops at the
first stage that finds any and raises all of its problems at once, as ``MethodError``; the checker returns them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from kring.methods.remarks import Remark

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_PROBLEMS = 50
"""More problems than these at once help nobody."""


class Problem(msgspec.Struct, frozen=True):
    """One thing to repair. ``line`` and ``column`` count from 1.

    ``notes``: where it comes from when that is elsewhere, and the shortest way for a meeting to come by it.
    """

    file: str
    line: int
    column: int
    remark: Remark
    notes: tuple[Remark, ...] = ()

    @property
    def message(self) -> str:
        """All of it in English."""
        return self.sentence()

    def sentence(self, language: str = "en") -> str:
        """All of it in one of ``kring.languages.LANGUAGES``."""
        notes = (f" ({note.sentence(language)})" for note in self.notes)
        return self.remark.sentence(language) + "".join(notes)

    def as_line(self, language: str = "en") -> str:
        """Return ``file:line:column: sentence``, as compilers print it."""
        return f"{self.file}:{self.line}:{self.column}: {self.sentence(language)}"


class MethodError(Exception):
    """A file is no method. ``problems`` is never empty and sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems, in the order of the file, each once."""
        self.problems = in_order(problems)
        super().__init__("\n".join(problem.as_line() for problem in self.problems))


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each problem once, sorted by place, and no more than anyone would read."""
    found = {(one.file, one.line, one.column, one.remark.code, one.message): one for one in problems}
    return tuple(found[key] for key in sorted(found)[:MOST_PROBLEMS])
