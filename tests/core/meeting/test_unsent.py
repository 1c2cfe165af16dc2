"""A step ends while somebody types: everybody has a moment to hand in what they have, once, and seen by all."""

from typing import Any

import pytest
from msgspec.structs import replace

from kring.meeting import TABLE, State, decide, due, permitted, replay, snapshot, view
from kring.meeting import commands as c
from kring.meeting import events as e
from kring.meeting.permissions import Action
from kring.methods.model import Extend, Give, Method, Phase
from tests.core.meeting.cast import (
    AMAL,
    BRAM,
    GOSSIP,
    JOOST,
    LINXX,
    NOOR,
    OWNER,
    choose_owner,
    code,
    in_round,
    see_the_outcome,
    table_of,
)
from tests.core.meeting.playing import ROOM, Table

MOMENT = 15_000
FREE = Give(who="participant", what="hypothesis", most=3)


def talking(**changes: Any) -> Method:
    """linxx-9 with a gossip round of free talk, in which three hypotheses may be given, and nothing is owed."""

    def changed(phase: Phase) -> Phase:
        return replace(phase, **{"gives": (FREE,), "ends": ("agreed",), "extend": Extend(), "skip": True} | changes)

    def of(phase: Phase) -> Phase:
        return changed(phase) if phase.id == GOSSIP else phase

    return replace(LINXX, strict=False, round=tuple(map(of, LINXX.round)))


def gossiping(facilitator: str | None = BRAM, **changes: Any) -> Table:
    """In that gossip round, of which the owner is out of sight."""
    table = table_of(talking(**changes), facilitator=facilitator)
    table.must(facilitator or NOOR, c.Start())
    choose_owner(table)
    table.must(OWNER, c.Give(what="explanation"))
    assert here(table) == GOSSIP
    return table


def here(table: Table) -> str | None:
    return table.state.phase.id if table.state.phase else None


def ending(table: Table) -> e.PhaseEnding | None:
    """The latest event of its kind, while the step that it is about is under way."""
    now = table.state.phase
    found = [event for event in table.log if isinstance(event, e.PhaseEnding)]
    return found[-1] if found and now and now.ending else None


def test_the_facilitator_goes_on_and_whoever_types_may_finish() -> None:
    table = gossiping()
    table.unsent = frozenset({NOOR})
    table.must(BRAM, c.EndPhase())
    assert ending(table) == e.PhaseEnding(at=table.now, until=table.now + MOMENT, because="agreed", seats=(NOOR,))
    assert due(table.state) == table.now + MOMENT
    table.must(NOOR, c.Give(what="hypothesis", content="handedin"))
    table.tick()
    assert here(table) != GOSSIP
    assert "handedin" in {item.content for item in table.state.items}


def test_nothing_is_waited_for_where_nobody_types() -> None:
    table = gossiping()
    table.must(BRAM, c.EndPhase())
    assert here(table) != GOSSIP


def test_time_ends_a_step_in_which_somebody_types_a_moment_later() -> None:
    table = gossiping(facilitator=None)
    table.unsent = frozenset({AMAL})
    table.tick()
    found = ending(table)
    assert found is not None
    assert (here(table), found.because) == (GOSSIP, "time")
    table.tick()
    assert here(table) != GOSSIP


def test_others_who_are_ready_end_it_a_moment_later() -> None:
    table = gossiping(facilitator=None)
    table.unsent = frozenset({AMAL})
    for seat in (NOOR, BRAM, JOOST):
        table.must(seat, c.Ready())
    assert ending(table) is not None
    assert table.state.ready == ()


def test_a_step_that_is_skipped_waits_too() -> None:
    table = gossiping()
    table.unsent = frozenset({AMAL})
    table.must(BRAM, c.SkipPhase())
    assert ending(table) is not None
    table.tick()
    assert table.log[-2] == e.PhaseEnded(at=table.now, key=f"round:1:{GOSSIP}", because="skipped")


def test_it_is_over_when_whoever_is_waited_for_holds_nothing_any_more() -> None:
    table = gossiping()
    table.unsent = frozenset({NOOR, JOOST})
    table.must(BRAM, c.EndPhase())
    table.must(ROOM, c.SetUnsent(seat=NOOR))
    assert table.must(ROOM, c.SetUnsent(seat=NOOR)) == ()
    assert here(table) == GOSSIP
    table.must(JOOST, c.Ready())
    assert here(table) != GOSSIP


def test_what_somebody_else_holds_ends_nothing() -> None:
    table = gossiping()
    table.unsent = frozenset({NOOR})
    assert table.must(ROOM, c.SetUnsent(seat=NOOR)) == ()
    table.must(BRAM, c.EndPhase())
    assert table.must(ROOM, c.SetUnsent(seat=AMAL)) == ()
    assert code(table.do(NOOR, c.SetUnsent(seat=NOOR))) == "room-only"


