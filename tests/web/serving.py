"""A real server of the command line, for the tests that want one."""

from __future__ import annotations

import contextlib
import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.environment import clean_environment
from tests.ports import free_port

SOURCE = Path(__file__).parents[2] / "src"


def environment(folder: Path, **more: str) -> dict[str, str]:
    return clean_environment(PYTHONPATH=str(SOURCE), KRING_DATA=str(folder), **more)


@dataclass(frozen=True)
class Answer:
    """What a server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(url: str, path: str, method: str = "GET", body: object = None, **headers: str) -> Answer:
    """One request, on a connection of its own; ``host="..."`` for another name than the server's."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc.replace("localhost", "127.0.0.1"), timeout=20)
    try:
        if body is not None:
            headers["content-type"] = "application/json"
        raw = None if body is None else json.dumps(body)
        connection.request(method, path, raw, {name.replace("_", "-"): value for name, value in headers.items()})
        got = connection.getresponse()
        return Answer(got.status, {name.lower(): value for name, value in got.getheaders()}, got.read())
    finally:
        connection.close()


def asked_by_an_old_proxy(url: str, path: str) -> bytes:
    """The first line of the answer to a proxy that says nothing of whom it asks for, and speaks HTTP/1.0."""
    parts = urlsplit(url)
    with socket.create_connection(("127.0.0.1", parts.port or 0), timeout=20) as connection:
        connection.sendall(f"GET {path} HTTP/1.0\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n".encode())
        with connection.makefile("rb") as answer:
            return answer.readline()


@contextlib.contextmanager
def served(folder: Path, command: str, *options: str, **more: str) -> Iterator[str]:
    """A server on a free port; it must stop by itself, cleanly and without a warning, when asked."""
    with running(folder, command, *options, port=None, **more) as (url, _process):
        yield url


@contextlib.contextmanager
def running(
    folder: Path, command: str, *options: str, port: int | None = None, public: str = "", **more: str
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The same, with its process.

    ``port``: this one rather than a free one; ``public``: its address for people; ``more`` are variables of its environment.
    """
    port = port or free_port()
    more |= {"KRING_PUBLIC_URL": public} if public else {}
    arguments = [sys.executable, "-W", "error", "-m", "kring_command", command, "--port", str(port), *options]
    with subprocess.Popen(
        arguments, env=environment(folder, **more), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            said = process.stdout.readline()
            assert f"Kring is at {public or f'http://localhost:{port}'}" in said
            yield f"http://localhost:{port}", process
        finally:
            process.send_signal(signal.SIGTERM)
            _, err = process.communicate(timeout=20)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert "Warning" not in err


def until(so: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for what is so in another process."""
    deadline = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.05)
