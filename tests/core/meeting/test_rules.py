"""The rules of a meeting, one by one, on the methods of the library."""

import pytest
from msgspec.structs import replace
from playing import NAMES, ROOM, TABLE, Table

from kring.meeting import Action, Actor, Refusal, due, permitted, view
from kring.meeting import commands as c
from kring.meeting import events as e
from kring.methods.library import load
from kring.methods.model import Extend, Method, Withheld

OWNER, NOOR, BRAM, JOOST, AMAL = NAMES[:5]


def table_of(method: str | Method = "linxx-9", size: int = 5, seed: int = 1, facilitator: str | None = BRAM, **how: bool) -> Table:
    table = Table(load(method) if isinstance(method, str) else method, seed, **how)
    table.sit(size)
    if facilitator:
        table.must(facilitator, c.TakeFacilitation())
    return table


def code(outcome: object) -> str:
    assert isinstance(outcome, Refusal), outcome
    return outcome.code


def bring_cases(table: Table) -> dict[str, str]:
    """Everyone writes a question; by seat, its content id."""
    for seat in table.state.seats:
        table.must(seat.id, c.Give(what="case", content=f"case{seat.id}"))
    return {seat.id: f"case{seat.id}" for seat in table.state.seats}


def choose_owner(table: Table, owner: str = OWNER) -> None:
    cases = bring_cases(table)
    for seat in [seat.id for seat in table.state.seats]:
        if table.state.phase and table.state.phase.choosing:
            table.must(seat, c.Vote(choices={cases[owner]: 1}))


def in_round(**how: object) -> Table:
    """A linxx-9 meeting of which the round has just begun."""
    table = table_of(**how)  # type: ignore[arg-type]  # passed on as it is
    table.must(table.state.posts.facilitator or NOOR, c.Start())
    choose_owner(table)
    assert table.state.owner == OWNER
    return table


def to_phase(table: Table, phase: str) -> None:
    """Everyone says what they owe until the phase is there."""
    for _ in range(300):
        if table.state.phase is None or table.state.phase.id == phase:
            return
        if table.state.queue:
            turn = table.state.queue[0]
            table.must(turn.seat, c.Give(what=turn.what) if turn.owed else c.Pass(what=turn.what))
        else:
            table.must(table.state.posts.facilitator, c.EndPhase())
    raise AssertionError(phase)


def phase_at(method: str, place: int) -> str:
    return load(method).round[place].id


EXPLAIN, GOSSIP, REFORMULATE, ADVISE = (phase_at("linxx-9", place) for place in range(4))


