"""What people decide together: nobody empties, ends or destroys a meeting alone, and together they always can."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from kring.meeting import Actor, permitted, replay, view
from kring.meeting import commands as c
from kring.meeting import events as e
from kring.meeting.permissions import Action
from kring.meeting.state import TABLE
from tests.core.meeting.cast import AMAL, BRAM, JOOST, NOOR, OWNER, code, in_round, table_of
from tests.core.meeting.playing import ROOM, Table

SCREEN = Actor(table=True)
ALL = (OWNER, NOOR, BRAM, JOOST, AMAL)


def away(table: Table, *seats: str) -> None:
    for seat in seats:
        table.must(ROOM, c.SetPresence(seat=seat, here=False))


def offered(table: Table, who: str | None, command: str, detail: str = "") -> bool:
    """Whether a screen has a button for it."""
    return Action(command, detail) in permitted(table.state, who, method=table.method)


def burn_of(table: Table) -> tuple[int, int]:
    """How many ask to burn, of how many who have a say, as every screen shows it."""
    shown = view(table.state, table.state.seats[0].id, method=table.method).proposals
    return len(shown.burn), shown.burn_of


def close_of(table: Table) -> tuple[int, int]:
    """The same of closing early."""
    shown = view(table.state, table.state.seats[0].id, method=table.method).proposals
    return len(shown.close), shown.close_of


class TestShowingOut:
    def test_a_facilitator_shows_out_one_and_the_next_takes_a_majority(self) -> None:
        table = table_of()
        table.must(BRAM, c.ShowOut(seat=AMAL))
        assert table.state.seat(AMAL) is None
        table.must(BRAM, c.ShowOut(seat=JOOST))
        assert table.state.seat(JOOST) is not None
        table.must(NOOR, c.ShowOut(seat=JOOST))
        assert table.state.seat(JOOST) is None

    def test_it_is_one_for_all_facilitators(self) -> None:
        """Else two would hand it to and fro, and show out everybody."""
        table = table_of()
        table.must(BRAM, c.ShowOut(seat=AMAL))
        table.must(BRAM, c.HandFacilitation(to=NOOR))
        table.must(NOOR, c.ShowOut(seat=JOOST))
        assert table.state.seat(JOOST) is not None

    def test_a_majority_leaves_the_facilitators_own_untouched(self) -> None:
        table = table_of()
        for seat in (OWNER, NOOR, JOOST):
            table.must(seat, c.ShowOut(seat=AMAL))
        table.must(BRAM, c.ShowOut(seat=JOOST))
        assert table.state.seat(JOOST) is None

    @pytest.mark.parametrize("facilitator", [None, NOOR])
    def test_whoever_is_left_alone_shows_nobody_out(self, facilitator: str | None) -> None:
        table = table_of(facilitator=facilitator)
        away(table, OWNER, BRAM, JOOST, AMAL)
        assert not offered(table, NOOR, "show-out")
        assert code(table.do(NOOR, c.ShowOut(seat=AMAL))) == "alone"
        table.must(ROOM, c.SetPresence(seat=BRAM, here=True))
        assert offered(table, NOOR, "show-out")

    def test_one_of_two_does_not_decide_about_the_other(self) -> None:
        table = table_of(facilitator=None)
        away(table, OWNER, JOOST, AMAL)
        for seat in (BRAM, AMAL):
            table.must(NOOR, c.ShowOut(seat=seat))
            assert table.state.seat(seat) is not None
        table.must(BRAM, c.ShowOut(seat=AMAL))
        assert table.state.seat(AMAL) is None

    def test_the_doors_close_behind_whoever_could_come_back_by_another_device(self) -> None:
        table = table_of()
        table.must(BRAM, c.AddSeat(seat="nophone", name="namenophone"))
        (gone, shut) = table.must(BRAM, c.ShowOut(seat=AMAL))
        assert (type(gone), type(shut)) == (e.SeatLeft, e.DoorsClosed)
        assert code(table.do(None, c.TakeSeat(seat="another", name="nameanother"))) == "doors-closed"
        table.must(NOOR, c.ShowOut(seat="nophone"))
        happened = [event for seat in (OWNER, JOOST) for event in table.must(seat, c.ShowOut(seat="nophone"))]
        assert e.SeatLeft in map(type, happened)
        assert e.DoorsClosed not in map(type, happened), "a chair without a device has no link"

    def test_a_log_that_does_not_say_who_acted_folds_as_before(self) -> None:
        table = table_of()
        table.must(BRAM, c.ShowOut(seat=AMAL))
        gone = next(event for event in table.log if isinstance(event, e.SeatLeft))
        assert gone.by == BRAM
        assert table.state.info.led_out


class TestClosing:
    @pytest.mark.parametrize("facilitator", [None, NOOR])
    def test_whoever_is_left_alone_closes_nothing(self, facilitator: str | None) -> None:
        table = in_round(facilitator=facilitator)
        away(table, *(seat for seat in ALL if seat != NOOR))
        assert not offered(table, NOOR, "close-meeting")
        assert code(table.do(NOOR, c.CloseMeeting())) == "alone"
        table.must(ROOM, c.SetPresence(seat=JOOST, here=True))
        table.must(NOOR, c.CloseMeeting())
        assert table.state.info.status == ("closed" if facilitator else "running")
        if not facilitator:
            table.must(JOOST, c.CloseMeeting())
            assert table.state.info.status == "closed"

    def test_whoever_is_left_because_the_others_left_may_close(self) -> None:
        table = in_round(facilitator=None)
        for seat in (OWNER, BRAM, JOOST, AMAL):
            table.must(seat, c.Leave())
        if table.state.info.status != "closed":
            table.must(NOOR, c.CloseMeeting())
        assert table.state.info.status == "closed"

    @pytest.mark.parametrize(
        ("gone", "silent", "of"),
        [((), (), 5), ((AMAL,), (), 4), ((), (OWNER,), 4), ((AMAL,), (OWNER,), 3), ((BRAM, JOOST, AMAL), (OWNER,), 2)],
    )
    def test_every_screen_says_of_how_many_more_than_half_close_it(
        self, gone: tuple[str, ...], silent: tuple[str, ...], of: int
    ) -> None:
        table = in_round(facilitator=None)
        away(table, *gone)
        table.state = replace(table.state, positions=tuple((seat, "unseen") for seat in silent))
        asking = [seat for seat in (NOOR, BRAM, JOOST, AMAL, OWNER) if seat not in gone]
        for asked, seat in enumerate(asking):
            assert close_of(table) == (asked, of)
            table.must(seat, c.CloseMeeting())
            if table.state.info.status == "closed":
                assert (asked + 1) * 2 > of >= asked * 2
                break
        assert table.state.info.status == "closed"

    def test_whoever_asked_and_went_away_counts_no_longer_and_is_not_named(self) -> None:
        table = in_round(facilitator=None)
        table.must(AMAL, c.CloseMeeting())
        assert close_of(table) == (1, 5)
        away(table, AMAL)
        assert close_of(table) == (0, 4)

    def test_a_guest_counts_once_they_ask(self) -> None:
        table = table_of(facilitator=None)
        table.must(None, c.TakeSeat(seat="guest", name="nameguest", guest=True))
        table.must(NOOR, c.Start())
        assert close_of(table) == (0, 5)
        table.must("guest", c.CloseMeeting())
        assert close_of(table) == (1, 6)


def chairs(devices: int, count: int = 5, facilitator: str | None = None) -> Table:
    """A meeting that began with so many devices; the others sit on chairs without one, served by the table screen."""
    table = table_of(size=devices, facilitator=facilitator)
    host = facilitator or SCREEN
    for number in range(count - devices):
        table.must(host, c.AddSeat(seat=f"chair{number}", name=f"namechair{number}"))
    table.must(host, c.Start())
    return table


class TestBurning:
    def test_the_seats_of_the_start_count_those_shown_out_too(self) -> None:
        """A facilitator who could show out all others would else burn alone."""
        table = in_round()
        table.must(NOOR, c.Burn())
        table.must(BRAM, c.ShowOut(seat=AMAL))
        for seat in (BRAM, NOOR):
            table.must(seat, c.ShowOut(seat=OWNER))
        table.must(BRAM, c.Burn())
        assert burn_of(table) == (2, 5)
        assert not table.state.info.burned
        table.must(JOOST, c.Burn())
        assert table.state.info.burned

    def test_who_asked_before_being_shown_out_has_asked(self) -> None:
        table = in_round()
        table.must(AMAL, c.Burn())
        table.must(BRAM, c.ShowOut(seat=AMAL))
        table.must(BRAM, c.Burn())
        table.must(NOOR, c.Burn())
        assert table.state.info.burned
        assert code(table.do(JOOST, c.Burn())) == "content-burned"

    def test_who_came_later_brings_no_majority(self) -> None:
        """Whoever has the link lets in friends, and they would outvote whose words they are."""
        table = in_round()
        table.must(None, c.TakeSeat(seat="latecomer", name="namelatecomer"))
        assert not offered(table, "latecomer", "burn")
        assert code(table.do("latecomer", c.Burn())) == "no-say"
        assert burn_of(table) == (0, 5)

    def test_who_left_by_themselves_is_not_counted(self) -> None:
        table = in_round()
        table.must(AMAL, c.Burn())
        for seat in (AMAL, JOOST):
            table.must(seat, c.Leave())
        assert burn_of(table) == (0, 3)
        table.must(NOOR, c.Burn())
        table.must(BRAM, c.Burn())
        assert table.state.info.burned

    def test_where_all_of_the_start_have_left_who_is_there_decides(self) -> None:
        table = in_round(facilitator=None)
        table.must(None, c.TakeSeat(seat="latecomer", name="namelatecomer"))
        for seat in ALL:
            table.must(seat, c.Leave())
        table.must("latecomer", c.Burn())
        assert table.state.info.burned

    @pytest.mark.parametrize("closed", [False, True])
    def test_chairs_without_a_device_do_not_stand_in_the_way_of_those_with_one(self, *, closed: bool) -> None:
        table = chairs(2)
        if closed:
            close(table)
        table.must(OWNER, c.Burn())
        assert burn_of(table) == (1, 2)
        assert not table.state.info.burned
        assert code(table.do(SCREEN, c.Burn(on="chair0"))) in {"no-say", "facilitator-only"}
        table.must(NOOR, c.Burn())
        assert table.state.info.burned

    @pytest.mark.parametrize("closed", [False, True])
    @pytest.mark.parametrize("devices", [0, 1])
    def test_where_fewer_than_two_have_a_device_chairs_are_spoken_for(self, devices: int, *, closed: bool) -> None:
        table = chairs(devices)
        if closed:
            close(table)
        for number in range(3 if devices == 0 else 2):
            assert not table.state.info.burned
            table.must(SCREEN, c.Burn(on=f"chair{number}"))
        if devices:
            assert not table.state.info.burned
            table.must(OWNER, c.Burn())
        assert table.state.info.burned
        assert code(table.do(SCREEN, c.Burn())) == "not-seated"

    def test_one_device_alone_does_not_burn_what_the_chairs_said(self) -> None:
        table = chairs(1)
        table.must(OWNER, c.Burn())
        assert burn_of(table) == (1, 5)
        assert not table.state.info.burned

    def test_nobody_speaks_for_a_chair_twice_nor_once_all_is_burned(self) -> None:
        table = chairs(0)
        close(table)
        table.must(SCREEN, c.Burn(on="chair0"))
        assert code(table.do(SCREEN, c.Burn(on="chair0"))) == "already-given"
        acting = view(table.state, TABLE, method=table.method).mine.acting
        assert {seat for seat, actions in acting.items() if ("burn", "") in actions} == {
            f"chair{n}" for n in range(1, 5)
        }
        for number in (1, 2):
            table.must(SCREEN, c.Burn(on=f"chair{number}"))
        assert view(table.state, TABLE, method=table.method).mine.acting == {}

    def test_a_chair_that_was_shown_out_is_not_counted(self) -> None:
        table = chairs(1, facilitator=OWNER)
        table.must(OWNER, c.ShowOut(seat="chair0"))
        assert burn_of(table) == (0, 4)


def close(table: Table) -> None:
    """Over, without anybody's doing: every phase to its end."""
    for _ in range(400):
        if table.state.info.status == "closed":
            return
        table.tick()
    raise AssertionError(table.state.phase)


