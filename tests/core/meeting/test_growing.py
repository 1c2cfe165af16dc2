"""What grows with a meeting: its contributions and the ids that were used. Neither changes, both only gain."""

from collections.abc import Iterable

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kring.meeting import INITIAL, evolve, handlers
from kring.meeting import commands as c
from kring.meeting import events as e
from kring.meeting.item import Item
from kring.meeting.items import BOUND, PAGE, Items
from kring.meeting.used import Used, brief_mark_of, mark_of
from kring.meeting.volumes import Volume
from tests.core.meeting.cast import GOSSIP, NOOR, code, in_round, to_phase

VOLUME = PAGE * BOUND
MANY = 2 * VOLUME + 3 * PAGE + 5


def item(n: int) -> Item:
    phase = f"round:{n // 20}:gossip"
    seat, what = f"seat{n % 7}", ("question", "answer")[n % 2]
    return Item(n, seat, what, phase, "gossip", n // 20, 10**12 + n * 999, None if n % 5 == 0 else f"content{n:04d}")


ALL = [item(n) for n in range(MANY)]
LENGTHS = st.one_of(st.integers(0, MANY), st.sampled_from([PAGE - 1, PAGE, VOLUME - 1, VOLUME, VOLUME + 1, 2 * VOLUME]))
"""How many there are, often where something is put away."""

BROWSERS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=16, max_size=16)
PERMITTED = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=8, max_size=32)
HEXADECIMAL = st.text("0123456789abcdef", min_size=8, max_size=32)
IDS = st.one_of(
    BROWSERS, PERMITTED, HEXADECIMAL, st.sampled_from(["0" * 8, "z" * 32, "00000001", "abcdef00"]), st.text()
)
"""Of every form that the protocol permits, and others."""
FEW = st.sampled_from(["", "one", "two", "d\u00e9j\u00e0 vu"])
TIMES = st.one_of(st.integers(0, 60_000), st.integers(-(10**6), 10**12))
GIVEN = st.tuples(FEW, FEW, FEW, FEW, st.integers(-1, 3), TIMES, st.none() | IDS)


def numbered(rows: Iterable[tuple[str, str, str, str, int, int, str | None]], first: int = 0) -> list[Item]:
    return [Item(n, *row) for n, row in enumerate(rows, first)]


def grown(items: Iterable[Item]) -> Items:
    grown = Items()
    for one in items:
        grown = grown.add(one)
    return grown


def test_a_contribution_without_a_place_on_the_desk_is_kept_too() -> None:
    """Events are facts: a log that holds one folds."""
    given_late = e.ContributionGiven(at=1, seat=NOOR, what="tip", content="latecome")
    state = evolve(INITIAL, given_late)
    assert [one.content for one in state.items] == ["latecome"]
    assert state.desk == ()


