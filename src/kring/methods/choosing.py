"""Which method today? Answers in, all methods out: those that fit first, each with the reasons for its place.

Rule 1: a reason is a code with its numbers, and true of the method; screens make sentences of it. Rule 2: a method that
refuses (too few people, no time, advice where none is wanted) is never recommended, however well the rest fits.
Rule 3: the same answers give the same order, whatever the order of the methods.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from kring.methods import length
from kring.methods.model import Method

Verdict = Literal["for", "against", "refuses"]
Acquainted = Literal["hardly", "somewhat", "well"]
Code = Literal[
    "time-fits", "too-long", "people-fit", "too-few", "too-many",
    "trust-none", "trust-low", "trust-medium", "trust-high", "trust-grows", "trust-missing",
    "advice-late", "advice-free", "gives-advice", "no-advice", "advice-missing",
    "from-question", "from-success", "not-from-question", "not-from-success", "first-time", "not-first-time",
]  # fmt: skip

_TRUST: tuple[tuple[str, Code], ...] = (
    ("none", "trust-none"), ("low", "trust-low"), ("medium", "trust-medium"), ("high", "trust-high"),
)  # fmt: skip
_GROWN = {"hardly": 1, "somewhat": 2, "well": 3}


class Answers(msgspec.Struct, frozen=True):
    """What a group says of today; what it left out (``None``) decides nothing. ``minutes``: at most; ``people``: exactly."""

    minutes: int | None = None
    people: int | None = None
    acquainted: Acquainted | None = None
    advice: bool | None = None
    starts_from: Literal["question", "success"] | None = None
    first_time: bool | None = None


class Reason(msgspec.Struct, frozen=True):
    """Why a method has its place. ``first`` and ``second``: the numbers of the code, such as 60 of 75 minutes, or 0."""

    code: Code
    verdict: Verdict
    first: int = 0
    second: int = 0


class Suggestion(msgspec.Struct, frozen=True):
    """A method with its reasons, in the order of the questions."""

    method: Method
    reasons: tuple[Reason, ...]

    def why(self, verdict: Verdict) -> tuple[Reason, ...]:
        """The reasons of one kind."""
        return tuple(reason for reason in self.reasons if reason.verdict == verdict)

    @property
    def fits(self) -> bool:
        """Whether nothing refuses."""
        return not self.why("refuses")


def suggest(methods: Iterable[Method], answers: Answers) -> tuple[Suggestion, ...]:
    """Return every method, the best first; those that do not fit come last, the nearest miss first."""
    return tuple(sorted((_weigh(method, answers) for method in methods), key=lambda one: _place(one, answers)))


def minutes_for(method: Method, people: int | None) -> float:
    """Return how long it takes for so many: where everyone brings a case, or has minutes of their own, each one more adds to it."""
    if people is None:
        return method.minutes
    more = length.minutes(method, max(people, method.group.min)).most - length.minutes(method, method.group.min).most
    return method.minutes + more


def _place(one: Suggestion, answers: Answers) -> tuple[int, int, float, bool, float, str]:
    taken = minutes_for(one.method, answers.people)
    # Of two that fit equally, the one that uses the time; of two that don't, the one that is over by less.
    unused = abs(answers.minutes - taken) if answers.minutes is not None else 0
    balance = len(one.why("against")) - len(one.why("for"))
    return (len(one.why("refuses")), balance, unused, not one.method.featured, taken, one.method.id)


def _weigh(method: Method, answers: Answers) -> Suggestion:
    return Suggestion(method, tuple(_reasons(method, answers)))


def _reasons(method: Method, answers: Answers) -> Iterator[Reason]:
    if answers.minutes is not None:
        yield _time(method, answers.minutes, answers.people)
    if answers.people is not None:
        yield _people(method, answers.people)
    if answers.acquainted is not None:
        yield _trust(method, answers.acquainted)
    if answers.advice is not None:
        yield _advice(method, wanted=answers.advice)
    if answers.starts_from is not None:
        yield _starts(method, answers.starts_from)
    if answers.first_time:
        yield Reason("first-time", "for") if method.first_time else Reason("not-first-time", "against")


def _time(method: Method, minutes: int, people: int | None) -> Reason:
    taken = round(minutes_for(method, people))
    if taken > minutes:
        return Reason("too-long", "refuses", taken, minutes)
    return Reason("time-fits", "for", taken, minutes)


def _people(method: Method, people: int) -> Reason:
    least, most = method.group.min, method.group.max
    if people < least:
        return Reason("too-few", "refuses", least, people)
    return Reason("too-many", "refuses", most, people) if people > most else Reason("people-fit", "for", least, most)


def _trust(method: Method, acquainted: Acquainted) -> Reason:
    asked, code = next((level, code) for level, (name, code) in enumerate(_TRUST) if name == method.trust)
    missing = asked - _GROWN[acquainted]
    if missing <= 0:
        return Reason(code, "for")
    # A step more than there is can grow in the doing; two steps harm people.
    return Reason("trust-grows", "against") if missing == 1 else Reason("trust-missing", "refuses")


def _starts(method: Method, brought: Literal["question", "success"]) -> Reason:
    if brought == "question":
        return (
            Reason("from-question", "for") if method.starts_from == brought else Reason("not-from-question", "refuses")
        )
    return Reason("from-success", "for") if method.starts_from == brought else Reason("not-from-success", "refuses")


def _advice(method: Method, *, wanted: bool) -> Reason:
    if method.advice == "never":
        return Reason("advice-missing", "refuses") if wanted else Reason("no-advice", "for")
    if not wanted:
        return Reason("gives-advice", "refuses")
    return Reason("advice-free" if method.advice == "free" else "advice-late", "for")
