"""The command line as a person meets it: a server from nothing, and one clear line for each mistake."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from kring_command.__main__ import main
from tests.ports import free_port
from tests.web.serving import environment, served


def kring(*arguments: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "kring_command", *arguments]
    return subprocess.run(
        command, env=environment(folder, **more), capture_output=True, text=True, timeout=60, check=False
    )


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 -- our own server
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.mark.parametrize(("command", "offers"), [("practice --no-open", True), ("serve", False)])
def test_it_serves_from_an_empty_folder_and_stops_when_asked(tmp_path: Path, command: str, offers: bool) -> None:
    with served(tmp_path / "new", *command.split()) as url:
        status, page = get(f"{url}/")
        assert status == 200
        assert ('value="facilitator"' in page) is offers
        assert get(f"{url}/healthz") == (200, '{"alive":true}')
        assert get(f"{url}/nowhere")[0] == 404


@pytest.mark.parametrize(
    ("arguments", "more", "says"),
    [
        (("serve", "--port", "x"), {}, "KRING_PORT: must be a whole number"),
        (("practice", "--port", "99999"), {}, "KRING_PORT: must be a whole number"),
        (("serve", "--host", "192.0.2.1"), {}, "KRING_HOST: 192.0.2.1 is no address of this machine"),
        (("serve",), {"KRING_PUBLIC_URL": "http://kring.example"}, "KRING_PUBLIC_URL: must start with https://"),
        (("serve", "--data", __file__), {}, "is a file; name a folder"),
        (("serve", "--data", f"{__file__}/below"), {}, "KRING_DATA: cannot write in"),
    ],
)
def test_a_mistake_gets_one_line(tmp_path: Path, arguments: tuple[str, ...], more: dict[str, str], says: str) -> None:
    done = kring(*arguments, folder=tmp_path, **more)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("kring: ")
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_second_server_on_a_folder_is_refused_until_the_first_is_gone_however_it_went(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kring_command", "serve", "--port", str(free_port())]
    with subprocess.Popen(command, env=environment(tmp_path), stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout
        assert "Kring is at" in first.stdout.readline()
        before = (tmp_path / "secret-key").read_bytes()
        second = kring("serve", "--port", str(free_port()), folder=tmp_path)
        first.kill()
    assert second.returncode == 2
    assert f"another server is running on {tmp_path}" in second.stderr
    assert "Traceback" not in second.stderr
    assert (tmp_path / "secret-key").read_bytes() == before
    with served(tmp_path, "serve"):
        pass


def test_a_port_in_use_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = kring("serve", "--port", str(port), folder=tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert f"port {port} is in use" in done.stderr


@pytest.mark.parametrize("name", ["kring.sqlite3", "web.sqlite3"])
def test_a_database_that_is_none_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"this is no database" * 100)
    done = kring("serve", "--port", str(free_port()), folder=tmp_path)
    assert done.returncode == 2
    assert f"{name} cannot be used: file is not a database." in done.stderr
    assert "Traceback" not in done.stderr


def test_an_almost_known_variable_is_said(tmp_path: Path) -> None:
    done = kring("serve", "--port", "x", folder=tmp_path, KRING_PROT="1")
    assert "KRING_PORT: must be" in done.stderr


def test_help_and_version_need_no_server(capsys: pytest.CaptureFixture[str]) -> None:
    for argument in ("--help", "--version"):
        with pytest.raises(SystemExit) as done:
            main([argument])
        assert done.value.code == 0
    out = capsys.readouterr().out
    assert "practice" in out
    assert "kring " in out


def test_no_command_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        main([])
    assert done.value.code == 2
    assert "COMMAND" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        "methods list",
        "methods show linxx-9 --json",
        "methods draw troika -o -",
        "methods print troika -o -",
        "rehearse troika",
    ],
)
def test_a_reader_who_has_read_enough_hears_no_complaint(tmp_path: Path, arguments: str) -> None:
    """As with ``kring methods list | head -1``: a pipe whose other end is shut before anything is written."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-W", "error", "-m", "kring_command", *arguments.split()]
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(
            command, env=environment(tmp_path), stdout=pipe, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert done.stderr == ""
    assert done.returncode == 141
