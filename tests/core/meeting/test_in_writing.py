"""A meeting in writing, over days: nobody needs to be there at the same time, and nobody waits for ever."""

from __future__ import annotations

from random import Random

import pytest
from msgspec.structs import replace

from kring.meeting import TABLE, WayError, due, longest, open_meeting, view
from kring.meeting import commands as c
from kring.meeting import events as e
from kring.methods.library import load
from kring.methods.model import Method
from tests.core.meeting.cast import BRAM, EXPLAIN, GOSSIP, JOOST, NOOR, OWNER, REFORMULATE, code, table_of
from tests.core.meeting.playing import ROOM, Table, play
from tests.core.meeting.test_properties import check_log
from tests.library import EVERY_WRITTEN_METHOD

HOUR = 60 * 60 * 1000
DAY = 24 * HOUR
SPOKEN_ONLY = "troika"


def written(facilitator: str | None = None, **how: object) -> Table:
    """A linxx-9 meeting in writing that has begun; everybody went home at once."""
    table = table_of(facilitator=facilitator, written=True, **how)  # type: ignore[arg-type]  # passed on as it is
    table.must(facilitator or NOOR, c.Start())
    for seat in table.state.seats:
        away(table, seat.id)
    return table


def away(table: Table, *seats: str) -> None:
    for seat in seats:
        table.must(ROOM, c.SetPresence(seat=seat, here=False))


def drops_in(table: Table, seat: str, command: c.AnyCommand) -> None:
    """Somebody comes, does one thing, and goes."""
    table.must(ROOM, c.SetPresence(seat=seat, here=True))
    table.must(seat, command)
    away(table, seat)


def phase(table: Table) -> str:
    assert table.state.phase is not None
    return table.state.phase.id


def to_round(table: Table) -> Table:
    for seat in [one.id for one in table.state.seats]:
        drops_in(table, seat, c.Give(what="case", content=f"case{seat}"))
    for seat in [one.id for one in table.state.seats]:
        drops_in(table, seat, c.Vote(choices={f"case{OWNER}": 1}))
    assert phase(table) == EXPLAIN
    return table


def actions(table: Table, who: str) -> set[str]:
    return {command for command, _ in view(table.state, who, method=table.method).mine.permitted}


# The ways of a method


@pytest.mark.parametrize(("name", "ways", "how"), [(SPOKEN_ONLY, None, True), ("linxx-9", ("written",), False)])
def test_a_meeting_opens_only_in_a_way_that_the_method_has(name: str, ways: tuple[str, ...] | None, how: bool) -> None:
    method = load(name)
    method = replace(method, ways=ways) if ways else method
    with pytest.raises(WayError, match="has no") as refused:
        open_meeting("m" * 20, method, now=0, seed=1, written=how)
    assert refused.value.code == "not-this-way"
    assert not open_meeting("m" * 20, method, now=0, seed=1, written=not how).practice


# Who is away


def test_who_is_away_is_waited_for() -> None:
    """Otherwise the first one who looks in would end the step for everybody."""
    table = written()
    drops_in(table, NOOR, c.Give(what="case", content="case-noor"))
    assert phase(table) == "question"
    assert [one.slot.seat for one in table.state.desk if one.owed and one.slot.what == "case"] == [
        one.id for one in table.state.seats if one.id != NOOR
    ]


def test_all_steps_go_on_though_nobody_is_ever_there_with_another() -> None:
    table = to_round(written())
    drops_in(table, OWNER, c.Give(what="explanation", content="explanation"))
    assert phase(table) == GOSSIP


def test_nobody_waits_for_a_turn() -> None:
    """Nor can anybody take the floor: what would be said in turn is given by whoever comes."""
    table = to_round(written())
    drops_in(table, OWNER, c.Give(what="explanation", content="explanation"))
    assert (table.state.queue, table.state.floor) == ((), None)
    for number, seat in enumerate((JOOST, BRAM, NOOR)):
        drops_in(table, seat, c.Give(what="hypothesis", content=f"hypothesis{number}"))
    assert [item.seat for item in table.state.items if item.what == "hypothesis"] == [JOOST, BRAM, NOOR]
    assert code(table.do(OWNER, c.Give(what="hypothesis", content="not-mine"))) == "silenced"
    assert code(table.do(NOOR, c.TakeFloor())) == "not-in-this-phase"


