"""How long things take: ranges of minutes, minutes for each person or case, a cap in days; switching off what a kind supplies."""

from __future__ import annotations

from typing import Any

import pytest

from kring.meeting import commands as c
from kring.meeting import events as e
from kring.meeting import longest, permitted
from kring.meeting.flow import HOUR, MINUTE
from kring.methods import checker, length
from kring.methods.choosing import minutes_for
from kring.methods.errors import MethodError
from kring.methods.model import Method
from tests.core.meeting.playing import Table
from tests.core.words.small import BRING, TELL, Sketch, give, played, rehearsed, remarks, small

EACH: Sketch = ("each", "collect", 2, {"per": "person"})
LOOK: Sketch = ("look", "evaluate", 3, {"per": "case"})


def started(method: Method, people: int, *, written: bool = False) -> Table:
    table = Table(method, written=written)
    table.sit(people)
    table.must(table.state.seats[0].id, c.Start())
    return table


def phases(log: list[e.AnyEvent]) -> dict[str, e.PhaseStarted]:
    return {one.id: one for one in log if isinstance(one, e.PhaseStarted)}


def test_minutes_for_each_person_are_as_many_as_there_are_people() -> None:
    method = small([TELL], opening=[EACH, BRING[1]], minutes=2 * 3 + 2 + 5)
    table = started(method, 5)
    phase = table.state.phase
    assert phase is not None
    assert phase.deadline == phase.started + 10 * MINUTE
    assert phase.minutes == 10  # as the clock of a screen shows it
    assert minutes_for(method, 5) == method.minutes + 4
    assert minutes_for(method, None) == method.minutes == minutes_for(method, 2)


@pytest.mark.parametrize("cases", [2, "everyone"])
def test_minutes_for_each_case_are_as_many_as_are_taken_up(cases: Any) -> None:
    choose: Sketch = ("pick", "choose", 2, {"choose": {"by": "everyone" if cases == "everyone" else "vote"}})
    rounds = 3 if cases == "everyone" else 2
    method = small([TELL], opening=[BRING[0], choose], closing=[LOOK], cases=cases, minutes=3 + 2 + 8 * rounds)
    ended = phases(played(method, people=4, seed=1).log)["look"]
    taken = 4 if cases == "everyone" else 2
    assert ended.minutes == 3 * taken
    assert ended.deadline == ended.at + 3 * taken * MINUTE


def test_minutes_for_each_case_count_the_cases_of_the_method_until_they_are_chosen() -> None:
    method = small([TELL], opening=[("each", "collect", 2, {"per": "case"}), BRING[1]], cases=2, minutes=2 * 2 + 2 + 10)
    phase = started(method, 3).state.phase
    assert phase is not None
    assert phase.minutes == 4


def test_a_range_runs_to_its_most() -> None:
    method = small([("tell", "tell", 10, {"minutes-from": 5})], **{"minutes-from": 10, "minutes": 15})
    assert length.minutes(method, 3) == (10, 15)
    assert phases(played(method, people=3, seed=2).log)["tell"].minutes == 10


@pytest.mark.parametrize(
    ("total", "fits"),
    [
        ({"minutes": 15}, True), ({"minutes": 12}, True), ({"minutes": 10}, True), ({"minutes": 9}, False),
        ({"minutes": 16}, False), ({"minutes": 15, "minutes-from": 10}, True), ({"minutes": 30, "minutes-from": 5}, True),
        ({"minutes": 14, "minutes-from": 10}, False), ({"minutes": 15, "minutes-from": 11}, False),
    ],
)  # fmt: skip
def test_a_total_fits_what_its_phases_may_take(total: dict[str, float], fits: bool) -> None:
    said = remarks([("tell", "tell", 10, {"minutes-from": 5})], **total)
    assert (said == []) == fits
    assert all("10 to 15 minutes" in one for one in said)


# -- a cap in days -----------------------------------------------------------------------------------------------------

WRITTEN: dict[str, Any] = {"ways": ["spoken", "written"]}


def capped(days: int | None) -> Method:
    return small([TELL], **WRITTEN, **({} if days is None else {"days": days}))


