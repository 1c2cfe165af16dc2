"""A backup while people meet: all that was acknowledged before is in it, every meeting replays, and its people go on."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import io
import json
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from kring_client import wire
from kring_client.client import Client
from kring_client.keys import LinkKeys
from kring_room.store.sqlite import rows
from tests.web.serving import ask, environment, running, served

KEYS = LinkKeys(b"k" * 32)
OF_BEFORE = Path(__file__).parents[1] / "fixtures" / "backups"
SECRET = "a secret of this test, of enough characters"
ROOMS, SEATS = 3, 4
YEAR_2100 = 4_102_444_800_000
DOORS: tuple[wire.CloseDoors, wire.OpenDoors] = ({"type": "close-doors"}, {"type": "open-doors"})


def kring(*arguments: str, folder: Path, **more: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-W", "error", "-m", "kring_command", *arguments]
    return subprocess.run(command, env=environment(folder, **more), capture_output=True, timeout=60, check=False)


def ledger_of(folder: Path) -> dict[str, str]:
    """What makes the erasure ledger of this data folder that of a command."""
    return {"KRING_ERASURES": str(folder / "erasures")}


def done(result: subprocess.CompletedProcess[bytes]) -> None:
    assert result.returncode == 0, result.stderr.decode()


def told(result: subprocess.CompletedProcess[bytes]) -> str:
    """The one line of a refusal."""
    assert result.returncode == 2
    lines = result.stderr.decode().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("kring: ")
    return lines[0]


async def meet(url: str, meeting: str, acknowledged: list[int]) -> dict[str, str]:
    """A few people sit down and ask for things until they are told to stop; by seat, the token of the device."""
    tokens: dict[str, str] = {}
    clients = [Client(url, meeting, KEYS) for _ in range(SEATS)]
    async with clients[0], clients[1], clients[2], clients[3]:
        for number, client in enumerate(clients):
            await client.act({"type": "take-seat", "seat": f"seatnumber{number}"}, {"name": f"canary {number}"})
            tokens[f"seatnumber{number}"] = client.device_token or ""
        for turn in range(40):
            acknowledged.append(await clients[turn % SEATS].act(DOORS[turn % 2]))
            await asyncio.sleep(0.02)
    return tokens


async def backed_up_under_load(
    url: str, folder: Path, target: Path, **more: str
) -> tuple[dict[str, int], dict[str, dict[str, str]]]:
    """By meeting: the last that was acknowledged before the backup began, and its devices."""
    opened = [await asyncio.to_thread(ask, url, "/api/meetings", "POST", {"method": "linxx-9"}) for _ in range(ROOMS)]
    meetings = [answer.json["meeting"] for answer in opened]
    heard: dict[str, list[int]] = {meeting: [] for meeting in meetings}
    playing = {meeting: asyncio.create_task(meet(url, meeting, heard[meeting])) for meeting in meetings}
    while not all(len(one) >= 5 for one in heard.values()):
        await asyncio.wait(playing.values(), timeout=0.01)
    before = {meeting: one[-1] for meeting, one in heard.items()}
    done(await asyncio.to_thread(kring, "backup", str(target), folder=folder, **more))
    tokens = {meeting: await task for meeting, task in playing.items()}
    assert all(heard[meeting][-1] > before[meeting] for meeting in meetings), "nobody was busy meanwhile"
    return before, tokens


def log_of(folder: Path, meeting: str) -> list[bytes]:
    connection = rows.connect(folder / "kring.sqlite3")
    loaded = rows.load(connection, meeting, whole=True)
    connection.close()
    assert loaded is not None
    return [event.body for event in loaded.events]


def test_what_was_acknowledged_before_a_backup_is_in_it_and_its_people_go_on(tmp_path: Path) -> None:
    here, there, target = tmp_path / "here", tmp_path / "there", tmp_path / "backup"
    with running(here, "serve", KRING_SECRET_KEY=SECRET) as (url, _process):
        before, tokens = asyncio.run(backed_up_under_load(url, here, target))

    done(kring("restore", str(target), folder=there, KRING_SECRET_KEY=SECRET, **ledger_of(here)))

    for meeting, seq in before.items():
        restored, whole = log_of(there, meeting), log_of(here, meeting)
        assert len(restored) >= seq
        assert restored == whole[: len(restored)]
    with running(there, "serve", KRING_SECRET_KEY=SECRET) as (url, _process):
        asyncio.run(goes_on(url, tokens))


async def goes_on(url: str, tokens: dict[str, dict[str, str]]) -> None:
    for meeting, devices in tokens.items():
        for seat, token in devices.items():
            client = Client(url, meeting, KEYS)
            client.device_token = token
            async with client:
                assert client.seat == seat
                assert client.name(seat) == f"canary {seat[-1]}"
                assert await client.act(DOORS[client.view["meeting"]["doors"] == "closed"]) > 0


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """A data folder with one meeting in it, a backup of it, and the meeting."""
    folder = tmp_path_factory.mktemp("kept")
    with served(folder / "data", "serve") as url:
        meeting = ask(url, "/api/meetings", "POST", {"method": "troika"}).json["meeting"]
        asyncio.run(sit(url, meeting))
    done(kring("backup", str(folder / "backup"), folder=folder / "data"))
    return folder / "data", folder / "backup", meeting


async def sit(url: str, meeting: str) -> None:
    async with Client(url, meeting, KEYS) as client:
        await client.act({"type": "take-seat", "seat": "seatofnoor"}, {"name": "canary"})
        await client.act({"type": "close-doors"})


def parts(file: Path) -> dict[str, bytes]:
    with tarfile.open(file) as tar:
        return {one.name: found.read() for one in tar if (found := tar.extractfile(one))}


def packed(target: Path, found: dict[str, bytes]) -> Path:
    with tarfile.open(target, "w") as tar:
        for name, raw in found.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(raw)
            tar.addfile(entry, io.BytesIO(raw))
    return target


def keys_of(backup: Path) -> Path:
    """The file of the vault's keys of a backup."""
    return backup.with_name(backup.name + ".keys")


