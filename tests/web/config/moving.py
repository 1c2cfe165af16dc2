"""A program that moves old data folders, each killed at another statement: ``moving.py FOLDER KEEP [STATEMENT ...]``.

``KEEP`` holds the old folder; it is copied to ``FOLDER`` for each statement, moved by a process that is killed when it comes to
that statement, and once more by one that isn't. For each it prints what then is there, as JSON. Without statements it prints how
many there are, and between which of them the move itself is.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDER, KEEP, WANTED = Path(sys.argv[1]), Path(sys.argv[2]), [int(one) for one in sys.argv[3:]]
os.environ["KRING_DATA"] = str(FOLDER)
os.environ["DJANGO_SETTINGS_MODULE"] = "kring_web.config.settings"
connect: Callable[..., sqlite3.Connection] = sqlite3.connect
seen: list[str] = []


def traced(*arguments: Any, **more: Any) -> sqlite3.Connection:
    """A connection that counts its statements, and kills this process before the one that it is to die at."""
    made = connect(*arguments, **more)
    made.set_trace_callback(_next)
    return made


def _next(statement: str) -> None:
    seen.append(statement)
    if len(seen) == dies_at:
        os.kill(os.getpid(), signal.SIGKILL)


dies_at = 0
shutil.copytree(KEEP, FOLDER, dirs_exist_ok=True)
sqlite3.connect = traced  # type: ignore[assignment] # all of this process

import django  # noqa: E402 -- after the environment
from django.db.backends.sqlite3 import base  # noqa: E402 -- with the rest

django.setup()
base.Database.connect = traced  # type: ignore[attr-defined] # likewise
from kring_web.config.migrating import make_tables  # noqa: E402 -- after the settings


def moved(at: int) -> int:
    """In a process of its own, which dies at this statement; how it ended."""
    global dies_at  # noqa: PLW0603 -- a child's own
    child = os.fork()
    if child == 0:
        dies_at = at
        make_tables()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def found() -> dict[str, Any]:
    """What is where."""
    result: dict[str, Any] = {}
    for name in ("kring", "web"):
        connection = connect(FOLDER / f"{name}.sqlite3")
        tables = [one for (one,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        counts = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}  # noqa: S608 -- names of tables
        result[name] = {table: count for table, count in counts.items() if not table.startswith("sqlite_")}
        result[f"{name} is whole"] = connection.execute("PRAGMA integrity_check").fetchone()[0]
        connection.close()
    return result


def afresh() -> None:
    """The old folder once more."""
    shutil.rmtree(FOLDER)
    shutil.copytree(KEEP, FOLDER)


if not WANTED:
    with tempfile.NamedTemporaryFile() as noted:
        if os.fork() == 0:
            make_tables()
            Path(noted.name).write_text(json.dumps(seen), "utf-8")
            os._exit(0)
        os.wait()
        statements: list[str] = json.loads(Path(noted.name).read_text("utf-8"))
    attached = next(at for at, one in enumerate(statements, 1) if one.startswith("ATTACH"))
    dropped = max(at for at, one in enumerate(statements, 1) if one.startswith('DROP TABLE "method_publication"'))
    sys.stdout.write(f"{json.dumps({'statements': len(statements), 'first': attached, 'last': dropped + 1})}\n")
for number in WANTED:
    afresh()
    ends = [moved(number), moved(0)]
    sys.stdout.write(f"{json.dumps({'at': number, 'ends': ends, 'found': found()})}\n")
