"""What a SQLite store holds of a meeting, read from beside a server that may run: in the tables, and what waits for them."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import NamedTuple

from kring_room.store.sqlite import journal


class Stored(NamedTuple):
    """Events as ``(seq, version, body)``, answers as ``(device, command, seq)``, wrapped bodies by content id."""

    events: list[tuple[int, int, bytes]]
    answers: list[tuple[str, str, int]]
    bodies: dict[str, bytes]


def stored(database: Path, meeting: str, *, after: int = 0) -> Stored:
    """All of it as of one moment; only the events after ``after``."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=20)) as connection:
        connection.execute("BEGIN")
        made = Stored(
            connection.execute(
                "SELECT seq, version, body FROM room_event WHERE meeting = ? AND seq > ? ORDER BY seq", (meeting, after)
            ).fetchall(),
            connection.execute("SELECT device, command, seq FROM room_answer WHERE meeting = ?", (meeting,)).fetchall(),
            dict(connection.execute("SELECT content, body FROM vault_body WHERE meeting = ?", (meeting,))),
        )
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'room_journal'").fetchone():
            for entry in journal.unsettled(connection, meeting):
                events = enumerate(entry.events, entry.after + 1)
                made.events.extend((seq, version, body) for seq, (version, body) in events if seq > after)
                made.bodies.update({content: body for content, _, body, _ in entry.bodies})
                made.answers.extend([(*entry.answer, entry.seq)] if entry.answer else [])
        return made
