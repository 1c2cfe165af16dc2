"""The erasure ledger: what is destroyed stands in it before anybody is told, and is completed after a kill."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from kring_room import adapters
from kring_room.store import erasures
from kring_room.store.erasures import DAY, Ledger
from kring_room.store.memory import MemoryStore
from kring_room.store.port import Body, Erasure, MeetingRow, Store, StoredEvent, StoreError, Write
from kring_room.store.postgres.store import PostgresStore
from kring_room.store.sqlite.store import SqliteStore
from tests.cluster.services import Postgres
from tests.environment import clean_environment
from tests.room.support import Running, all_at

NOW = 1_796_000_000_000
ROW = MeetingRow("meetingone", "linxx-9", b"{}", practice=False, opened_at=NOW - 5 * DAY, expires_at=NOW + DAY)
EVENT = StoredEvent(1, b'{"type":"something"}')
CASE, INTENTION = Erasure(NOW, "case", ROW.id), Erasure(NOW, "intention", ROW.id)


@pytest.fixture(params=["sqlite", "postgres"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    if request.param == "sqlite":
        return tmp_path / "kring.db"
    url: str = request.getfixturevalue("postgres").new_database()
    return url


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "erasures", 90)


@pytest.fixture
async def store(where: Path | str, ledger: Ledger) -> AsyncIterator[Store]:
    made = adapters.store_of(where, create=True, ledger=ledger)
    await made.start()
    await made.open(ROW, (EVENT,))
    yield made
    await made.stop()


def said(ledger: Ledger) -> list[Erasure]:
    found, unreadable = ledger.read()
    assert unreadable == 0
    return found


async def burn(store: Store, meeting: str = ROW.id, after: int = 1, at: int = NOW, **more: Any) -> None:
    await store.append(Write(meeting, after, (EVENT,), burn_at=at, **more))


async def test_what_was_destroyed_is_noted_before_anybody_is_told(store: Store, ledger: Ledger) -> None:
    await burn(store)
    assert said(ledger) == [CASE, INTENTION]


async def test_each_class_is_noted_when_it_goes(store: Store, ledger: Ledger) -> None:
    await burn(store, burns=("intention",))
    assert said(ledger) == [INTENTION]
    await burn(store, after=2, burns=("case",))
    assert said(ledger) == [INTENTION, CASE]


async def test_a_meeting_that_is_forgotten_is_noted(store: Store, ledger: Ledger) -> None:
    await burn(store)
    await store.forget(ROW.id)
    assert [(one.what, one.id) for one in said(ledger)][2:] == [(erasures.MEETING, ROW.id)]


async def test_what_was_refused_is_not_noted(store: Store, ledger: Ledger) -> None:
    with pytest.raises(StoreError):
        await burn(store, after=7)
    assert said(ledger) == []


async def test_content_goes_though_nothing_can_be_noted_and_is_noted_later(
    store: Store, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    ledger.folder.write_text("in the way")
    await burn(store)
    assert (await store.find(ROW.id) or ROW).burned_at == NOW
    assert "erasure not noted" in caplog.text
    with pytest.raises(StoreError):
        await store.note_erasures(NOW)
    with pytest.raises(StoreError):
        await store.forget(ROW.id)
    assert await store.find(ROW.id)

    ledger.folder.unlink()
    await store.note_erasures(NOW)

    assert {one.what for one in said(ledger)} == {"case", "intention"}


async def test_a_ledger_is_completed_from_the_store_once(store: Store, tmp_path: Path) -> None:
    await burn(store)
    other = Ledger(tmp_path / "another node's", 90)
    for _ in range(3):
        await other.catch_up(store, NOW + 1)
    assert set(said(other)) == {CASE, INTENTION}
    assert len(said(other)) == 2
    await store.open(replace(ROW, id="meetingtwo"), (EVENT,))
    await burn(store, "meetingtwo", at=NOW + 2)
    await other.catch_up(store, NOW + 3)
    assert {one.id for one in said(other)} == {ROW.id, "meetingtwo"}
    again = Ledger(other.folder, 90)
    await again.catch_up(store, NOW + 4)
    assert len(said(again)) == 4


async def test_a_new_ledger_is_whole_from_the_first_meeting_of_its_store(store: Store, ledger: Ledger) -> None:
    assert ledger.since() is None
    await ledger.catch_up(store, NOW)
    assert ledger.since() == ROW.opened_at
    await ledger.catch_up(store, NOW + DAY)
    assert ledger.since() == ROW.opened_at


async def test_a_new_ledger_of_an_empty_store_begins_now(ledger: Ledger) -> None:
    await ledger.catch_up(MemoryStore(), NOW)
    assert ledger.since() == NOW


async def test_a_line_that_a_kill_cut_off_spoils_no_other(ledger: Ledger) -> None:
    ledger.add([CASE])
    (file,) = ledger.folder.glob("*.jsonl")
    with file.open("ab") as out:
        out.write(b'{"at":1,"what":"ca')
    ledger.add([INTENTION])
    assert ledger.read() == ([CASE, INTENTION], 1)
    assert file.stat().st_mode & 0o777 == 0o600
    assert ledger.folder.stat().st_mode & 0o777 == 0o700


async def test_a_day_goes_when_no_backup_is_from_before_its_end(ledger: Ledger) -> None:
    store = MemoryStore()
    old = Erasure(NOW - 91 * DAY, "case", "long ago")
    ledger.add([old, CASE])
    await ledger.catch_up(store, NOW)
    assert said(ledger) == [old, CASE]  # at a start nobody knows yet what time it is
    await ledger.catch_up(store, NOW)
    assert said(ledger) == [CASE]


async def test_content_and_addresses_are_not_in_it(store: Store, ledger: Ledger) -> None:
    canary = b"canary" * 8
    await store.append(Write(ROW.id, 1, (EVENT,), (Body("content1", "seatofnoor", canary),)))
    await burn(store, after=2)
    raw = b"".join(file.read_bytes() for file in ledger.folder.iterdir())
    assert ROW.id.encode() in raw
    assert not any(word in raw for word in (b"canary", b"seatofnoor", b"content1", b"something"))


async def test_nodes_know_of_each_others_erasures(postgres: Postgres, tmp_path: Path) -> None:
    url = postgres.new_database()
    ledgers = [Ledger(tmp_path / f"node{number}", 90) for number in range(2)]
    nodes = [PostgresStore(url, ledger=one) for one in ledgers]
    for node in nodes:
        await node.start()
        await node.note_erasures(NOW - 1)
    await nodes[0].open(ROW, (EVENT,))
    await burn(nodes[0])
    assert (len(said(ledgers[0])), len(said(ledgers[1]))) == (2, 0)
    for node in nodes:
        await node.note_erasures(NOW + 1)
        await node.stop()
    assert [set(said(one)) for one in ledgers] == [{CASE, INTENTION}] * 2


async def test_a_circle_that_burns_is_noted_by_every_node(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    circle = await running_room.started(meeting)
    for device in circle[:3]:
        await device.do("burn")
        await all_at(circle, device.seq)
    assert all(device.view["meeting"]["burned"] for device in circle)
    noted = [{(one.what, one.id) for one in said(ledger)} for ledger in running_room.ledgers]
    assert {("case", meeting), ("intention", meeting)} in noted
    await running_room.restart()
    for ledger in running_room.ledgers:
        assert {(one.what, one.id) for one in said(ledger)} == {("case", meeting), ("intention", meeting)}


BURNING = """
import asyncio, os, sys
from pathlib import Path
from tests.room.test_erasures import EVENT, NOW, ROW, Ledger, SqliteStore, burn, replace

