"""Every method of the library, practised from its own page to the end by someone who does only what the screen offers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from kring.methods import library
from kring.methods.model import Method, Phase
from tests.e2e.practice import Practice, practise

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(500)]
CIRCLE = 6
"""A newcomer and five colleagues, where the method takes so many."""
A_WHILE = 15
"""Looks of a fifth of a second: as long as nobody minds."""


@pytest.fixture(scope="module")
def practised(browser: Browser, site: str) -> Callable[[str], Practice]:
    """The practice of a method. All are played at once when the first is asked for; one that is tried anew, by itself."""
    played: dict[str, Practice] = {}
    asked: set[str] = set()

    def of(method: str) -> Practice:
        if method not in played:
            played.update(practise(browser, site, [method] if asked else library.names()))
        asked.add(method)
        return played.pop(method)

    return of


def run(phases: tuple[Phase, ...], module: str | None, method: Method) -> list[str]:
    """The steps as they come, with those of the way of working that was chosen on the spot."""
    return [
        step.id
        for phase in phases
        for step in (method.modules[module].phases if phase.runs == "module" and module else (phase,))
    ]


@pytest.mark.parametrize("name", library.names())
def test_a_newcomer_is_led_through_every_step(practised: Callable[[str], Practice], name: str) -> None:
    method, practice = library.load(name), practised(name)
    assert practice.ended, f"not at the end, but: {practice.phases} {practice.did}"
    ways = [
        run((*method.opening, *method.round, *method.closing), module, method) for module in (method.modules or [None])
    ]
    assert list(dict.fromkeys(practice.phases)) in ways
    rounds = Counter(practice.phases)[next(phase.id for phase in method.round if not phase.once)]
    assert rounds == (method.cases if method.cases != "everyone" else min(CIRCLE, method.group.max))
    assert practice.did
    # Whoever has nothing to do is told whom it waits for, and every text can be read.
    assert {phase: looks for phase, looks in practice.blind.items() if looks >= A_WHILE} == {}
    assert practice.unread == 0
    assert practice.trouble == ()