def test_it_is_given_once_and_nothing_makes_it_longer() -> None:
    table = gossiping()
    table.unsent = frozenset({NOOR})
    table.must(BRAM, c.EndPhase())
    until = due(table.state)
    table.now += 10_000
    assert code(table.do(BRAM, c.EndPhase())) == "phase-ending"
    assert code(table.do(BRAM, c.SkipPhase())) == "phase-ending"
    allowed = permitted(table.state, BRAM, method=table.method)
    assert not {Action("end-phase"), Action("skip-phase")} & allowed
    table.must(JOOST, c.Give(what="hypothesis"))
    assert due(table.state) == until


def test_whoever_gets_more_time_has_had_the_moment() -> None:
    table = gossiping()
    table.unsent = frozenset({NOOR})
    table.must(BRAM, c.EndPhase())
    table.must(BRAM, c.Extend(minutes=2))
    assert ending(table) is None
    table.must(BRAM, c.EndPhase())
    assert here(table) != GOSSIP


@pytest.mark.parametrize("changes", [{"hidden": "end"}, {"silence": True}])
def test_where_it_is_nobodys_business_it_is_always_given_and_names_nobody(changes: dict[str, Any]) -> None:
    outcomes = []
    for unsent in (frozenset[str](), frozenset({NOOR})):
        table = gossiping(**changes)
        table.unsent = unsent
        table.must(BRAM, c.EndPhase())
        outcomes.append(table.log[-1])
        table.must(ROOM, c.SetUnsent(seat=NOOR))
        assert here(table) == GOSSIP
    assert outcomes[0] == outcomes[1]
    assert isinstance(outcomes[0], e.PhaseEnding)
    assert outcomes[0].seats == ()


def test_in_a_hidden_step_it_is_over_when_all_say_so_or_can_give_no_more() -> None:
    table = gossiping(hidden="end", gives=(replace(FREE, most=1),))
    for seat in (NOOR, BRAM):
        table.must(seat, c.Give(what="hypothesis", content=f"given{seat}"))
    table.must(BRAM, c.EndPhase())
    table.must(JOOST, c.Ready())
    assert here(table) == GOSSIP
    table.must(AMAL, c.Give(what="hypothesis", content="givenbyamal"))
    assert here(table) != GOSSIP


def test_a_hidden_step_in_which_nobody_can_give_any_more_ends_at_once() -> None:
    table = gossiping(hidden="end", gives=(replace(FREE, least=1, most=1),), ends=("done",))
    for seat in (NOOR, BRAM, JOOST, AMAL):
        assert here(table) == GOSSIP
        table.must(seat, c.Give(what="hypothesis", content=f"given{seat}"))
    assert here(table) != GOSSIP


def test_time_for_voting_ends_a_moment_later_for_all() -> None:
    table = table_of("leading-org-7", facilitator=None)
    table.must(NOOR, c.Start())
    for seat in table.state.seats:
        table.must(seat.id, c.Give(what="case", content=f"case{seat.id}"))
    assert table.state.phase is not None
    while Action("vote", "case") not in permitted(table.state, AMAL, method=table.method):
        table.tick()
    table.tick()
    assert ending(table) is not None
    assert table.state.phase.ending is None or table.state.phase.ending.seats == ()
    table.must(AMAL, c.Vote(choices={f"case{JOOST}": 1}))
    table.tick()
    see_the_outcome(table)
    assert table.state.owner == JOOST


def test_nobody_who_sits_apart_learns_who_types() -> None:
    table = gossiping()
    table.unsent = frozenset({NOOR})
    table.must(BRAM, c.EndPhase())

    def typing(who: str | None) -> tuple[str, ...]:
        return view(table.state, who, method=table.method).mine.typing

    assert {who: typing(who) for who in (OWNER, TABLE, None, BRAM, NOOR)} == {
        OWNER: (), TABLE: (), None: (), BRAM: (NOOR,), NOOR: (NOOR,),
    }  # fmt: skip
    shown = view(table.state, OWNER, method=table.method).phase
    assert shown is not None
    assert shown.ending == table.now + MOMENT


def test_the_table_screen_tells_where_nobody_is_kept_from_it() -> None:
    table = table_of(replace(talking(), round=(replace(LINXX.round[0], ends=("agreed",), gives=(FREE,)),)))
    table.must(BRAM, c.Start())
    choose_owner(table)
    assert view(table.state, TABLE, method=table.method).mine.typing == ()
    table.unsent = frozenset({NOOR})
    table.must(BRAM, c.EndPhase())
    assert view(table.state, TABLE, method=table.method).mine.typing == (NOOR,)


