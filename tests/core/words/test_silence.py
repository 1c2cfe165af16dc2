"""In a phase of silence nobody speaks, whatever ``by`` says: all is written, also for a chair without a device."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from msgspec.structs import replace

from kring.meeting import acting, permitted, view
from kring.meeting import commands as c
from kring.meeting import events as e
from kring.methods.flow import stages
from kring.methods.model import Give, Method, Reply
from kring_command.methods_show import lines
from tests.core.meeting.cast import OWNER, code, table_of
from tests.core.meeting.playing import Table
from tests.core.words.small import TELL, give, rehearsed, remarks, small

CHAIR = "chair000"


def quiet(**more: Any) -> Method:
    """A phase of silence, then one of talk."""
    gives = [give("participant", "hypothesis", 1, 2, **more)]
    return small([("quiet", "gossip", 5, {"silence": True, "gives": gives, "ends": ["done"]}), TELL])


def changed(method: Method, **fields: Any) -> Method:
    """As a file that was published before anybody was told that this is not possible."""
    first, *rest = method.round

    def other(one: Give) -> Give:
        return replace(one, **fields)

    return replace(method, round=(replace(first, gives=tuple(map(other, first.gives))), *rest))


def in_silence(method: Method) -> Table:
    """Three people and a chair, for which one of them acts."""
    table = table_of(method, 3, facilitator=None)
    actor = table.state.seats[1].id
    table.must(actor, c.AddSeat(seat=CHAIR, name="namechair"))
    table.must(actor, c.Start())
    for seat in table.state.seats:
        table.must(*_as(table, seat.id, c.Give(what="case", content=f"case{seat.id}")))
    for seat in table.state.seats:
        if table.state.phase and table.state.phase.choosing:
            table.must(*_as(table, seat.id, c.Vote(choices={f"case{OWNER}": 1})))
    table.pass_moment()
    assert table.state.phase is not None
    assert table.state.phase.silence
    return table


def _as(table: Table, seat: str, command: Any) -> tuple[str, Any]:
    other = table.state.seats[1].id
    return (other, replace(command, on=seat)) if seat == CHAIR else (seat, command)


METHODS = {
    "left out": quiet(),
    "written": quiet(by="written"),
    "spoken": changed(quiet(), by="spoken"),
    "either": changed(quiet(), by="either"),
    "in turns": quiet(turns="circle"),
    "with replies": changed(quiet(turns="circle"), reply=Reply()),
}


@pytest.mark.parametrize("name", METHODS)
def test_all_is_written_whatever_by_says(name: str) -> None:
    table = in_silence(METHODS[name])
    assert {one.slot.by for one in table.state.desk} == {"written"}
    seat = table.state.seats[1].id
    for who in (seat, CHAIR):
        assert code(table.do(*_as(table, who, c.Give(what="hypothesis")))) in {"must-be-written", "not-your-turn"}
    for one in table.state.seats:
        seen = view(table.state, one.id, method=table.method)
        assert {slot.by for slot in seen.desk} == {"written"}
        assert "take-floor" not in {action.command for action in permitted(table.state, one.id, method=table.method)}


def test_nobody_waits_for_a_reply_of_whoever_is_silenced() -> None:
    """The case owner sits with the back turned, and may neither answer nor pass."""
    table = in_silence(METHODS["with replies"])
    assert table.state.position(OWNER) == "back"
    assert OWNER not in {turn.seat for turn in table.state.queue} | {one.slot.seat for one in table.state.desk}
    while table.state.phase and table.state.phase.silence:
        actor, command = _as(table, table.state.queue[0].seat, c.Pass(what="hypothesis"))
        table.must(actor, command)
    assert [one.because for one in table.log if isinstance(one, e.PhaseEnded)][-1] == "done"


@pytest.mark.parametrize("turns", ["free", "circle"])
def test_for_a_chair_whoever_acts_for_it_types_or_passes(turns: Literal["free", "circle"]) -> None:
    for doing in (c.Give(what="hypothesis", content="typed001"), c.Pass(what="hypothesis")):
        table = in_silence(quiet(turns=turns))
        while turns == "circle" and table.state.queue[0].seat != CHAIR:
            table.must(table.state.queue[0].seat, c.Pass(what="hypothesis"))
        actor, command = _as(table, CHAIR, doing)
        may = {action.command for action in acting(table.state, actor, CHAIR, method=table.method)}
        assert {"give", "pass"} <= may
        assert "take-floor" not in may
        (event, *_) = table.must(actor, command)
        assert (event.by, getattr(event, "seat", None)) == (actor, CHAIR)


@pytest.mark.slow
@pytest.mark.parametrize("name", METHODS)
def test_nothing_is_said_aloud_in_any_meeting(name: str) -> None:
    given = 0
    for rehearsal in rehearsed(METHODS[name]):
        items = [item for item in rehearsal.state.items if item.id == "quiet"]
        given += len(items)
        assert all(item.content is not None for item in items)
    assert given


def test_nobody_is_heard_on_paper_and_kring_methods_show_says_written() -> None:
    method = METHODS["spoken"]
    assert next(one for one in stages(method) if one.phase.id == "quiet").voices == "nobody"
    (told,) = (line for line in lines(method, "en") if "hypothesis" in line)
    assert "by: written" in told


@pytest.mark.parametrize("by", ["spoken", "either"])
def test_by_that_says_otherwise_is_told(by: str) -> None:
    gives = [give("participant", "hypothesis", 1, 2, by=by)]
    (said,) = remarks([("quiet", "gossip", 5, {"silence": True, "gives": gives}), TELL])
    assert said.startswith("Nobody speaks in a phase with `silence: true`; write `by: written`.")
