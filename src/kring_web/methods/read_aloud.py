"""A method in words that are read aloud in one minute, by a person or by a browser's voice."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import translation
from django.utils.translation import gettext as _

from kring.methods.flow import first_advice
from kring_web.methods import labels
from kring_web.methods.method_text import MethodText, Step

MOST_WORDS = 160
"""As many as an unhurried voice speaks in a minute."""


def read_aloud(text: MethodText) -> tuple[str, ...]:
    """The sentences: what it is, the steps in order, and the rules. A long method leaves out its minutes."""
    with translation.override(text.language):
        whole = tuple(_sentences(text, whole=True))
        if count(whole) <= MOST_WORDS:
            return whole
        return tuple(_sentences(text, whole=False))


def count(sentences: tuple[str, ...]) -> int:
    """How many words that are."""
    return sum(len(sentence.split()) for sentence in sentences)


def _sentences(text: MethodText, *, whole: bool) -> Iterator[str]:
    facts = {"count": len(text.steps), "minutes": labels.whole(text.method), "people": text.people}
    yield f"{text.name}."
    yield _("%(count)s steps, %(minutes)s minutes, %(people)s.") % facts
    yield from (_step(step, whole=whole) for step in text.steps)
    first = first_advice(text.method)
    if first is None:
        yield _("Nobody gives advice.")
    elif text.method.advice == "late":
        yield _("No advice before step %(number)s.") % {"number": first.number}
    yield _("What is said here stays here.")


def _step(step: Step, *, whole: bool) -> str:
    line = f"{step.number}: {step.name}"
    if whole:
        line += ", " + _("%(minutes)s minutes") % {"minutes": labels.number(step.stage.phase.minutes)}
    away = {
        "aside": _("the case owner sits aside and listens"),
        "back": _("the case owner turns round and listens"),
        "unseen": _("the case owner sits out of sight and listens"),
        "out": _("the case owner leaves the room"),
    }.get(step.stage.owner or "in")
    return f"{line}; {away}." if away else f"{line}."
