"""The minutes of the phases add up to the minutes of the method; those of a module fit where it runs; hours are for writing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kring.methods import length
from kring.methods.errors import Problem
from kring.methods.model import Method, Phase
from kring.methods.places import Places
from kring.methods.remarks import Remark, remark
from kring.methods.walk import runners, steps

_CLOSE = 0.01
"""Fractions such as a third of a minute need not add up to the last digit."""


def check(method: Method, places: Places) -> Iterator[Problem]:
    """Yield what does not add up."""
    yield from _total(method, places)
    yield from _ranges(method, places)
    yield from _modules(method, places)
    yield from _hours(method, places)
    if method.group.min > method.group.max:
        yield places.problem(("group", "min"), remark("min-over-max", max=method.group.max))


def _total(method: Method, places: Places) -> Iterator[Problem]:
    """Yield a total that the phases cannot take: a range holds all that they may, a number lies in what they may."""
    people = method.group.min
    least, most = length.minutes(method, people)
    low = method.minutes_from
    if low is None:
        fits = least - _CLOSE <= method.minutes <= most + _CLOSE
    else:
        fits = low <= least + _CLOSE and most <= method.minutes + _CLOSE
    if fits:
        return
    total = remark("minutes-range", least=least, most=most) if least < most else most
    said = remark("minutes-range", least=low, most=method.minutes) if low is not None else method.minutes
    problem = remark("minutes-do-not-add-up", total=total, parts=tuple(_parts(method, people)), said=said)
    yield places.problem(("minutes",), problem)


def _parts(method: Method, people: int) -> Iterator[Remark]:
    once = [phase for phase in method.round if phase.once]
    each = [phase for phase in method.round if not phase.once]
    yield remark("part-opening", minutes=_most(method, method.opening, people))
    yield remark("part-round", count=length.rounds(method, people), minutes=_most(method, each, people))
    yield remark("part-closing", minutes=_most(method, method.closing, people))
    if once:
        yield remark("part-once", minutes=_most(method, once, people))


def _most(method: Method, phases: Iterable[Phase], people: int) -> float:
    return length.spoken(method, phases, people).most


def _ranges(method: Method, places: Places) -> Iterator[Problem]:
    whole = [((), method.minutes_from, method.minutes)]
    for path, low, high in (
        *whole,
        *((step.path, step.phase.minutes_from, step.phase.minutes) for step in steps(method)),
    ):
        if low is not None and low >= high:
            yield places.problem((*path, "minutes-from"), remark("from-over-minutes", minutes=high))
    for step in steps(method):
        if step.phase.per == "case" and step.section == "round":
            yield places.problem((*step.path, "per"), remark("one-case-in-the-round"))


def _modules(method: Method, places: Places) -> Iterator[Problem]:
    room = min((_most(method, [step.phase], method.group.max) for step in runners(method)), default=None)
    for name, module in method.modules.items():
        taken = _most(method, module.phases, method.group.max)
        if room is not None and taken > room + _CLOSE:
            said = remark("module-too-long", module=name, taken=taken, room=room)
            yield places.problem(("modules", name), said, key=True)


def _hours(method: Method, places: Places) -> Iterator[Problem]:
    if "written" in method.ways:
        days = -(-length.hours(method, extended=False) // length.A_DAY)
        if method.days is not None and method.days < days:
            yield places.problem(("days",), remark("days-too-few", days=days))
        return
    if method.days is not None:
        yield places.problem(("days",), remark("days-unused"), key=True)
    for step in steps(method):
        for path in ((*step.path, "hours"), (*step.path, "overtime", "hours")):
            if path in places:
                yield places.problem(path, remark("hours-unused"), key=True)
