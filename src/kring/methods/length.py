"""How long a method takes: minutes together in a room, hours in writing.

``spoken`` gives the least and the most minutes that phases add up to for a group: those of the round once for each case, and those
for each case or person as often as there are such. ``hours`` gives what a written meeting may take at most, phase by
phase, a module with the longest one that may run; ``extension`` how many hours a facilitator may still add to it where the
method has a cap in ``days``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kring.methods.model import Method, Phase

A_DAY = 24
"""By how many hours a phase is extended at most in writing, where a method's own minutes are none."""


class Span(NamedTuple):
    """From so many minutes to so many."""

    least: float
    most: float


def rounds(method: Method, people: int) -> int:
    """How many cases a group of so many takes up."""
    return people if method.cases == "everyone" else method.cases


def times(method: Method, phase: Phase, people: int) -> int:
    """How often the minutes of a phase count in a group of so many."""
    return {"phase": 1, "case": rounds(method, people), "person": people}[phase.per]


def spoken(method: Method, phases: Iterable[Phase], people: int) -> Span:
    """What these phases take once, in minutes, in a group of so many."""
    found = [(phase, times(method, phase, people)) for phase in phases]
    return Span(
        sum((phase.minutes_from or phase.minutes) * count for phase, count in found),
        sum(phase.minutes * count for phase, count in found),
    )


def minutes(method: Method, people: int) -> Span:
    """What all phases take together, in minutes, in a group of so many."""
    once = [phase for phase in method.round if phase.once]
    each = [phase for phase in method.round if not phase.once]
    first = spoken(method, (*method.opening, *once, *method.closing), people)
    one, count = spoken(method, each, people), rounds(method, people)
    return Span(first.least + one.least * count, first.most + one.most * count)


def hours(method: Method, *, extended: bool = True) -> int:
    """How many hours a written meeting may take once it has begun: each phase to its end, with its overtime.

    ``extended``: with all that a facilitator may add, which is no more than the cap in days leaves.
    """
    whole = sum(_hours(method, phase, extended=extended) for phase in _written(method))
    cap = method.days * A_DAY if method.days is not None and extended else whole
    return min(whole, max(cap, sum(_hours(method, phase, extended=False) for phase in _written(method))))


def extension(method: Method) -> int | None:
    """How many hours may be added to a written meeting altogether; ``None`` where the method has no cap."""
    return None if method.days is None else max(0, method.days * A_DAY - hours(method, extended=False))


def _written(method: Method) -> Iterator[Phase]:
    once = [phase for phase in method.round if phase.once]
    each = [phase for phase in method.round if not phase.once]
    return iter((*method.opening, *once, *(each * rounds(method, method.group.max)), *method.closing))


def _hours(method: Method, phase: Phase, *, extended: bool) -> int:
    """The most hours of a phase, or of the longest module that may run in its place."""
    own = phase.hours + (phase.overtime.hours if phase.overtime else 0)
    own += phase.extend.times * A_DAY if phase.extend and extended else 0
    modules = method.modules.values() if phase.runs == "module" else ()
    return max([own, *(sum(_hours(method, one, extended=extended) for one in module.phases) for module in modules)])
