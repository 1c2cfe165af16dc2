"""A backup is everything: a row of every model comes back as it was, unless a reason stands beside its being left out."""

from __future__ import annotations

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

from kring_room.store.tables import TABLES
from kring_web.backup import LEFT_OUT
from tests.cluster.services import Postgres
from tests.web.serving import environment
from tests.web.test_backup import done, kring, young

BACKUPS = Path(__file__).parents[1] / "fixtures" / "backups"


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    server = Postgres(durable=False).start()
    yield server
    server.close()


def there_and_back(folder: Path, **more: str) -> dict[str, Any]:
    known = environment(folder, **more)
    known["PYTHONPATH"] += f":{Path(__file__).parents[2]}"
    command = [sys.executable, "-W", "error", str(Path(__file__).with_name("everything.py"))]
    ran = subprocess.run(command, env=known, capture_output=True, text=True, timeout=110, check=False)
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def whole(found: dict[str, Any]) -> None:
    before, changed, after = found["before"], found["changed"], found["after"]
    tables = {one._meta.db_table for one in apps.get_models(include_auto_created=True)}
    assert set(before) == tables >= set(TABLES)
    assert [table for table in tables if not before[table]] == []
    assert all(changed[table] != before[table] for table in tables - {"job_hold", "django_content_type"})
    for table in tables - LEFT_OUT.keys():
        assert after[table] == before[table], table
    assert after["django_session"] == []
    assert len(before["mail"]) == 2
    assert len(after["mail"]) == 1
    assert after["mail"][0] in before["mail"]
    assert found["rows"]["account_user"] == len(before["account_user"])
    assert "1 meetings already" in found["refused"] or "2 meetings already" in found["refused"]


def test_every_row_of_every_model_comes_back_in_sqlite(tmp_path: Path) -> None:
    whole(there_and_back(tmp_path / "data"))


def test_every_row_of_every_model_comes_back_in_postgresql(tmp_path: Path, postgres: Postgres) -> None:
    url = postgres.new_database()
    whole(there_and_back(tmp_path / "data", KRING_DATABASE_URL=url, KRING_SECRET_KEY="s" * 40))


def test_what_is_left_out_has_a_reason_and_a_table() -> None:
    tables = {one._meta.db_table for one in apps.get_models(include_auto_created=True)}
    assert LEFT_OUT.keys() <= tables - TABLES.keys()
    assert all(len(one.why) > 30 and one.where for one in LEFT_OUT.values())


def test_a_backup_of_the_first_format_is_restored_with_what_was_published(tmp_path: Path) -> None:
    old = young(BACKUPS / "format-1.tar", tmp_path / "old")
    checked = kring("restore", "--check", str(old), folder=tmp_path / "nowhere")
    done(checked)
    assert b"3 meetings, 24 events, 6 sealed texts" in checked.stdout
    assert not (tmp_path / "nowhere").exists()

    done(kring("restore", str(old), "--without-erasures", folder=tmp_path / "data"))

    done(kring("backup", str(tmp_path / "again"), folder=tmp_path / "data"))
    with tarfile.open(tmp_path / "again") as tar:
        manifest = tar.extractfile("manifest.json")
        assert manifest is not None
        said = json.loads(manifest.read())
    assert said["format"] == 3
    assert said["rows"]["method_publication"] == 2
    assert said["counts"] == {"meetings": 3, "events": 24, "bodies": 6, "burned": 1}


def test_what_is_due_waits_after_a_restore_until_it_is_released(tmp_path: Path) -> None:
    data = tmp_path / "data"
    done(kring("restore", "--without-erasures", str(BACKUPS / "format-1.tar"), folder=data))
    said = [kring("release", folder=data) for _ in range(2)]
    assert [one.returncode for one in said] == [0, 0]
    assert [one.stdout.decode().strip() for one in said] == ["What is due goes on now.", "Nothing was held back."]
    assert kring("release", folder=tmp_path / "nowhere").returncode == 2


def test_things_of_people_are_not_overwritten_though_nobody_met(tmp_path: Path) -> None:
    data = tmp_path / "data"
    done(kring("restore", "--without-erasures", str(BACKUPS / "format-1.tar"), folder=data))
    rooms = sqlite3.connect(data / "kring.sqlite3")
    for table in TABLES:
        rooms.execute(f"DELETE FROM {table}")  # noqa: S608 -- names of tables
    rooms.commit()
    rooms.close()
    refused = kring("restore", "--without-erasures", str(BACKUPS / "format-1.tar"), folder=data)
    assert (refused.returncode, b"methods or accounts" in refused.stderr) == (2, True)
    done(kring("restore", "--replace", "--without-erasures", str(BACKUPS / "format-1.tar"), folder=data))