def test_a_cap_in_days_bounds_what_a_facilitator_may_add() -> None:
    planned, longest_without = longest(capped(None), extended=False), longest(capped(None))
    assert planned == 96 * HOUR  # 48 to bring, 24 to choose, 24 to tell
    assert longest_without == planned + 6 * 24 * HOUR
    assert longest(capped(5)) == 5 * 24 * HOUR
    assert longest(capped(4)) == longest(capped(4), extended=False) == planned
    assert longest(capped(100)) == longest_without
    assert [length.extension(capped(days)) for days in (None, 4, 5)] == [None, 0, 24]


@pytest.mark.parametrize(("days", "added"), [(4, []), (5, [24 * 60]), (6, [24 * 60, 24 * 60]), (9, [24 * 60, 24 * 60])])
def test_the_room_offers_no_more_time_than_the_cap_leaves(days: int, added: list[int]) -> None:
    table = started(capped(days), 4, written=True)
    guide = table.state.seats[0].id
    table.must(guide, c.TakeFacilitation())
    found = []
    while ("extend", "") in permitted(table.state, guide, method=table.method):
        (event,) = [one for one in table.must(guide, c.Extend(minutes=24 * 60)) if isinstance(one, e.PhaseExtended)]
        found.append(event.minutes)
    assert found == added


def test_what_is_left_of_the_cap_is_added_where_it_is_less_than_a_day() -> None:
    method = small([("tell", "tell", 5, {"hours": 12})], **WRITTEN, days=4)
    table = started(method, 4, written=True)
    guide = table.state.seats[0].id
    table.must(guide, c.TakeFacilitation())
    (event,) = [one for one in table.must(guide, c.Extend(minutes=24 * 60)) if isinstance(one, e.PhaseExtended)]
    assert event.minutes == 12 * 60
    assert table.state.info.extended == 12 * 60


def test_a_cap_in_days_says_nothing_of_a_meeting_in_a_room() -> None:
    table = started(capped(4), 4)
    guide = table.state.seats[0].id
    table.must(guide, c.TakeFacilitation())
    assert ("extend", "") in permitted(table.state, guide, method=table.method)


@pytest.mark.slow
def test_meetings_with_a_cap_take_no_longer() -> None:
    method = capped(5)
    for rehearsal in rehearsed(method):
        if rehearsal.plan.written:
            begun = next(one.at for one in rehearsal.log if isinstance(one, e.MeetingStarted))
            assert rehearsal.log[-1].at - begun <= longest(method)


# -- switching off what a kind supplies --------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_kind_supplies_nothing_where_the_file_says_no() -> None:
    off = {"choose": "no", "extend": "no"}
    method = small([TELL], opening=[BRING[0], ("talk", "choose", 2, {"gives": [give("everyone", "remark", 1)], **off})])
    talk = method.opening[1]
    assert (talk.choose, talk.extend, talk.ends) == (None, None, ("done",))
    for rehearsal in rehearsed(method):
        assert phases(rehearsal.log)["talk"].choosing is None


@pytest.mark.parametrize(
    ("kind", "key", "value"),
    [("gossip", "position", {}), ("advise", "advice", False), ("write", "silence", False), ("tell", "gives", ())],
)
def test_each_key_can_be_switched_off(kind: str, key: str, value: object) -> None:
    more = {"ends": ["agreed", "time"], "hidden": "no"}
    method = small([TELL, ("off", kind, 4, {key: "no", **more})])
    assert getattr(method.round[1], key) == value


def test_switching_off_in_vain_is_told() -> None:
    (said,) = remarks([("tell", "tell", 5, {"choose": "no"})])
    assert said == "The kind `tell` supplies no `choose`, so there is nothing to switch off; remove this line."


EXTENDED = """\
kring: 1
id: mine
extends: {base}
name: {{nl: "a", en: "b", de: "c"}}
summary: {{nl: "a", en: "b", de: "c"}}
round:
  {phase}:
    {change}
"""


def extended(base: str, phase: str, change: str) -> Method:
    return checker.accept(EXTENDED.format(base=base, phase=phase, change=change).encode(), "mine.yaml")


def test_a_file_that_extends_another_switches_off_too() -> None:
    phase = next(one for one in extended("linxx-9", "gossip", "position: no").round if one.id == "gossip")
    assert phase.position == {}
    phase = next(one for one in extended("linxx-9", "explanation", "extend: no").round if one.id == "explanation")
    assert phase.extend is None


def test_what_is_switched_off_takes_along_what_only_it_needed() -> None:
    with pytest.raises(MethodError) as caught:
        extended("linxx-9", "gossip", "gives: yes")
    assert "must be a list" in caught.value.problems[0].message
