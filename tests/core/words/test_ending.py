"""When a phase ends, and overtime: it waits for those who are here, and for the case owner, up to its end."""

from __future__ import annotations

from typing import Any

import pytest

from kring.meeting import commands as c
from kring.meeting import due, longest
from kring.meeting import events as e
from kring.meeting.flow import HOUR, MINUTE
from kring.meeting.settle import GRACE
from kring.methods import length
from kring.methods.model import Method
from tests.core.meeting.cast import BRAM, JOOST, NOOR, OWNER, choose_owner, code, table_of
from tests.core.meeting.playing import ROOM, Table
from tests.core.words.small import TELL, Sketch, give, played, rehearsed, remarks, small

OVER = {"minutes": 3}
OVER_WRITTEN = OVER | {"hours": 12}


def asking(least: int = 1, **more: Any) -> Sketch:
    """Questions that each participant owes, whenever they like."""
    gives = [give("participant", "question", least, 9, form="sentence"), give("owner", "answer")]
    return ("ask", "ask-free", 5, {"gives": gives, "ends": ["done"]} | more)


def method_of(*phases: Sketch, **more: Any) -> Method:
    return small([TELL, *phases], group=(3, 6), **more)


FALLS = method_of(asking(8))
WAITS = method_of(asking(8, overtime=OVER))
AGREED = method_of(asking(1, ends=["agreed"], overtime=OVER, extend={"times": 2, "minutes": 5}))
OWNER_OWES = method_of(("answer", "answer", 5, {"overtime": OVER}))
ROUND = method_of(
    ("round", "advise", 5, {"gives": [give("participant", "advice", 1, 2, turns="circle")], "overtime": OVER})
)
IN_WRITING = method_of(asking(2, overtime=OVER_WRITTEN), ways=["spoken", "written"])
IN_PARTS = method_of(
    asking(
        gives=[give("participant", "hypothesis", 1, 2), give("participant", "advice", 1, 1, then=True)], overtime=OVER
    )
)
CHOSEN = method_of(
    ("which", "choose", 2, {"choose": {"what": "module", "by": "facilitator"}, "overtime": OVER}),
    ("run", "advise", 6, {"runs": "module", "gives": []}),
    modules={"only": {"name": {"nl": "a", "en": "b", "de": "c"}, "summary": {"nl": "a", "en": "b", "de": "c"}, "phases": [
        {"id": "inside", "kind": "advise", "name": {"nl": "a", "en": "b", "de": "c"}, "minutes": 6, "overtime": OVER,
         "gives": [give("participant", "advice", 1, 1)],
         "prompts": {"everyone": {"do": {"nl": "a", "en": "b", "de": "c"}}}}]}},
)  # fmt: skip
ALL = {
    "waits": WAITS, "agreed": AGREED, "owner owes": OWNER_OWES, "round": ROUND, "in writing": IN_WRITING,
    "in parts": IN_PARTS, "chosen": CHOSEN,
}  # fmt: skip


def at_the_deadline(method: Method, size: int = 6, facilitator: str | None = None, **how: bool) -> Table:
    """The owner has told the case, and the time of the next phase is up."""
    table = table_of(method, size, facilitator=facilitator, **how)
    table.must(BRAM, c.Start())
    choose_owner(table)
    table.must(OWNER, c.Give(what="explanation", content=table.new_id()))
    assert table.state.phase is not None
    assert table.state.phase.overtime is None
    table.tick()
    return table


def passed(table: Table) -> list[str]:
    return [event.because for event in table.log if isinstance(event, e.TurnPassed)]


def over(table: Table) -> bool:
    """Whether the second phase of the round is over."""
    return table.state.phase is None or table.state.phase.id != table.method.round[1].id


def until(table: Table) -> int | None:
    assert table.state.phase is not None
    return table.state.phase.overtime


def test_forty_questions_that_are_owed_fall_away_at_a_deadline() -> None:
    table = at_the_deadline(FALLS)
    assert passed(table).count("time") == 5
    assert over(table)


def test_with_overtime_none_of_them_does() -> None:
    table = at_the_deadline(WAITS)
    start = table.now
    assert until(table) == due(table.state) == start + 3 * MINUTE
    for seat in (one.id for one in table.state.seats[1:]):
        assert not over(table)
        for _ in range(8):
            table.now += 1000
            table.must(seat, c.Give(what="question"))
    assert over(table)
    assert "time" not in passed(table)
    assert sum(isinstance(one, e.ContributionGiven) and one.what == "question" for one in table.log) == 40
    ended = [event for event in table.log if isinstance(event, e.PhaseEnded)][-1]
    assert (ended.at, ended.because) == (table.now, "time")