class TestChoosing:
    def test_most_votes_win(self) -> None:
        table = table_of()
        table.must(BRAM, c.Start())
        cases = bring_cases(table)
        for seat, vote in zip([OWNER, NOOR, BRAM, JOOST, AMAL], [NOOR, NOOR, NOOR, BRAM, OWNER], strict=True):
            table.must(seat, c.Vote(choices={cases[vote]: 1}))
        assert table.state.owner == NOOR
        chosen = next(event for event in table.log if isinstance(event, e.CasesChosen))
        assert (chosen.because, chosen.tally) == ("votes", {cases[NOOR]: 3, cases[BRAM]: 1, cases[OWNER]: 1})

    def test_a_tie_goes_to_whoever_waited_longest_to_be_owner(self) -> None:
        table = Table(load("linxx-9"))
        for number, seat in enumerate(NAMES[:4]):
            table._fold(e.SeatTaken(at=1, seat=seat, name=f"name{seat}", waited=7 if number == 2 else number))
        table.must(OWNER, c.Start())
        cases = bring_cases(table)
        for seat in NAMES[:4]:
            table.must(seat, c.Vote(choices={cases[seat]: 1}))
        assert table.state.owner == NAMES[2]
        assert next(event for event in table.log if isinstance(event, e.CasesChosen)).because == "waited"

    def test_a_tie_of_equals_goes_by_lot_of_the_seed(self) -> None:
        owners = set()
        for seed in range(12):
            table = table_of(seed=seed)
            table.must(BRAM, c.Start())
            cases = bring_cases(table)
            for seat in [OWNER, NOOR, BRAM, JOOST, AMAL]:
                table.must(seat, c.Vote(choices={cases[seat]: 1}))
            owners.add(table.state.owner)
            assert next(event for event in table.log if isinstance(event, e.CasesChosen)).because == "lot"
        assert len(owners) > 2

    def test_votes_stay_hidden_until_all_have_voted_and_may_be_changed(self) -> None:
        table = table_of()
        table.must(BRAM, c.Start())
        cases = bring_cases(table)
        table.must(OWNER, c.Vote(choices={cases[NOOR]: 1}))
        table.must(OWNER, c.Vote(choices={cases[BRAM]: 1}))
        seen = view(table.state, NOOR, method=table.method).choice
        assert seen is not None
        assert (seen.cast, seen.tally, seen.chosen) == ((OWNER,), None, ())
        assert view(table.state, OWNER, method=table.method).mine.vote == {cases[BRAM]: 1}

    @pytest.mark.parametrize("choices", [{}, {"unknown": 1}, {"casenoorderl": 1, "casesamira": 1}, {"casesamira": 2}])
    def test_a_malformed_vote_is_refused(self, choices: dict[str, int]) -> None:
        table = table_of()
        table.must(BRAM, c.Start())
        bring_cases(table)
        assert code(table.do(OWNER, c.Vote(choices=choices))) in {"wrong-votes", "unknown-choice"}

    def test_two_cases_are_taken_up_one_after_the_other(self) -> None:
        table = table_of("leading-org-7")
        table.must(BRAM, c.Start())
        cases = bring_cases(table)
        for seat in [OWNER, NOOR, BRAM, JOOST, AMAL]:
            table.must(seat, c.Vote(choices={cases[OWNER]: 1, cases[NOOR]: 1}))
        rounds = [table.state.owner]
        for _ in range(400):
            if table.state.info.status == "closed":
                break
            if table.state.queue:
                turn = table.state.queue[0]
                table.must(turn.seat, c.Give(what=turn.what))
            elif Action("end-phase") in permitted(table.state, BRAM, method=table.method):
                table.must(BRAM, c.EndPhase())
            else:
                waiting = next(one for one in table.state.desk if one.owed)
                table.must(waiting.slot.seat, c.Pass(what=waiting.slot.what))
            if table.state.owner != rounds[-1]:
                rounds.append(table.state.owner)
        assert sorted(rounds, key=str) == sorted([OWNER, NOOR], key=str)
        assert table.state.info.status == "closed"


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
        assert not {command for command, _ in permitted(table.state, OWNER, method=table.method)} & {"give", "pass", "take-floor", "ready"}

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
        method = load("linxx-9")
        held = tuple(
            replace(one, withheld=Withheld(from_="owner", until=ADVISE)) if one.id == GOSSIP else one for one in method.round
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


class TestTime:
    def test_a_strict_phase_advances_and_lets_the_speaker_finish(self) -> None:
        table = in_round()
        to_phase(table, GOSSIP)
        speaker = table.state.floor
        table.tick()
        assert table.state.phase is not None
        assert table.state.phase.id == GOSSIP
        table.must(speaker, c.Give(what="hypothesis"))
        assert table.state.phase.id == REFORMULATE

    def test_whoever_talks_on_is_stopped_after_the_grace(self) -> None:
        table = in_round()
        to_phase(table, GOSSIP)
        table.tick()
        start = table.now
        table.tick()
        assert table.state.phase is not None
        assert table.state.phase.id == REFORMULATE
        assert table.now - start == 60_000

    def test_a_lenient_phase_only_signals_while_someone_facilitates(self) -> None:
        table = table_of("leading-org-7")
        table.must(BRAM, c.Start())
        table.tick()
        assert table.state.phase is not None
        assert (table.state.phase.signalled, due(table.state)) == (True, None)
        table.must(BRAM, c.EndPhase())
        assert table.state.owner is not None

    def test_the_method_itself_advances_where_nobody_facilitates(self) -> None:
        table = table_of("leading-org-7", facilitator=None)
        table.must(NOOR, c.Start())
        table.tick()
        assert table.state.owner is not None

    def test_extending_is_bounded_by_the_method(self) -> None:
        method = load("linxx-9")
        bounded = tuple(replace(one, extend=Extend(times=1, minutes=5)) for one in method.round)
        table = in_round(method=replace(method, round=bounded))
        before = due(table.state)
        assert before is not None
        assert code(table.do(BRAM, c.Extend(minutes=6))) == "too-long"
        assert code(table.do(BRAM, c.Extend(minutes=0))) == "bad-value"
        assert code(table.do(NOOR, c.Extend(minutes=5))) == "facilitator-only"
        table.must(BRAM, c.Extend(minutes=5))
        assert due(table.state) == before + 300_000
        assert code(table.do(BRAM, c.Extend(minutes=1))) == "no-extension-left"

    def test_a_phase_is_skipped_only_where_the_method_allows_it(self) -> None:
        assert code(in_round().do(BRAM, c.SkipPhase())) == "not-skippable"
        method = load("linxx-9")
        table = in_round(method=replace(method, round=tuple(replace(one, skip=True) for one in method.round)))
        table.must(BRAM, c.SkipPhase())
        assert table.state.phase is not None
        assert table.state.phase.id == GOSSIP
        assert table.state.phase.key in {event.key for event in table.log if isinstance(event, e.PhaseStarted)}

    def test_a_pause_stops_the_clock_and_every_turn(self) -> None:
        table = in_round()
        before = due(table.state)
        assert before is not None
        table.must(BRAM, c.Pause())
        assert due(table.state) is None
        assert code(table.do(OWNER, c.Give(what="explanation"))) == "paused"
        table.now += 100_000
        table.must(BRAM, c.Resume())
        assert due(table.state) == before + 100_000

    def test_time_goes_faster_in_practice_only(self) -> None:
        assert code(in_round().do(NOOR, c.Speed(factor=10))) == "practice-only"
        table = in_round(practice=True)
        left = (due(table.state) or 0) - table.now
        table.must(NOOR, c.Speed(factor=10))
        assert (due(table.state) or 0) - table.now == left // 10
        assert code(table.do(NOOR, c.Speed(factor=0))) == "bad-value"

    def test_a_tick_before_its_time_or_twice_does_nothing(self) -> None:
        table = in_round()
        seq = table.state.seq
        assert table.must(ROOM, c.Tick()) == ()
        assert table.state.seq == seq
        assert code(table.do(NOOR, c.Tick())) == "room-only"

    def test_what_is_owed_cannot_be_left_by_ending_early(self) -> None:
        assert code(in_round().do(BRAM, c.EndPhase())) == "still-owed"


class TestComingAndGoing:
    def test_a_latecomer_is_asked_in_the_round_of_turns_under_way(self) -> None:
        table = in_round()
        to_phase(table, GOSSIP)
        table.must(None, c.TakeSeat(seat="latecomer", name="namelatecomer"))
        assert "latecomer" in [turn.seat for turn in table.state.queue]

    def test_closed_doors_keep_everybody_out(self) -> None:
        table = table_of()
        table.must(BRAM, c.CloseDoors())
        assert code(table.do(None, c.TakeSeat(seat="latecomer", name="namelatecomer"))) == "doors-closed"
        assert code(table.do(BRAM, c.AddSeat(seat="latecomer", name="namelatecomer"))) == "doors-closed"
        assert code(table.do(NOOR, c.OpenDoors())) == "facilitator-only"
        table.must(BRAM, c.OpenDoors())
        table.must(None, c.TakeSeat(seat="latecomer", name="namelatecomer"))

    def test_a_full_circle_takes_one_guest_more_who_gives_nothing(self) -> None:
        table = table_of(size=9)
        assert code(table.do(None, c.TakeSeat(seat="tenthone", name="nametenth"))) == "group-full"
        table.must(None, c.TakeSeat(seat="guestone", name="nameguest", guest=True))
        assert code(table.do(None, c.TakeSeat(seat="guesttwo", name="nameguest2", guest=True))) == "group-full"
        table.must(BRAM, c.HandFacilitation(to="guestone"))
        table.must("guestone", c.Start())
        assert not [one for one in table.state.desk if one.slot.seat == "guestone"]

    def test_too_few_cannot_start(self) -> None:
        table = table_of(size=3)
        assert code(table.do(BRAM, c.Start())) == "group-too-small"

    def test_the_owner_dropping_out_ends_the_round_and_a_spare_case_follows(self) -> None:
        table = in_round()
        to_phase(table, GOSSIP)
        table.must(OWNER, c.Leave())
        assert [event.because for event in table.log if isinstance(event, e.RoundEnded)] == ["owner-left"]
        assert table.state.round is not None
        assert (table.state.round.number, table.state.owner) != (1, OWNER)
        assert table.state.phase is not None
        assert table.state.phase.id == EXPLAIN

    def test_an_absent_owner_is_waited_for(self) -> None:
        table = in_round()
        table.must(ROOM, c.SetPresence(seat=OWNER, here=False))
        assert table.state.floor == OWNER
        assert Action("pass", "explanation") in dict_of(table, BRAM, OWNER)
        table.must(BRAM, c.Pass(what="explanation", on=OWNER))

    def test_another_device_returns_to_an_absent_seat_while_doors_are_open(self) -> None:
        table = in_round()
        assert code(table.do(None, c.ReturnToSeat(seat=NOOR))) == "seat-present"
        table.must(ROOM, c.SetPresence(seat=NOOR, here=False))
        table.must(BRAM, c.CloseDoors())
        assert code(table.do(None, c.ReturnToSeat(seat=NOOR))) == "doors-closed"
        table.must(BRAM, c.OpenDoors())
        table.must(None, c.ReturnToSeat(seat=NOOR))
        seat = table.state.seat(NOOR)
        assert seat is not None
        assert seat.here

    def test_showing_out_takes_the_facilitator_or_a_majority(self) -> None:
        table = table_of(facilitator=None)
        table.must(NOOR, c.ShowOut(seat=AMAL))
        table.must(NOOR, c.ShowOut(seat=AMAL))
        table.must(JOOST, c.ShowOut(seat=AMAL))
        assert table.state.seat(AMAL) is not None
        table.must(BRAM, c.ShowOut(seat=AMAL))
        assert table.state.seat(AMAL) is None
        table.must(BRAM, c.TakeFacilitation())
        table.must(BRAM, c.ShowOut(seat=JOOST))
        assert table.state.seat(JOOST) is None

    def test_the_last_to_leave_closes_the_meeting(self) -> None:
        table = in_round()
        for seat in [seat.id for seat in table.state.seats]:
            if table.state.info.status != "closed":
                table.must(seat, c.Leave())
        assert table.state.info.status == "closed"


def dict_of(table: Table, who: str, target: str) -> list[tuple[str, str]]:
    return list(view(table.state, who, method=table.method).mine.acting.get(target, ()))


class TestRoles:
    def test_facilitation_can_be_taken_when_its_holder_is_away_and_not_before(self) -> None:
        table = in_round()
        assert code(table.do(NOOR, c.TakeFacilitation())) == "facilitator-only"
        table.must(ROOM, c.SetPresence(seat=BRAM, here=False))
        assert code(table.do(OWNER, c.TakeFacilitation())) == "facilitator-only"
        table.must(NOOR, c.TakeFacilitation())
        assert table.state.posts.facilitator == NOOR

    def test_facilitation_can_be_handed_over_or_laid_down(self) -> None:
        table = in_round()
        assert code(table.do(BRAM, c.HandFacilitation(to=OWNER))) == "bad-value"
        table.must(BRAM, c.HandFacilitation(to=NOOR))
        table.must(NOOR, c.HandFacilitation())
        assert table.state.posts.facilitator is None

    def test_a_facilitator_whose_case_is_chosen_hands_over_to_the_method_itself(self) -> None:
        table = table_of(facilitator=OWNER)
        table.must(OWNER, c.Start())
        choose_owner(table)
        assert (table.state.owner, table.state.posts.facilitator) == (OWNER, None)

    def test_a_seat_without_a_device_is_served_by_the_facilitator_and_the_table(self) -> None:
        table = table_of()
        table.must(BRAM, c.AddSeat(seat="nophone", name="namenophone"))
        table.must(BRAM, c.Start())
        assert code(table.do(NOOR, c.Give(what="case", on="nophone"))) == "facilitator-only"
        table.must(BRAM, c.Give(what="case", on="nophone"))
        assert table.state.items[-1].seat == "nophone"
        table.must(BRAM, c.HandFacilitation())
        table.must(Actor(table=True), c.Leave(on="nophone"))

    def test_a_majority_that_is_ready_moves_on_where_nobody_facilitates(self) -> None:
        table = in_round(facilitator=None)
        to_phase_done(table)
        assert table.state.phase is not None

    def test_closing_early_takes_the_facilitator_or_a_majority(self) -> None:
        table = in_round()
        for seat in [NOOR, JOOST]:
            table.must(seat, c.CloseMeeting())
        assert table.state.info.status == "running"
        table.must(BRAM, c.CloseMeeting())
        assert table.state.info.status == "closed"
        assert code(table.do(NOOR, c.Give(what="question"))) == "meeting-closed"

    def test_content_burns_when_a_majority_of_the_seats_asks_it(self) -> None:
        table = in_round()
        for seat in [NOOR, JOOST]:
            table.must(seat, c.Burn())
        assert not table.state.info.burned
        assert code(table.do(NOOR, c.Burn())) == "already-given"
        table.must(AMAL, c.Burn())
        assert table.state.info.burned
        assert code(table.do(OWNER, c.Give(what="explanation", content="content001"))) == "content-burned"
        table.must(OWNER, c.Give(what="explanation"))


def to_phase_done(table: Table) -> None:
    """Into the gossip round, one turn each, then everyone is ready."""
    to_gossip = table.state.queue[0]
    table.must(to_gossip.seat, c.Give(what=to_gossip.what))
    assert table.state.phase is not None
    key = table.state.phase.key
    while any(turn.owed for turn in table.state.queue):
        table.must(table.state.queue[0].seat, c.Give(what="hypothesis"))
    for seat in [NOOR, BRAM, JOOST]:
        assert table.state.phase.key == key
        table.must(seat, c.Ready())
    assert table.state.phase.key != key


def test_a_content_id_is_used_once() -> None:
    table = table_of()
    table.must(BRAM, c.Start())
    table.must(OWNER, c.Give(what="case", content="content001"))
    assert code(table.do(NOOR, c.Give(what="case", content="content001"))) == "content-taken"


def test_the_written_form_takes_hours_and_asks_for_writing() -> None:
    table = table_of(written=True)
    table.must(BRAM, c.Start())
    assert table.state.phase is not None
    hours = table.method.opening[0].hours
    assert due(table.state) == table.now + hours * 3_600_000
    assert {one.slot.by for one in table.state.desk} == {"written"}