def test_the_case_owner_answers_when_they_come() -> None:
    table = table_of("leading-org-7", facilitator=None, written=True)
    table.must(NOOR, c.Start())
    for _ in range(20):
        if any(one.slot.what == "answer" for one in table.state.desk):
            break
        table.tick()
    owner = table.state.owner
    assert owner is not None
    askers = [one.id for one in table.state.seats if one.id != owner]
    for asker in askers:
        table.must(asker, c.Give(what="question", content=f"question{asker}"))
    for number in range(len(askers)):
        table.must(owner, c.Give(what="answer", content=f"answer{number:04}"))
    given = [item.what for item in table.state.items if item.what in {"question", "answer"}]
    assert given == ["question"] * len(askers) + ["answer"] * len(askers)


def test_one_who_looks_in_shows_nobody_out_and_passes_for_nobody() -> None:
    """Alone in the room, one would be a majority."""
    table = to_round(written())
    table.must(ROOM, c.SetPresence(seat=NOOR, here=True))
    table.must(NOOR, c.ShowOut(seat=BRAM))
    assert table.state.seat(BRAM) is not None
    table.must(NOOR, c.CloseMeeting())
    assert table.state.running
    assert view(table.state, NOOR, method=table.method).mine.acting == {}
    assert code(table.do(NOOR, c.Pass(what="explanation", on=OWNER))) == "facilitator-only"


def test_a_majority_of_all_moves_on_where_nobody_facilitates() -> None:
    table = to_round(written(size=4))
    drops_in(table, OWNER, c.Give(what="explanation", content="explanation"))
    members = [one.id for one in table.state.seats if one.id != OWNER]
    for number, seat in enumerate(members):
        drops_in(table, seat, c.Give(what="hypothesis", content=f"hypothesis{number}"))
    drops_in(table, members[0], c.Ready())
    assert phase(table) == GOSSIP
    drops_in(table, members[1], c.Ready())
    assert phase(table) == REFORMULATE


def test_facilitation_can_be_taken_over_from_who_is_away_and_stays_till_then() -> None:
    table = written(facilitator=BRAM)
    assert "take-facilitation" in actions(table, NOOR)
    assert not actions(table, NOOR) & {"close-doors", "add-seat", "end-phase"}
    assert code(table.do(NOOR, c.CloseDoors())) == "facilitator-only"
    assert "close-doors" not in actions(table, TABLE)
    table.must(ROOM, c.SetPresence(seat=BRAM, here=True))
    assert code(table.do(NOOR, c.TakeFacilitation())) == "facilitator-only"
    away(table, BRAM)
    table.must(NOOR, c.TakeFacilitation())
    assert table.state.roles.facilitator == NOOR


def test_another_device_returns_to_a_seat() -> None:
    table = written()
    table.must(None, c.ReturnToSeat(seat=NOOR))
    table.must(NOOR, c.Give(what="case", content="case-noor"))


def test_a_chair_without_a_device_is_acted_for() -> None:
    table = table_of(written=True)
    table.must(BRAM, c.AddSeat(seat="nodevice", name="namenodevice"))
    table.must(BRAM, c.Start())
    table.must(BRAM, c.Give(what="case", content="case-of-chair", on="nodevice"))


# Time


def test_the_step_goes_on_at_its_end_though_the_facilitator_never_came() -> None:
    table = table_of("leading-org-7", written=True)
    table.must(BRAM, c.Start())
    away(table, *(one.id for one in table.state.seats))
    before = table.state.phase
    assert before is not None
    assert due(table.state) == before.started + table.method.opening[0].hours * HOUR
    table.tick()
    assert table.state.phase is not None
    assert table.state.phase.key != before.key


