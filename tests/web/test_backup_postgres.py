"""``kring backup`` and ``kring restore`` over PostgreSQL: whole meetings go there and back, and people meet on meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from kring.meeting import events, replay, upcasting
from kring.methods import library
from kring_room import adapters
from kring_room.store.port import Body, Loaded, MeetingRow, StoredEvent, Write
from tests.cluster.cluster import Node
from tests.cluster.services import Postgres
from tests.torture.ideal import Ideal
from tests.web.test_backup import SECRET, backed_up_under_load, done, goes_on, kring

METHODS = ("linxx-9", "leading-org-7", "tietze-6", "troika")
LONGEST = 6000
"""Steps of a meeting: far more than it takes."""


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    server = Postgres(durable=False).start()
    yield server
    server.close()


def settings(where: Path | str) -> dict[str, str]:
    """What makes this the store of a command."""
    return {"KRING_SECRET_KEY": SECRET} | ({"KRING_DATABASE_URL": where} if isinstance(where, str) else {})


def whole_meetings() -> dict[str, Ideal]:
    """A meeting by each method, played to its end."""
    played = {}
    for method in METHODS:
        room = Ideal(library.load(method), max(4, library.load(method).group.min), seed=11)
        room.play(LONGEST)
        assert room.state.info.status == "closed"
        played[method.ljust(20, "x")] = room
    return played


async def keep(where: Path | str, played: dict[str, Ideal]) -> None:
    """Write these meetings, as a room does, with what was said."""
    adapters.create_tables(where)
    store = adapters.store_of(where, create=False)
    await store.start()
    for meeting, room in played.items():
        first, *rest = (StoredEvent(upcasting.VERSION, upcasting.encode(event)) for event in room.log)
        method = msgspec.json.encode(room.method)
        row = MeetingRow(meeting, room.method.id, method, practice=True, opened_at=room.log[0].at, expires_at=2**52)
        await store.open(row, (first,))
        bodies = tuple(Body(content, "seat0001", sealed.encode()) for content, sealed in room.contents.items())
        await store.append(Write(meeting, 1, tuple(rest), bodies=bodies, close_at=room.now))
    await store.stop()


async def kept(where: Path | str, meetings: list[str]) -> list[tuple[Loaded | None, dict[str, bytes]]]:
    """All that the store has of them."""
    store = adapters.store_of(where, create=False)
    await store.start()
    found: list[tuple[Loaded | None, dict[str, bytes]]] = []
    for meeting in meetings:
        loaded = await store.load(meeting, whole=True)
        assert loaded
        log = [upcasting.upcast(one.version, one.body) for one in loaded.events]
        named = [one.content for one in log if isinstance(one, events.ContributionGiven) and one.content]
        named += [one.name for one in log if isinstance(one, events.SeatTaken)]
        found.append((loaded, await store.bodies(meeting, named)))
    await store.stop()
    return found


async def test_whole_meetings_go_from_postgresql_to_postgresql_and_to_sqlite(
    postgres: Postgres, tmp_path: Path
) -> None:
    here, there = postgres.new_database(), postgres.new_database()
    played = whole_meetings()
    await keep(here, played)
    target, alone = tmp_path / "backup", tmp_path / "alone"

    done(kring("backup", str(target), folder=tmp_path / "data", **settings(here)))
    checked = kring("restore", "--check", str(target), folder=tmp_path / "nowhere")
    done(kring("restore", str(target), "--without-erasures", folder=tmp_path / "data", **settings(there)))
    done(kring("restore", str(target), "--without-erasures", folder=alone, **settings(alone)))

    told = sum(len(room.log) for room in played.values()), sum(len(room.contents) for room in played.values())
    assert f"{len(played)} meetings, {told[0]} events, {told[1]} sealed texts".encode() in checked.stdout
    before = await kept(here, list(played))
    assert await kept(there, list(played)) == before
    assert await kept(alone / "kring.sqlite3", list(played)) == before
    for (loaded, bodies), room in zip(before, played.values(), strict=True):
        assert loaded
        assert replay(upcasting.upcast(one.version, one.body) for one in loaded.events) == room.state
        assert bodies == {content: sealed.encode() for content, sealed in room.contents.items()}


def test_what_was_acknowledged_before_a_backup_of_postgresql_is_in_it_and_its_people_go_on(
    postgres: Postgres, tmp_path: Path
) -> None:
    here, there, target = postgres.new_database(), postgres.new_database(), tmp_path / "backup"
    with contextlib.closing(Node(1, settings(here)).start()) as node:
        before, tokens = asyncio.run(backed_up_under_load(node.url, tmp_path / "here", target, **settings(here)))

    done(kring("restore", str(target), "--without-erasures", folder=tmp_path / "there", **settings(there)))

    logs = [asyncio.run(kept(where, list(before))) for where in (there, here)]
    for seq, (restored, _), (whole, _) in zip(before.values(), *logs, strict=True):
        assert restored
        assert whole
        assert len(restored.events) >= seq
        assert restored.events == whole.events[: len(restored.events)]
    with contextlib.closing(Node(2, settings(there)).start()) as node:
        asyncio.run(goes_on(node.url, tokens))
