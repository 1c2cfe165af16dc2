"""A database of release 0.1.0, where publications were the workbench's, opens with everything in it."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from kring_room.cluster.clock import wall_clock
from tests.web.serving import ask, served

BEFORE = Path(__file__).parents[2] / "fixtures" / "databases" / "0.1.0.sql"
PUBLISHED = "3nkydebph5y4qrf7vbpf"
ITS_KEY = "Q0IlO9wm9A0W5f9c-9yt71m6DslkEHvz"


def test_a_published_method_of_before_is_found_used_and_published_again(tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "kring.sqlite3")) as database:
        database.executescript(BEFORE.read_text("utf-8"))
    before = wall_clock()
    with served(tmp_path, "serve") as url:
        with contextlib.closing(sqlite3.connect(tmp_path / "web.sqlite3")) as database:
            noted = database.execute("SELECT published_at, used_at FROM method_publication").fetchall()
        assert len(noted) == 2
        for published, used in noted:  # by which of them people met nobody knows: it counts from the upgrade on
            assert published < before <= used
        text = ask(url, f"/api/methods/{PUBLISHED}.yaml").body.decode()
        assert "id: small-circle" in text
        assert ask(url, f"/methods/{PUBLISHED}").status == 200
        assert ask(url, "/api/meetings", "POST", {"method": PUBLISHED}).status == 201
        again = ask(url, "/api/workbench/publish", "POST", {"text": text, "id": PUBLISHED, "key": ITS_KEY})
        assert (again.status, again.json["version"]) == (201, 3)
    with served(tmp_path, "serve") as url:
        assert ask(url, f"/api/methods/{PUBLISHED}.yaml").status == 200
