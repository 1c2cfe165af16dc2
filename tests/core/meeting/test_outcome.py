"""What came of a vote in a step that does not end by it: it is in sight at once, and nobody waits for it a second time."""

from __future__ import annotations

import pytest

from kring.meeting import commands as c
from kring.meeting import events as e
from kring.meeting import view
from kring.meeting.unsent import OUTCOME
from kring.methods.model import Method
from tests.core.meeting.cast import AMAL, BRAM, JOOST, NOOR, OWNER, bring_cases, table_of
from tests.core.meeting.playing import Table
from tests.core.words.small import TELL, small


def ending_by(*ends: str, by: str = "vote") -> Method:
    pick = ("pick", "choose", 2, {"choose": {"what": "case", "by": by}, "ends": list(ends), "skip": True})
    return small([TELL], opening=[("bring", "collect", 3, {}), pick])


def one_vote_short(*ends: str, led: bool = True) -> tuple[Table, c.Vote]:
    """All but Amal have voted for Noor's case, and her vote."""
    table = table_of(ending_by(*ends), facilitator=BRAM if led else None)
    table.must(BRAM, c.Start())
    vote = c.Vote(choices={bring_cases(table)[NOOR]: 1})
    for seat in (OWNER, NOOR, BRAM, JOOST):
        table.must(seat, vote)
    return table, vote


def all_voted(*ends: str, led: bool = True) -> Table:
    table, vote = one_vote_short(*ends, led=led)
    table.must(AMAL, vote)
    return table


def seen(table: Table) -> tuple[bool, int | None]:
    """Whether the outcome is in sight, and when the step ends for it."""
    phase = view(table.state, JOOST, method=table.method).phase
    assert phase is not None
    return phase.outcome, phase.ending


def waited(table: Table) -> list[int]:
    """How long the end of the step was held back for it, in milliseconds."""
    return [one.until - one.at for one in table.log if isinstance(one, e.PhaseEnding) and one.outcome]


def test_it_is_in_sight_while_the_step_goes_on() -> None:
    table, vote = one_vote_short("agreed")
    assert seen(table) == (False, None)
    table.must(AMAL, vote)
    assert seen(table) == (True, None)
    choice = view(table.state, JOOST, method=table.method).choice
    assert choice is not None
    assert choice.tally == {choice.chosen[0]: 5}


def test_what_no_vote_decided_is_told_as_it_was() -> None:
    table = table_of(ending_by("agreed", by="lot"))
    table.must(BRAM, c.Start())
    bring_cases(table)
    assert table.state.choice is not None
    assert table.state.choice.made
    assert seen(table) == (False, None)


@pytest.mark.parametrize("command", [c.EndPhase(), c.SkipPhase()])
@pytest.mark.parametrize("later", [0, 1_000, 60_000])
def test_whoever_goes_on_by_hand_has_seen_it(command: c.AnyCommand, later: int) -> None:
    table = all_voted("agreed")
    table.now += later
    table.must(BRAM, command)
    assert (table.state.owner, waited(table)) == (NOOR, [])


def test_whoever_goes_on_after_time_was_up_has_seen_it_too() -> None:
    table = all_voted("agreed")
    table.tick()
    assert table.state.phase is not None
    assert table.state.phase.signalled
    table.must(BRAM, c.EndPhase())
    assert (table.state.owner, waited(table)) == (NOOR, [])


def test_what_is_chosen_by_going_on_is_shown_first() -> None:
    table, _ = one_vote_short("agreed")
    table.must(BRAM, c.SkipPhase())
    table.pass_moment()
    assert (table.state.owner, waited(table)) == (None, [OUTCOME])
    table.tick()
    assert table.state.owner == NOOR


@pytest.mark.parametrize(("before", "more"), [(60_000, []), (OUTCOME, []), (4_000, [6_000])])
def test_time_that_is_up_leaves_ten_seconds_since_the_choice(before: int, more: list[int]) -> None:
    table, vote = one_vote_short("time")
    phase = table.state.phase
    assert phase is not None
    assert phase.deadline is not None
    table.now = phase.deadline - before
    table.must(AMAL, vote)
    assert seen(table) == (True, None)
    table.tick()
    assert waited(table) == more
    table.pass_moment()
    assert table.state.owner == NOOR


@pytest.mark.parametrize(("later", "more"), [(0, [OUTCOME]), (4_000, [6_000]), (OUTCOME, [])])
def test_most_who_are_ready_leave_it_in_sight_for_ten_seconds(later: int, more: list[int]) -> None:
    """They may have said so before there was anything to see."""
    table, vote = one_vote_short("agreed", led=False)
    for seat in (OWNER, NOOR):
        table.must(seat, c.Ready())
    table.must(AMAL, vote)
    table.now += later
    table.must(JOOST, c.Ready())
    assert waited(table) == more
    table.pass_moment()
    assert table.state.owner == NOOR