TAKEN_BACK = [("close-meeting", c.CloseMeeting()), ("burn", c.Burn()), (AMAL, c.ShowOut(seat=AMAL))]


@pytest.mark.parametrize(("what", "command"), TAKEN_BACK, ids=["close", "burn", "show out"])
def test_whoever_asked_may_take_it_back_until_it_is_decided(what: str, command: c.AnyCommand) -> None:
    table = in_round()
    back = c.TakeBack(what=what)
    assert code(table.do(NOOR, back)) == "not-asked"
    for seat in (NOOR, JOOST):
        table.must(seat, command)
    (happened,) = table.must(NOOR, back)
    assert happened == e.AskTakenBack(at=table.now, seat=NOOR, what=what)
    shown = view(table.state, JOOST, method=table.method).proposals
    assert [JOOST] in [[*shown.close], [*shown.burn], [*shown.show_out.get(AMAL, ())]], "the other asks still"
    assert not offered(table, NOOR, "take-back", what)
    assert offered(table, JOOST, "take-back", what)
    assert code(table.do(NOOR, back)) == "not-asked"
    table.must(OWNER, command)
    assert table.state.running, "who took it back does not count"
    assert not table.state.info.burned
    assert table.state.seat(AMAL) is not None
    assert replay(table.log) == table.state
    table.must(NOOR, command)
    assert code(table.do(NOOR, back)) in {"meeting-closed", "content-burned", "unknown-seat"}
    assert not offered(table, NOOR, "take-back", what)