def test_overtime_ends_and_then_what_is_owed_is_passed() -> None:
    table = at_the_deadline(WAITS)
    start = table.now
    table.tick()
    assert table.now == start + 3 * MINUTE
    assert passed(table).count("time") == 5
    assert over(table)


def test_where_nothing_is_owed_there_is_no_overtime() -> None:
    table = table_of(AGREED, 4, facilitator=BRAM)
    table.must(BRAM, c.Start())
    choose_owner(table)
    table.must(OWNER, c.Give(what="explanation"))
    for seat in (NOOR, BRAM, JOOST):
        if seat != OWNER:
            table.must(seat, c.Give(what="question"))
    if not over(table):
        table.tick()
        assert until(table) is None
        assert due(table.state) is None


def test_whoever_leaves_in_overtime_is_not_waited_for() -> None:
    table = table_of(WAITS, 4, facilitator=None)
    table.must(BRAM, c.AddSeat(seat="chair000", name="namechair"))
    table.must(BRAM, c.Start())
    choose_owner_with(table, "chair000")
    table.must(OWNER, c.Give(what="explanation"))
    for seat in (NOOR, BRAM, JOOST):
        for _ in range(8):
            table.must(seat, c.Give(what="question"))
    table.tick()
    assert until(table)
    table.must(BRAM, c.Leave(on="chair000"))
    assert over(table)
    assert "time" not in passed(table)


def choose_owner_with(table: Table, chair: str) -> None:
    """As the others, with a chair for which one of them acts."""
    for seat in table.state.seats:
        actor, on = (seat.id, None) if seat.device else (BRAM, chair)
        table.must(actor, c.Give(what="case", content=f"case{seat.id}", on=on))
    for seat in table.state.seats:
        if table.state.phase and table.state.phase.choosing:
            actor, on = (seat.id, None) if seat.device else (BRAM, chair)
            table.must(actor, c.Vote(choices={f"case{OWNER}": 1}, on=on))
    table.pass_moment()


def test_whoever_goes_away_in_overtime_is_not_waited_for() -> None:
    table = at_the_deadline(WAITS, 3)
    for _ in range(8):
        table.must(NOOR, c.Give(what="question"))
    others = [seat.id for seat in table.state.seats if seat.id not in {NOOR, OWNER}]
    assert not over(table)
    for seat in others:
        table.must(ROOM, c.SetPresence(seat=seat, here=False))
    assert over(table)


def test_the_case_owner_is_waited_for_also_when_gone_but_no_longer_than_overtime() -> None:
    table = at_the_deadline(OWNER_OWES)
    start = table.now
    table.must(ROOM, c.SetPresence(seat=OWNER, here=False))
    assert not over(table)
    while not over(table):
        table.tick()
    assert start + 3 * MINUTE <= table.now <= start + 3 * MINUTE + GRACE


def test_the_facilitator_does_not_end_a_phase_that_waits() -> None:
    table = at_the_deadline(AGREED, facilitator=BRAM)
    assert until(table)
    assert code(table.do(BRAM, c.EndPhase())) == "still-owed"
    for seat in (one.id for one in table.state.seats[1:]):
        table.must(seat, c.Give(what="question"))
    assert not over(table), "the facilitator is there to say it"
    table.must(BRAM, c.EndPhase())
    assert over(table)


def test_a_facilitator_who_does_not_say_it_is_not_waited_for_any_longer() -> None:
    table = at_the_deadline(AGREED, facilitator=BRAM)
    for seat in (one.id for one in table.state.seats[1:]):
        table.must(seat, c.Give(what="question"))
    table.tick()
    assert over(table)


def test_whoever_has_the_floor_at_the_end_of_overtime_may_finish() -> None:
    table = at_the_deadline(ROUND)
    start = table.now
    first = table.state.queue[0].seat
    table.tick()
    assert table.now == start + 3 * MINUTE
    assert [turn.seat for turn in table.state.queue] == [first]
    assert passed(table).count("time") == 4
    table.must(first, c.Give(what="advice"))
    assert over(table)


