"""What grows with a meeting: its contributions and the ids that were used. Neither changes, both only gain."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kring.meeting import INITIAL, evolve, handlers, replay
from kring.meeting import commands as c
from kring.meeting import events as e
from kring.meeting.items import PAGE, Ids, Item, Items
from kring.meeting.snapshot import decode, encode
from tests.core.meeting.cast import GOSSIP, NOOR, code, in_round, to_phase

MANY = 4 * PAGE + 5


def item(n: int) -> Item:
    phase = f"round:{n // 20}:gossip"
    seat, what = f"seat{n % 7}", ("question", "answer")[n % 2]
    return Item(n, seat, what, phase, "gossip", n // 20, 10**12 + n * 999, None if n % 5 == 0 else f"content{n:04d}")


ALL = [item(n) for n in range(MANY)]
GROWN = [Items()]
"""Of every length."""
for one in ALL:
    GROWN.append(GROWN[-1].add(one))
LENGTHS = st.one_of(st.integers(0, MANY), st.sampled_from([PAGE - 1, PAGE, PAGE + 1, 2 * PAGE]))
"""How many there are, often where a page begins."""


def test_a_contribution_without_an_entry_on_the_desk_is_kept_too() -> None:
    """Events are facts: a log that holds one folds."""
    given_late = e.ContributionGiven(at=1, seat=NOOR, what="tip", content="latecome")
    state = evolve(INITIAL, given_late)
    assert [one.content for one in state.items] == ["latecome"]
    assert state.desk == ()


@given(LENGTHS, st.integers(0, MANY + 3))
def test_contributions_come_out_as_they_went_in(count: int, start: int) -> None:
    items = GROWN[count]
    assert len(items) == count
    assert list(items) == ALL[:count]
    assert list(items.since(start)) == ALL[:count][start:]
    assert Items.of(ALL[:count]) == items


@given(LENGTHS, st.frozensets(st.sampled_from([f"round:{n}:gossip" for n in range(6)])))
def test_contributions_are_found_by_phase(count: int, phases: frozenset[str]) -> None:
    assert list(GROWN[count].of_phases(phases)) == [one for one in ALL[:count] if one.phase in phases]


def test_contributions_are_found_by_kind() -> None:
    assert list(GROWN[MANY].of_kind("answer")) == ALL[1::2]
    assert list(GROWN[MANY].of_kind("case")) == []


@given(LENGTHS)
def test_the_id_of_a_contribution_is_known_from_then_on(count: int) -> None:
    items = GROWN[count]
    assert all(items.has(one.content) == (one.n < count) for one in ALL if one.content is not None)


def test_one_contribution_more_leaves_the_earlier_ones_as_they_were() -> None:
    """And shares them: two ways to go on from one point do not know of each other."""
    start = 2 * PAGE + 3
    before = GROWN[start]
    one, other = before.add(item(start)), before.add(item(0))
    assert list(before) == ALL[:start]
    assert (list(one)[-1], list(other)[-1]) == (item(start), item(0))
    assert one.pages is other.pages is before.pages


def test_an_opened_snapshot_keeps_equal_names_once() -> None:
    """As the fold does, so that a meeting takes no more memory when it was opened from one."""
    state = replay([e.MeetingOpened(at=1, meeting="m" * 20, method="linxx-9")])
    for n in range(MANY):
        state = evolve(state, e.ContributionGiven(at=n, seat="seat" * 3, what="question", content=f"content{n:04d}"))
    opened = decode(encode(state))
    assert opened == state
    assert opened is not None
    assert len({id(one.seat) for one in opened.items}) == len({id(one.what) for one in opened.items}) == 1
    put_away = {id(one.content) for page in opened.items.pages for one in page}
    assert put_away == {id(one) for some in opened.items.ids.sets for one in some}


@given(st.lists(st.lists(st.text("abc", max_size=4), max_size=3)), st.text("abc", max_size=4))
def test_an_id_is_there_once_it_was_added(names: list[list[str]], other: str) -> None:
    ids = Ids()
    for some in names:
        ids = ids.add(*some)
        assert all(ids.has(name) for name in some)
    assert ids.has(other) == any(other in some for some in names)


@settings(max_examples=5)
@given(st.integers(1, 5000))
def test_ids_stand_in_few_sets_however_many_there_are(count: int) -> None:
    """So that one more costs, and is looked for, as good as the same."""
    ids = Ids()
    for n in range(count):
        ids = ids.add(f"content{n}")
    sizes = [len(some) for some in ids.sets]
    assert sum(sizes) == count
    assert all(larger >= 2 * smaller for larger, smaller in pairwise(sizes))


def test_a_meeting_holds_so_many_contributions_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    table = in_round()
    to_phase(table, GOSSIP)
    monkeypatch.setattr(handlers, "MOST_CONTRIBUTIONS", len(table.state.items) + 1)
    who = table.state.queue[0].seat
    table.must(who, c.Give(what="hypothesis"))
    who = table.state.queue[0].seat
    for content in (None, "onemore1"):
        assert code(table.do(who, c.Give(what="hypothesis", content=content))) == "meeting-full"
    table.must(who, c.Pass(what="hypothesis"))


def test_whoever_left_is_not_kept_in_a_place() -> None:
    """People who come and go leave nothing behind but their ids, which nobody gets again."""
    table = in_round(size=6)
    to_phase(table, GOSSIP)
    name = next(seat.name for seat in table.state.seats if seat.id == NOOR)
    table.must(NOOR, c.Leave())
    assert NOOR not in dict(table.state.positions)
    assert table.state.seat_id_taken(NOOR)
    assert table.state.id_taken(name)