def test_what_is_decided_is_not_taken_back_and_the_rest_goes_on() -> None:
    table = in_round(facilitator=BRAM)
    table.must(NOOR, c.CloseMeeting())
    table.must(NOOR, c.Burn())
    table.must(BRAM, c.CloseMeeting())
    assert code(table.do(NOOR, c.TakeBack(what="close-meeting"))) == "meeting-closed"
    assert code(table.do(SCREEN, c.TakeBack(what="burn"))) == "not-seated"
    table.must(NOOR, c.TakeBack(what="burn"))
    assert burn_of(table)[0] == 0


def test_whoever_is_left_alone_may_still_take_back_what_they_asked() -> None:
    table = in_round()
    table.must(NOOR, c.CloseMeeting())
    away(table, *(seat.id for seat in table.state.seats if seat.id != NOOR))
    assert not offered(table, NOOR, "close-meeting")
    table.must(NOOR, c.TakeBack(what="close-meeting"))
    assert table.state.proposals.close == ()


@pytest.mark.parametrize("closed", [False, True])
def test_what_was_asked_for_a_chair_is_taken_back_for_it(*, closed: bool) -> None:
    table = chairs(0)
    if closed:
        close(table)
    table.must(SCREEN, c.Burn(on="chair0"))
    assert code(table.do(SCREEN, c.TakeBack(what="burn", on="chair1"))) == "not-asked"
    table.must(SCREEN, c.TakeBack(what="burn", on="chair0"))
    assert burn_of(table)[0] == 0
    for number in range(3):
        assert not table.state.info.burned
        table.must(SCREEN, c.Burn(on=f"chair{number}"))
    assert table.state.info.burned
