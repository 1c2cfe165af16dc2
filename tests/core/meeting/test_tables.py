"""Table screens: whoever reads along is seen by all, and can be put out."""

from kring.meeting import TABLE, Action, Actor, permitted, view
from kring.meeting import commands as c
from kring.meeting import events as e
from tests.core.meeting.cast import AMAL, BRAM, NOOR, code, in_round, table_of
from tests.core.meeting.playing import ROOM, Table

SCREEN, OTHER = "screen01", "screen02"
REMOVE = Action("remove-table")


def with_screens(*screens: str) -> Table:
    table = in_round()
    for one in screens:
        table.must(ROOM, c.OpenTable(table=one, seat=NOOR))
    return table


def shown(table: Table, who: str | None) -> list[str]:
    return [one.id for one in view(table.state, who, method=table.method).tables]


class TestReadingAlong:
    def test_a_table_screen_is_shown_to_all_who_are_inside(self) -> None:
        table = with_screens(SCREEN, OTHER)
        seats = [seat.id for seat in table.state.seats]
        assert {tuple(shown(table, who)) for who in (*seats, TABLE)} == {(SCREEN, OTHER)}
        assert shown(table, None) == []

    def test_it_says_who_opened_it_and_when(self) -> None:
        table = with_screens(SCREEN)
        (one,) = view(table.state, AMAL, method=table.method).tables
        assert (one.seat, one.at) == (NOOR, table.now)

    def test_only_the_room_lets_one_in(self) -> None:
        table = in_round()
        for actor in (Actor(seat=BRAM), Actor(table=True), Actor()):
            for command in (c.OpenTable(table=SCREEN), c.CloseTable(table=SCREEN)):
                assert code(table.do(actor, command)) == "room-only"

    def test_one_that_comes_back_is_the_same_one(self) -> None:
        table = with_screens(SCREEN)
        assert table.must(ROOM, c.OpenTable(table=SCREEN)) == ()
        assert shown(table, NOOR) == [SCREEN]

    def test_closed_doors_close_to_new_ones(self) -> None:
        table = with_screens(SCREEN)
        table.must(BRAM, c.CloseDoors())
        assert code(table.do(ROOM, c.OpenTable(table=OTHER))) == "doors-closed"
        assert shown(table, NOOR) == [SCREEN]

    def test_one_of_an_earlier_release_comes_back_through_closed_doors_and_is_seen(self) -> None:
        table = in_round()
        table.must(BRAM, c.CloseDoors())
        table.must(ROOM, c.OpenTable(table=SCREEN, known=True))
        assert shown(table, AMAL) == [SCREEN]


class TestPuttingOut:
    def test_anybody_with_a_seat_may_at_once(self) -> None:
        for who in (NOOR, BRAM):
            table = with_screens(SCREEN, OTHER)
            (event,) = table.must(who, c.RemoveTable(table=SCREEN))
            assert event == e.TableClosed(at=table.now, table=SCREEN, by=who)
            assert shown(table, AMAL) == [OTHER]

    def test_nobody_may_where_there_is_none(self) -> None:
        table = in_round()
        assert REMOVE not in permitted(table.state, NOOR, method=table.method)
        assert code(table.do(NOOR, c.RemoveTable(table=SCREEN))) == "unknown-table"
        table.must(ROOM, c.OpenTable(table=SCREEN))
        assert REMOVE in permitted(table.state, NOOR, method=table.method)
        assert code(table.do(NOOR, c.RemoveTable(table=OTHER))) == "unknown-table"

    def test_a_screen_puts_out_no_other_while_anybody_has_a_device(self) -> None:
        table = with_screens(SCREEN, OTHER)
        for actor in (Actor(table=True), Actor()):
            assert code(table.do(actor, c.RemoveTable(table=SCREEN))) == "not-seated"

    def test_where_all_sit_around_one_screen_it_puts_out_another(self) -> None:
        table = table_of(size=0, facilitator=None)
        table.must(ROOM, c.OpenTable(table=SCREEN))
        table.must(Actor(table=True), c.AddSeat(seat="nophone", name="namenophone"))
        table.must(ROOM, c.OpenTable(table=OTHER))
        table.must(Actor(table=True), c.RemoveTable(table=OTHER))
        assert shown(table, TABLE) == [SCREEN]

    def test_after_the_end_it_still_can_be(self) -> None:
        table = with_screens(SCREEN)
        table.must(BRAM, c.CloseMeeting())
        table.must(AMAL, c.RemoveTable(table=SCREEN))
        assert shown(table, NOOR) == []

    def test_one_whose_browser_was_shown_out_goes_along(self) -> None:
        table = with_screens(SCREEN, OTHER)
        (event,) = table.must(ROOM, c.CloseTable(table=SCREEN))
        assert event == e.TableClosed(at=table.now, table=SCREEN, because="shown-out")
        assert table.must(ROOM, c.CloseTable(table=SCREEN)) == ()
        assert shown(table, NOOR) == [OTHER]
