"""A running room for each test that asks for one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.services import Postgres, Redis
from tests.room.support import Running, Subprocess


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL for all tests of this process; each takes a database of its own."""
    server = Postgres(durable=False).start()
    yield server
    server.close()


@pytest.fixture(scope="session")
def redis() -> Iterator[Redis]:
    """A Redis for all tests of this process."""
    server = Redis().start()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgres", "two nodes"])
async def running_room(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Running]:
    """A server with short graces: over a fresh SQLite file, over PostgreSQL and Redis, or two nodes over those."""
    options: dict[str, Any] = {"presence_grace": 0.3, "hello_within": 0.5}
    if request.param != "sqlite":
        options |= {
            "where": request.getfixturevalue("postgres").new_database(),
            "fanout": request.getfixturevalue("redis").url,
            "nodes": 2 if request.param == "two nodes" else 1,
            "beat": 0.1,
        }
    room = await Running(tmp_path, **options).start()
    yield room
    await room.close()


@pytest.fixture
async def file_room(tmp_path: Path) -> AsyncIterator[Running]:
    """The same over SQLite alone, for whoever looks into the file."""
    room = await Running(tmp_path, presence_grace=0.3, hello_within=0.5).start()
    yield room
    await room.close()


@pytest.fixture
async def lone_room(tmp_path: Path) -> AsyncIterator[Subprocess]:
    """A server in its own process, which a test may kill."""
    room = await Subprocess(tmp_path).start()
    yield room
    await room.stop()
