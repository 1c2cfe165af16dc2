"""Which method today: what is recommended fits, and every reason is true of its method."""

from __future__ import annotations

import random
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.methods import library
from kring.methods.choosing import Answers, Reason, Suggestion, minutes_for, suggest
from kring.methods.model import Method

METHODS = tuple(library.load(name) for name in library.names())
ANSWERS = st.builds(
    Answers,
    minutes=st.none() | st.integers(10, 200),
    people=st.none() | st.integers(1, 24),
    acquainted=st.none() | st.sampled_from(["hardly", "somewhat", "well"]),
    advice=st.none() | st.booleans(),
    starts_from=st.none() | st.sampled_from(["question", "success"]),
    first_time=st.none() | st.booleans(),
)
TRUE: dict[str, Callable[[Method, Answers, Reason], bool]] = {
    "time-fits": lambda m, a, r: r.first == round(minutes_for(m, a.people)) <= r.second == a.minutes,
    "too-long": lambda m, a, r: r.first == round(minutes_for(m, a.people)) > r.second == a.minutes,
    "people-fit": lambda m, a, r: (
        (r.first, r.second) == (m.group.min, m.group.max) and r.first <= (a.people or 0) <= r.second
    ),
    "too-few": lambda m, a, r: r.first == m.group.min > (a.people or 0),
    "too-many": lambda m, a, r: r.first == m.group.max < (a.people or 0),
    "trust-none": lambda m, _a, _r: m.trust == "none",
    "trust-low": lambda m, _a, _r: m.trust == "low",
    "trust-medium": lambda m, a, _r: m.trust == "medium" and a.acquainted != "hardly",
    "trust-high": lambda m, a, _r: m.trust == "high" and a.acquainted == "well",
    "trust-grows": lambda m, a, _r: (m.trust, a.acquainted) in {("medium", "hardly"), ("high", "somewhat")},
    "trust-missing": lambda m, a, _r: (m.trust, a.acquainted) == ("high", "hardly"),
    "advice-late": lambda m, a, _r: m.advice == "late" and a.advice is True,
    "advice-free": lambda m, a, _r: m.advice == "free" and a.advice is True,
    "gives-advice": lambda m, a, _r: m.advice != "never" and a.advice is False,
    "no-advice": lambda m, a, _r: m.advice == "never" and a.advice is False,
    "advice-missing": lambda m, a, _r: m.advice == "never" and a.advice is True,
    "from-question": lambda m, a, _r: m.starts_from == a.starts_from == "question",
    "from-success": lambda m, a, _r: m.starts_from == a.starts_from == "success",
    "not-from-question": lambda m, a, _r: m.starts_from == "success" and a.starts_from == "question",
    "not-from-success": lambda m, a, _r: m.starts_from == "question" and a.starts_from == "success",
    "first-time": lambda m, a, _r: m.first_time and a.first_time is True,
    "not-first-time": lambda m, a, _r: not m.first_time and a.first_time is True,
}


def fitting(answers: Answers, methods: tuple[Method, ...] = METHODS) -> list[Suggestion]:
    return [one for one in suggest(methods, answers) if one.fits]


def changed(**more: object) -> Method:
    return msgspec.structs.replace(METHODS[0], **more)


@given(ANSWERS)
def test_every_reason_is_true_of_its_method(answers: Answers) -> None:
    for one in suggest(METHODS, answers):
        for reason in one.reasons:
            assert TRUE[reason.code](one.method, answers, reason), (one.method.id, reason)


@given(ANSWERS)
def test_what_is_recommended_takes_this_many_people_in_this_time(answers: Answers) -> None:
    for one in fitting(answers):
        if answers.people is not None:
            assert one.method.group.min <= answers.people <= one.method.group.max
        if answers.minutes is not None:
            assert round(minutes_for(one.method, answers.people)) <= answers.minutes


@given(ANSWERS)
def test_what_is_recommended_gives_no_unwanted_advice(answers: Answers) -> None:
    for one in fitting(answers):
        assert answers.advice is None or (one.method.advice != "never") == answers.advice


@given(ANSWERS, st.integers())
def test_the_order_depends_on_the_answers_alone(answers: Answers, seed: int) -> None:
    shuffled = list(METHODS)
    random.Random(seed).shuffle(shuffled)
    assert suggest(shuffled, answers) == suggest(METHODS, answers)


@given(ANSWERS)
def test_every_method_has_a_place_and_what_fits_comes_first(answers: Answers) -> None:
    found = suggest(METHODS, answers)
    assert {one.method.id for one in found} == {method.id for method in METHODS}
    assert [one.fits for one in found] == sorted((one.fits for one in found), reverse=True)
    missing = [len(one.why("refuses")) for one in found]
    assert missing == sorted(missing)


@given(ANSWERS)
def test_each_answer_has_one_reason_at_most(answers: Answers) -> None:
    given_ = [answer for answer in msgspec.structs.astuple(answers) if answer is not None and answer != ()]
    for one in suggest(METHODS, answers):
        said = [reason.code for reason in one.reasons]
        assert len(said) == len(set(said)) == len(given_) - (answers.first_time is False)


def test_no_answer_gives_no_reason_and_refuses_nothing() -> None:
    assert all(one.fits and one.reasons == () for one in suggest(METHODS, Answers()))


def test_without_answers_the_featured_come_first() -> None:
    featured = [one.method.featured for one in suggest(METHODS, Answers())]
    assert featured == sorted(featured, reverse=True)
    assert featured[0]


def test_of_two_that_fit_the_one_that_uses_the_time_comes_first() -> None:
    short, long = changed(id="a", minutes=30.0), changed(id="b", minutes=55.0)
    assert [one.method.id for one in suggest((short, long), Answers(minutes=60))] == ["b", "a"]
    assert [one.method.id for one in suggest((short, long), Answers(minutes=20))] == ["a", "b"]


def test_where_everyone_brings_a_case_each_person_more_takes_a_round_more() -> None:
    one = next(method for method in METHODS if method.cases == "everyone")
    a_round = sum(phase.minutes for phase in one.round)
    assert minutes_for(one, None) == minutes_for(one, one.group.min) == one.minutes
    assert minutes_for(one, one.group.min + 1) == pytest.approx(one.minutes + a_round)


def test_advice_at_any_time_is_told_as_such() -> None:
    (free,) = suggest((changed(advice="free"),), Answers(advice=True))
    assert [reason.code for reason in free.reasons] == ["advice-free"]
