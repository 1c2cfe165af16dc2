"""Whoever facilitates can always say that whoever has the floor is done: a device lies on the table, a line is silent."""

from msgspec.structs import replace

from kring.meeting import TABLE, Actor, permitted, view
from kring.meeting import commands as c
from kring.meeting import events as e
from kring.meeting.permissions import Action
from kring.methods.model import Method, Phase
from tests.core.meeting.cast import AMAL, BRAM, GOSSIP, JOOST, LINXX, NOOR, code, in_round, table_of, to_phase
from tests.core.meeting.playing import Table

RELEASE = Action("release-floor")


def at_a_turn(method: Method = LINXX) -> Table:
    table = in_round(method=method)
    to_phase(table, GOSSIP)
    return table


def test_a_turn_counts_as_said_aloud() -> None:
    table = at_a_turn()
    turn = table.state.queue[0]
    assert turn.seat != BRAM
    other = next(seat for seat in (NOOR, JOOST, AMAL) if seat != turn.seat)
    assert code(table.do(other, c.ReleaseFloor())) == "facilitator-only"
    happened = table.must(BRAM, c.ReleaseFloor())
    assert happened[0] == e.ContributionGiven(at=table.now, seat=turn.seat, what=turn.what, by=BRAM)
    assert table.state.queue[0].seat != turn.seat
    assert RELEASE in view(table.state, BRAM, method=table.method).mine.permitted


def test_a_turn_in_silence_is_passed() -> None:
    def quiet(phase: Phase) -> Phase:
        return replace(phase, silence=True) if phase.id == GOSSIP else phase

    table = at_a_turn(replace(LINXX, round=tuple(map(quiet, LINXX.round))))
    turn = table.state.queue[0]
    assert table.must(BRAM, c.ReleaseFloor())[0] == e.TurnPassed(
        at=table.now, seat=turn.seat, what=turn.what, because="skipped", by=BRAM
    )


def test_the_table_says_so_for_a_facilitator_without_a_device() -> None:
    table = table_of(replace(LINXX, opening=(), round=LINXX.round[1:]), size=4, seed=2, facilitator=None)
    table.must(Actor(table=True), c.AddSeat(seat=AMAL, name="nameofamal"))
    table.must(Actor(table=True), c.TakeFacilitation(on=AMAL))
    table.must(Actor(table=True), c.Start())
    assert AMAL not in {table.state.owner, table.state.queue[0].seat}
    assert RELEASE in permitted(table.state, TABLE, method=table.method)
    turn = table.state.queue[0]
    assert table.must(Actor(table=True), c.ReleaseFloor())[0].by == TABLE
    assert table.state.queue[0] != turn
