"""The broad sweep of rehearsals: each method, each group size, several seeds, with and without mishaps."""

from __future__ import annotations

from typing import Any

import pytest

from kring.methods import library
from kring.rehearsal.rehearsal import Plan, Rehearsal
from tests.library import EVERY_SIZE

PLANS: tuple[dict[str, Any], ...] = (
    {"seed": 1},
    {"seed": 2, "facilitator": False},
    {"seed": 3, "chairs": 2},
    {"seed": 4, "mishaps": 0.2},
    {"seed": 5, "mishaps": 0.2, "chairs": 1, "facilitator": False},
    {"seed": 6, "written": True, "mishaps": 0.1},
)


@pytest.mark.parametrize(("name", "people"), EVERY_SIZE)
@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: "-".join(f"{key}{value}" for key, value in plan.items()))
def test_every_rehearsal_ends_with_the_meeting_closed(name: str, people: int, plan: dict[str, Any]) -> None:
    plan = plan | {"chairs": min(plan.get("chairs", 0), people - 1)}
    rehearsal = Rehearsal(library.load(name), Plan(people=people, **plan))
    last = list(rehearsal.play())[-1]
    assert last["line"] == "end"
    assert rehearsal.state.info.status == "closed"
