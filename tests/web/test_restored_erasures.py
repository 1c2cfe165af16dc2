"""What was destroyed after a backup, and what is overdue, is destroyed by a restore before anybody may come."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from kring.meeting import upcasting
from kring.meeting.events import ContentBurned
from kring_client.client import Client
from kring_room import adapters
from kring_room.cluster.clock import wall_clock
from kring_room.store.erasures import Ledger
from kring_room.store.port import Erasure, Loaded, Write
from tests.cluster.services import Postgres
from tests.web.serving import ask, environment, served
from tests.web.test_backup import KEYS, SECRET, done, keys_of, kring, ledger_of, packed, parts, repacked, told

SAID = b"canary of what was said"


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    server = Postgres(durable=False).start()
    yield server
    server.close()


class Kept(NamedTuple):
    """A data folder, a backup of it, and the meetings: one that was destroyed after the backup, one that was not."""

    data: Path
    backup: Path
    burned: str
    left: str


async def sit(url: str, meeting: str) -> None:
    async with Client(url, meeting, KEYS) as client:
        await client.act({"type": "take-seat", "seat": "seatofnoor"}, {"name": "canary"})


async def burn(where: Path | str, meeting: str, ledger: Ledger | None) -> None:
    store = adapters.store_of(where, create=False, ledger=ledger)
    await store.start()
    loaded = await store.load(meeting)
    assert loaded
    await store.append(Write(meeting, loaded.seq, burn_at=wall_clock()))
    await store.stop()


async def found(where: Path | str, meeting: str) -> tuple[Loaded, int]:
    """A meeting in a store, and of how many names something is there."""
    store = adapters.store_of(where, create=False)
    await store.start()
    loaded = await store.load(meeting, whole=True)
    assert loaded
    named = [upcasting.upcast(one.version, one.body) for one in loaded.events]
    bodies = await store.bodies(meeting, [str(one.name) for one in named if hasattr(one, "name")])
    await store.stop()
    return loaded, len(bodies)


def with_keys(backup: Path, kept: Kept) -> Path:
    """This backup, with the keys of the other beside it."""
    shutil.copy(keys_of(kept.backup), keys_of(backup))
    return backup


def is_gone(where: Path | str, meeting: str) -> bool:
    """Whether nothing of it is there, and the log says so."""
    loaded, bodies = asyncio.run(found(where, meeting))
    last = upcasting.upcast(loaded.events[-1].version, loaded.events[-1].body)
    assert (loaded.row.burned_at is not None) == isinstance(last, ContentBurned) == (bodies == 0)
    return bodies == 0


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    folder = tmp_path_factory.mktemp("kept")
    data = folder / "data"
    with served(data, "serve") as url:
        meetings = [ask(url, "/api/meetings", "POST", {"method": "troika"}).json["meeting"] for _ in range(2)]
        for meeting in meetings:
            asyncio.run(sit(url, meeting))
    done(kring("backup", str(folder / "backup"), folder=data))
    asyncio.run(burn(data / "kring.sqlite3", meetings[0], Ledger(data / "erasures", 90)))
    return Kept(data, folder / "backup", *meetings)


def test_what_was_destroyed_after_a_backup_is_destroyed_by_its_restore(kept: Kept, tmp_path: Path) -> None:
    there = tmp_path / "there"
    restored = kring("restore", str(kept.backup), folder=there, **ledger_of(kept.data))
    done(restored)
    assert b"Destroyed again in 1 meetings, because it had been; in 0, because it was overdue." in restored.stdout
    assert is_gone(there / "kring.sqlite3", kept.burned)
    assert not is_gone(there / "kring.sqlite3", kept.left)
    with served(there, "serve", KRING_SECRET_KEY=SECRET, **ledger_of(kept.data)) as url:
        assert ask(url, f"/m/{kept.left}").status == 200


def test_no_backup_holds_the_ledger(kept: Kept) -> None:
    assert kept.burned in "".join(file.read_text() for file in (kept.data / "erasures").glob("*.jsonl"))
    assert not any("erasure" in name for name in parts(kept.backup))


@pytest.mark.parametrize("why", ["none", "begun later", "too short"])
def test_a_restore_without_the_whole_ledger_says_so_and_how_to_go_on(kept: Kept, tmp_path: Path, why: str) -> None:
    there, backup = tmp_path / "there", kept.backup
    more = {"KRING_ERASURES": str(tmp_path / "elsewhere")}
    if why == "begun later":
        Ledger(tmp_path / "elsewhere", 90).begin(wall_clock())
    if why == "too short":
        more = ledger_of(kept.data)
        all_parts = parts(kept.backup)
        manifest = json.loads(all_parts["manifest.json"]) | {"made_at": "2020-01-01T00:00:00+00:00"}
        (kept.data / "erasures" / "since").write_text("1")
        backup = with_keys(
            packed(tmp_path / "older", all_parts | {"manifest.json": json.dumps(manifest).encode()}), kept
        )
    says = {"none": "no erasure ledger", "begun later": "begins at", "too short": "KRING_BACKUP_DAYS"}[why]

    refused = told(kring("restore", str(backup), folder=there, **more))

    assert says in refused
    assert "--without-erasures" in refused
    assert not (there / "kring.sqlite3").exists()
    went_on = kring("restore", str(backup), "--without-erasures", folder=there, **more)
    done(went_on)
    assert says in went_on.stderr.decode()
    assert "have it destroyed again" in went_on.stderr.decode()
    assert is_gone(there / "kring.sqlite3", kept.burned) == (why == "too short")
    assert not is_gone(there / "kring.sqlite3", kept.left)


def test_a_server_that_was_restored_without_a_ledger_does_not_claim_to_know(kept: Kept, tmp_path: Path) -> None:
    there = tmp_path / "there"
    done(kring("restore", str(kept.backup), "--without-erasures", folder=there))
    with served(there, "serve"):
        pass
    assert "begins at" in told(kring("restore", str(kept.backup), "--replace", folder=there))


def test_what_is_overdue_is_destroyed_by_a_restore(kept: Kept, tmp_path: Path) -> None:
    all_parts, database = parts(kept.backup), tmp_path / "database"
    database.write_bytes(all_parts["kring.sqlite3"])
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE room_meeting SET expires_at = opened_at + 1 WHERE id = ?", (kept.left,))
        connection.commit()
    late = repacked(tmp_path / "late", all_parts, keys_of(kept.backup), **{"kring.sqlite3": database.read_bytes()})
    there = tmp_path / "there"

    restored = kring("restore", str(late), folder=there, **ledger_of(kept.data))

    done(restored)
    assert b"Destroyed again in 1 meetings, because it had been; in 1, because it was overdue." in restored.stdout
    assert is_gone(there / "kring.sqlite3", kept.left)


def test_a_clock_before_the_backup_is_told(kept: Kept, tmp_path: Path) -> None:
    all_parts = parts(kept.backup)
    manifest = json.loads(all_parts["manifest.json"]) | {"made_at": "2100-01-01T00:00:00+00:00"}
    later = with_keys(packed(tmp_path / "later", all_parts | {"manifest.json": json.dumps(manifest).encode()}), kept)
    assert "Put the clock right" in told(kring("restore", str(later), folder=tmp_path / "x", **ledger_of(kept.data)))


def test_an_erasure_of_a_later_release_is_told(kept: Kept, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "erasures", 90)
    ledger.add([Erasure(wall_clock(), "something new", "x")])
    ledger.begin(1)
    refused = told(kring("restore", str(kept.backup), folder=tmp_path / "x", KRING_ERASURES=str(ledger.folder)))
    assert "newer release (something new)" in refused
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("share", [0.3, 0.6, 0.8, 0.9, 0.97])
def test_a_restore_that_is_killed_never_leaves_what_was_destroyed(kept: Kept, tmp_path: Path, share: float) -> None:
    there = tmp_path / "there"
    began = time.monotonic()
    done(kring("restore", str(kept.backup), folder=tmp_path / "whole", **ledger_of(kept.data)))
    took = time.monotonic() - began
    command = [sys.executable, "-m", "kring_command", "restore", str(kept.backup)]
    killed = subprocess.Popen(command, env=environment(there, **ledger_of(kept.data)), stdout=subprocess.DEVNULL)
    time.sleep(took * share)
    killed.send_signal(signal.SIGKILL)
    killed.wait()

    database = there / "kring.sqlite3"
    with contextlib.suppress(sqlite3.OperationalError), contextlib.closing(sqlite3.connect(database)) as connection:
        sql = "SELECT count(*) FROM vault_body WHERE meeting = ?"
        assert connection.execute(sql, (kept.burned,)).fetchone() == (0,)  # or there is not even a table yet
    done(kring("restore", str(kept.backup), "--replace", folder=there, **ledger_of(kept.data)))
    assert is_gone(there / "kring.sqlite3", kept.burned)
    assert not is_gone(there / "kring.sqlite3", kept.left)


def test_what_another_node_destroyed_is_destroyed_by_a_restore_into_postgresql(
    kept: Kept, postgres: Postgres, tmp_path: Path
) -> None:
    url = postgres.new_database()
    settings = {"KRING_DATABASE_URL": url, "KRING_SECRET_KEY": SECRET}
    done(kring("restore", str(kept.backup), folder=tmp_path / "first", **settings, **ledger_of(kept.data)))
    assert is_gone(url, kept.burned)
    done(kring("backup", str(tmp_path / "backup"), folder=tmp_path / "first", **settings))
    asyncio.run(burn(url, kept.left, None))
    with served(tmp_path / "second", "serve", **settings):
        pass

    restored = kring(
        "restore", str(tmp_path / "backup"), "--replace", folder=tmp_path / "third", **settings,
        **ledger_of(tmp_path / "second"),
    )  # fmt: skip

    done(restored)
    assert b"Destroyed again in 1 meetings" in restored.stdout
    assert is_gone(url, kept.left)
