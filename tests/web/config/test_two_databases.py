"""What one database held before there were two: moved at the first start, once, whatever cuts that start short."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connections

from kring_client.client import Client
from kring_client.keys import LinkKeys
from kring_room.store.sqlite import rows
from kring_room.store.tables import TABLES
from kring_web.config.databases import OWN, ROOMS, Router, databases
from kring_web.config.environment import read
from kring_web.config.migrating import move
from kring_web.methods.models import Publication
from tests.web.serving import ask, environment, served, until

FIXTURES = Path(__file__).parents[2] / "fixtures" / "data-folders"
EXPECTED: dict[str, Any] = json.loads((FIXTURES / "one-database.json").read_text("utf-8"))
KEYS = LinkKeys(b"k" * 32)
YEAR_2100 = 4_102_444_800_000
TOGETHER = 16
"""Kills that one process sees to."""


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """A data folder of the time when there was one database, whose server was killed: something waits in the journal."""
    folder = tmp_path / "before"
    with tarfile.open(FIXTURES / "one-database.tar.gz") as tar:
        tar.extractall(folder, filter="data")
    folder.chmod(0o700)
    with contextlib.closing(sqlite3.connect(folder / "kring.sqlite3")) as rooms, rooms:
        rooms.execute("UPDATE room_meeting SET expires_at = ? WHERE burned_at IS NULL", (YEAR_2100,))
    return folder


def moving(before: Path, *statements: int) -> list[dict[str, Any]]:
    """What ``moving.py`` says."""
    command = [sys.executable, str(Path(__file__).with_name("moving.py")), str(before.with_name("after")), str(before)]
    ran = subprocess.run(
        [*command, *map(str, statements)],
        env=environment(before),
        capture_output=True,
        text=True,
        check=False,
        timeout=170,
    )
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


def meetings(folder: Path) -> dict[str, Any]:
    """By meeting that is there: its log, and what its bodies are."""
    found = {}
    with contextlib.closing(rows.connect(folder / "kring.sqlite3")) as connection:
        for meeting in EXPECTED["meetings"]:
            loaded = rows.load(connection, meeting, whole=True)
            if loaded is None:
                continue
            contents = [
                one for (one,) in connection.execute("SELECT content FROM vault_body WHERE meeting = ?", (meeting,))
            ]
            bodies = rows.bodies(connection, meeting, contents)
            found[meeting] = {
                "events": [event.body.decode() for event in loaded.events],
                "bodies": {content: hashlib.sha256(body).hexdigest() for content, body in bodies.items()},
                "burned": loaded.row.burned_at is not None,
            }
    return found


def test_an_old_folder_serves_on_with_all_that_was_in_it(before: Path) -> None:
    with served(before, "serve") as url:
        published = EXPECTED["publication"]
        text = ask(url, f"/api/methods/{published['id']}.yaml").body.decode()
        assert "Troika again" in text
        again = {"text": text, "id": published["id"], "key": published["key"]}
        assert ask(url, "/api/workbench/publish", "POST", again).json["version"] == published["versions"] + 1
        open_ones = [meeting for meeting, found in EXPECTED["meetings"].items() if not found["burned"]]
        assert len(open_ones) == 2
        for meeting in open_ones:
            asyncio.run(come_back(url, meeting))
        until(
            lambda: meetings(before).keys() == set(open_ones)
        )  # one that never began is forgotten when its time is over
    for meeting, found in meetings(before).items():
        expected = EXPECTED["meetings"][meeting]
        assert found["events"][: len(expected["events"])] == expected["events"]
        assert (found["bodies"], found["burned"]) == (expected["bodies"], expected["burned"])
    for name in ("kring.sqlite3", "web.sqlite3"):
        assert (before / name).stat().st_mode & 0o777 == 0o600


async def come_back(url: str, meeting: str) -> None:
    for seat, token in EXPECTED["tokens"][meeting].items():
        client = Client(url, meeting, KEYS)
        client.device_token = token
        async with client:
            assert client.seat == seat
            assert client.name(seat) == f"canary {seat[-1]}"


@pytest.mark.slow
@pytest.mark.timeout(360)
def test_a_first_start_may_be_killed_at_any_statement(before: Path) -> None:
    (whole,) = moving(before)
    assert whole["statements"] > whole["last"] > whole["first"] > 1
    spread = range(1, whole["statements"] + 1, max(1, whole["statements"] // 16))
    wanted = sorted({*spread, *range(whole["first"], whole["last"] + 1), whole["statements"]})
    seen = 0
    for at in range(0, len(wanted), TOGETHER):
        for one in moving(before, *wanted[at : at + TOGETHER]):
            assert one["ends"] == [-9, 0], one["at"]
            kring, web = one["found"]["kring"], one["found"]["web"]
            assert web["method_publication"] == EXPECTED["publication"]["versions"]
            assert "method_publication" not in kring
            assert kring.keys() - {"django_migrations", "room_journal"} == set(TABLES)
            assert web.keys() & TABLES.keys() == set()
            assert one["found"]["kring is whole"] == one["found"]["web is whole"] == "ok"
            seen += 1
        assert meetings(before.with_name("after")).keys() == EXPECTED["meetings"].keys()
    assert seen == len(wanted)


def test_what_was_moved_already_stays_as_it_is(before: Path, tmp_path: Path) -> None:
    with served(before, "serve"):
        pass
    with contextlib.closing(sqlite3.connect(before / "web.sqlite3")) as web:
        web.execute("UPDATE method_publication SET text = 'changed since' WHERE version = 2")
        web.commit()
    with tarfile.open(FIXTURES / "one-database.tar.gz") as tar:
        tar.extractall(tmp_path / "again", filter="data")

    moved = move(tmp_path / "again" / "kring.sqlite3", before / "web.sqlite3")

    assert moved == ("method_publication",)
    assert move(tmp_path / "again" / "kring.sqlite3", before / "web.sqlite3") == ()
    with contextlib.closing(sqlite3.connect(before / "web.sqlite3")) as web:
        texts = dict(web.execute("SELECT version, text FROM method_publication"))
    assert texts.keys() == {1, 2}
    assert texts[2] == "changed since"


def test_a_row_that_cannot_be_moved_stays_where_it_was(before: Path, tmp_path: Path) -> None:
    with served(tmp_path / "new", "serve"):
        pass
    with contextlib.closing(sqlite3.connect(before / "kring.sqlite3")) as rooms:
        rooms.execute(
            "ALTER TABLE method_publication RENAME COLUMN text TO words"
        )  # so that `text` has nothing to hold
        rooms.commit()
    with pytest.raises(sqlite3.IntegrityError):
        move(before / "kring.sqlite3", tmp_path / "new" / "web.sqlite3")
    with contextlib.closing(sqlite3.connect(before / "kring.sqlite3")) as rooms:
        assert rooms.execute("SELECT count(*) FROM method_publication").fetchone() == (2,)


def tables(alias: str) -> Iterator[str]:
    with connections[alias].cursor() as cursor:
        yield from connections[alias].introspection.table_names(cursor)


def test_each_table_is_in_one_database_alone() -> None:
    router = Router()
    own, rooms = set(tables(OWN)), set(tables(ROOMS))
    assert own & rooms == {"django_migrations"}
    assert rooms - {"django_migrations", "room_journal", "room_clock"} == set(TABLES)
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        assert table in (rooms if router.db_for_read(model) == ROOMS else own)
        assert (table in TABLES) == (router.db_for_write(model) == ROOMS)


def test_the_rooms_database_knows_of_its_own_apps_migrations_alone() -> None:
    with connections[ROOMS].cursor() as cursor:
        cursor.execute("SELECT DISTINCT app FROM django_migrations")
        assert {app for (app,) in cursor.fetchall()} == {"meetings", "vault"}


def test_django_writes_durably_and_waits_for_its_turn() -> None:
    Publication.objects.count()
    for alias in (OWN, ROOMS):
        with connections[alias].cursor() as cursor:
            said = [
                cursor.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("journal_mode", "synchronous", "busy_timeout")
            ]
        assert said == ["wal", 2, 10_000]
        assert connections[alias].settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_postgresql_stays_one_database(monkeypatch: pytest.MonkeyPatch) -> None:
    found = databases(read({"KRING_DATABASE_URL": "postgresql://kring@db.example/kring"}))
    assert list(found) == [OWN]
    monkeypatch.delitem(connections.settings, ROOMS)
    router = Router()
    for model in apps.get_models():
        assert router.db_for_read(model) == router.db_for_write(model) == OWN
        assert router.allow_migrate(OWN, "meetings", model=model)
    assert router.allow_migrate(OWN, "meetings")
    assert router.allow_migrate(OWN, "meetings", room=True)


def test_a_step_that_names_no_model_runs_where_it_says() -> None:
    router = Router()
    assert [router.allow_migrate(alias, "meetings") for alias in (OWN, ROOMS)] == [True, False]
    assert [router.allow_migrate(alias, "meetings", room=True) for alias in (OWN, ROOMS)] == [False, True]
