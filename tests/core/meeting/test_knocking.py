"""Knocking: who may, how many at a time, for how long, and in which order they and whoever is inside say what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.meeting import events as e
from kring.meeting import knocking, replay
from kring.meeting.knocking import (
    ANSWER_MS,
    CHECK_MS,
    CODE_MS,
    MOST,
    Knock,
    Side,
    code_until,
    leads_in,
    may_knock,
    new_knock,
    say,
)

NOW = 1_000_000
ORDER: tuple[tuple[Side, str], ...] = (
    ("fellow", "answer"),
    ("newcomer", "reveal"),
    ("newcomer", "typed"),
    ("fellow", "box"),
)


_DOINGS = st.tuples(
    st.sampled_from(["newcomer", "fellow"]),
    st.sampled_from(["d1", "d2"]),
    st.text(max_size=8) | st.sampled_from(["commit", "answer", "reveal", "typed", "box", "end"]),
    st.integers(0, 200_000),
)
"""A side, a device, what it says, and how many milliseconds passed before."""


def knocked(now: int = NOW) -> Knock:
    knock = new_knock((), now)
    assert isinstance(knock, Knock)
    return knock


def said(knock: Knock, *words: tuple[Side, str], now: int = NOW) -> Knock:
    for side, what in words:
        after = say(knock, side, what, now, device="d1")
        assert isinstance(after, Knock)
        knock = after
    return knock


def test_a_code_is_given_while_doors_are_open_and_lives_for_half_an_hour() -> None:
    assert code_until(doors_open=False, now=NOW) == "doors-closed"
    assert code_until(doors_open=True, now=NOW) == NOW + 30 * 60 * 1000
    assert leads_in(NOW + CODE_MS, doors_open=True, now=NOW + CODE_MS - 1)
    assert not leads_in(NOW + CODE_MS, doors_open=True, now=NOW + CODE_MS)
    assert not leads_in(NOW + CODE_MS, doors_open=False, now=NOW)


def test_three_may_knock_at_a_time() -> None:
    three = (knocked(),) * MOST
    assert new_knock(three[:2], NOW) == knocked()
    assert new_knock(three, NOW) == "too-many-knocks"
    assert new_knock(three, NOW + ANSWER_MS) == knocked(NOW + ANSWER_MS)


@pytest.mark.parametrize("side", ["newcomer", "fellow"])
def test_nobody_rings_more_often_by_going_away(side: Side) -> None:
    ended = said(knocked(), (side, "end"))
    assert new_knock((ended,) * MOST, NOW + ANSWER_MS - 1) == "too-many-knocks"
    assert new_knock((ended,) * MOST, NOW + ANSWER_MS) == knocked(NOW + ANSWER_MS)


@pytest.mark.parametrize("last", [ORDER, (*ORDER[:2], ("newcomer", "end"))], ids=["handed over", "ended"])
def test_whoever_has_been_answered_makes_room_for_the_next(last: tuple[tuple[Side, str], ...]) -> None:
    done, busy = said(knocked(), *last), said(knocked(), *ORDER[:-1])
    assert new_knock((done,) * MOST, NOW) == knocked()
    assert new_knock((busy,) * MOST, NOW) == "too-many-knocks"


def test_a_code_that_is_stopped_lets_go_of_whoever_waits_and_of_no_check() -> None:
    assert not knocking.is_live(knocking.stopped(knocked()), NOW)
    answered = said(knocked(), ORDER[0])
    assert knocking.stopped(answered) == answered


def test_who_is_not_answered_within_a_minute_is_dropped() -> None:
    knock = knocked()
    last = NOW + ANSWER_MS - 1
    assert knocking.waits(knock, last)
    assert not knocking.waits(knock, last + 1)
    assert say(knock, "fellow", "answer", last + 1, device="d1") == "knock-over"
    answered = said(knock, ("fellow", "answer"), now=last)
    assert answered.until == last + CHECK_MS


def test_the_check_goes_in_its_order_and_no_other() -> None:
    whole = said(knocked(), *ORDER)
    assert whole.said == 5
    for at in range(len(ORDER) + 1):
        knock = said(knocked(), *ORDER[:at])
        for word in {("newcomer", "commit"), *ORDER, ("fellow", "reveal"), ("newcomer", "box")} - set(
            ORDER[at : at + 1]
        ):
            assert say(knock, word[0], word[1], NOW, device="d1") == "out-of-turn"


def test_who_answers_first_goes_on_alone() -> None:
    knock = knocked()
    assert knocking.waits(knock, NOW)
    answered = said(knock, ("fellow", "answer"))
    assert not knocking.waits(answered, NOW)
    for what in ("answer", "box", "end"):
        assert say(answered, "fellow", what, NOW, device="d2") == "knock-taken"


@pytest.mark.parametrize("side", ["newcomer", "fellow"])
@pytest.mark.parametrize("at", range(len(ORDER) + 1))
def test_either_side_ends_it_for_good(side: Side, at: int) -> None:
    ended = said(said(knocked(), *ORDER[:at]), (side, "end"))
    assert ended.over
    for word in (("newcomer", "end"), *ORDER):
        assert say(ended, word[0], word[1], NOW, device="d1") == "knock-over"


@given(st.lists(_DOINGS))
def test_nothing_prolongs_a_knock_but_the_answer_and_that_once(doings: list[tuple[Side, str, str, int]]) -> None:
    knock, now = knocked(), NOW
    for side, device, what, passed in doings:
        now += passed
        after = say(knock, side, what, now, device=device)
        if isinstance(after, Knock):
            assert now < knock.until <= NOW + ANSWER_MS + CHECK_MS
            knock = after
    assert knock.until <= NOW + ANSWER_MS + CHECK_MS


def test_at_closed_doors_three_devices_knock_each_once_until_the_meeting_is_over() -> None:
    opened = e.MeetingOpened(at=1, meeting="m" * 20, method="linxx-9")
    shut = e.DoorsClosed(at=2)
    closed = replay([opened, shut])
    assert may_knock(closed, frozenset(), "d1")
    assert may_knock(closed, frozenset({"d2", "d3"}), "d1")
    assert not may_knock(closed, frozenset({"d1"}), "d1")
    assert not may_knock(closed, frozenset({f"d{n}" for n in range(2, 2 + MOST)}), "d1")
    assert not may_knock(replay([opened]), frozenset(), "d1")
    assert not may_knock(replay([opened, shut, e.MeetingClosed(at=3, because="early")]), frozenset(), "d1")
