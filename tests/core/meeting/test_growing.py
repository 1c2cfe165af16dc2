"""What grows with a meeting: its contributions and the ids that were used. Neither changes, both only gain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.meeting import INITIAL, evolve, handlers
from kring.meeting import commands as c
from kring.meeting import events as e
from kring.meeting.items import PAGE, Item, Items
from kring.meeting.used import Used
from tests.core.meeting.cast import GOSSIP, NOOR, code, in_round, to_phase

MANY = 3 * PAGE + 5


def item(n: int) -> Item:
    phase = f"round:{n // 20}:gossip"
    seat, what = f"seat{n % 7}", ("question", "answer")[n % 2]
    return Item(n, seat, what, phase, "gossip", n // 20, 10**12 + n * 999, None if n % 5 == 0 else f"content{n:04d}")


ALL = [item(n) for n in range(MANY)]


def grown(count: int) -> Items:
    items = Items()
    for one in ALL[:count]:
        items = items.add(one)
    return items


def test_a_contribution_without_a_place_on_the_desk_is_kept_too() -> None:
    """Events are facts: a log that holds one folds."""
    given_late = e.ContributionGiven(at=1, seat=NOOR, what="tip", content="latecome")
    state = evolve(INITIAL, given_late)
    assert [one.content for one in state.items] == ["latecome"]
    assert state.desk == ()


@given(st.integers(0, MANY), st.integers(0, MANY + 3))
def test_contributions_come_out_as_they_went_in(count: int, start: int) -> None:
    items = grown(count)
    assert items.count == count
    assert list(items) == ALL[:count]
    assert list(items.since(start)) == ALL[:count][start:]
    assert len(items.pages) == count // PAGE


@given(st.integers(0, MANY), st.frozensets(st.sampled_from([f"round:{n}:gossip" for n in range(6)])))
def test_contributions_are_found_by_phase(count: int, phases: frozenset[str]) -> None:
    assert list(grown(count).of(phases)) == [one for one in ALL[:count] if one.phase in phases]


def test_one_contribution_more_leaves_the_earlier_ones_as_they_were() -> None:
    """And shares them: two ways to go on from one point do not know of each other."""
    before = grown(PAGE + 3)
    one, other = before.add(item(PAGE + 3)), before.add(item(0))
    assert list(before) == ALL[: PAGE + 3]
    assert (list(one)[-1], list(other)[-1]) == (item(PAGE + 3), item(0))
    assert one.pages is other.pages is before.pages


@given(st.sets(st.text("abcdefghij0123456789", min_size=8, max_size=32), max_size=40))
def test_an_id_is_used_once_it_was_added(names: set[str]) -> None:
    used = Used()
    for name in sorted(names):
        assert not used.has(name)
        used = used.add(name)
        assert used.has(name)
    assert all(used.has(name) for name in names)


def test_ten_thousand_ids_are_told_apart() -> None:
    used = Used()
    for n in range(10_000):
        used = used.add(f"content{n}")
    assert all(used.has(f"content{n}") for n in range(10_000))
    assert not any(used.has(f"content{n}") for n in range(10_000, 20_000))
    assert used.add("content1") == used


def test_a_meeting_holds_so_many_contributions_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    table = in_round()
    to_phase(table, GOSSIP)
    monkeypatch.setattr(handlers, "MOST", table.state.items.count + 1)
    who = table.state.queue[0].seat
    table.must(who, c.Give(what="hypothesis"))
    who = table.state.queue[0].seat
    for content in (None, "onemore1"):
        assert code(table.do(who, c.Give(what="hypothesis", content=content))) == "meeting-full"
    table.must(who, c.Pass(what="hypothesis"))


def test_whoever_left_is_not_kept_in_a_place() -> None:
    """People who come and go leave nothing behind but marks."""
    table = in_round(size=6)
    to_phase(table, GOSSIP)
    table.must(NOOR, c.Leave())
    assert NOOR not in dict(table.state.positions)
    assert table.state.used.has(f"@{NOOR}")
