"""Coming, going, roles, seats without a device, closing, burning."""

from kring.meeting import Action, Actor, due, permitted, view
from kring.meeting import commands as c
from kring.meeting import events as e
from tests.core.meeting.cast import (
    AMAL,
    BRAM,
    EXPLAIN,
    GOSSIP,
    JOOST,
    NOOR,
    OWNER,
    acting_for,
    choose_owner,
    code,
    in_round,
    table_of,
    to_phase,
    to_phase_done,
)
from tests.core.meeting.playing import ROOM


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
        assert permitted(table.state, None, method=table.method) == {Action("take-seat", "guest")}
        assert code(table.do(None, c.TakeSeat(seat="tenthone", name="nametenth"))) == "group-full"
        table.must(None, c.TakeSeat(seat="guestone", name="nameguest", guest=True))
        assert permitted(table.state, None, method=table.method) == frozenset()
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
        assert Action("pass", "explanation") in acting_for(table, BRAM, OWNER)
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

    def test_nobody_sits_down_as_someone_who_left(self) -> None:
        table = in_round()
        table.must(NOOR, c.Leave())
        assert code(table.do(None, c.TakeSeat(seat=NOOR, name="newname1"))) == "seat-taken"
        assert code(table.do(None, c.TakeSeat(seat="latecomer", name=f"name{NOOR}"))) == "content-taken"

    def test_the_last_to_leave_closes_the_meeting(self) -> None:
        table = in_round()
        for seat in [seat.id for seat in table.state.seats]:
            if table.state.info.status != "closed":
                table.must(seat, c.Leave())
        assert table.state.info.status == "closed"

    def test_whoever_stands_outside_sees_who_sits_there_until_the_meeting_closes(self) -> None:
        table = in_round()
        assert [seat.name for seat in view(table.state, None, method=table.method).seats] != []
        table.must(BRAM, c.CloseMeeting())
        assert table.state.info.status == "closed"
        assert view(table.state, None, method=table.method).seats == ()
        assert view(table.state, NOOR, method=table.method).seats != ()


class TestRoles:
    def test_facilitation_can_be_taken_when_its_holder_is_away_and_not_before(self) -> None:
        table = in_round()
        assert code(table.do(NOOR, c.TakeFacilitation())) == "facilitator-only"
        table.must(ROOM, c.SetPresence(seat=BRAM, here=False))
        assert code(table.do(OWNER, c.TakeFacilitation())) == "facilitator-only"
        table.must(NOOR, c.TakeFacilitation())
        assert table.state.roles.facilitator == NOOR

    def test_facilitation_can_be_handed_over_or_laid_down(self) -> None:
        table = in_round()
        assert code(table.do(BRAM, c.HandFacilitation(to=OWNER))) == "bad-value"
        table.must(BRAM, c.HandFacilitation(to=NOOR))
        table.must(NOOR, c.HandFacilitation())
        assert table.state.roles.facilitator is None

    def test_a_facilitator_whose_case_is_chosen_hands_over_to_the_method_itself(self) -> None:
        table = table_of(facilitator=OWNER)
        table.must(OWNER, c.Start())
        choose_owner(table)
        assert (table.state.owner, table.state.roles.facilitator) == (OWNER, None)

    def test_a_seat_without_a_device_is_served_by_the_facilitator_and_the_table(self) -> None:
        table = table_of()
        table.must(BRAM, c.AddSeat(seat="nophone", name="namenophone"))
        table.must(BRAM, c.Start())
        assert code(table.do(NOOR, c.Give(what="case", on="nophone"))) == "facilitator-only"
        table.must(BRAM, c.Give(what="case", on="nophone"))
        assert [*table.state.items][-1].seat == "nophone"
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
        assert table.state.running
        table.must(BRAM, c.CloseMeeting())
        assert table.state.info.status == "closed"
        assert code(table.do(NOOR, c.Give(what="question"))) == "meeting-closed"

    def test_content_burns_when_a_majority_of_the_seats_asks_it(self) -> None:
        table = in_round()
        for seat in [NOOR, JOOST]:
            table.must(seat, c.Burn())
        assert [event for event in table.log if isinstance(event, e.ContentBurned)] == []
        assert code(table.do(NOOR, c.Burn())) == "already-given"
        table.must(AMAL, c.Burn())
        assert table.state.info.burned
        assert code(table.do(OWNER, c.Give(what="explanation", content="content001"))) == "content-burned"
        table.must(OWNER, c.Give(what="explanation"))


def test_a_content_id_is_used_once() -> None:
    table = table_of()
    table.must(BRAM, c.Start())
    table.must(OWNER, c.Give(what="case", content="content001"))
    assert code(table.do(NOOR, c.Give(what="case", content="content001"))) == "content-taken"
    assert code(table.do(NOOR, c.Give(what="case", content=f"name{BRAM}"))) == "content-taken"


def test_nobody_sits_down_under_the_name_of_somebody_who_is_there() -> None:
    table = table_of()
    assert code(table.do(None, c.TakeSeat(seat="latecomer", name=f"name{NOOR}"))) == "content-taken"


def test_the_written_form_takes_hours_and_asks_for_writing() -> None:
    table = table_of(written=True)
    table.must(BRAM, c.Start())
    assert table.state.phase is not None
    hours = table.method.opening[0].hours
    assert due(table.state) == table.now + hours * 3_600_000
    assert {one.slot.by for one in table.state.desk} == {"written"}
