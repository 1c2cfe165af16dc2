"""The minutes of the phases add up to the minutes of the method; those of a module fit where it runs; hours are for writing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kring.methods.errors import Problem
from kring.methods.model import Method, Phase
from kring.methods.places import Places
from kring.methods.remarks import remark
from kring.methods.walk import runners, steps

_CLOSE = 0.01
"""Fractions such as a third of a minute need not add up to the last digit."""


def check(method: Method, places: Places) -> Iterator[Problem]:
    """Yield what does not add up."""
    yield from _total(method, places)
    yield from _modules(method, places)
    yield from _hours(method, places)
    if method.group.min > method.group.max:
        yield places.problem(("group", "min"), remark("min-over-max", max=method.group.max))


def _total(method: Method, places: Places) -> Iterator[Problem]:
    rounds = method.group.min if method.cases == "everyone" else method.cases
    opening, closing = _sum(method.opening), _sum(method.closing)
    one = _sum(phase for phase in method.round if not phase.once)
    first = _sum(phase for phase in method.round if phase.once)
    total = opening + first + one * rounds + closing
    if abs(total - method.minutes) > _CLOSE:
        parts = [
            remark("part-opening", minutes=opening),
            remark("part-round", count=rounds, minutes=one),
            remark("part-closing", minutes=closing),
            *([remark("part-once", minutes=first)] if first else ()),
        ]
        said = remark("minutes-do-not-add-up", total=total, parts=parts, said=method.minutes)
        yield places.problem(("minutes",), said)


def _modules(method: Method, places: Places) -> Iterator[Problem]:
    room = min((step.phase.minutes for step in runners(method)), default=None)
    for name, module in method.modules.items():
        taken = _sum(module.phases)
        if room is not None and taken > room + _CLOSE:
            said = remark("module-too-long", module=name, taken=taken, room=room)
            yield places.problem(("modules", name), said, key=True)


def _hours(method: Method, places: Places) -> Iterator[Problem]:
    if "written" in method.ways:
        return
    for step in steps(method):
        path = (*step.path, "hours")
        if path in places:
            yield places.problem(path, remark("hours-unused"), key=True)


def _sum(phases: Iterable[Phase]) -> float:
    return sum(phase.minutes for phase in phases)
