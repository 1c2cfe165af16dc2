"""The questions of "which method today?": what a group may answer, and how to read its answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from django.utils.translation import gettext as _

from kring.methods.choosing import Acquainted, Answers

MINUTES = (30, 45, 60, 75, 90, 120, 150)
PEOPLE = tuple(range(1, 17))


@dataclass(frozen=True)
class Option:
    """One answer. ``value``: empty for "doesn't matter"."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Question:
    """One question with its answers. ``name``: as in the address."""

    name: str
    asks: str
    options: tuple[Option, ...]


def read(query: Mapping[str, str]) -> Answers:
    """What the address answers; whatever is no known answer is left out."""
    acquainted = query.get("acquainted", "")
    starts = query.get("about", "")
    return Answers(
        minutes=_number(query.get("minutes", ""), MINUTES),
        people=_number(query.get("people", ""), PEOPLE),
        acquainted=next((known for known in get_args(Acquainted) if known == acquainted), None),
        advice={"yes": True, "no": False}.get(query.get("advice", "")),
        starts_from="question" if starts == "question" else "success" if starts == "success" else None,
        first_time=True if query.get("first") == "yes" else None,
    )


def lists(answers: Answers) -> tuple[Question, ...]:
    """The questions that are answered with a number."""
    anything = _("doesn’t matter")
    minutes = [(str(number), _("%(minutes)s minutes") % {"minutes": number}) for number in MINUTES]
    people = [(str(number), str(number)) for number in PEOPLE]
    return (
        _question("minutes", _("How much time is there?"), [("", anything), *minutes], _text(answers.minutes)),
        _question("people", _("How many are you?"), [("", anything), *people], _text(answers.people)),
    )


def choices(answers: Answers) -> tuple[Question, ...]:
    """The questions that are answered with a tap."""
    anything = ("", _("Doesn’t matter"))
    known = [("hardly", _("Hardly")), ("somewhat", _("A little")), ("well", _("Well"))]
    advice = [("yes", _("Yes")), ("no", _("No, questions and insight"))]
    brought = [("question", _("A question")), ("success", _("Something that went well"))]
    wanted = {None: "", True: "yes", False: "no"}[answers.advice]
    return (
        _question("acquainted", _("How well do you know each other?"), [*known, anything], answers.acquainted or ""),
        _question("advice", _("Do you want advice?"), [*advice, anything], wanted),
        _question("about", _("What are you bringing?"), [*brought, anything], answers.starts_from or ""),
    )


def _question(name: str, asks: str, options: list[tuple[str, str]], chosen: str) -> Question:
    return Question(name, asks, tuple(Option(value, label, value == chosen) for value, label in options))


def _number(text: str, known: tuple[int, ...]) -> int | None:
    return next((number for number in known if str(number) == text), None)


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
