"""The minutes of the phases add up to the minutes of the method; those of a module fit where it runs; hours are for writing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kring.methods.errors import Problem
from kring.methods.model import Method, Phase
from kring.methods.places import Places
from kring.methods.walk import runners, steps

_CLOSE = 0.01
"""Fractions such as a third of a minute need not add up to the last digit."""


def check(method: Method, places: Places) -> Iterator[Problem]:
    """Yield what does not add up."""
    yield from _total(method, places)
    yield from _modules(method, places)
    yield from _hours(method, places)
    if method.group.min > method.group.max:
        yield places.problem(("group", "min"), f"`min` is more than `max` ({method.group.max}); swap them.")


def _total(method: Method, places: Places) -> Iterator[Problem]:
    rounds = method.group.min if method.cases == "everyone" else method.cases
    opening, closing = _sum(method.opening), _sum(method.closing)
    one = _sum(phase for phase in method.round if not phase.once)
    first = _sum(phase for phase in method.round if phase.once)
    total = opening + first + one * rounds + closing
    if abs(total - method.minutes) > _CLOSE:
        parts = [f"opening {opening:g}", f"{rounds} x round {one:g}", f"closing {closing:g}"]
        parts += [f"once {first:g}"] if first else []
        message = f"The phases take {total:g} minutes ({', '.join(parts)}), not {method.minutes:g}; change one of them."
        yield places.problem(("minutes",), message)


def _modules(method: Method, places: Places) -> Iterator[Problem]:
    room = min((step.phase.minutes for step in runners(method)), default=None)
    for name, module in method.modules.items():
        taken = _sum(module.phases)
        if room is not None and taken > room + _CLOSE:
            message = (
                f"Module `{name}` takes {taken:g} minutes, but the phase that runs it has {room:g}; make it shorter."
            )
            yield places.problem(("modules", name), message, key=True)


def _hours(method: Method, places: Places) -> Iterator[Problem]:
    if "written" in method.ways:
        return
    for step in steps(method):
        path = (*step.path, "hours")
        if path in places:
            message = "`hours` are for the written form; say `ways: [spoken, written]` in the method, or remove them."
            yield places.problem(path, message, key=True)


def _sum(phases: Iterable[Phase]) -> float:
    return sum(phase.minutes for phase in phases)