@given(LENGTHS, st.integers(0, MANY + 3))
def test_contributions_come_out_as_they_went_in(count: int, start: int) -> None:
    items = grown(ALL[:count])
    assert items.count == count
    assert list(items) == ALL[:count]
    assert list(items.since(start)) == ALL[:count][start:]
    assert (len(items.volumes), len(items.pages)) == (count // VOLUME, count % VOLUME // PAGE)


@given(st.lists(GIVEN, min_size=1, max_size=VOLUME), st.integers(0, 10**6))
def test_a_volume_holds_any_contributions_whatever_their_ids(
    rows: list[tuple[str, str, str, str, int, int, str | None]], first: int
) -> None:
    items = numbered(rows, first)
    volume, names = Volume.of(items, ("one", "elsewhere"))
    assert list(volume.read(names)) == items
    assert names[:2] == ("one", "elsewhere")
    ids = {one.content for one in items if one.content is not None}
    assert all(volume.holds(content, names) for content in ids)


@given(st.lists(IDS, min_size=1, max_size=40), IDS)
def test_a_volume_holds_no_id_that_was_not_given(contents: list[str], other: str) -> None:
    volume, names = Volume.of(numbered(("seat", "tip", "phase", "id", 1, 5, content) for content in contents), ())
    assert volume.holds(other, names) == (other in contents)


@settings(max_examples=20)
@given(st.lists(GIVEN, min_size=PAGE, max_size=2 * PAGE), st.integers(0, PAGE))
def test_any_contributions_come_out_as_they_went_in(
    rows: list[tuple[str, str, str, str, int, int, str | None]], more: int
) -> None:
    items = numbered((rows * VOLUME)[: VOLUME + PAGE + more])
    kept = grown(items)
    assert list(kept) == items
    assert list(kept.since(VOLUME - 1)) == items[VOLUME - 1 :]
    assert list(kept.of({"one"})) == [one for one in items if one.phase == "one"]
    assert list(kept.named("two")) == [one for one in items if one.what == "two"]
    assert all(kept.has(one.content) for one in items if one.content is not None)
    assert not kept.has("of nobody's")


def test_ids_of_browsers_take_half_their_length_in_a_volume() -> None:
    """What a device may choose is kept whole, and no more than that: 15 of 36 signs are 10 bytes, 20 of 16 as many."""
    spread = [pow(7, n + 1, 10**9 + 7) ** 2 * 7919 for n in range(VOLUME)]
    for made in ("b{:015d}", "{:020x}"):
        rows = [("seat", "tip", "phase", "id", 1, n * 9000, made.format(one % 10**15)) for n, one in enumerate(spread)]
        volume, _ = Volume.of(numbered(rows), ())
        assert len(volume.body) < 14 * VOLUME


@given(LENGTHS, st.frozensets(st.sampled_from([f"round:{n}:gossip" for n in range(6)])))
def test_contributions_are_found_by_phase(count: int, phases: frozenset[str]) -> None:
    assert list(grown(ALL[:count]).of(phases)) == [one for one in ALL[:count] if one.phase in phases]


def test_contributions_are_found_by_kind() -> None:
    items = grown(ALL)
    assert list(items.named("answer")) == ALL[1::2]
    assert list(items.named("case")) == []


@given(LENGTHS)
def test_an_id_is_known_wherever_it_is_put_away(count: int) -> None:
    items = grown(ALL[:count])
    assert all(items.has(one.content) == (one.n < count) for one in ALL if one.content is not None)


def test_an_id_with_the_mark_of_another_is_not_taken_for_it() -> None:
    state = in_round().state
    known = next(one.content for one in state.items if one.content)
    alike = msgspec.structs.replace(state, used=state.used.add(brief_mark_of("content9999")))
    assert not alike.id_taken("content9999")
    assert alike.id_taken(known)
    assert alike.id_taken(state.seats[0].name)


def test_one_contribution_more_leaves_the_earlier_ones_as_they_were() -> None:
    """And shares them: two ways to go on from one point do not know of each other."""
    start = VOLUME + PAGE + 3
    before = grown(ALL[:start])
    one, other = before.add(item(start)), before.add(item(0))
    assert list(before) == ALL[:start]
    assert (list(one)[-1], list(other)[-1]) == (item(start), item(0))
    assert one.volumes is other.volumes is before.volumes
    assert one.pages is other.pages is before.pages


@given(st.sets(st.text("abcdefghij0123456789", min_size=8, max_size=32), max_size=40), st.sampled_from([3, 8]))
def test_a_mark_is_there_once_it_was_added(names: set[str], size: int) -> None:
    used, marks = Used(), {mark_of(name)[:size] for name in names}
    for mark in sorted(marks):
        assert not used.has(mark)
        used = used.add(mark)
        assert used.has(mark)
    assert all(used.has(mark) for mark in marks)


@pytest.mark.parametrize("size", [3, 8])
def test_ten_thousand_marks_are_told_apart(size: int) -> None:
    marks = [mark_of(f"content{n}")[:size] for n in range(20_000)]
    used = Used()
    for mark in marks[:10_000]:
        used = used.add(mark)
    assert all(map(used.has, marks[:10_000]))
    known = set(marks[:10_000])
    assert all(used.has(mark) == (mark in known) for mark in marks[10_000:])
    assert used.add(marks[1]) == used


def test_marks_that_all_begin_alike_are_kept_too() -> None:
    """Whoever makes such ids gets a slower room, and no other."""
    used = Used()
    for n in range(3000):
        used = used.add((n * 8).to_bytes(2, "big") + b"\0")
    assert all(used.has((n * 8).to_bytes(2, "big") + b"\0") == (n < 3000) for n in range(4000))


def test_the_end_of_one_mark_and_the_beginning_of_the_next_are_no_mark() -> None:
    used = Used().add(b"abc").add(b"def")
    assert not used.has(b"cde")
    assert used.add(b"cde").has(b"cde")


def test_a_meeting_holds_so_many_contributions_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    table = in_round()
    to_phase(table, GOSSIP)
    monkeypatch.setattr(handlers, "MOST_CONTRIBUTIONS", table.state.items.count + 1)
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
    assert table.state.seat_id_taken(NOOR)
