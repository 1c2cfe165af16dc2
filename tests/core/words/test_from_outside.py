"""Methods that people elsewhere work by, as files: each needs words that the language lacked, and loses nothing of what it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from kring.meeting import State, evolve, longest, view
from kring.meeting import events as e
from kring.meeting.flow import HOUR, MINUTE
from kring.meeting.roles import holders
from kring.meeting.state import INITIAL
from kring.methods import checker, length
from kring.methods.model import Method
from tests.core.words.small import owed_and_done, played

pytestmark = pytest.mark.slow

FILES = {file.stem: file for file in sorted((Path(__file__).parents[2] / "fixtures" / "methods").glob("*.yaml"))}
KINDS: tuple[dict[str, float], ...] = ({}, {"mishaps": 0.15}, {"chairs": 1}, {"mishaps": 0.05, "chairs": 1})
SEEDS = 3


def method_of(name: str) -> Method:
    """The method of a file, if the checker has nothing to say of it."""
    return checker.accept(FILES[name].read_bytes(), FILES[name].name)


@cache
def logs(name: str, *, seeds: int = SEEDS, written: bool = False) -> tuple[list[e.AnyEvent], ...]:
    """What happened in many meetings, of every size, with latecomers, absence and chairs."""
    method = method_of(name)
    return tuple(
        played(method, people=people, seed=seed, written=written, **kind).log
        for seed in range(seeds)
        for people in [method.group.min + seed % (method.group.max - method.group.min + 1)]
        for kind in KINDS
    )


def folded(log: list[e.AnyEvent]) -> Iterator[tuple[State, e.AnyEvent]]:
    """Each event with the state before it."""
    state = INITIAL
    for event in log:
        yield state, event
        state = evolve(state, event)


def given(log: list[e.AnyEvent], phase: str, what: str) -> list[tuple[State, e.ContributionGiven]]:
    return [
        (state, event)
        for state, event in folded(log)
        if isinstance(event, e.ContributionGiven) and event.what == what and state.phase and state.phase.id == phase
    ]


def most_in_one(found: list[tuple[State, e.ContributionGiven]]) -> int:
    """How many were given in one phase: when a case owner leaves there is another round."""
    keys = Counter(state.phase.key for state, _ in found if state.phase)
    return max(keys.values(), default=0)


def test_there_are_several() -> None:
    assert len(FILES) > 4


@pytest.mark.parametrize("name", FILES)
def test_nothing_owed_vanishes_and_every_meeting_ends(name: str) -> None:
    for log in logs(name, seeds=8):
        owed, done = owed_and_done(log)
        assert sum(owed.values()) > 0
        assert [about for about, count in owed.items() if done[about] < count] == []
        assert isinstance(log[-1], e.MeetingClosed | e.Revealed)


def test_all_questions_are_asked_before_one_is_answered() -> None:
    for log in logs("incident-written-advice"):
        kinds = [event.what for state, event in folded(log) if isinstance(event, e.ContributionGiven)
                 and state.phase and state.phase.id == "questions"]  # fmt: skip
        assert kinds == sorted(kinds, key=["question", "answer"].index)


def test_a_written_advice_is_for_the_case_owner_alone() -> None:
    method = method_of("incident-written-advice")
    found = 0
    for log in logs("incident-written-advice"):
        end = INITIAL
        for event in log:
            end = evolve(end, event)
        for state, event in given(log, "advice", "advice"):
            if event.content is None or state.owner is None:
                continue
            for seat in (seat.id for seat in end.seats if state.seat(seat.id)):
                sees = event.content in [item.content for item in view(end, seat, method=method).items]
                assert sees == (seat in {state.owner, event.seat})
                found += sees
    assert found > 0


def test_the_secretary_writes_along_and_the_team_asks_three_questions_at_most() -> None:
    for log in logs("key-question"):
        assert most_in_one(given(log, "story", "question")) <= 3
        for state, event in folded(log):
            if (
                isinstance(event, e.PhaseEnded)
                and state.phase
                and state.phase.id == "consult"
                and event.because == "done"
            ):
                (secretary,) = holders(state, "secretary")
                assert [one.owed for one in state.desk if (one.slot.seat, one.slot.what) == (secretary, "note")] == [0]


def test_the_case_owner_picks_the_key_question() -> None:
    made = [event for log in logs("key-question") for event in log if isinstance(event, e.GivenChosen)]
    assert {event.because for event in made} >= {"owner"}
    assert all(len(event.items) <= 1 for event in made)


def test_a_loosely_timed_meeting_lies_in_its_range() -> None:
    method = method_of("codevelopment-ranges")
    least, most = length.minutes(method, 5)
    assert (least, most) == (79, 99)
    assert least < method.minutes < most
    for log in logs("codevelopment-ranges"):
        for state, event in folded(log):
            if isinstance(event, e.PhaseStarted) and event.id == "tour" and event.deadline:
                assert event.deadline - event.at == 2 * len(state.seats) * MINUTE


def test_the_group_keeps_two_insights_of_all() -> None:
    made = [event for log in logs("codevelopment-ranges") for event in log if isinstance(event, e.GivenChosen)]
    assert {len(event.items) for event in made} >= {2}


def test_letters_take_a_fortnight_at_most() -> None:
    method = method_of("troika-in-letters")
    assert longest(method) == 14 * 24 * HOUR
    for log in logs("troika-in-letters", written=True):
        begun = next(event.at for event in log if isinstance(event, e.MeetingStarted))
        assert log[-1].at - begun <= 14 * 24 * HOUR
        owed, done = owed_and_done(log)
        assert [about for about, count in owed.items() if done[about] < count] == []
        assert most_in_one(given(log, "clarify", "question")) <= 4


def test_the_group_asks_twelve_questions_and_settles_one_statement() -> None:
    statements = 0
    for log in logs("questions-only"):
        assert most_in_one(given(log, "questions", "question")) <= 12
        for state, event in folded(log):
            if isinstance(event, e.GivenChosen) and event.what == "reformulation":
                statements += len(event.items)
            if isinstance(event, e.PhaseStarted) and event.section == "round":
                assert [one.what for one in state.chosen][:1] == ["theme"]
    assert statements > SEEDS
