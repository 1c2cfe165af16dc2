"""Where a phase is held in writing nobody has the floor: a chair without a device has no button to speak either."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from kring.meeting import acting
from kring.meeting import commands as c
from kring.meeting import events as e
from kring.methods.model import Method
from tests.core.meeting.cast import OWNER, code, table_of
from tests.core.meeting.playing import Table
from tests.core.words.small import TELL, give, small

CHAIR = "chair000"
HOURS: dict[str, Any] = {"ways": ["spoken", "written"]}


def method(*gives: dict[str, Any], **more: Any) -> Method:
    """A phase in which things are given freely, then one of talk."""
    return small(
        [("give", "gossip", 5, {"gives": list(gives), "position": "no", "ends": ["agreed", "time"], **more}), TELL],
        **HOURS,
    )


FREE = give("participant", "hypothesis", 0, 9, turns="free")
WRITTEN = FREE | {"by": "written"}
ALONE = FREE | {"turns": "alone"}
REMARK = give("participant", "remark", 0, 9)
OF_OTHERS = give("owner", "hypothesis", 0, 9, by="written")


def begun(method: Method, *, written: bool = False) -> Table:
    """Three people and a chair, for which one of them acts, in the first phase of the round."""
    table = table_of(method, 3, facilitator=None, written=written)
    actor = table.state.seats[1].id
    table.must(actor, c.AddSeat(seat=CHAIR, name="namechair"))
    table.must(actor, c.Start())
    for seat in table.state.seats:
        as_seat(table, seat.id, c.Give(what="case", content=f"case{seat.id}"))
    for seat in table.state.seats:
        if table.state.phase and table.state.phase.choosing:
            as_seat(table, seat.id, c.Vote(choices={f"case{OWNER}": 1}))
    table.pass_moment()
    assert table.state.phase is not None
    assert table.state.phase.id == "give"
    return table


def as_seat(table: Table, seat: str, command: Any) -> tuple[e.AnyEvent, ...]:
    other = table.state.seats[1].id
    return table.must(other, replace(command, on=CHAIR)) if seat == CHAIR else table.must(seat, command)


def may_speak(table: Table) -> bool:
    """Whether whoever acts for the chair may let it speak; what they may and what is done are the same."""
    actor = table.state.seats[1].id
    actions = {one.command for one in acting(table.state, actor, CHAIR, method=table.method)}
    return "take-floor" in actions


@pytest.mark.parametrize("gives", [(FREE,), (FREE, ALONE | {"what": "note"}), (WRITTEN, REMARK), (OF_OTHERS, FREE)])
def test_a_chair_may_speak_where_anybody_may(gives: tuple[dict[str, Any], ...]) -> None:
    assert may_speak(begun(method(*gives)))


@pytest.mark.parametrize(
    ("gives", "more", "written"),
    [
        ((FREE,), {}, True),
        ((FREE, REMARK), {}, True),
        ((FREE,), {"silence": True}, False),
        ((WRITTEN,), {}, False),
        ((WRITTEN, ALONE | {"what": "note"}), {}, False),
        ((ALONE,), {}, False),
    ],
    ids=["a meeting in writing", "two things in writing", "silence", "all written", "written and alone", "alone"],
)
def test_nobody_has_the_floor_in_writing(
    gives: tuple[dict[str, Any], ...], more: dict[str, Any], written: bool
) -> None:
    table = begun(method(*gives, **more), written=written)
    actor = table.state.seats[1].id
    assert not may_speak(table)
    assert code(table.do(actor, c.TakeFloor(on=CHAIR))) == "not-in-this-phase"


def test_in_a_meeting_in_writing_whoever_acts_for_a_chair_types() -> None:
    table = begun(method(FREE), written=True)
    actor = table.state.seats[1].id
    assert {one.slot.by for one in table.state.desk if one.slot.seat == CHAIR} == {"written"}
    assert code(table.do(actor, c.Give(what="hypothesis", on=CHAIR))) == "must-be-written"
    (event, *_) = table.must(actor, c.Give(what="hypothesis", content="typed001", on=CHAIR))
    assert (event.by, getattr(event, "seat", None)) == (actor, CHAIR)
