"""Choosing among anything given: a theme in the opening, a question in the round; by all, by lot, by one person."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from kring.meeting import acting, evolve, permitted, view
from kring.meeting import commands as c
from kring.meeting import events as e
from kring.meeting.choosing import has_options
from kring.meeting.choosing import options as options_of
from kring.meeting.state import INITIAL
from kring.methods.library import load
from kring.methods.model import Method
from tests.core.meeting.cast import BRAM, JOOST, NOOR, OWNER, code
from tests.core.meeting.playing import ROOM, Table
from tests.core.words.small import BRING, TELL, Sketch, give, played, rehearsed, remarks, small

QUESTIONS: Sketch = ("ask", "write", 4, {
    "gives": [give("participant", "question", 0, 2, turns="alone", by="written", form="sentence")],
    "hidden": "end", "ends": ["done", "agreed"],
})  # fmt: skip
ANSWER: Sketch = ("answer", "answer", 4, {})
THEMES: Sketch = ("themes", "collect", 4, {"gives": [give("everyone", "theme", 1, 1, by="written")], "hidden": "done"})


def picked(what: str, by: str, **more: Any) -> Sketch:
    return (
        "choice",
        "choose",
        3,
        {"choose": {"what": what, "by": by, **more}, **({"silence": False} if by == "lot" else {})},
    )


WAYS: dict[str, Any] = {"ways": ["spoken", "written"], "group": (3, 5)}
ALL = {
    by: small([TELL, QUESTIONS, picked("question", by, **more), ANSWER], **WAYS)
    for by, more in {
        "vote": {"votes": 2, "many": 2}, "urgency": {}, "lot": {"many": 2}, "facilitator": {"many": 2}, "owner": {},
    }.items()
}  # fmt: skip
BY_THEME = small(
    [TELL], opening=[THEMES, ("which", "choose", 2, {"choose": {"what": "theme"}}), *BRING], cases=2, **WAYS
)
LOOKING_BACK = small(
    [TELL, ("hear", "harvest", 3, {})],
    closing=[("best", "choose", 2, {"choose": {"what": "insight", "by": "vote"}})], cases=2, **WAYS,
)  # fmt: skip
AT_ONCE = small([TELL, ("ask", "choose", 6, {
    "gives": [give("participant", "question", 1, 1, by="written")], "hidden": "done",
    "choose": {"what": "question", "by": "owner"},
})], **WAYS)  # fmt: skip
EVERY = {**ALL, "by theme": BY_THEME, "looking back": LOOKING_BACK, "at once": AT_ONCE}


def at_the_choice(method: Method, questions: int = 1, *, guide: bool = False, ready: bool = True) -> Table:
    """Samira is case owner; each of the others has asked so many questions, one of them aloud."""
    table = Table(method)
    table.sit(4)
    if guide:
        table.must(BRAM, c.TakeFacilitation())
    table.must(BRAM, c.Start())
    for seat in (OWNER, NOOR, BRAM, JOOST):
        table.must(seat, c.Give(what="case", content=table.new_id()))
    noor = next(item.content for item in table.state.items if item.seat == NOOR)
    for seat in (OWNER, NOOR, BRAM, JOOST):
        table.must(seat, c.Vote(choices={str(noor): 1}))
    table.pass_moment()
    table.must(NOOR, c.Give(what="explanation"))
    for _ in range(questions):
        for seat in (OWNER, BRAM, JOOST):
            table.must(seat, c.Give(what="question", content=table.new_id()))
    if ready:
        for seat in (OWNER, BRAM, JOOST):
            if table.state.phase and table.state.phase.id == "ask":
                table.must(seat, c.Ready())
    if guide and table.state.phase and table.state.phase.id == "ask" and not table.state.phase.ending:
        table.must(BRAM, c.EndPhase())
    table.pass_moment()
    return table


def options(table: Table, who: str = NOOR) -> tuple[str, ...]:
    choice = view(table.state, who, method=table.method).choice
    assert choice is not None
    return choice.options


def chosen(table: Table, who: str = BRAM) -> list[tuple[str, tuple[int, ...]]]:
    return [(one.what, one.items) for one in view(table.state, who, method=table.method).chosen]


def may_choose(table: Table) -> set[str]:
    return {
        seat.id
        for seat in table.state.seats
        if {("choose", "question"), ("vote", "question")} & permitted(table.state, seat.id, method=table.method)
    }


def test_the_case_owner_chooses_among_the_questions() -> None:
    table = at_the_choice(ALL["owner"])
    one, two, three = options(table)
    assert may_choose(table) == {NOOR}
    assert code(table.do(BRAM, c.Choose(choices=(one,)))) == "owner-only"
    assert code(table.do(NOOR, c.Vote(choices={one: 1}))) == "not-in-this-phase"
    assert code(table.do(NOOR, c.Choose(choices=("#0",)))) == "unknown-choice"  # a case
    assert code(table.do(NOOR, c.Choose(choices=(one, one)))) == "unknown-choice"
    assert code(table.do(NOOR, c.Choose(choices=(one, two)))) == "wrong-votes"
    table.must(NOOR, c.Choose(choices=(three,)))
    assert table.state.phase is not None
    assert table.state.phase.id == "answer"
    assert chosen(table) == [("question", (int(three[1:]),))]
    assert table.state.choice is not None
    assert table.state.choice.because == "owner"


def test_whoever_acts_for_an_owner_without_a_device_chooses_for_them() -> None:
    table = at_the_choice(ALL["owner"], guide=True)
    state = replace(table.state, seats=tuple(replace(seat, device=seat.id != NOOR) for seat in table.state.seats))
    assert ("choose", "question") in acting(state, BRAM, NOOR, method=table.method)
    table.state = state
    (first, *_) = options(table)
    events = table.must(BRAM, c.Choose(choices=(first,), on=NOOR))
    (event,) = [one for one in events if isinstance(one, e.GivenChosen)]
    assert (event.because, event.seat, event.by) == ("owner", NOOR, BRAM)


def test_the_facilitator_chooses_with_the_group() -> None:
    table = at_the_choice(ALL["facilitator"], guide=True)
    assert may_choose(table) == {BRAM}
    assert code(table.do(JOOST, c.Choose(choices=options(table)[:1]))) == "facilitator-only"
    one, two, _ = options(table)
    table.must(BRAM, c.Choose(choices=(two, one)))
    assert chosen(table) == [("question", (int(two[1:]), int(one[1:])))]


def test_votes_decide_and_the_lot_a_tie() -> None:
    table = at_the_choice(ALL["vote"])
    one, two, three = options(table)
    assert may_choose(table) == {OWNER, NOOR, BRAM, JOOST}
    assert code(table.do(BRAM, c.Vote(choices={"#99": 1}))) == "unknown-choice"
    for seat, votes in ((OWNER, (one, two)), (NOOR, (two, three)), (BRAM, (two,)), (JOOST, (three,))):
        table.must(seat, c.Vote(choices=dict.fromkeys(votes, 1)))
    assert chosen(table) == [("question", (int(two[1:]), int(three[1:])))]
    (event,) = [event for event in table.log if isinstance(event, e.GivenChosen)]
    assert (event.because, event.tally) == ("votes", {one: 1, two: 3, three: 2})
    table = at_the_choice(ALL["vote"])
    for seat in (OWNER, NOOR, BRAM, JOOST):
        table.must(seat, c.Vote(choices={options(table)[0]: 1}))
    (event,) = [event for event in table.log if isinstance(event, e.GivenChosen)]
    assert (event.because, len(event.items)) == ("lot", 2)


@pytest.mark.parametrize("by", ["vote", "owner", "lot"])
def test_where_nothing_was_given_nothing_is_chosen(by: str) -> None:
    table = at_the_choice(ALL[by], 0)
    (event,) = [event for event in table.log if isinstance(event, e.GivenChosen)]
    assert (event.items, event.because) == ((), "nothing")
    assert table.state.phase is not None
    assert table.state.phase.id == "answer"
    assert chosen(table) == [("question", ())]


def test_where_all_that_was_given_is_chosen_nobody_decides() -> None:
    method = small([TELL, QUESTIONS, picked("question", "lot", many=9), ANSWER], **WAYS)
    (event,) = [event for event in at_the_choice(method).log if isinstance(event, e.GivenChosen)]
    assert (event.because, len(event.items)) == ("only", 3)


def test_a_choice_that_is_not_made_in_time_goes_to_the_lot() -> None:
    table = at_the_choice(ALL["owner"])
    table.tick()
    table.tick()
    assert [one.because for one in table.log if isinstance(one, e.GivenChosen)] == ["lot"]


def test_what_is_said_aloud_can_be_chosen_and_what_is_hidden_cannot_yet() -> None:
    table = at_the_choice(AT_ONCE, 0)
    table.must(BRAM, c.Give(what="question", content=table.new_id()))
    assert options(table) == ()
    assert may_choose(table) == set()
    for seat in (OWNER, JOOST):
        table.must(seat, c.Give(what="question", content=table.new_id()))
    assert len(options(table)) == 3
    table.must(NOOR, c.Choose(choices=options(table)[:1]))
    assert table.state.info.status == "closed"


MEANWHILE = {
    by: small([TELL, ("ask", "choose", 6, {
        "gives": [give("participant", "question", 0, 2, by="written")], "choose": {"what": "question", "by": by},
    }), ANSWER], **WAYS)
    for by in ("owner", "lot", "vote")
}  # fmt: skip


def test_one_chooses_among_what_is_there_while_more_may_come() -> None:
    table = at_the_choice(MEANWHILE["owner"], 0, ready=False)
    assert table.state.phase is not None
    assert (table.state.phase.id, may_choose(table), options(table)) == ("ask", set(), ())
    table.must(BRAM, c.Give(what="question", content=table.new_id()))
    assert may_choose(table) == {NOOR}
    table.must(JOOST, c.Give(what="question", content=table.new_id()))
    table.must(NOOR, c.Choose(choices=options(table)[1:]))
    assert [len(items) for _, items in chosen(table)] == [1]


@pytest.mark.parametrize("by", ["owner", "lot", "vote"])
def test_where_nobody_adds_anything_nothing_is_chosen_in_the_end(by: str) -> None:
    table = at_the_choice(MEANWHILE[by], 0, ready=False)
    for seat in (OWNER, BRAM, JOOST):
        assert not any(isinstance(one, e.GivenChosen) for one in table.log)
        table.must(seat, c.Ready())
    table.pass_moment()
    assert [one.because for one in table.log if isinstance(one, e.GivenChosen)] == ["nothing"]
    assert table.state.phase is not None
    assert table.state.phase.id == "answer"


def test_the_lot_waits_for_those_who_may_still_add_something() -> None:
    table = at_the_choice(MEANWHILE["lot"], 0, ready=False)
    for seat in (OWNER, BRAM):
        table.must(seat, c.Give(what="question", content=table.new_id()))
        table.must(seat, c.Ready())
    assert not any(isinstance(one, e.GivenChosen) for one in table.log)
    table.must(JOOST, c.Ready())
    assert [len(one.items) for one in table.log if isinstance(one, e.GivenChosen)] == [1]


def test_a_theme_holds_for_the_meeting_and_a_question_for_its_round() -> None:
    seen = []
    state = INITIAL
    for event in played(BY_THEME, people=4, seed=5).log:
        state = evolve(state, event)
        if isinstance(event, e.PhaseStarted):
            seen.append((event.section, [one.what for one in view(state, "table", method=BY_THEME).chosen]))
    assert [themes for section, themes in seen if section == "round"] == [["theme"], ["theme"]]
    table = at_the_choice(replace(ALL["owner"], cases=2))
    table.must(NOOR, c.Choose(choices=options(table)[:1]))
    assert [what for what, _ in chosen(table)] == ["question"]
    table.must(NOOR, c.Give(what="answer"))
    table.must(NOOR, c.Pass(what="answer"))
    assert table.state.round is not None
    assert (table.state.round.number, chosen(table)) == (2, [])


def test_the_closing_chooses_among_all_rounds() -> None:
    for seed in range(6):
        log = played(LOOKING_BACK, people=4, seed=seed).log
        (event,) = [one for one in log if isinstance(one, e.GivenChosen)]
        state = INITIAL
        for one in log:
            state = evolve(state, one)
        assert {item.what for item in state.items if item.n in event.items} <= {"insight"}


@pytest.mark.parametrize("method", [BY_THEME, LOOKING_BACK, AT_ONCE, load("tietze-6")], ids=lambda one: str(one.id))
def test_whether_there_is_anything_to_choose_is_said_as_the_options_are(method: Method) -> None:
    state, found = INITIAL, set()
    for event in played(method, people=max(4, method.group.min), seed=3).log:
        state = evolve(state, event)
        for what in ("case", "module", "question", "theme", "insight"):
            some = has_options(state, method, what)
            assert some == bool(options_of(state, method, what))
            found.add((what, some))
    assert {("case", False), ("case", True), ("module", bool(method.modules))} <= found
    assert {some for what, some in found if what not in {"case", "module"}} == {True, False}


def test_whoever_is_away_is_not_waited_for_with_a_vote() -> None:
    table = at_the_choice(ALL["vote"])
    table.must(ROOM, c.SetPresence(seat=JOOST, here=False))
    for seat in (OWNER, NOOR, BRAM):
        table.must(seat, c.Vote(choices={options(table)[0]: 1}))
    assert chosen(table)


@pytest.mark.slow
@pytest.mark.parametrize("name", EVERY)
def test_meetings_choose_and_end(name: str) -> None:
    method = EVERY[name]
    for rehearsal in rehearsed(method):
        made = [one for one in rehearsal.log if isinstance(one, e.GivenChosen)]
        ended = [
            one
            for one in rehearsal.log
            if isinstance(one, e.PhaseEnded) and one.because not in {"owner-left", "closed"}
        ]
        choosing = [
            one
            for one in rehearsal.log
            if isinstance(one, e.PhaseStarted) and one.choosing in {"theme", "question", "insight"}
        ]
        keys = {one.key for one in ended}
        assert len(made) >= sum(one.key in keys for one in choosing)


def test_after_several_rounds_no_owner_chooses() -> None:
    best: Sketch = ("best", "choose", 2, {"choose": {"what": "insight", "by": "owner"}})
    (said,) = remarks([TELL, ("hear", "harvest", 3, {})], closing=[best], cases=2)
    assert said.startswith("After the last round only its owner is meant")
    assert remarks([TELL, ("hear", "harvest", 3, {})], closing=[best]) == []
