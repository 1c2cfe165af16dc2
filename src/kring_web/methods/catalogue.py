"""The library as the JSON API gives it: a list to choose from, and each method in full."""

from __future__ import annotations

from functools import cache
from typing import Literal

import msgspec

from kring.methods import library
from kring.methods.encoded import encode
from kring.methods.model import Group, Method, Text


class MethodSummary(msgspec.Struct, frozen=True, rename="kebab"):
    """What helps to choose. ``minutes``: for all its cases."""

    id: str
    name: Text
    summary: Text
    minutes: float
    group: Group
    advice: Literal["never", "late", "free"]
    cases: int | Literal["everyone"]
    ways: tuple[Literal["spoken", "written"], ...]
    featured: bool


@cache
def summaries() -> tuple[MethodSummary, ...]:
    """Every method of the library, in its order."""
    return tuple(_summary(library.load(name)) for name in library.names())


@cache
def encoded(method: str) -> bytes | None:
    """The expanded method as JSON, or ``None`` when there is no such method."""
    return encode(library.load(method)) if exists(method) else None


def exists(method: str) -> bool:
    """Whether the library has it."""
    return method in library.names()


def _summary(method: Method) -> MethodSummary:
    return MethodSummary(
        id=method.id,
        name=method.name,
        summary=method.summary,
        minutes=method.minutes,
        group=method.group,
        advice=method.advice,
        cases=method.cases,
        ways=method.ways,
        featured=method.featured,
    )
