"""What the room tells has its effect once: with the cursor or not at all, on one node and on two, through kills."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from django.conf import settings

from kring.methods.library import load
from kring_room import feed
from kring_room.adapters import store_of
from kring_room.feed import Presence, Report
from kring_room.meetings import Meetings
from kring_room.settings import RoomSettings
from kring_room.store.port import FeedRow, MeetingRow, StoredEvent, Write
from kring_web.feed import services as following
from kring_web.feed.models import FeedCursor
from kring_web.jobs.models import Job
from tests.cluster.services import Postgres
from tests.web import nodes

NODE = Path(__file__).with_name("node.py")
ENTRIES, KILLS, LONGEST = 100, 3, 90.0
LATER = StoredEvent(1, b'{"type":"later"}')
Ask = Callable[[str], list[tuple[Any, ...]]]


def row(at: int) -> FeedRow:
    return FeedRow(at, feed.FORMAT, msgspec.json.encode(Presence(at, f"m-{at}", here=True, because="sat-down")))


async def tell(where: Path | str, meeting: str, count: int, chance: random.Random) -> None:
    """Something that the web is to know, again and again."""
    store = store_of(where, create=False)
    await store.start()
    await store.open(MeetingRow(meeting, "linxx-9", b"{}", practice=False, opened_at=1, expires_at=2**50), (LATER,))
    for seq in range(1, count + 1):
        await store.append(Write(meeting, seq, (LATER,), feed=(row(seq),)))
        await asyncio.sleep(chance.random() * 0.01)
    await store.stop()


@pytest.fixture
def applying(monkeypatch: pytest.MonkeyPatch) -> list[following.Apply]:
    """What is applied here; the feed begins anew."""
    found: list[following.Apply] = []
    monkeypatch.setattr(following, "_applying", found)
    *_, last = (0, *(one.id for one in feed.read(settings.KRING.store, 0, most=10_000)))
    FeedCursor.objects.update_or_create(id=1, defaults={"last": last})
    return found


def test_effect_and_cursor_are_one_transaction(applying: list[following.Apply]) -> None:
    asyncio.run(tell(settings.KRING.store, "toldonceandonlyonce1", 3, random.Random(1)))
    heard: list[Report] = []

    def falter(reports: Sequence[Report]) -> None:
        for report in reports:
            Job.objects.create(kind="effect", subject=f"falter-{report.id}", due_at=report.id)
        raise ZeroDivisionError

    applying += [heard.extend, falter]
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            following.follow()
    assert not Job.objects.filter(kind="effect", subject__startswith="falter").exists()
    assert [one.entry.at for one in heard] == [1, 2, 3, 1, 2, 3], "it was tried twice"

    heard.clear()
    applying.remove(falter)
    assert (following.follow(), following.follow()) == (3, 0)
    assert [one.entry.at for one in heard] == [1, 2, 3]


def test_long_feed_is_applied_in_pieces(applying: list[following.Apply], monkeypatch: pytest.MonkeyPatch) -> None:
    asyncio.run(tell(settings.KRING.store, "toldinpiecesofafew01", 7, random.Random(1)))
    monkeypatch.setattr(following, "BATCH", 3)
    heard: list[Report] = []
    applying.append(heard.extend)

    assert [following.follow() for _ in range(4)] == [3, 3, 1, 0]
    assert [one.entry.at for one in heard] == [1, 2, 3, 4, 5, 6, 7]


def test_where_nobody_applies_anything_nothing_is_passed_over(applying: list[following.Apply]) -> None:
    asyncio.run(tell(settings.KRING.store, "toldtonobodyatfirst1", 2, random.Random(1)))
    assert following.follow() == 0
    heard: list[Report] = []
    applying.append(heard.extend)
    assert following.follow() == len(heard) == 2


def test_thread_follows_and_goes_on_after_a_fault(applying: list[following.Apply]) -> None:
    heard: list[Report] = []
    faults = [KeyError(), None]

    def apply(reports: Sequence[Report]) -> None:
        if fault := faults.pop(0):
            raise fault
        heard.extend(reports)

    applying.append(apply)
    asyncio.run(tell(settings.KRING.store, "toldwhileafaultcame1", 2, random.Random(1)))
    follower = following.Follower(every=0.01)
    following_on = time.monotonic() + 20
    follower.start()
    while len(heard) < 2:
        assert time.monotonic() < following_on
        time.sleep(0.02)
    follower.stop()
    assert len(heard) == 2


class TestTheWayIn:
    def test_meeting_is_kept_as_long_as_is_asked(self) -> None:
        rooms = Meetings(settings.KRING.store, RoomSettings(content_days=30))
        method = load("linxx-9")
        found = rooms.find(rooms.open_meeting(method, keep=timedelta(days=400)))
        usual = rooms.find(rooms.open_meeting(method))
        assert found is not None
        assert usual is not None
        assert found.expires_at - found.opened_at == timedelta(days=400) // timedelta(milliseconds=1)
        assert usual.expires_at - usual.opened_at == timedelta(days=30) // timedelta(milliseconds=1)
        for wrong in (timedelta(0), timedelta(days=-1)):
            with pytest.raises(ValueError):  # noqa: PT011 -- its text is the time itself
                rooms.open_meeting(method, keep=wrong)

    def test_meeting_in_writing_is_not_gone_before_it_can_be_over(self) -> None:
        rooms = Meetings(settings.KRING.store)
        found = rooms.find(rooms.open_meeting(load("linxx-9"), written=True, keep=timedelta(hours=1)))
        assert found is not None
        assert found.expires_at - found.opened_at > timedelta(days=14) // timedelta(milliseconds=1)


# -- two nodes


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    server = Postgres(durable=False).start()
    yield server
    server.close()


def start(environment: dict[str, str], name: str) -> subprocess.Popen[str]:
    return nodes.start(NODE, environment, name)


def killed_again_and_again(environment: dict[str, str], where: Path | str, ask: Ask) -> None:
    """Two nodes follow, one is killed and started anew at moments of chance, while the room goes on telling."""
    nodes.end(start(environment, nodes.FIRST))
    steady, shaky = start(environment, "steady"), start(environment, "shaky")
    chance = random.Random(7)

    async def play() -> None:
        nonlocal shaky
        telling = asyncio.gather(*(tell(where, f"meeting{n:013d}", ENTRIES // 2, chance) for n in range(2)))
        for _ in range(KILLS):
            await asyncio.sleep(chance.uniform(0.05, 0.25))
            await asyncio.to_thread(nodes.end, shaky)
            shaky = await asyncio.to_thread(start, environment, "shaky")
        await telling

    try:
        asyncio.run(play())
        patience = time.monotonic() + LONGEST
        while ask("SELECT count(*) FROM job WHERE kind = 'effect'")[0][0] < ENTRIES:
            assert time.monotonic() < patience
            time.sleep(0.1)
        time.sleep(0.2)
    finally:
        nodes.end(steady)
        nodes.end(shaky)
    effects = Counter(subject for (subject,) in ask("SELECT subject FROM job WHERE kind = 'effect' ORDER BY due_at"))
    told = feed.read(where, 0, most=10 * ENTRIES)
    assert effects == {str(one.id): 1 for one in told}
    assert list(effects) == [str(one.id) for one in told], "in the order in which it happened"
    assert len(told) == ENTRIES


@pytest.mark.timeout(300)
def test_each_entry_has_its_effect_once_through_kills_on_sqlite(tmp_path: Path) -> None:
    environment = {"KRING_DATA": str(tmp_path)}

    def file_with(table: str) -> Path:
        for path in sorted(tmp_path.glob("*.sqlite3")):
            with sqlite3.connect(path) as one:
                found = one.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone()
            one.close()
            if found:
                return path
        raise AssertionError(table)

    def ask(sql: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(file_with("job"), timeout=30) as one:
            rows = one.execute(sql).fetchall()
        one.close()
        return rows

    nodes.end(start(environment, nodes.FIRST))
    killed_again_and_again(environment, file_with("room_feed"), ask)


@pytest.mark.timeout(300)
def test_each_entry_has_its_effect_once_through_kills_on_postgresql(tmp_path: Path, postgres: Postgres) -> None:
    url = postgres.new_database()

    def ask(sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(url) as one:
            return one.execute(sql).fetchall()

    killed_again_and_again({"KRING_DATA": str(tmp_path), "KRING_DATABASE_URL": url}, url, ask)
