"""Turns and silence, and what is hidden from whom until when."""

from msgspec.structs import replace

from kring.meeting import TABLE, permitted, view
from kring.meeting import commands as c
from kring.meeting import events as e
from kring.methods.model import Withheld
from tests.core.meeting.cast import (
    ADVISE,
    AMAL,
    BRAM,
    GOSSIP,
    JOOST,
    LINXX,
    NOOR,
    OWNER,
    REFORMULATE,
    bring_cases,
    code,
    in_round,
    phase_at,
    table_of,
    to_phase,
)
from tests.core.meeting.playing import ROOM


class TestTurns:
    def test_i_am_done_fulfils_a_turn_as_well_as_typing(self) -> None:
        table = in_round()
        table.must(OWNER, c.Give(what="explanation"))
        assert table.state.phase is not None
        assert table.state.phase.id == GOSSIP

    def test_only_the_holder_of_the_floor_may_speak(self) -> None:
        table = in_round()
        to_phase(table, GOSSIP)
        first, second = table.state.queue[0].seat, table.state.queue[1].seat
        assert code(table.do(second, c.Give(what="hypothesis"))) == "not-your-turn"
        table.must(first, c.Give(what="hypothesis", content="content001"))
        assert table.state.floor == second

    def test_the_owner_is_silent_out_of_sight_in_the_gossip_round(self) -> None:
        table = in_round()
        to_phase(table, GOSSIP)
        assert table.state.position(OWNER) == "unseen"
        assert code(table.do(OWNER, c.Give(what="response", content="content001"))) == "silenced"
        assert not {command for command, _ in permitted(table.state, OWNER, method=table.method)} & {
            "give",
            "pass",
            "take-floor",
            "ready",
        }

    def test_no_advice_in_the_gossip_round_of_linxx(self) -> None:
        table = in_round()
        to_phase(table, GOSSIP)
        assert code(table.do(table.state.queue[0].seat, c.Give(what="advice"))) == "advice-not-now"

    def test_passing_counts_as_taking_the_turn(self) -> None:
        table = in_round()
        to_phase(table, GOSSIP)
        first = table.state.queue[0].seat
        table.must(first, c.Pass(what="hypothesis"))
        assert table.state.floor != first

    def test_a_turn_that_was_passed_is_no_longer_owed_while_another_is(self) -> None:
        """The view says so; from what was given alone, nobody could tell."""
        method = LINXX
        twice = tuple(
            replace(one, gives=(replace(one.gives[0], least=2, most=3, turns="circle"),)) if one.id == GOSSIP else one
            for one in method.round
        )
        table = in_round(method=replace(method, round=twice))
        to_phase(table, GOSSIP)
        first = table.state.queue[0].seat
        owed = []
        for _ in range(2 * len(table.state.queue)):
            slot = next(one for one in view(table.state, NOOR, method=table.method).desk if one.seat == first)
            owed.append((slot.given, slot.owed, slot.passed))
            turn = table.state.queue[0]
            if not turn.owed:
                break
            table.must(turn.seat, c.Pass(what=turn.what) if turn.seat == first else c.Give(what=turn.what))
        assert list(dict.fromkeys(owed)) == [(0, 2, False), (0, 1, False), (0, 0, False)]

    def test_the_reply_follows_the_question_and_falls_away_with_a_pass(self) -> None:
        table = table_of("leading-org-7")
        table.must(BRAM, c.Start())
        choose = bring_cases(table)
        for seat in [OWNER, NOOR, BRAM, JOOST, AMAL]:
            table.must(seat, c.Vote(choices={choose[OWNER]: 1}))
        to_phase(table, phase_at("leading-org-7", 1))
        asker = table.state.queue[0].seat
        table.must(asker, c.Give(what="question"))
        assert (table.state.floor, table.state.queue[0].what) == (table.state.owner, "answer")
        table.must(table.state.owner, c.Give(what="answer"))
        second = table.state.floor
        table.must(second, c.Pass(what="question"))
        assert table.state.floor not in (table.state.owner, second)

    def test_an_absent_seat_is_asked_last_and_then_passed(self) -> None:
        table = in_round()
        to_phase(table, GOSSIP)
        second = table.state.queue[1].seat
        table.must(ROOM, c.SetPresence(seat=second, here=False))
        table.must(table.state.queue[0].seat, c.Give(what="hypothesis"))
        assert table.state.floor != second
        while table.state.phase and table.state.phase.id == GOSSIP and table.state.queue:
            turn = table.state.queue[0]
            table.must(turn.seat, c.Give(what=turn.what))
        passed = [event for event in table.log if isinstance(event, e.TurnPassed) and event.seat == second]
        assert passed
        assert {event.because for event in passed} == {"absent"}

    def test_while_nobody_is_case_owner_the_circle_goes_as_people_came(self) -> None:
        method = LINXX
        first = method.opening[0]
        aloud = replace(first, gives=(replace(first.gives[0], turns="circle", by="either"),), hidden="no")
        table = table_of(replace(method, opening=(aloud, *method.opening[1:])))
        table.must(BRAM, c.Start())
        assert [turn.seat for turn in table.state.queue] == [seat.id for seat in table.state.seats]

    def test_the_reply_to_an_absent_seat_moves_along_with_its_question(self) -> None:
        table = table_of("leading-org-7")
        table.must(BRAM, c.Start())
        choose = bring_cases(table)
        for seat in [OWNER, NOOR, BRAM, JOOST, AMAL]:
            table.must(seat, c.Vote(choices={choose[OWNER]: 1}))
        to_phase(table, phase_at("leading-org-7", 1))
        asker = table.state.queue[0].seat
        table.must(ROOM, c.SetPresence(seat=asker, here=False))
        last = [(turn.seat, turn.what) for turn in table.state.queue if turn.deferred or turn.depth][-2:]
        assert last == [(asker, "question"), (OWNER, "answer")]

    def test_someone_who_comes_back_in_time_still_gets_the_turn(self) -> None:
        table = in_round()
        to_phase(table, GOSSIP)
        second = table.state.queue[1].seat
        table.must(ROOM, c.SetPresence(seat=second, here=False))
        table.must(table.state.queue[0].seat, c.Give(what="hypothesis"))
        table.must(ROOM, c.SetPresence(seat=second, here=True))
        while table.state.floor != second:
            turn = table.state.queue[0]
            table.must(turn.seat, c.Give(what=turn.what))
        table.must(second, c.Give(what="hypothesis"))


