"""What comes in over HTTP is bounded before anything of the pages hears of it: nothing is written down, and nobody else waits."""

from __future__ import annotations

import contextlib
import http.client
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from kring_room.server.http import MOST_BODY
from tests.web.serving import ask, running

MIB = 1024 * 1024
PATHS = ["/", "/api/meetings", "/api/workbench/check", "/healthz", "/nowhere", "/static/nothing.js"]
Server = tuple[str, subprocess.Popen[str]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("large"), "serve") as served:
        yield served


def written(process: subprocess.Popen[str]) -> int:
    """Bytes that the server's process has written, to files or elsewhere."""
    lines = Path(f"/proc/{process.pid}/io").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("wchar"))


def connected(url: str) -> socket.socket:
    parts = urlsplit(url)
    return socket.create_connection(("127.0.0.1", parts.port or 80), timeout=20)


def pour(connection: socket.socket, piece: bytes, times: int) -> int:
    """Send it so often, or as often as it is taken."""
    sent = 0
    with contextlib.suppress(ConnectionError, TimeoutError):
        for _ in range(times):
            connection.sendall(piece)
            sent += 1
    return sent


def answer(connection: socket.socket) -> tuple[int, bytes]:
    got = http.client.HTTPResponse(connection)
    got.begin()
    return got.status, got.read()


@pytest.mark.parametrize("chunked", [False, True], ids=["with its length", "chunked"])
@pytest.mark.parametrize("path", PATHS)
def test_large_body_is_refused_at_any_address_and_written_nowhere(server: Server, path: str, chunked: bool) -> None:
    url, process = server
    before = written(process)
    piece = b"x" * MIB
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {64 * MIB}"
    with connected(url) as connection:
        connection.settimeout(6)
        connection.sendall(f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{length}\r\n\r\n".encode())
        taken = pour(connection, b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece, 64)
        assert taken < 32, "the connection ends long before all is sent"
    assert written(process) - before < MIB


def test_django_takes_what_the_server_lets_through_and_keeps_it_in_memory() -> None:
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == MOST_BODY < settings.FILE_UPLOAD_MAX_MEMORY_SIZE


@pytest.mark.parametrize("path", PATHS)
def test_body_somewhat_too_large_gets_its_answer(server: Server, path: str) -> None:
    url, _ = server
    large = ask(url, path, "POST", "x" * 700_000)
    assert (large.status, large.json) == (413, {"code": "too-large"})
    assert large.headers["connection"] == "close"