left = 0

def counted(call):
    def called(*given, **named):
        global left
        left -= 1
        if not left:
            os._exit(9)
        return call(*given, **named)
    return called

async def main(folder):
    store = SqliteStore(folder / "kring.db", ledger=Ledger(folder / "erasures", 90))
    await store.start()
    await store.note_erasures(NOW)
    for number in range(3):
        row = replace(ROW, id=f"meeting{number}")
        await store.open(row, (EVENT,))
        await burn(store, row.id, at=NOW + number)
        with open(folder / "told", "a") as told:
            told.write(f"{row.id}\\n")
        await store.forget(row.id)
    await store.stop()

for number in range(1, 200):
    folder = Path(sys.argv[1]) / str(number)
    folder.mkdir()
    child = os.fork()
    if not child:
        for name in ("open", "fsync", "close"):
            setattr(os, name, counted(getattr(os, name)))
        Path.replace = counted(Path.replace)
        left = number
        asyncio.run(main(folder))
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
"""


def told_by(folder: Path) -> dict[Path, list[str]]:
    """By the folder of each server, the meetings of which it told that their content is gone."""
    folders = list(folder.iterdir())
    return {one: (one / "told").read_text().split() if (one / "told").exists() else [] for one in folders}


@pytest.mark.slow
async def test_a_kill_at_any_write_loses_nothing_that_was_told_and_the_next_start_completes_it(tmp_path: Path) -> None:
    """A server that burns is killed at its first call of the system about the ledger, at its second, and so on."""
    path = os.pathsep.join([*filter(None, sys.path), str(Path(__file__).parents[2])])
    command = [sys.executable, "-c", BURNING, str(tmp_path)]
    ran = await asyncio.to_thread(
        subprocess.run, command, env=clean_environment(PYTHONPATH=path), capture_output=True, text=True, timeout=100
    )
    assert ran.returncode == 0, ran.stderr
    killed = told_by(tmp_path)
    assert len(killed) > 20
    for folder, told in killed.items():
        ledger = Ledger(folder / "erasures", 90)
        noted = {one.id for one in ledger.read()[0]}
        assert noted >= set(told)
        store = SqliteStore(folder / "kring.db", ledger=ledger)
        await store.start()
        await store.note_erasures(NOW + 10)
        gone = {one.id for one in await store.erased(0)}
        await store.stop()
        assert {one.id for one in ledger.read()[0]} == gone >= noted
        assert ledger.since() is not None