def test_in_writing_a_step_ends_when_it_was_said_to() -> None:
    table = table_of("incident-op-papier", written=True, facilitator=None)
    table.must(NOOR, c.Start())
    table.unsent = frozenset(seat.id for seat in table.state.seats)
    table.tick()
    assert not any(isinstance(event, e.PhaseEnding) for event in table.log)
    assert any(isinstance(event, e.PhaseEnded) for event in table.log)


def test_a_log_that_breaks_off_within_the_moment_goes_on_to_its_end() -> None:
    table = gossiping()
    table.unsent = frozenset({NOOR})
    table.must(BRAM, c.EndPhase())
    again = replay(table.log)
    kept = snapshot.decode(snapshot.encode(table.state))
    assert isinstance(kept, State)
    assert again == kept == table.state
    assert due(again) == due(table.state)
    table.unsent = frozenset()  # nobody has said anything since the server is back
    table.tick()
    assert here(table) != GOSSIP


def test_whoever_is_away_is_not_waited_for() -> None:
    table = gossiping()
    table.unsent = frozenset({NOOR})
    table.must(BRAM, c.EndPhase())
    table.must(ROOM, c.SetPresence(seat=NOOR, here=False))
    assert here(table) != GOSSIP
    table = gossiping(hidden="end")
    for seat in (NOOR, JOOST, AMAL):
        table.must(ROOM, c.SetPresence(seat=seat, here=False))
    for number in range(3):
        table.must(BRAM, c.Give(what="hypothesis", content=f"bramgiven{number}"))
    table.must(BRAM, c.EndPhase())
    assert here(table) != GOSSIP


def test_whoever_types_for_a_seat_without_a_device_is_waited_for() -> None:
    table = table_of(talking(), size=4)
    table.must(BRAM, c.AddSeat(seat=AMAL, name="nameofamal"))
    table.must(BRAM, c.Start())
    for seat in (OWNER, NOOR, BRAM, JOOST, AMAL):
        on = AMAL if seat == AMAL else None
        table.must(BRAM if on else seat, c.Give(what="case", content=f"case{seat}", on=on))
    for seat in (OWNER, NOOR, BRAM, JOOST, AMAL):
        if table.state.phase and table.state.phase.choosing:
            on = AMAL if seat == AMAL else None
            table.must(BRAM if on else seat, c.Vote(choices={f"case{OWNER}": 1}, on=on))
    see_the_outcome(table)
    table.must(OWNER, c.Give(what="explanation"))
    for number in range(3):
        table.must(BRAM, c.Give(what="hypothesis", content=f"bramgiven{number}"))
    table.unsent = frozenset({BRAM})
    table.must(BRAM, c.EndPhase())
    assert ending(table) is not None
    table.must(BRAM, c.Give(what="hypothesis", content="foramal1", on=AMAL))
    assert here(table) == GOSSIP


def test_a_pause_and_another_speed_stop_and_stretch_the_moment() -> None:
    table = gossiping()
    table.unsent = frozenset({NOOR})
    table.must(BRAM, c.EndPhase())
    table.now += 5_000
    table.must(BRAM, c.Pause())
    assert due(table.state) is None
    table.now += 60_000
    table.must(BRAM, c.Resume())
    assert due(table.state) == table.now + 10_000
    table = in_round(method=talking(), practice=True)
    table.must(OWNER, c.Give(what="explanation"))
    table.unsent = frozenset({NOOR})
    table.must(BRAM, c.EndPhase())
    table.must(NOOR, c.Speed(factor=10))
    assert due(table.state) == table.now + 1_500


def test_each_part_of_a_step_waits_once() -> None:
    parts = (replace(FREE, least=1), replace(FREE, what="resonance", then=True))
    table = gossiping(gives=parts)
    for seat in (NOOR, BRAM, JOOST, AMAL):
        table.must(seat, c.Give(what="hypothesis", content=f"given{seat}"))
    table.unsent = frozenset({NOOR})
    table.must(BRAM, c.EndPhase())
    assert ending(table) is not None
    table.tick()
    assert table.state.phase is not None
    assert (table.state.phase.part, table.state.phase.ending) == (1, None)
    table.must(BRAM, c.EndPhase())
    assert ending(table) is not None
    table.tick()
    assert here(table) != GOSSIP


def test_whoever_ends_the_meeting_or_leaves_with_their_case_waits_for_nobody() -> None:
    for seat, command in ((BRAM, c.CloseMeeting()), (OWNER, c.Leave())):
        table = gossiping()
        table.unsent = frozenset({NOOR})
        table.must(seat, command)
        assert here(table) != GOSSIP


def test_what_was_passed_in_says_who_types() -> None:
    table = gossiping()
    decided = decide(
        table.state,
        c.EndPhase(),
        method=table.method,
        actor=c.Actor(seat=BRAM),
        now=table.now,
        unsent=frozenset({AMAL}),
    )
    assert isinstance(decided, tuple)
    assert isinstance(decided[0], e.PhaseEnding)
