"""Each refusal says what is in the way, and changes nothing."""

import pytest
from msgspec.structs import replace

from kring.meeting import INITIAL, Actor, due
from kring.meeting import commands as c
from kring.meeting.handlers import HANDLERS
from kring.meeting.permissions import permitted
from kring.meeting.refusals import Code
from kring.meeting.settle import finish
from tests.core.meeting.cast import (
    AMAL,
    BRAM,
    GOSSIP,
    JOOST,
    LINXX,
    NOOR,
    at_the_choice,
    code,
    in_free_talk,
    in_round,
    table_of,
    to_phase,
)
from tests.core.meeting.playing import ROOM

REFUSED: list[tuple[c.AnyCommand, Actor, Code]] = [
    (c.TakeSeat(seat="latecomer", name="namelate1"), Actor(seat=NOOR), "already-seated"),
    (c.ReturnToSeat(seat="outsider"), Actor(), "unknown-seat"),
    (c.Give(what="question"), Actor(), "not-seated"),
    (c.Give(what="question", on=NOOR), Actor(), "not-seated"),
    (c.Give(what="question", on="outsider"), Actor(seat=BRAM), "unknown-seat"),
    (c.Give(what="question"), Actor(seat=NOOR), "not-in-this-phase"),
    (c.Pass(what="explanation"), Actor(seat=NOOR), "not-in-this-phase"),
    (c.Vote(choices={"x": 1}), Actor(seat=NOOR), "not-in-this-phase"),
    (c.Choose(choices=("x",)), Actor(seat=NOOR), "not-in-this-phase"),
    (c.TakeFloor(), Actor(seat=NOOR), "floor-taken"),
    (c.Start(), Actor(seat=BRAM), "already-started"),
    (c.Resume(), Actor(seat=BRAM), "not-paused"),
    (c.EndPhase(), Actor(seat=NOOR), "facilitator-only"),
    (c.ShowOut(seat="outsider"), Actor(seat=NOOR), "unknown-seat"),
    (c.ShowOut(seat=NOOR), Actor(seat=NOOR), "bad-value"),
    (c.TakeRole(role="king"), Actor(seat=NOOR), "unknown-role"),
]


@pytest.mark.parametrize(("command", "actor", "expected"), REFUSED, ids=str)
def test_a_refusal_tells_what_is_in_the_way(command: c.AnyCommand, actor: Actor, expected: Code) -> None:
    assert code(in_round().do(actor, command)) == expected


def test_a_full_circle_takes_no_chair_more() -> None:
    assert code(table_of(size=9).do(BRAM, c.AddSeat(seat="tenthone", name="nametenth"))) == "group-full"


def test_who_has_voted_with_a_pass_has_voted() -> None:
    table, cases = at_the_choice(LINXX)
    table.must(NOOR, c.Pass(what="vote"))
    assert code(table.do(NOOR, c.Vote(choices={cases[NOOR]: 1}))) == "already-given"


def test_a_chair_without_a_device_is_not_absent() -> None:
    table = table_of()
    table.must(BRAM, c.AddSeat(seat="nophone", name="namenophone"))
    assert code(table.do(None, c.ReturnToSeat(seat="nophone"))) == "seat-present"
    table.must(ROOM, c.SetPresence(seat=AMAL, here=False))
    assert code(table.do(None, c.ReturnToSeat(seat="nophone"))) == "seat-present"
    assert code(table.do(None, c.ReturnToSeat(seat="outsider"))) == "unknown-seat"


def test_whoever_acts_for_a_chair_hears_why_it_may_not() -> None:
    table = table_of()
    table.must(BRAM, c.AddSeat(seat="nophone", name="namenophone"))
    table.must(BRAM, c.Start())
    assert code(table.do(BRAM, c.Give(what="question", on="nophone"))) == "not-in-this-phase"


def test_a_guest_is_never_ready() -> None:
    table = table_of()
    table.must(None, c.TakeSeat(seat="supervisor", name="namesuper", guest=True))
    table.must(BRAM, c.Start())
    assert code(table.do("supervisor", c.Ready())) == "not-in-this-phase"


def test_what_is_not_owed_is_not_passed() -> None:
    table = in_free_talk()
    free = next(one.slot for one in table.state.desk if one.open and not one.owed)
    assert code(table.do(free.seat, c.Pass(what=free.what))) == "nothing-owed"


def test_what_was_given_is_not_given_again() -> None:
    table = table_of()
    table.must(BRAM, c.Start())
    table.must(NOOR, c.Give(what="case", content="content001"))
    assert code(table.do(NOOR, c.Give(what="case", content="content002"))) == "already-given"


def test_whoever_has_given_all_may_only_pass_a_turn() -> None:
    table = in_round()
    to_phase(table, GOSSIP)
    turn = table.state.queue[0]
    full = tuple(
        replace(one, given=one.slot.most) if (one.slot.seat, one.slot.what) == (turn.seat, turn.what) else one
        for one in table.state.desk
    )
    found = permitted(replace(table.state, desk=full), turn.seat, method=table.method)
    assert ("pass", turn.what) in found
    assert ("give", turn.what) not in found


@pytest.mark.parametrize("command", [c.Vote(choices={"x": 1}), c.Choose(choices=("x",)), c.Extend(minutes=1)], ids=str)
def test_what_is_decided_outside_a_phase_changes_nothing(command: c.AnyCommand) -> None:
    outcome = HANDLERS[type(command)](INITIAL, command, LINXX, NOOR, 1)
    assert code(outcome) in {"not-in-this-phase", "not-started"}
    assert not tuple(finish(INITIAL, LINXX, "time", 1))


LOBBY: list[tuple[c.AnyCommand, Code]] = [
    (c.Burn(), "not-started"),
    (c.CloseMeeting(), "not-started"),
    (c.Pause(), "not-started"),
    (c.Give(what="case"), "not-started"),
    (c.EndPhase(), "not-started"),
]


@pytest.mark.parametrize(("command", "expected"), LOBBY, ids=str)
def test_before_the_start_a_refusal_says_so(command: c.AnyCommand, expected: Code) -> None:
    assert code(table_of().do(BRAM, command)) == expected


def test_other_refusals_of_the_room() -> None:
    table = table_of(facilitator=None)
    assert code(table.do(None, c.ReturnToSeat(seat=NOOR))) == "seat-present"
    table.must(NOOR, c.CloseDoors())
    assert code(table.do(NOOR, c.CloseDoors())) == "doors-closed"
    table.must(NOOR, c.OpenDoors())
    table.must(NOOR, c.Start())
    table.must(NOOR, c.Pause())
    assert code(table.do(NOOR, c.Pause())) == "paused"
    table.must(ROOM, c.SetPresence(seat=NOOR, here=False))
    assert table.must(ROOM, c.SetPresence(seat=NOOR, here=False)) == ()
    table.must(JOOST, c.CloseMeeting())
    assert code(table.do(JOOST, c.CloseMeeting())) == "already-given"
    table.must(BRAM, c.CloseMeeting())
    table.must(AMAL, c.CloseMeeting())
    assert code(table.do(None, c.TakeSeat(seat="latecomer", name="namelate1"))) == "meeting-closed"
    assert due(table.state) is None