def test_offered_turns_are_not_waited_for() -> None:
    table = at_the_deadline(ROUND, 4)
    while table.state.queue[0].owed:
        table.must(table.state.queue[0].seat, c.Give(what="advice"))
    assert table.state.phase is not None
    assert table.state.phase.grace is not None
    table.tick()
    assert over(table)


def test_an_extension_in_overtime_counts_from_the_deadline() -> None:
    table = at_the_deadline(AGREED, facilitator=BRAM)
    start = table.now
    table.now += 2 * MINUTE
    table.must(BRAM, c.Extend(minutes=5))
    assert due(table.state) == start + 5 * MINUTE
    table.tick()
    assert until(table) == start + 8 * MINUTE
    table.now += 2 * MINUTE
    table.must(BRAM, c.Extend(minutes=1))
    assert due(table.state) == start + 6 * MINUTE
    table.tick()
    assert until(table) == start + 9 * MINUTE


def test_a_pause_stops_overtime_and_speed_shortens_it() -> None:
    table = at_the_deadline(WAITS, practice=True)
    table.now += MINUTE
    table.must(BRAM, c.Pause())
    assert due(table.state) is None
    assert table.state.phase is not None
    assert table.state.phase.remaining == 2 * MINUTE
    table.now += 10 * MINUTE
    table.must(BRAM, c.Resume())
    assert until(table) == due(table.state) == table.now + 2 * MINUTE
    table.must(BRAM, c.Speed(factor=2))
    assert until(table) == table.now + MINUTE


def test_the_next_part_of_a_phase_opens_in_overtime() -> None:
    table = at_the_deadline(IN_PARTS, 3)
    others = [seat.id for seat in table.state.seats[1:]]
    for seat in others:
        table.must(seat, c.Give(what="hypothesis"))
    assert not over(table)
    for seat in others:
        table.must(seat, c.Give(what="advice"))
    assert over(table)
    assert "time" not in passed(table)


def test_a_choice_is_waited_for() -> None:
    table = at_the_deadline(CHOSEN, facilitator=BRAM)
    assert until(table)
    table.must(BRAM, c.Choose(choices=("only",)))
    assert over(table)


def test_in_writing_it_waits_for_hours_and_longest_counts_them() -> None:
    table = at_the_deadline(IN_WRITING, written=True)
    assert until(table) == table.now + 12 * HOUR
    without = small([TELL, asking(2)], group=(3, 6), ways=["spoken", "written"])
    assert longest(IN_WRITING) == longest(without) + 12 * HOUR


def test_a_cap_in_days_holds_overtime_too() -> None:
    days = -(-length.hours(IN_WRITING, extended=False) // 24)
    more: dict[str, Any] = {"group": (3, 6), "ways": ["spoken", "written"]}
    assert remarks([TELL, asking(2, overtime=OVER_WRITTEN)], days=days, **more) == []
    (said,) = remarks([TELL, asking(2, overtime={"hours": 12 + 24})], days=days, **more)
    assert f"The phases take {days + 1} days" in said


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_in_every_meeting_nothing_that_is_waited_for_falls_away_before_overtime_is_over(name: str) -> None:
    """Whatever a phase with overtime passes for want of time, it passes at the end of that."""
    seen = sum([waited(rehearsal.log) for rehearsal in rehearsed(ALL[name])])
    # People are late in one meeting of eight or so: where chance made them late in none of these, up to the first that has it.
    more = (played(ALL[name], people=6, seed=seed) for seed in range(40))
    assert seen or name == "owner owes" or any(waited(one.log) for one in more), "the case owner is never late here"


def waited(log: list[e.AnyEvent]) -> int:
    """How often there was overtime in a meeting, in which nothing was passed for want of time before it was over."""
    ends: int | None = None
    seen = 0
    for event in log:
        if isinstance(event, e.PhaseStarted | e.PhaseExtended):
            ends = None
        if isinstance(event, e.PhaseSignalled):
            ends = event.overtime or ends
            seen += event.overtime is not None
        if isinstance(event, e.TurnPassed) and event.because == "time" and ends is not None:
            assert event.at >= ends, event
    return seen


def test_a_meeting_in_writing_takes_no_longer_than_longest() -> None:
    for people in range(3, 7):
        for mishaps in (0.0, 0.3):
            log = played(IN_WRITING, people=people, seed=people, written=True, mishaps=mishaps).log
            assert log[-1].at - next(one.at for one in log if isinstance(one, e.MeetingStarted)) <= longest(IN_WRITING)
