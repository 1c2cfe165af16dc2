"""The walk of the checker is the way that the engine goes."""

from __future__ import annotations

import pytest

from kring.meeting import events as e
from kring.methods import library
from kring.methods.explorer import ways
from kring.methods.remarks import Remark
from kring.methods.walk import steps
from kring.rehearsal.rehearsal import Plan, Rehearsal
from tests.library import EVERY_METHOD_SELDOM


def phases_of(found: Remark | None) -> list[str]:
    assert found is not None
    steps = found.args["steps"]
    assert isinstance(steps, tuple)
    return [str(step.args["phase"]) for step in steps if isinstance(step, Remark) and step.code == "step"]


def sentence_of(found: Remark | None) -> str:
    return found.sentence() if found else ""


@pytest.mark.parametrize("name", EVERY_METHOD_SELDOM)
def test_checker_and_engine_go_the_same_way(name: str) -> None:
    """What the checker says comes before each phase is what came before it in a meeting, in that order."""
    method = library.load(name)
    rehearsal = Rehearsal(method, Plan(people=method.group.min, seed=1))
    list(rehearsal.play())
    started = [event for event in rehearsal.log if isinstance(event, e.PhaseStarted)]
    began = [event for event in started if event.key.startswith(("opening:", "round:1"))]
    ran = {event.module for event in began}
    outer = [event.id for event in began if not event.module]
    inner = {step.phase.id for step in steps(method) if step.module}
    way = ways(method)
    for step in steps(method):
        if step.section != "closing" and step.phase.runs is None and step.module in ran:
            told = phases_of(way(step.path))
            here = next(number for number, event in enumerate(began) if event.id == step.phase.id)
            before = [event.id for event in began[:here] if not event.module]
            assert [one for one in told if one not in inner] == before == outer[: len(before)]


@pytest.mark.parametrize("name", EVERY_METHOD_SELDOM)
def test_every_phase_is_come_by(name: str) -> None:
    method = library.load(name)
    way = ways(method)
    group = "1 person" if method.group.min == 1 else f"{method.group.min} people"
    ran = [step for step in steps(method) if step.phase.runs != "module"]
    assert [step.path for step in ran if f"Found with {group}, " not in sentence_of(way(step.path))] == []
    assert way(("minutes",)) is None
