"""Which method today? The library in a language, and a short list for a group's answers with the reasons."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.utils.safestring import SafeString

from kring.methods import library
from kring.methods.choosing import Answers, Suggestion, minutes_for, suggest
from kring_web.methods import comparing, drawing, words
from kring_web.methods.method_text import MethodText, describe

MOST = 4
"""How many methods a short list has."""
ENOUGH = 2
"""With fewer than this the nearest misses come along."""


@dataclass(frozen=True)
class Pick:
    """A method on the short list, with its reasons as sentences."""

    text: MethodText
    minutes: str
    line: SafeString
    good: tuple[str, ...]
    beware: tuple[str, ...]


@dataclass(frozen=True)
class Choice:
    """What the answers lead to. ``misses``: those that fail on one thing alone, when little fits."""

    fits: tuple[Pick, ...]
    misses: tuple[Pick, ...]
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
    """The short list for these answers; without any answer the methods to begin with."""
    found = suggest((library.load(name) for name in library.names()), answers)
    if answers == Answers():
        return Choice(tuple(_pick(one, language, answers) for one in found if one.method.featured), (), frozenset())
    fits = [one for one in found if one.fits]
    near = [one for one in found if len(one.why("refuses")) == 1]
    return Choice(
        tuple(_pick(one, language, answers) for one in fits[:MOST]),
        tuple(_pick(one, language, answers) for one in near[:MOST]) if len(fits) < ENOUGH else (),
        frozenset(one.method.id for one in fits),
    )


def _pick(one: Suggestion, language: str, answers: Answers) -> Pick:
    text = library_text(one.method.id, language)
    return Pick(
        text=text,
        minutes=words.minutes(round(minutes_for(one.method, answers.people))),
        line=drawing.line(text),
        good=tuple(map(comparing.reason, one.why("for"))),
        beware=tuple(map(comparing.reason, (*one.why("refuses"), *one.why("against")))),
    )