class TestHiding:
    def test_what_is_written_alone_is_seen_when_all_are_done(self) -> None:
        table = table_of()
        table.must(BRAM, c.Start())
        table.must(OWNER, c.Give(what="case", content="content001"))
        assert view(table.state, NOOR, method=table.method).items == ()
        assert view(table.state, TABLE, method=table.method).items == ()
        assert len(view(table.state, OWNER, method=table.method).items) == 1
        for seat in [NOOR, BRAM, JOOST, AMAL]:
            table.must(seat, c.Pass(what="case"))
        assert len(view(table.state, NOOR, method=table.method).items) == 1

    def test_writing_may_be_asked_for(self) -> None:
        table = table_of()
        table.must(BRAM, c.Start())
        assert code(table.do(OWNER, c.Give(what="case"))) == "must-be-written"

    def test_what_is_withheld_from_the_owner_comes_when_the_method_says(self) -> None:
        method = LINXX
        held = tuple(
            replace(one, withheld=Withheld(from_="owner", until=ADVISE)) if one.id == GOSSIP else one
            for one in method.round
        )
        table = in_round(method=replace(method, round=held))
        to_phase(table, GOSSIP)
        table.must(table.state.queue[0].seat, c.Give(what="hypothesis", content="content001"))

        def seen(who: str) -> bool:
            return any(item.content == "content001" for item in view(table.state, who, method=table.method).items)

        assert (seen(OWNER), seen(TABLE), seen(JOOST)) == (False, False, True)
        to_phase(table, REFORMULATE)
        assert not seen(OWNER)
        to_phase(table, ADVISE)
        assert seen(OWNER)

    def test_a_device_without_a_seat_sees_who_sits_there_and_nothing_else(self) -> None:
        table = in_round()
        seen = view(table.state, None, method=table.method)
        assert len(seen.seats) == 5
        assert (seen.phase, seen.items, seen.desk, seen.round) == (None, (), (), None)