def young(backup: Path, target: Path) -> Path:
    """The same backup, with content whose time is not over for long."""
    found = parts(backup)
    target.write_bytes(found["kring.sqlite3"])
    with contextlib.closing(sqlite3.connect(target)) as connection:
        connection.execute("UPDATE room_meeting SET expires_at = ? WHERE burned_at IS NULL", (YEAR_2100,))
        connection.commit()
    return repacked(target, found, None, **{"kring.sqlite3": target.read_bytes()})


def repacked(target: Path, found: dict[str, bytes], keys: Path | None = None, **changed: bytes) -> Path:
    """These parts with others in their place, and a manifest that says so; with these keys."""
    manifest = json.loads(found["manifest.json"])
    if keys:
        shutil.copy(keys, keys_of(target))
    for name, raw in changed.items():
        manifest["parts"][name] = {"bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest()}
    return packed(target, found | {"manifest.json": json.dumps(manifest).encode()} | changed)


def test_a_backup_says_what_is_in_it_and_holds_no_secret(kept: tuple[Path, Path, str]) -> None:
    data, backup, _ = kept
    found = parts(backup)
    manifest = json.loads(found["manifest.json"])
    assert list(found) == ["manifest.json", "kring.sqlite3", "web.sqlite3"]
    assert manifest["format"] == 3
    assert manifest["counts"] == {"meetings": 1, "events": 3, "bodies": 1, "burned": 0}
    assert (data / "secret-key").read_bytes() not in backup.read_bytes()
    assert b"canary" not in backup.read_bytes()
    assert backup.stat().st_mode & 0o777 == 0o600
    assert keys_of(backup).stat().st_mode & 0o777 == 0o600
    assert {path.name for path in backup.parent.iterdir()} == {"data", "backup", "backup.keys"}


def test_a_backup_goes_to_standard_output_too_and_with_the_secret_when_asked(
    kept: tuple[Path, Path, str], tmp_path: Path
) -> None:
    assert "--keys" in told(kring("backup", "-", folder=kept[0]))
    result = kring("backup", "-", "--with-secret", "--keys", str(tmp_path / "piped.keys"), folder=kept[0])
    done(result)
    (tmp_path / "piped").write_bytes(result.stdout)

    done(kring("restore", str(tmp_path / "piped"), folder=tmp_path / "data", **ledger_of(kept[0])))

    key = tmp_path / "data" / "secret-key"
    assert key.read_bytes() == (kept[0] / "secret-key").read_bytes()
    assert key.stat().st_mode & 0o777 == 0o600


def test_a_backup_with_the_secret_is_refused_where_there_is_none(kept: tuple[Path, Path, str], tmp_path: Path) -> None:
    shutil.copytree(kept[0], tmp_path / "data", ignore=shutil.ignore_patterns("secret-key"))
    assert "no secret key" in told(kring("backup", str(tmp_path / "x"), "--with-secret", folder=tmp_path / "data"))
    assert not (tmp_path / "x").exists()


def test_nothing_is_overwritten(kept: tuple[Path, Path, str], tmp_path: Path) -> None:
    data, backup, meeting = kept
    raw = backup.read_bytes()
    assert "exists already" in told(kring("backup", str(backup), folder=data))
    named = told(kring("backup", str(tmp_path / "x"), "--keys", str(keys_of(backup)), folder=data))
    assert "exists already" in named
    assert not (tmp_path / "x").exists()
    assert backup.read_bytes() == raw
    assert "no database" in told(kring("backup", str(tmp_path / "x"), folder=tmp_path / "empty"))
    with served(tmp_path / "used", "serve") as url:
        other = ask(url, "/api/meetings", "POST", {"method": "troika"}).json["meeting"]
        running_still = kring("restore", str(backup), "--replace", folder=tmp_path / "used", **ledger_of(data))
        assert "Stop it first" in told(running_still)
    assert "--replace" in told(kring("restore", str(backup), folder=tmp_path / "used", **ledger_of(data)))
    assert log_of(tmp_path / "used", other)

    done(kring("restore", str(backup), "--replace", folder=tmp_path / "used", **ledger_of(data)))

    connection = sqlite3.connect(tmp_path / "used" / "kring.sqlite3")
    assert connection.execute("SELECT id FROM room_meeting").fetchall() == [(meeting,)]
    connection.close()


@pytest.mark.parametrize("name", ["format-1.tar", "format-2.tar"])
def test_a_backup_of_an_earlier_release_is_restored(tmp_path: Path, name: str) -> None:
    old = young(OF_BEFORE / name, tmp_path / "old")
    manifest = json.loads(parts(old)["manifest.json"])
    done(kring("restore", str(old), "--without-erasures", folder=tmp_path / "data"))

    connection = rows.connect(tmp_path / "data" / "kring.sqlite3")
    names = [meeting for (meeting,) in connection.execute("SELECT id FROM room_meeting")]
    contents = connection.execute("SELECT meeting, content FROM vault_body").fetchall()
    opened = [rows.bodies(connection, meeting, [content]) for meeting, content in contents]
    loaded = [rows.load(connection, meeting, whole=True) for meeting in names]
    connection.close()
    assert len(names) == manifest["counts"]["meetings"] >= 1
    assert len(contents) == manifest["counts"]["bodies"] == len([one for one in opened if one]) >= 1
    assert sum(len(one.events) for one in loaded if one) == manifest["counts"]["events"]


def test_a_check_changes_nothing(kept: tuple[Path, Path, str], tmp_path: Path) -> None:
    result = kring("restore", str(kept[1]), "--check", folder=tmp_path / "data")
    done(result)
    assert b"1 meetings, 3 events, 1 sealed texts" in result.stdout
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("DELETE FROM room_event WHERE seq = 2", "cannot be replayed"),
        ("DELETE FROM room_event WHERE seq = 1", "cannot be replayed"),
        ("UPDATE room_event SET body = '{}' WHERE seq = 2", "cannot be replayed"),
        ("UPDATE vault_body SET body = zeroblob(60)", "cannot be replayed"),
        ("DELETE FROM room_meeting", "parts of meetings"),
        ("DELETE FROM vault_body", "not hold what its manifest says"),
        ("DROP TABLE room_event", "cannot be read"),
    ],
)
def test_a_backup_that_would_not_replay_is_refused(
    kept: tuple[Path, Path, str], tmp_path: Path, sql: str, says: str
) -> None:
    found = parts(kept[1])
    database = tmp_path / "changed"
    database.write_bytes(found["kring.sqlite3"])
    connection = sqlite3.connect(database)
    connection.execute(sql)
    connection.commit()
    connection.close()
    forged = repacked(tmp_path / "forged", found, keys_of(kept[1]), **{"kring.sqlite3": database.read_bytes()})

    for more in (("--check",), ()):
        assert says in told(kring("restore", str(forged), *more, folder=tmp_path / "data"))
    assert not (tmp_path / "data" / "kring.sqlite3").exists()


