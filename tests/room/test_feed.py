"""What the room tells the web: what of, in which order, and that it is written with the event it is about."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from kring.meeting import INITIAL, Person, State, evolve
from kring.meeting import commands as c
from kring.meeting import events as e
from kring.methods.library import load
from kring_room import adapters, feed
from kring_room.feed import Closed, FeedError, Presence, Report, Role, Started
from kring_room.store.port import FeedRow, MeetingRow, Removal, StoredEvent, Write
from kring_room.store.postgres.store import PostgresStore
from kring_room.store.sqlite.store import SqliteStore
from tests.cluster.services import Postgres
from tests.core.meeting.cast import choose_owner
from tests.core.meeting.playing import ROOM, Table

MEETING = "meetingone"
ROW = MeetingRow(MEETING, "linxx-9", b"{}", practice=False, opened_at=1, expires_at=90_000)
LATER = StoredEvent(1, b'{"type":"later"}')
Stores = SqliteStore | PostgresStore


@pytest.fixture(params=["sqlite", "postgres"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    if request.param == "sqlite":
        return tmp_path / "kring.db"
    url: str = request.getfixturevalue("postgres").new_database()
    return url


def store_at(where: Path | str) -> Stores:
    return SqliteStore(where) if isinstance(where, Path) else PostgresStore(where)


@pytest.fixture
async def store(where: Path | str) -> AsyncIterator[Stores]:
    made = store_at(where)
    await made.start()
    await made.open(ROW, (LATER,))
    yield made
    await made.stop()


def row(at: int, member: str = "m-noor", version: int = feed.FORMAT) -> FeedRow:
    said = Presence(at, member, here=True, because="sat-down")
    return FeedRow(at, version, msgspec.json.encode(said))


class Circle(Table):
    """All are members of the circle, but for Joost, who came with the link."""

    def person(self, seat: str) -> Person:
        return Person() if seat == "joost000" else Person(account="member", member=f"m-{seat}")


class TestWhatIsTold:
    def told(self, table: Table, since: int = 0) -> list[object]:
        before, found = INITIAL, list[object]()
        for event in table.log[:since]:
            before = evolve(before, event)
        for each in feed.rows_of(before, tuple(table.log[since:])):
            found.append(msgspec.json.decode(each.body, type=feed.AnyEntry))
        return found

    def circle(self) -> Table:
        table = Circle(load("linxx-9"))
        for name in ("wietske0", "noor0000", "bram0000", "joost000"):
            table.must(None, c.TakeSeat(seat=name, name=f"name{name}"))
        return table

    def test_only_members_are_named(self) -> None:
        table = self.circle()
        assert self.told(table) == [
            Presence(table.now, f"m-{name}", here=True, because="sat-down")
            for name in ("wietske0", "noor0000", "bram0000")
        ]

    def test_presence_is_told_as_it_changes(self) -> None:
        table = self.circle()
        since = len(table.log)
        table.must(ROOM, c.SetPresence(seat="noor0000", here=False))
        table.must(ROOM, c.SetPresence(seat="joost000", here=False))
        table.must(None, c.ReturnToSeat(seat="noor0000"))
        table.must(ROOM, c.RemoveSeat(seat="bram0000", member="m-bram0000"))
        table.must("wietske0", c.Leave())
        assert [
            (one.member, one.here, one.because) for one in self.told(table, since) if isinstance(one, Presence)
        ] == [
            ("m-noor0000", False, "away"),
            ("m-noor0000", True, "returned"),
            ("m-bram0000", False, "removed"),
            ("m-wietske0", False, "left"),
        ]

    def test_roles_are_told_from_when_to_when(self) -> None:
        table = self.circle()
        table.must("noor0000", c.TakeFacilitation())
        table.must("noor0000", c.Start())
        started = table.now
        choose_owner(table, "wietske0")
        table.must("noor0000", c.HandFacilitation(to="bram0000"))
        table.must("bram0000", c.CloseMeeting())
        told = self.told(table)
        assert [(one.member, one.role, one.held) for one in told if isinstance(one, Role)] == [
            ("m-noor0000", "facilitator", True),
            ("m-wietske0", "owner", True),
            ("m-noor0000", "facilitator", False),
            ("m-bram0000", "facilitator", True),
            ("m-wietske0", "owner", False),
            ("m-bram0000", "facilitator", False),
        ]
        assert [one for one in told if isinstance(one, Started | Closed)] == [
            Started(started),
            Closed(table.now, "early"),
        ]

    def test_what_is_given_costs_nothing_and_is_not_told(self) -> None:
        given = e.ContributionGiven(at=1, seat="noor0000", what="tip", content="k00000001")
        assert feed.rows_of(State(), (given, given)) == ()


class TestReading:
    async def test_entries_come_in_order_and_from_where_one_was(self, store: Stores, where: Path | str) -> None:
        await store.append(Write(MEETING, 1, (LATER,), feed=(row(5, "m-1"), row(6, "m-2"))))
        await store.append(Write(MEETING, 2, (LATER,), feed=(row(7, "m-3"),)))

        first, *rest = await asyncio.to_thread(feed.read, where, 0)

        assert first == Report(first.id, MEETING, Presence(5, "m-1", here=True, because="sat-down"))
        assert [one.id for one in rest] == [first.id + 1, first.id + 2]
        assert await asyncio.to_thread(feed.read, where, first.id) == tuple(rest)
        assert await asyncio.to_thread(feed.read, where, first.id, most=1) == (rest[0],)
        assert await asyncio.to_thread(feed.read, where, rest[-1].id) == ()

    async def test_entry_of_a_write_that_was_not_done_is_not_there(self, store: Stores, where: Path | str) -> None:
        refused = store.append(Write(MEETING, 7, (LATER,), feed=(row(5),)))
        await asyncio.gather(refused, return_exceptions=True)
        await store.append(Write(MEETING, 1, (LATER,), feed=(row(6),)))

        assert [one.entry.at for one in await asyncio.to_thread(feed.read, where, 0)] == [6]

    async def test_entry_of_a_later_release_is_waited_for(self, store: Stores, where: Path | str) -> None:
        await store.append(Write(MEETING, 1, (LATER,), feed=(row(5), row(6, version=feed.FORMAT + 1), row(7))))

        (first,) = await asyncio.to_thread(feed.read, where, 0)
        with pytest.raises(FeedError, match="later release"):
            await asyncio.to_thread(feed.read, where, first.id)

    async def test_store_of_before_what_was_read_is_told(self, store: Stores, where: Path | str) -> None:
        await store.append(Write(MEETING, 1, (LATER,), feed=(row(5),)))

        with pytest.raises(FeedError, match="was read already"):
            await asyncio.to_thread(feed.read, where, 40)

    async def test_after_a_week_all_but_the_last_number_is_forgotten(self, store: Stores, where: Path | str) -> None:
        for seq in (1, 2, 3):
            await store.append(Write(MEETING, seq, (LATER,), feed=(row(seq * 10),)))
        *_, last = await asyncio.to_thread(feed.read, where, 0)

        await store.prune_feed(20)
        assert [one.entry.at for one in await asyncio.to_thread(feed.read, where, 0)] == [20, 30]
        for _ in range(2):
            await store.prune_feed(1000)
            assert await asyncio.to_thread(feed.read, where, 0) == ()
            assert await asyncio.to_thread(feed.read, where, last.id) == ()
        await store.append(Write(MEETING, 4, (LATER,), feed=(row(2000),)))
        assert [one.id for one in await asyncio.to_thread(feed.read, where, last.id)] == [last.id + 1]
        (late,) = await asyncio.to_thread(feed.read, where, 0, most=1)
        assert late.id == last.id + 1, "the emptied row keeps nobody up who reads a few at a time"


class TestRemovals:
    async def test_removal_stays_until_it_is_dropped_as_it_was_asked(self, store: Stores, where: Path | str) -> None:
        first, again = Removal(MEETING, "m-noor", 5), Removal(MEETING, "m-noor", 9)
        await asyncio.to_thread(adapters.ask_removal, where, first)
        assert await store.removals() == (first,)
        await asyncio.to_thread(adapters.ask_removal, where, again)
        await store.drop_removal(first)
        assert await store.removals() == (again,)
        await store.drop_removal(again)
        assert await store.removals() == ()


async def test_whoever_read_up_to_an_entry_has_missed_none_however_many_nodes_write(postgres: Postgres) -> None:
    """Numbers are given out before a commit and become visible after it: without a lock some would come too late."""
    url = postgres.new_database()
    nodes = [PostgresStore(url) for _ in range(3)]
    for node in nodes:
        await node.start()
    meetings = [f"meeting{n}" for n in range(12)]
    for meeting in meetings:
        await nodes[0].open(msgspec.structs.replace(ROW, id=meeting), (LATER,))
    chance, turns = random.Random(5), 25

    async def write(node: PostgresStore, meeting: str) -> None:
        for seq in range(1, turns + 1):
            await node.append(Write(meeting, seq, (LATER,), feed=(row(seq, meeting),)))
            await asyncio.sleep(chance.random() * 0.004)

    writing = asyncio.gather(*(write(nodes[n % 3], meeting) for n, meeting in enumerate(meetings)))
    seen: list[Report] = []
    while len(seen) < turns * len(meetings):
        over = writing.done()
        found = await asyncio.to_thread(feed.read, url, seen[-1].id if seen else 0, most=7)
        seen += found
        assert found or not over, "something came too late to be read"
    await writing

    for meeting in meetings:
        assert [one.entry.at for one in seen if one.meeting == meeting] == list(range(1, turns + 1))
    for node in nodes:
        await node.stop()
