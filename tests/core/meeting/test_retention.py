"""Retention classes: which content goes when, and what a meeting shows after that."""

from __future__ import annotations

import pytest

from kring.meeting import INITIAL, evolve, open_meeting
from kring.meeting import events as e
from kring.meeting.retention import CASE, OTHERS, retention_of
from kring.methods.library import load


@pytest.mark.parametrize("what", ["case", "explanation", "advice", "note", "name"])
def test_what_is_said_about_a_case_goes_with_it(what: str) -> None:
    assert retention_of(what) == CASE


def test_what_somebody_means_to_do_is_of_a_class_of_its_own() -> None:
    assert retention_of("action") in OTHERS


@pytest.mark.parametrize(("retention", "burned"), [("case", True), ("intention", False)])
def test_a_meeting_without_its_cases_shows_nothing_any_more(retention: str, *, burned: bool) -> None:
    opened = evolve(INITIAL, open_meeting("m", load("linxx-9"), now=1, seed=1))
    state = evolve(opened, e.ContentExpired(at=2, retention="case" if retention == "case" else "intention"))
    assert state.info.burned is burned
