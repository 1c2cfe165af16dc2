"""What is given, further: in parts that wait for each other (``then``), up to a limit for all, and kept from some by itself."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from msgspec.structs import replace

from kring.meeting import State, evolve, permitted, view
from kring.meeting import commands as c
from kring.meeting import events as e
from kring.meeting.state import INITIAL
from kring.methods import diff
from kring.methods.model import Method
from kring.methods.walk import parts
from tests.core.meeting.cast import AMAL, BRAM, JOOST, NOOR, OWNER, code
from tests.core.meeting.playing import ROOM, Table
from tests.core.words.small import TELL, Sketch, give, log_of, owed_and_done, played, rehearsed, small

WRITTEN_FIRST: Sketch = ("ask", "ask-round", 9, {
    "gives": [
        give("participant", "question", 1, 1, turns="alone", by="written"),
        give("participant", "note", 1, 2, turns="circle", then=True),
        give("owner", "answer", 1, 9, turns="circle", then=True),
    ],
    "hidden": "done",
})  # fmt: skip
ASK_TWICE: Sketch = ("ask", "ask-free", 9, {
    "gives": [
        give("participant", "question", 1, 1, turns="circle", reply={}),
        give("participant", "question", 0, 3, then=True), give("owner", "answer", 0, 9),
    ],
    "ends": ["done", "agreed"],
})  # fmt: skip
PICK: Sketch = ("pick", "choose", 4, {
    "gives": [give("everyone", "case", 1, 1, by="written"), give("everyone", "remark", 0, 2, then=True)],
})  # fmt: skip
CIRCLE_TOGETHER: Sketch = (
    "ask", "ask-round", 9, {"gives": [give("participant", "question", 1, 3, turns="circle", together=5, reply={})]},
)  # fmt: skip
FREE_TOGETHER: Sketch = (
    "ask", "ask-free", 9,
    {"gives": [give("participant", "question", 1, 9, together=7), give("owner", "answer", 0, 99)], "ends": ["done", "agreed"]},
)  # fmt: skip
FOLLOWED: Sketch = ("ask", "ask-round", 9, {
    "gives": [give("participant", "question", 1, 1, turns="circle", together=5, reply={}, follow_up=True)],
})  # fmt: skip
KEPT_BACK: Sketch = ("talk", "gossip", 9, {
    "gives": [
        give("participant", "hypothesis", 1, 3, withheld={"from": "owner", "until": "thanks"}),
        give("participant", "remark", 0, 3), give("eye", "note", 1, 1, withheld={"from": "everyone", "until": "close"}),
    ],
    "ends": ["done", "agreed"], "fills": ["eye"],
})  # fmt: skip
THANKS: Sketch = ("thanks", "respond", 3, {})
WAYS: dict[str, Any] = {"ways": ["spoken", "written"]}
EYE: dict[str, Any] = {"roles": {"eye": {"apart": True}}}
ALL = {
    "written first": small([TELL, WRITTEN_FIRST], **WAYS, group=(3, 5)),
    "ask twice": small([TELL, ASK_TWICE], **WAYS, group=(3, 5)),
    "pick": small([TELL], opening=[PICK], **WAYS, group=(3, 5)),
    "circle together": small([TELL, CIRCLE_TOGETHER], **WAYS, group=(3, 5)),
    "free together": small([TELL, FREE_TOGETHER], **WAYS, group=(3, 5)),
    "followed": small([TELL, FOLLOWED], **WAYS, group=(3, 5)),
    "kept back": small([TELL, KEPT_BACK, THANKS], **WAYS, **EYE, group=(3, 5)),
}


def at(method: Method, phase: str, people: int = 4, *, written: bool = False, guide: bool = False) -> Table:
    """A meeting by this method at the start of a phase of the round; Noor is case owner."""
    table = Table(method, written=written)
    table.sit(people)
    if guide:
        table.must(BRAM, c.TakeFacilitation())
    table.must(BRAM, c.Start())
    for seat in [one.id for one in table.state.seats]:
        table.must(seat, c.Give(what="case", content=table.new_id()))
    noor = next(item.content for item in table.state.items if item.seat == NOOR)
    for seat in [one.id for one in table.state.seats]:
        table.must(seat, c.Vote(choices={str(noor): 1}))
    table.pass_moment()
    while table.state.phase and table.state.phase.id != phase:
        table.must(NOOR, c.Give(what="explanation"))
    return table


def may(table: Table, seat: str) -> set[tuple[str, str]]:
    return {(one.command, one.detail) for one in permitted(table.state, seat, method=table.method)} & {
        (command, what)
        for command in ("give", "pass")
        for what in ("question", "answer", "note", "remark", "hypothesis")
    }


# -- then --------------------------------------------------------------------------------------------------------------


def test_a_phase_has_one_part_more_for_each_then() -> None:
    phase = ALL["written first"].round[1]
    assert parts(phase) == (range(1), range(1, 2), range(2, 3))
    talk = ALL["kept back"].round[1]
    assert parts(talk) == (range(3),)
    assert parts(replace(talk, gives=())) == (range(0),)


def test_what_waits_opens_when_what_is_above_it_is_done() -> None:
    table = at(ALL["written first"], "ask")
    others = [BRAM, OWNER, JOOST]
    assert may(table, BRAM) == {("give", "question"), ("pass", "question")}
    assert may(table, NOOR) == set()
    for seat in others[:2]:
        table.must(seat, c.Give(what="question", content=table.new_id()))
    assert code(table.do(BRAM, c.Give(what="note"))) == "not-in-this-phase"
    table.must(JOOST, c.Pass(what="question"))
    assert table.state.phase is not None
    assert (table.state.phase.part, table.state.phase.parts) == (1, 3)
    shown = view(table.state, BRAM, method=table.method).phase
    assert shown is not None
    assert (shown.part, shown.parts) == (1, 3)
    first = table.state.queue[0].seat
    assert may(table, first) == {("give", "note"), ("pass", "note")}


def test_what_is_hidden_is_revealed_part_by_part() -> None:
    table = at(ALL["written first"], "ask")
    content = table.new_id()
    table.must(BRAM, c.Give(what="question", content=content))
    assert content not in [item.content for item in view(table.state, OWNER, method=table.method).items]
    for seat in (OWNER, JOOST):
        table.must(seat, c.Pass(what="question"))
    assert content in [item.content for item in view(table.state, OWNER, method=table.method).items]
    note, first = table.new_id(), table.state.queue[0].seat
    table.must(first, c.Give(what="note", content=note))
    seen = [item.content for item in view(table.state, NOOR, method=table.method).items]
    assert (content in seen, note in seen) == (True, False)


def test_the_same_may_be_asked_again_in_a_later_part() -> None:
    table = at(ALL["ask twice"], "ask")
    while table.state.queue:
        turn = table.state.queue[0]
        table.must(turn.seat, c.Give(what=turn.what))
    assert may(table, BRAM) == {("give", "question")}
    assert may(table, NOOR) == {("give", "answer")}
    assert [(one.slot.most, one.given) for one in table.state.desk if one.slot.what == "question"] == [(3, 0)] * 3


def test_a_choice_waits_for_the_last_part() -> None:
    table = Table(ALL["pick"])
    table.sit(4)
    table.must(table.state.seats[0].id, c.Start())
    seats = [one.id for one in table.state.seats]
    for seat in seats:
        table.must(seat, c.Give(what="case", content=table.new_id()))
    assert table.state.phase is not None
    assert table.state.phase.in_last_part
    assert ("vote", "case") in permitted(table.state, BRAM, method=table.method)


def test_whoever_facilitates_or_most_of_all_go_on_to_the_next_part() -> None:
    talk = (
        "talk",
        "gossip",
        9,
        {"gives": [give("participant", "hypothesis"), give("participant", "remark", 1, then=True)]},
    )
    for guide in (True, False):
        table = at(small([TELL, talk]), "talk", guide=guide)
        if guide:
            table.must(BRAM, c.EndPhase())
        else:
            for seat in (BRAM, OWNER, JOOST):
                assert table.state.phase is not None
                if table.state.phase.part == 0:
                    table.must(seat, c.Ready())
        assert table.state.phase is not None
        assert (table.state.phase.id, table.state.phase.part, table.state.ready) == ("talk", 1, ())
        assert code(table.do(BRAM, c.EndPhase())) == ("still-owed" if guide else "facilitator-only")


def test_whoever_is_away_passes_what_they_owe_before_the_next_part() -> None:
    table = at(ALL["written first"], "ask")
    table.must(ROOM, c.SetPresence(seat=JOOST, here=False))
    table.must(BRAM, c.Give(what="question", content=table.new_id()))
    events = table.must(OWNER, c.Give(what="question", content=table.new_id()))
    assert [(one.seat, one.because) for one in events if isinstance(one, e.TurnPassed)] == [(JOOST, "absent")]
    assert any(isinstance(one, e.PartStarted) and one.part == 1 for one in events)


def test_a_part_that_asks_nobody_is_passed_over() -> None:
    """In writing, and here alike: who would give have all left."""
    talk = (
        "talk",
        "gossip",
        9,
        {"gives": [give("participant", "remark", 1, 1), give("facilitator", "note", then=True)], "ends": ["done"]},
    )
    method = replace(small([TELL, talk], facilitator="needed"), facilitator="optional")
    table = at(method, "talk")
    for seat in (BRAM, OWNER, JOOST):
        table.must(seat, c.Give(what="remark"))
    assert any(isinstance(one, e.PartStarted) and not one.slots for one in table.log)
    assert table.state.info.status == "closed"


@pytest.mark.parametrize("guide", [True, False])
def test_what_a_part_that_never_opened_would_have_asked_is_told(guide: bool) -> None:
    """In time, and by whoever skips: the log says of each what was owed and not given."""
    table = at(ALL["written first"], "ask", guide=guide)
    phase = table.state.phase
    assert phase is not None
    assert phase.deadline is not None
    table.now = phase.deadline
    events = list(table.must(ROOM, c.Tick()))
    if guide:
        assert [one for one in events if isinstance(one, e.PhaseSignalled)]
        events += table.must(BRAM, c.EndPhase())
    events += table.pass_moment()
    passed = Counter((one.what, one.because) for one in events if isinstance(one, e.TurnPassed))
    assert passed == {("question", "time"): 3, ("note", "time"): 3, ("answer", "time"): 1}
    assert table.state.phase is None or table.state.phase.id != "ask"


def test_no_part_opens_when_time_is_up() -> None:
    table = at(ALL["ask twice"], "ask")
    phase = table.state.phase
    assert phase is not None
    assert phase.deadline is not None
    table.now = phase.deadline
    table.must(ROOM, c.Tick())  # whoever speaks may finish
    assert table.state.phase is not None
    assert table.state.phase.grace is not None
    for turn in table.state.queue:
        table.must(turn.seat, c.Give(what=turn.what))
    assert not any(isinstance(one, e.PartStarted) for one in table.log)
    assert [one.because for one in table.log if isinstance(one, e.PhaseEnded)][-1] == "time"


def test_a_latecomer_is_asked_what_this_part_asks() -> None:
    table = at(ALL["written first"], "ask")
    for seat in (BRAM, OWNER, JOOST):
        table.must(seat, c.Pass(what="question"))
    table.must(None, c.TakeSeat(seat=AMAL, name="name"))
    assert [one.slot.what for one in table.state.desk if one.slot.seat == AMAL] == ["note"]
    assert [one.what for one in table.state.queue if one.seat == AMAL] == ["note", "note"]


# -- together ----------------------------------------------------------------------------------------------------------


def given(log: list[e.AnyEvent], what: str, phase: str) -> Counter[str]:
    """How many each gave in a phase."""
    found: Counter[str] = Counter()
    state: State = INITIAL
    for event in log:
        if isinstance(event, e.ContributionGiven) and event.what == what and state.phase and state.phase.id == phase:
            found[event.seat] += 1
        state = evolve(state, event)
    return found


@pytest.mark.slow
@pytest.mark.parametrize(("name", "limit"), [("circle together", 5), ("free together", 7), ("followed", 5)])
def test_all_together_never_give_more_than_the_limit(name: str, limit: int) -> None:
    most = 0
    # Of four who are here three ask, and in free talk seldom so much; of five, four.
    more = (played(ALL[name], people=5, seed=seed) for seed in range(20))
    for rehearsal in (*rehearsed(ALL[name]), *more):
        found = given(rehearsal.log, "question", "ask")
        assert found.total() <= limit
        most = max(most, found.total())
    assert most == limit


def test_a_place_is_kept_for_each_that_is_owed() -> None:
    table = at(ALL["free together"], "ask")
    for _ in range(5):
        table.must(BRAM, c.Give(what="question"))
    assert may(table, BRAM) == set()  # two are left, and two are owed
    assert code(table.do(BRAM, c.Give(what="question"))) == "limit-reached"
    assert may(table, OWNER) == {("give", "question"), ("pass", "question")}
    table.must(OWNER, c.Pass(what="question"))
    assert may(table, BRAM) == {("give", "question")}
    table.must(BRAM, c.Give(what="question"))
    table.must(JOOST, c.Give(what="question"))
    assert [may(table, seat) for seat in (BRAM, OWNER, JOOST)] == [set(), set(), set()]
    assert not any(one.command == "take-floor" for one in permitted(table.state, BRAM, method=table.method))
    (shown,) = view(table.state, NOOR, method=table.method).limits
    assert (shown.what, shown.most, shown.given) == ("question", 7, 7)


def test_offered_turns_are_passed_when_the_limit_is_reached() -> None:
    table = at(ALL["circle together"], "ask", 5)
    while table.state.phase and table.state.phase.id == "ask" and table.state.queue:
        turn = table.state.queue[0]
        table.must(turn.seat, c.Give(what=turn.what))
    passed = [one for one in table.log if isinstance(one, e.TurnPassed)]
    assert {one.because for one in passed} == {"limit"}
    assert len(passed) < 8  # one more loop, which passes the rest
    assert given(table.log, "question", "ask").total() == 5
    assert given(table.log, "answer", "ask").total() == 5  # the last one was answered too


def test_what_somebody_gave_counts_when_they_are_gone() -> None:
    table = at(ALL["free together"], "ask", 5)
    for _ in range(4):
        table.must(BRAM, c.Give(what="question"))
    table.must(BRAM, c.Leave())
    for seat in (OWNER, JOOST):
        table.must(seat, c.Give(what="question"))
    (limit,) = table.state.limits
    assert limit.given == 6


# -- withheld, each by itself ------------------------------------------------------------------------------------------


def contents(table: Table, who: str) -> set[str | None]:
    return {item.content for item in view(table.state, who, method=table.method).items if item.id == "talk"}


def test_what_is_withheld_by_itself_is_kept_from_those_it_is_kept_from() -> None:
    table = at(ALL["kept back"], "talk")
    table.must(JOOST, c.TakeRole(role="eye"))
    hypothesis, remark, note = (table.new_id() for _ in range(3))
    table.must(BRAM, c.Give(what="hypothesis", content=hypothesis))
    table.must(BRAM, c.Give(what="remark", content=remark))
    table.must(JOOST, c.Give(what="note", content=note))
    assert contents(table, NOOR) == {remark}
    assert contents(table, OWNER) == {hypothesis, remark}
    assert contents(table, JOOST) == {hypothesis, remark, note}
    assert contents(table, "table") == {remark}
    table.must(OWNER, c.Give(what="hypothesis"))
    for seat in (BRAM, OWNER):
        table.must(seat, c.Ready())
    assert table.state.phase is not None
    assert table.state.phase.id == "thanks"
    assert contents(table, NOOR) == {hypothesis, remark, None}
    table.must(NOOR, c.Give(what="response"))
    assert table.state.info.status == "closed"
    assert contents(table, NOOR) == {hypothesis, remark, note, None}


# -- all of it ---------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_nothing_that_is_owed_vanishes(name: str) -> None:
    for rehearsal in rehearsed(ALL[name]):
        owed, done = owed_and_done(rehearsal.log)
        assert all(done[about] >= count for about, count in owed.items())


@pytest.mark.slow
def test_some_parts_are_skipped_and_the_log_tells() -> None:
    found = Counter[str]()
    for seed in range(30):
        for event in log_of(ALL["written first"], people=5, seed=seed, mishaps=0.2):
            found[type(event).__name__] += isinstance(event, e.PartStarted) or (
                isinstance(event, e.TurnPassed) and event.because in {"time", "skipped", "absent"}
            )
    assert found["PartStarted"] > 20
    assert found["TurnPassed"] > 0


def test_a_difference_in_a_part_is_told_of_that_part() -> None:
    before = ALL["ask twice"]
    phase = before.round[1]
    after = replace(
        before, round=(before.round[0], replace(phase, gives=(*phase.gives[:1], replace(phase.gives[1], most=2))))
    )
    found = [(one.code, one.who, one.what) for one in diff.changes(before, after)]
    assert found == [("given-otherwise", "participant", "question"), ("no-longer-given", "owner", "answer")]
