"""Django without a project's test runner: one data folder per test process, set up once, on plain pytest."""

from __future__ import annotations

import atexit
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kring_room.store.sqlite import rows
from tests.browser import browser
from tests.web.serving import served

__all__ = ["browser"]

FOLDER = Path(tempfile.mkdtemp(prefix="kring-web-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
for name in [name for name in os.environ if name.startswith("KRING_")]:
    del os.environ[name]
os.environ.update(
    KRING_DATA=str(FOLDER), KRING_PRACTICE="on", KRING_PUBLIC_URL="https://kring.example", KRING_LOG_LEVEL="debug"
)

from kring_web import serving  # noqa: E402 -- reads the environment
from kring_web.config.current import environment  # noqa: E402 -- reads the environment
from kring_web.config.secret_key import prepare_folder  # noqa: E402 -- with the rest

prepare_folder(environment())
serving.prepare(environment())

from django.test import Client  # noqa: E402 -- only after setup

METHOD = "linxx-9"
MANIFEST = {
    "src/room/main.ts": {
        "file": "assets/room-AbCdEf12.js", "name": "room", "isEntry": True,
        "imports": ["_seal.js"], "css": ["assets/room-x1.css"],
    },
    "src/site/link.ts": {"file": "assets/link-AbCdEf12.js", "name": "link", "isEntry": True},
    "src/site/start.ts": {"file": "assets/start-AbCdEf12.js", "name": "start", "isEntry": True, "imports": ["_seal.js"]},
    "_seal.js": {"file": "assets/seal-AbCdEf12.js", "imports": ["_deep.js"], "css": ["assets/seal-x1.css"]},
    "_deep.js": {"file": "assets/deep-AbCdEf12.js", "imports": ["_seal.js"]},
}  # fmt: skip
"""A small client, as Vite lists it."""


@pytest.fixture(autouse=True)
def _connections_closed() -> Iterator[None]:
    """SQLite connections are per thread; none may be left to the garbage collector."""
    yield
    from django.db import connections  # noqa: PLC0415 -- only after setup

    connections.close_all()


@pytest.fixture(autouse=True)
def _many_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests open more meetings, and publish more methods, in a minute than people do."""
    monkeypatch.setattr("kring_web.meetings.services.MAX_PER_MINUTE", 10_000)
    monkeypatch.setattr("kring_web.methods.services._MAX_PER_MINUTE", 10_000)


@pytest.fixture(autouse=True)
def _codes_documented(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No endpoint answers with a code that its part of the OpenAPI document leaves out."""
    yield
    assert [record for record in caplog.get_records("call") if record.getMessage() == "undocumented code"] == []


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server with practice, on a data folder of its own; it must stop cleanly at the end."""
    with served(tmp_path_factory.mktemp("data"), "practice", "--no-open") as url:
        yield url


@pytest.fixture
def visitor() -> Client:
    """Somebody's browser, on our own page."""
    return Client(
        SERVER_NAME="kring.example",
        headers={"sec-fetch-site": "same-origin", "origin": "https://kring.example", "x-forwarded-proto": "https"},
    )


@pytest.fixture
def stranger() -> Client:
    """Somebody's browser, on another site's page."""
    return Client(
        SERVER_NAME="kring.example",
        headers={"sec-fetch-site": "cross-site", "origin": "https://elsewhere.example", "x-forwarded-proto": "https"},
    )


@pytest.fixture
def program() -> Client:
    """Something that is no browser: it names no origin."""
    return Client(SERVER_NAME="kring.example")


@pytest.fixture
def meeting(visitor: Client) -> str:
    """A meeting that is open."""
    return open_meeting(visitor)


@pytest.fixture
def practice(visitor: Client) -> str:
    """A practice meeting that is open."""
    return open_meeting(visitor, practice=True)


@pytest.fixture
def expired(visitor: Client) -> str:
    """A meeting whose end date has passed."""
    from kring_web.meetings.models import Meeting  # noqa: PLC0415 -- only after setup

    found = open_meeting(visitor)
    Meeting.objects.filter(id=found).update(expires_at=1)
    return found


@pytest.fixture
def built_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages name the files of a client that is never built."""
    from kring_web.web import assets  # noqa: PLC0415 -- only after setup

    monkeypatch.setattr(assets, "read_manifest", lambda _folder: MANIFEST)


@pytest.fixture
def ours() -> Iterator[sqlite3.Connection]:
    """The room's tables, as the migrations made them."""
    connection = rows.connect(environment().database)
    yield connection
    connection.close()


def open_meeting(visitor: Client, *, practice: bool = False) -> str:
    """Open a meeting as a page does."""
    body = {"method": METHOD, "practice": practice, "language": "nl"}
    answer = visitor.post("/api/meetings", body, content_type="application/json")
    assert answer.status_code == 201, answer.content
    meeting: str = answer.json()["meeting"]
    return meeting
