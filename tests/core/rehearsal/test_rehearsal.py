"""Whole meetings, played by scripted seats: every method, every group size, several seeds."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from kring.meeting import INITIAL, evolve, replay
from kring.meeting.commands import Choose, ReleaseFloor, Resume
from kring.meeting.events import ContributionGiven, MeetingClosed, PhaseEnded, PhaseEnding, SeatReady
from kring.meeting.views import Facts, FloorView, View
from kring.methods import library
from kring.methods.model import SILENCED, Method
from kring.rehearsal import rehearsal as module
from kring.rehearsal.behaviour import Behaviour, Move, still
from kring.rehearsal.rehearsal import Plan, Rehearsal, RehearsalFailed, rehearse
from tests.library import EVERY_METHOD_SELDOM, EVERY_WRITTEN_METHOD

every_method = pytest.mark.parametrize("name", EVERY_METHOD_SELDOM)


def _play(name: str, **plan: Any) -> Rehearsal:
    """A played meeting: it raises where what is permitted is refused, a view and its facts differ, or all are stuck."""
    rehearsal = Rehearsal(library.load(name), Plan(**plan))
    lines = list(rehearsal.play())
    assert lines[-1]["line"] == "end"
    assert rehearsal.state.info.status == "closed"
    return rehearsal


@every_method
@pytest.mark.parametrize("facilitator", [True, False])
def test_every_method_ends(name: str, facilitator: bool) -> None:
    played = _play(name, people=library.load(name).group.min, seed=1, facilitator=facilitator)
    assert isinstance(played.log[-1], MeetingClosed)
    assert played.log[-1].because == "done"


@every_method
def test_chairs_without_a_device_are_acted_for(name: str) -> None:
    people = max(2, library.load(name).group.min)
    chairs = min(2, people - 1)
    played = _play(name, people=people, seed=1, chairs=chairs)
    assert sum(not seat.device for seat in played.state.seats) == chairs


@every_method
def test_people_who_drop_out_and_come_back_stop_nothing(name: str) -> None:
    _play(name, people=library.load(name).group.min + 1, seed=3, mishaps=0.2)


@pytest.mark.parametrize("name", EVERY_WRITTEN_METHOD)
def test_written_form_ends_and_takes_longer(name: str) -> None:
    people = library.load(name).group.min
    spoken, written = (_play(name, people=people, seed=1, written=slow) for slow in (False, True))
    assert written.now - written.plan.opened > 3 * (spoken.now - spoken.plan.opened)
    assert not any(item.content is None and item.what != "vote" for item in written.state.items)


@every_method
def test_log_replays_to_the_same_state(name: str) -> None:
    played = _play(name, people=library.load(name).group.min, seed=5)
    assert replay(played.log) == played.state


def test_same_seed_plays_the_same() -> None:
    first, second = (list(rehearse(library.load("linxx-9"), Plan(people=5, seed=7))) for _ in range(2))
    assert first == second


def test_other_seed_plays_otherwise() -> None:
    first, second = (list(rehearse(library.load("linxx-9"), Plan(people=5, seed=seed))) for seed in (1, 2))
    assert first != second


@every_method
def test_people_do_only_what_is_permitted(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    moves: list[Move] = []
    choose = Behaviour.choose

    def watched(self: Behaviour, view: Any) -> Move | None:
        move = choose(self, view)
        if move is not None:
            assert still(move, view)
            moves.append(move)
        return move

    monkeypatch.setattr(Behaviour, "choose", watched)
    _play(name, people=max(3, library.load(name).group.min), seed=2, chairs=1)
    assert len(moves) > 20


@every_method
def test_nobody_speaks_with_their_back_turned(name: str) -> None:
    played = _play(name, people=library.load(name).group.min, seed=3)
    state = INITIAL
    given = 0
    for event in played.log:
        if isinstance(event, ContributionGiven):
            assert state.position(event.seat) not in SILENCED
            given += 1
        state = evolve(state, event)
    assert given > 5


def test_a_line_says_what_each_audience_saw() -> None:
    lines = list(rehearse(library.load("linxx-9"), Plan(people=4, seed=1)))
    seats = {line["event"]["seat"] for line in lines if line["line"] == "log" and line["event"]["type"] == "seat-taken"}
    assert {line["who"] for line in lines if line["line"] == "saw"} == seats | {"table", None}
    assert {line["line"] for line in lines} == {"did", "log", "saw", "end"}


def test_whoever_facilitates_lets_all_see_what_came_of_a_vote() -> None:
    """It is over when its time is, or when all have said that they have seen it."""
    for seed in range(4):
        log = _play("linxx-9", people=4, seed=seed).log
        ((shown, ending),) = [
            (at, event) for at, event in enumerate(log) if isinstance(event, PhaseEnding) and event.outcome
        ]
        over = next(at for at, event in enumerate(log) if at > shown and isinstance(event, PhaseEnded))
        ready = {event.seat for event in log[shown:over] if isinstance(event, SeatReady)}
        assert log[over].at == ending.until or len(ready) == 4


def test_a_group_of_the_wrong_size_is_refused() -> None:
    with pytest.raises(ValueError, match="4 to 9"):
        rehearse(library.load("linxx-9"), Plan(people=3))


def test_a_behaviour_that_does_nothing_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Behaviour, "_begin", lambda *_: None)
    with pytest.raises(RehearsalFailed, match="Nobody can do anything"):
        list(rehearse(library.load("linxx-9"), Plan(people=4)))


def _with_choice(name: str, by: str, **changes: Any) -> Method:
    """A method of the library whose cases are chosen otherwise, with phases that may be left out."""
    method = library.load(name)
    opening = tuple(
        replace(phase, choose=replace(phase.choose, by=by)) if phase.choose else phase for phase in method.opening
    )
    return replace(method, opening=opening, round=tuple(replace(phase, **changes) for phase in method.round))


@pytest.mark.parametrize("by", ["vote", "urgency", "rotation", "lot", "everyone", "facilitator"])
def test_cases_are_chosen_in_every_way(by: str) -> None:
    rehearsal = Rehearsal(_with_choice("linxx-9", by), Plan(people=4, seed=1))
    assert list(rehearsal.play())[-1]["line"] == "end"
    assert rehearsal.state.round is not None


def test_a_facilitator_skips_where_the_method_allows_it() -> None:
    skippable = _with_choice("linxx-9", "vote", skip=True)
    because = {
        event.because
        for seed in range(4)
        for event in _log(Rehearsal(skippable, Plan(people=4, seed=seed)))
        if isinstance(event, PhaseEnded)
    }
    assert "skipped" in because


def _log(rehearsal: Rehearsal) -> list[Any]:
    list(rehearsal.play())
    return rehearsal.log


def test_nothing_is_done_after_the_close() -> None:
    rehearsal = Rehearsal(library.load("linxx-9"), Plan(people=4))
    list(rehearsal.play())
    assert [one.choose(rehearsal.views[seat]) for seat, one in rehearsal._people.items()] == [None] * 4


def test_one_person_needs_a_device() -> None:
    with pytest.raises(ValueError, match="needs a device"):
        rehearse(library.load("linxx-9"), Plan(people=4, chairs=4))


def test_a_room_without_chairs_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Behaviour, "_sit", lambda _self: None)
    with pytest.raises(RehearsalFailed, match="Nobody may sit down"):
        list(rehearse(library.load("linxx-9"), Plan(people=4)))


def test_a_meeting_without_end_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LONGEST", 10)
    with pytest.raises(RehearsalFailed, match="No end after 10 steps"):
        list(rehearse(library.load("linxx-9"), Plan(people=4)))


def test_a_refusal_of_what_is_permitted_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Behaviour, "_begin", lambda *_: Move(Resume()))
    with pytest.raises(RehearsalFailed, match=r"may Resume\(\), but is refused"):
        list(rehearse(library.load("linxx-9"), Plan(people=4)))


def test_facts_that_leave_something_out_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "facts", lambda *_, **__: Facts())
    with pytest.raises(RehearsalFailed, match="is not a fresh view"):
        list(rehearse(library.load("linxx-9"), Plan(people=4)))


def _view_in(name: str, phase: str, command: str) -> tuple[Rehearsal, View]:
    """The view of someone who may give ``command`` in this phase."""
    rehearsal = Rehearsal(library.load(name), Plan(people=library.load(name).group.min))
    for _ in rehearsal.play():
        for view in rehearsal.views.values():
            here = view.phase is not None and view.phase.id == phase
            if here and any(action[0] == command for action in view.mine.permitted):
                return rehearsal, view
    raise AssertionError(phase)


def test_whoever_has_nothing_to_say_gives_the_floor_back() -> None:
    rehearsal, view = _view_in("leading-org-7", "gossip", "take-floor")
    seat = view.mine.seat or ""
    taken = replace(
        view,
        floor=FloorView(seat, None, owed=False, next=()),
        mine=replace(view.mine, permitted=(("release-floor", ""), *view.mine.permitted)),
    )
    silent = rehearsal._people[seat]
    silent.manners = replace(silent.manners, talks=0)
    assert silent.choose(taken) == Move(ReleaseFloor())


def test_nobody_decides_between_nothing() -> None:
    rehearsal, view = _view_in("tietze-6", "method", "choose")
    seat = view.mine.seat or ""
    assert isinstance(getattr(rehearsal._people[seat].choose(view), "command", None), Choose)
    assert view.choice is not None
    empty = replace(view, choice=replace(view.choice, options=()))
    assert rehearsal._people[seat].choose(empty) is None


def test_questions_are_weighed_by_whom_they_were_asked() -> None:
    log = _play("tien-stappen", people=4, seed=1).log
    given = [event for event in log if isinstance(event, ContributionGiven)]
    first = next(at for at, event in enumerate(given) if event.what == "rating")
    asked = [event for event in given[:first] if event.what == "question"]
    weighed = [event for event in given if event.what == "rating"]
    assert 1 < len(weighed) <= len(asked)
    assert {event.seat for event in weighed}.isdisjoint(event.seat for event in asked)