def test_what_is_no_backup_is_told(kept: tuple[Path, Path, str], tmp_path: Path) -> None:
    found = parts(kept[1])
    cut = tmp_path / "cut"
    cut.write_bytes(kept[1].read_bytes()[:-20_000])
    nothing = tmp_path / "nothing"
    nothing.write_bytes(b"")
    changed = {**found, "kring.sqlite3": found["kring.sqlite3"][:-1] + b"\0"}
    later = {**found, "manifest.json": found["manifest.json"].replace(b'"format": 3', b'"format": 4')}
    unkeyed = {**found, "manifest.json": found["manifest.json"].replace(b'"format": 3', b'"format": 2')}
    outside = {**found, "manifest.json": found["manifest.json"].replace(b'"kring.sqlite3"', b'"../kring.sqlite3"')}
    for file, says in (
        (cut, "damaged"),
        (nothing, "no backup"),
        (tmp_path / "absent", "cannot be read"),
        (packed(tmp_path / "changed", {**changed, "kring.sqlite3": b"x" + found["kring.sqlite3"][1:]}), "damaged"),
        (packed(tmp_path / "later", later), "that version or a later one"),
        (packed(tmp_path / "outside", outside), "no backup"),
        (packed(tmp_path / "unkeyed", unkeyed), "no backup"),
        (packed(tmp_path / "bare", {"kring.sqlite3": found["kring.sqlite3"]}), "no backup"),
    ):
        assert says in told(kring("restore", str(file), "--check", folder=tmp_path / "data")), file
