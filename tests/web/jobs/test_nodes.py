"""What is due is done once, by two nodes that are killed again and again and whose clocks jump."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.cluster.services import Postgres
from tests.web import nodes

NODE = Path(__file__).with_name("node.py")
JOBS = 150
KILLS = 5
LONGEST = 90.0

Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    server = Postgres(durable=False).start()
    yield server
    server.close()


def start(environment: dict[str, str], name: str, ahead: int = 0) -> subprocess.Popen[str]:
    return nodes.start(NODE, environment, name, str(ahead))


def schedule(ask: Ask) -> None:
    rows = ", ".join(f"('count', 's{number}', '', {number}, 'waiting', '', 0, 0)" for number in range(JOBS))
    ask(f"INSERT INTO job (kind, subject, member, due_at, state, by, until, attempt) VALUES {rows}")  # noqa: S608 - numbers


def killed_again_and_again(environment: dict[str, str], ask: Ask, ahead: int) -> None:
    """Two nodes, one of them killed and started anew at moments of chance, until all is done."""
    steady, shaky = start(environment, "steady"), start(environment, "shaky", ahead)
    chance = random.Random(7)
    try:
        schedule(ask)
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.05, 0.25))
            nodes.end(shaky)
            shaky = start(environment, "shaky", ahead)
        patience = time.monotonic() + LONGEST
        while ask("SELECT count(*) FROM job WHERE kind = 'count' AND state <> 'done'") != [(0,)]:
            assert time.monotonic() < patience, ask("SELECT state, count(*) FROM job GROUP BY state")
            time.sleep(0.1)
    finally:
        nodes.end(steady)
        nodes.end(shaky)
    effects = Counter(subject for (subject,) in ask("SELECT subject FROM job WHERE kind = 'effect'"))
    assert effects == {f"s{number}": 1 for number in range(JOBS)}


def sqlite_of(folder: Path) -> Path:
    """The file in which the jobs are."""
    for path in sorted(folder.glob("*.sqlite3")):
        with sqlite3.connect(path) as one:
            if one.execute("SELECT 1 FROM sqlite_master WHERE name = 'job'").fetchone():
                return path
    raise AssertionError("No file has the table of jobs.")


@pytest.mark.parametrize(
    "ahead", [0, 700, -700], ids=["right clocks", "a clock that runs ahead", "a clock that runs back"]
)
def test_what_is_due_is_done_once_through_kills_on_sqlite(tmp_path: Path, ahead: int) -> None:
    environment = {"KRING_DATA": str(tmp_path)}
    nodes.end(start(environment, nodes.FIRST))

    def ask(sql: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(sqlite_of(tmp_path), timeout=30) as one:
            rows = one.execute(sql).fetchall()
        one.close()
        return rows

    killed_again_and_again(environment, ask, ahead)


@pytest.mark.parametrize("ahead", [0, 700], ids=["right clocks", "a clock that runs ahead"])
def test_what_is_due_is_done_once_through_kills_on_postgresql(tmp_path: Path, postgres: Postgres, ahead: int) -> None:
    url = postgres.new_database()
    environment = {"KRING_DATA": str(tmp_path), "KRING_DATABASE_URL": url}
    nodes.end(start(environment, nodes.FIRST))

    def ask(sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(url) as one:
            cursor = one.execute(sql)
            return cursor.fetchall() if cursor.description else []

    killed_again_and_again(environment, ask, ahead)
