"""What the pages about methods ask for: the library told in a language, and a choice from it with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.utils.safestring import SafeString
from msgspec.structs import replace

from kring.methods import library
from kring.methods.choosing import Answers, Suggestion, minutes_for, suggest
from kring.methods.encoded import decode
from kring.methods.model import Method
from kring_web.api import Problem
from kring_web.meetings import services as meetings
from kring_web.methods import comparing, drawing, words
from kring_web.methods.telling import Told, tell
from kring_web.workbench import services as workbench

MOST = 4
"""How many methods a short list has."""
ENOUGH = 2
"""With fewer than this the nearest misses come along."""


@dataclass(frozen=True)
class Pick:
    """A method on the short list, with its reasons as sentences."""

    told: Told
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


def find(method: str) -> Method | None:
    """A method of the library, or a published one, which is known by its address here; or ``None``."""
    if method in library.names():
        return library.load(method)
    published = workbench.find(method)
    return replace(published.method, id=method) if published else None


def of_meeting(meeting: str) -> Method | None:
    """The method of a meeting as it was when it opened, or ``None`` when there is none or its time is over."""
    try:
        return decode(meetings.method_of(meeting))
    except Problem:
        return None


@cache
def told(method: str, language: str) -> Told:
    """A method of the library in a language."""
    return tell(library.load(method), language)


def everything(language: str) -> tuple[Told, ...]:
    """The whole library, the shortest first."""
    methods = sorted((library.load(name) for name in library.names()), key=lambda one: (one.minutes, one.id))
    return tuple(told(method.id, language) for method in methods)


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
    return Pick(
        told=told(one.method.id, language),
        minutes=words.minutes(round(minutes_for(one.method, answers.people))),
        line=drawing.line(told(one.method.id, language)),
        good=tuple(map(comparing.reason, one.why("for"))),
        beware=tuple(map(comparing.reason, (*one.why("refuses"), *one.why("against")))),
    )
