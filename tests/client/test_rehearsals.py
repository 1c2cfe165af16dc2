"""The broad sweep of rehearsals: each method in each group size by one plan, the first methods by two, in turn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kring.methods import library
from kring.rehearsal.rehearsal import Plan, Rehearsal
from tests.library import EVERY_SIZE, FIRST, WAYS

PLANS: tuple[dict[str, Any], ...] = (
    {"seed": 1},
    {"seed": 2, "facilitator": False},
    {"seed": 3, "chairs": 2},
    {"seed": 4, "mishaps": 0.2},
    {"seed": 5, "mishaps": 0.2, "chairs": 1, "facilitator": False},
    {"seed": 6, "written": True, "mishaps": 0.1},
)


def _cases() -> Iterator[Any]:
    """Each method and size with some of the plans, in the ways that the method has."""
    sizes: Any = EVERY_SIZE
    turn = 0
    for case in sizes:
        ways = WAYS[case.values[0]]
        plans = [plan for plan in PLANS if ("written" if plan.get("written") else "spoken") in ways]
        for _ in range(2 if case.values[0] in FIRST else 1):
            plan = plans[turn % len(plans)]
            turn += 1
            name = "-".join(map(str, [*(f"{key}{value}" for key, value in plan.items()), *case.values]))
            yield pytest.param(plan, *case.values, id=name, marks=case.marks)


@pytest.mark.parametrize(("plan", "name", "people"), list(_cases()))
def test_every_rehearsal_ends_with_the_meeting_closed(plan: dict[str, Any], name: str, people: int) -> None:
    plan = plan | {"chairs": min(plan.get("chairs", 0), people - 1)}
    rehearsal = Rehearsal(library.load(name), Plan(people=people, **plan))
    last = list(rehearsal.play())[-1]
    assert last["line"] == "end"
    assert rehearsal.state.info.status == "closed"
