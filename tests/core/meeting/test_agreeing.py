"""Phases that end only when everyone agrees."""

from msgspec.structs import replace

from kring.meeting import Projection, Transition, permitted, view
from kring.meeting import commands as c
from kring.meeting.permissions import Action
from kring.methods.model import Method
from tests.core.meeting.cast import AMAL, BRAM, EXPLAIN, JOOST, LINXX, NOOR, OWNER, choose_owner, table_of
from tests.core.meeting.playing import ROOM, Table

END = Action("end-phase")


def unanimous() -> Method:
    """linxx-9, with a first phase of the round that ends when everyone agrees."""
    method = LINXX
    first, *rest = method.round
    return replace(method, strict=False, round=(replace(first, ends=("agreed",), agree="everyone"), *rest))


def told(facilitator: str | None = BRAM) -> Table:
    table = table_of(unanimous(), facilitator=facilitator)
    table.must(facilitator or NOOR, c.Start())
    choose_owner(table)
    table.must(OWNER, c.Give(what="explanation"))
    return table


def here(table: Table) -> str:
    assert table.state.phase is not None
    return table.state.phase.id


def test_the_facilitator_waits_for_everyone() -> None:
    table = told()
    for seat in (OWNER, NOOR, JOOST, AMAL):
        assert END not in permitted(table.state, BRAM, method=table.method)
        table.must(seat, c.Ready())
    table.must(BRAM, c.EndPhase())
    assert here(table) != EXPLAIN


def test_whoever_takes_it_back_is_waited_for_again() -> None:
    table = told()
    for seat in (OWNER, NOOR, JOOST, AMAL):
        table.must(seat, c.Ready())
    table.must(NOOR, c.Ready(ready=False))
    assert END not in permitted(table.state, BRAM, method=table.method)


def test_without_a_facilitator_a_majority_is_not_enough() -> None:
    table = told(None)
    for seat in (OWNER, NOOR, BRAM, JOOST):
        table.must(seat, c.Ready())
        assert here(table) == EXPLAIN
    table.must(AMAL, c.Ready())
    assert here(table) != EXPLAIN


def test_whoever_is_away_is_not_waited_for() -> None:
    table = told()
    table.must(ROOM, c.SetPresence(seat=NOOR, here=False))
    for seat in (OWNER, JOOST, AMAL):
        table.must(seat, c.Ready())
    assert END in permitted(table.state, BRAM, method=table.method)


def test_time_ends_what_nobody_agrees_on() -> None:
    table = told()
    table.tick()
    assert END in permitted(table.state, BRAM, method=table.method)


def test_what_a_room_remembers_of_the_facilitator_follows_the_readiness_of_all() -> None:
    table = told()
    for seat in (OWNER, NOOR, JOOST, AMAL):
        before = Projection(table.state, table.method)
        assert before.view(BRAM).mine.permitted
        table.must(seat, c.Ready())
        after = Projection(table.state, table.method)
        Transition(before, after)
        assert after.view(BRAM) == view(table.state, BRAM, method=table.method)
