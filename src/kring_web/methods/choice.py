"""Which method suits a group: a short list for its answers, with the reasons."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.utils.safestring import SafeString

from kring.methods import library
from kring.methods.choosing import Answers, Suggestion, minutes_for, suggest
from kring_web.methods import comparison, drawing, labels
from kring_web.methods.method_text import MethodText, describe

MAX_PICKS = 4
"""How many methods a short list has."""
MAX_DOUBTS = 1
"""With more against it a method is not what fits today, though nothing refuses it."""
MIN_FITS = 2
"""With fewer than this the near misses are shown too."""


@dataclass(frozen=True)
class Pick:
    """A method on the short list, with its reasons as sentences."""

    text: MethodText
    minutes: str
    line: SafeString
    pros: tuple[str, ...]
    cons: tuple[str, ...]


@dataclass(frozen=True)
class Choice:
    """What the answers lead to. ``near_misses``: those that fail on one point only, when few fit."""

    fits: tuple[Pick, ...]
    near_misses: tuple[Pick, ...]
    fitting: frozenset[str]


@cache
def library_text(method: str, language: str) -> MethodText:
    """A method of the library in a language."""
    return describe(library.load(method), language)


def everything(language: str) -> tuple[MethodText, ...]:
    """The whole library, the shortest first."""
    methods = sorted((library.load(name) for name in library.names()), key=lambda one: (one.minutes, one.id))
    return tuple(library_text(method.id, language) for method in methods)


def choose(answers: Answers, language: str) -> Choice:
    """The short list for these answers; without any answer the featured methods."""
    found = suggest((library.load(name) for name in library.names()), answers)
    if answers == Answers():
        return Choice(tuple(_pick(one, language, answers) for one in found if one.method.featured), (), frozenset())
    fits = [one for one in found if one.fits and len(one.why("against")) <= MAX_DOUBTS]
    near = [one for one in found if len(one.why("refuses")) == 1]
    return Choice(
        tuple(_pick(one, language, answers) for one in fits[:MAX_PICKS]),
        tuple(_pick(one, language, answers) for one in near[:MAX_PICKS]) if len(fits) < MIN_FITS else (),
        frozenset(one.method.id for one in fits),
    )


def _pick(one: Suggestion, language: str, answers: Answers) -> Pick:
    text = library_text(one.method.id, language)
    return Pick(
        text=text,
        minutes=labels.minutes(round(minutes_for(one.method, answers.people))),
        line=drawing.line(text),
        pros=tuple(map(comparison.reason, one.why("for"))),
        cons=tuple(map(comparison.reason, (*one.why("refuses"), *one.why("against")))),
    )
