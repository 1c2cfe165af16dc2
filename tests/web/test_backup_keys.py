"""The vault's keys are a file of their own beside a backup: without it nobody can read what was said."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from kring.meeting.retention import CASE
from kring_room.store import wrapping
from kring_room.store.port import Body, Write
from kring_room.store.sqlite.store import SqliteStore
from tests.web.serving import ask, served
from tests.web.test_backup import done, keys_of, kring, ledger_of, packed, parts, told
from tests.web.test_restored_erasures import is_gone, sit

SAID = b"\x01" + b"sealed by the circle" * 4


async def say(data: Path, meeting: str) -> None:
    store = SqliteStore(data / "kring.sqlite3", create=False)
    await store.start()
    loaded = await store.load(meeting)
    assert loaded
    await store.append(Write(meeting, loaded.seq, bodies=(Body("content1", "seatofnoor", SAID),)))
    await store.stop()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """A data folder with a meeting in which something was said, a backup of it, and the meeting."""
    folder = tmp_path_factory.mktemp("kept")
    with served(folder / "data", "serve") as url:
        meeting: str = ask(url, "/api/meetings", "POST", {"method": "troika"}).json["meeting"]
        asyncio.run(sit(url, meeting))
    asyncio.run(say(folder / "data", meeting))
    done(kring("backup", str(folder / "backup"), folder=folder / "data"))
    return folder / "data", folder / "backup", meeting


def live_keys(data: Path) -> list[bytes]:
    with contextlib.closing(sqlite3.connect(data / "kring.sqlite3")) as connection:
        found = connection.execute("SELECT key FROM vault_key UNION ALL SELECT key FROM vault_retention")
        return [bytes(key) for (key,) in found if any(key)]


def test_no_key_is_in_the_backup_and_all_are_beside_it(kept: tuple[Path, Path, str]) -> None:
    data, backup, _ = kept
    keys = live_keys(data)
    assert len(keys) == 2
    assert not any(key in raw for key in keys for raw in parts(backup).values())
    assert all(key in keys_of(backup).read_bytes() for key in keys)


def test_with_its_keys_a_backup_says_what_was_said_and_without_them_nothing(
    kept: tuple[Path, Path, str], tmp_path: Path
) -> None:
    data, backup, meeting = kept
    database = tmp_path / "database"
    database.write_bytes(parts(backup)["kring.sqlite3"])
    with contextlib.closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT content, body, retention FROM vault_body").fetchall()
        stored = connection.execute("SELECT key FROM vault_key").fetchall()
    with contextlib.closing(sqlite3.connect(keys_of(backup))) as connection:
        (key,) = connection.execute("SELECT key FROM vault_key WHERE retention = 'case'").fetchone()
    assert len(rows) == 2
    assert wrapping.unwrap(wrapping.keys_of([(CASE, key)]), meeting, rows)["content1"] == SAID
    assert wrapping.unwrap(wrapping.keys_of([(CASE, one) for (one,) in stored]), meeting, rows) == {}

    done(kring("restore", str(backup), folder=tmp_path / "there", **ledger_of(data)))

    assert not is_gone(tmp_path / "there" / "kring.sqlite3", meeting)
    assert live_keys(tmp_path / "there") == live_keys(data)


def test_the_keys_may_be_kept_elsewhere(kept: tuple[Path, Path, str], tmp_path: Path) -> None:
    data, _, meeting = kept
    elsewhere = tmp_path / "keys"
    elsewhere.mkdir()
    made = kring("backup", str(tmp_path / "b"), "--keys", str(elsewhere / "k"), folder=data)
    done(made)
    assert f"Keep {elsewhere / 'k'} apart, and delete it after 30 days at most." in made.stderr.decode()
    assert not keys_of(tmp_path / "b").exists()
    assert [path.name for path in elsewhere.iterdir()] == ["k"]
    named = ("restore", str(tmp_path / "b"), "--keys", str(elsewhere / "k"))
    done(kring(*named, "--check", folder=tmp_path / "nowhere"))
    done(kring(*named, folder=tmp_path / "there", **ledger_of(data)))
    assert not is_gone(tmp_path / "there" / "kring.sqlite3", meeting)


def test_without_its_keys_a_backup_is_restored_only_when_asked_and_nothing_of_what_was_said(
    kept: tuple[Path, Path, str], tmp_path: Path
) -> None:
    data, _, meeting = kept
    alone = tmp_path / "alone"
    shutil.copy(kept[1], alone)
    for more in ((), ("--check",)):
        refused = told(kring("restore", str(alone), *more, folder=tmp_path / "there", **ledger_of(data)))
        assert "No such file" in refused
        assert "--keys" in refused
        assert "--without-keys" in refused
    assert not (tmp_path / "there" / "kring.sqlite3").exists()

    done(kring("restore", str(alone), "--without-keys", "--check", folder=tmp_path / "nowhere"))
    done(kring("restore", str(alone), "--without-keys", folder=tmp_path / "there", **ledger_of(data)))

    assert is_gone(tmp_path / "there" / "kring.sqlite3", meeting)
    assert live_keys(tmp_path / "there") == []


def test_keys_of_another_backup_or_damaged_ones_are_told(kept: tuple[Path, Path, str], tmp_path: Path) -> None:
    backup = kept[1]
    other = tmp_path / "other"
    other.write_bytes(keys_of(backup).read_bytes()[:-1] + b"x")
    refused = kring("restore", str(backup), "--keys", str(other), "--check", folder=tmp_path / "nowhere")
    assert "is damaged, or holds the vault's keys of another backup" in told(refused)


def test_keys_that_should_be_gone_are_told(kept: tuple[Path, Path, str], tmp_path: Path) -> None:
    found = parts(kept[1])
    manifest = json.loads(found["manifest.json"]) | {"made_at": "2020-01-01T00:00:00+00:00"}
    older = packed(tmp_path / "older", found | {"manifest.json": json.dumps(manifest).encode()})
    shutil.copy(keys_of(kept[1]), keys_of(older))
    checked = kring("restore", str(older), "--check", folder=tmp_path / "nowhere")
    done(checked)
    assert "older than content may be (30 days, KRING_CONTENT_DAYS)" in checked.stderr.decode()
    assert "older than content" not in kring("restore", str(kept[1]), "--check", folder=tmp_path / "x").stderr.decode()