def test_who_misses_the_end_of_a_step_has_passed_and_takes_part_in_the_next() -> None:
    table = written()
    for seat in (NOOR, OWNER):
        drops_in(table, seat, c.Give(what="case", content=f"case-of-{seat}"))
    table.tick()
    missed = {one.seat for one in table.log if isinstance(one, e.TurnPassed) and one.because == "time"}
    assert missed == {one.id for one in table.state.seats} - {NOOR, OWNER}
    drops_in(table, JOOST, c.Vote(choices={f"case-of-{OWNER}": 1}))


def test_nobody_gets_a_minute_to_finish() -> None:
    """Nobody has the floor in writing, so nothing is left to finish in a step of days."""
    table = to_round(written())
    drops_in(table, OWNER, c.Give(what="explanation", content="explanation"))
    table.tick()
    assert phase(table) == REFORMULATE


def test_a_step_is_extended_by_days_and_never_paused() -> None:
    table = written(facilitator=BRAM)
    before = due(table.state)
    assert before is not None
    assert code(table.do(BRAM, c.Extend(minutes=24 * 60 + 1))) == "too-long"
    table.must(BRAM, c.Extend(minutes=24 * 60))
    assert due(table.state) == before + DAY
    assert "pause" not in actions(table, BRAM)
    assert code(table.do(BRAM, c.Pause())) == "not-in-writing"
    assert "pause" in actions(spoken(), BRAM)


def spoken() -> Table:
    table = table_of()
    table.must(BRAM, c.Start())
    return table


def as_long_as_it_can(method: Method) -> int:
    """How long a meeting takes in which everything is left to the clock, and extended as often as may be."""
    size = method.group.max if method.cases == "everyone" else method.group.min
    table = table_of(method, size=size, facilitator=None, written=True)
    first = table.state.seats[0].id
    table.must(first, c.TakeFacilitation())
    table.must(first, c.Start())
    began = table.now
    for _ in range(500):
        if table.state.info.status == "closed":
            return table.now - began
        heir = next((one.id for one in table.state.seats if one.id != table.state.owner), None)
        if table.state.roles.facilitator is None and heir:
            table.must(heir, c.TakeFacilitation())
        while "extend" in actions(table, str(table.state.roles.facilitator)):
            table.must(table.state.roles.facilitator, c.Extend(minutes=24 * 60))
        table.tick()
    raise AssertionError(method.id)


@pytest.mark.parametrize("name", EVERY_WRITTEN_METHOD)
def test_the_longest_that_it_may_take_is_known_beforehand(name: str) -> None:
    method = load(name)
    assert as_long_as_it_can(method) <= longest(method)


def test_the_longest_counts_every_round_and_the_longest_module() -> None:
    method = load("leading-org-7")
    two = longest(replace(method, cases=2))
    assert two - longest(replace(method, cases=1)) == sum(
        one.hours * HOUR + (one.extend.times if one.extend else 0) * DAY for one in method.round
    )
    everyone = longest(replace(method, cases="everyone"))
    assert everyone == longest(replace(method, cases=method.group.max))
    with_modules = next(one for one in map(load, ("tietze-6",)) if one.modules)
    runs = next(one for one in with_modules.round if one.runs)
    plain = replace(with_modules, round=tuple(replace(one, runs=None) for one in with_modules.round))
    most = max(sum(one.hours for one in module.phases) for module in with_modules.modules.values())
    assert longest(with_modules) >= longest(plain) - runs.hours * HOUR + most * HOUR


@pytest.mark.parametrize("name", EVERY_WRITTEN_METHOD)
def test_random_people_break_no_promise_in_writing(name: str) -> None:
    table = Table(load(name), 7, written=True)
    table.sit(table.method.group.min)
    table.must(table.state.seats[0].id, c.Start())
    play(table, Random(11), trouble=0.1)
    check_log(table)
