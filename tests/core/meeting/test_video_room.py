"""Where the circle meets by video: anybody inside says it, everybody inside knows, and nobody else."""

from __future__ import annotations

from kring.meeting import TABLE, Action, Actor, permitted, view
from kring.meeting import commands as c
from tests.core.meeting.cast import AMAL, BRAM, NOOR, code, in_round, table_of
from tests.core.meeting.playing import ROOM, Table

LINK, OTHER = "content-video01", "content-video02"
SET = Action("set-video-room")


def shown(table: Table, who: str | None) -> tuple[str, str] | None:
    video = view(table.state, who, method=table.method).video
    return (video.seat, video.content) if video else None


def test_everybody_inside_knows_it_whenever_it_was_given() -> None:
    table = in_round()
    table.must(NOOR, c.SetVideoRoom(content=LINK))
    assert {shown(table, who) for who in (*(one.id for one in table.state.seats), TABLE)} == {(NOOR, LINK)}
    assert shown(table, None) is None
    table.must(Actor(), c.TakeSeat(seat="newcomer01", name="newname01"))
    assert shown(table, "newcomer01") == (NOOR, LINK)


def test_anybody_inside_gives_another_or_takes_it_away() -> None:
    table = in_round()
    table.must(NOOR, c.SetVideoRoom(content=LINK))
    table.must(BRAM, c.SetVideoRoom(content=OTHER))
    assert shown(table, AMAL) == (BRAM, OTHER)
    table.must(AMAL, c.SetVideoRoom())
    assert shown(table, AMAL) is None
    assert table.must(AMAL, c.SetVideoRoom()) == ()


def test_an_id_serves_once() -> None:
    table = in_round()
    for content in (LINK, OTHER):
        table.must(NOOR, c.SetVideoRoom(content=content))
    name = table.state.seats[0].name
    for content in (LINK, OTHER, name):
        assert code(table.do(BRAM, c.SetVideoRoom(content=content))) == "content-taken"
        assert code(table.do(Actor(), c.TakeSeat(seat="newcomer01", name=content))) == "content-taken"


def test_who_is_not_inside_and_a_table_screen_give_none() -> None:
    table = in_round()
    for actor in (Actor(), Actor(table=True)):
        assert code(table.do(actor, c.SetVideoRoom(content=LINK))) == "not-seated"
    assert SET not in permitted(table.state, None, method=table.method)
    assert SET not in permitted(table.state, TABLE, method=table.method)
    assert SET in permitted(table.state, BRAM, method=table.method)


def test_it_is_given_in_the_lobby_and_not_once_all_is_over_or_burned() -> None:
    table = table_of()
    table.must(NOOR, c.SetVideoRoom(content=LINK))
    assert shown(table, BRAM) == (NOOR, LINK)
    table = in_round()
    table.must(NOOR, c.SetVideoRoom(content=LINK))
    for one in table.state.seats:
        if not table.state.info.burned:
            table.must(one.id, c.Burn())
    assert shown(table, BRAM) is None
    assert code(table.do(BRAM, c.SetVideoRoom(content=OTHER))) == "content-burned"
    table.must(ROOM, c.Tick())
    for one in table.state.seats:
        if table.state.info.status != "closed":
            table.must(one.id, c.CloseMeeting())
    assert code(table.do(BRAM, c.SetVideoRoom(content=OTHER))) == "meeting-closed"
