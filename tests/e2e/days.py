"""Days that pass while nobody looks: the server stands still, and all that was written of time lies further back."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

DAY = 24 * 60 * 60 * 1000
_A_TIME = 10**12
"""Milliseconds since the epoch are larger; nothing else in a log is."""


def pass_by(folder: Path, days: float) -> None:
    """Make it so many days later for every meeting in the data folder. No server may run on it."""
    back = int(days * DAY)
    with sqlite3.connect(folder / "kring.sqlite3") as store:
        for meeting, seq, body in store.execute("SELECT meeting, seq, body FROM room_event").fetchall():
            earlier = json.dumps(_earlier(json.loads(body), back)).encode()
            store.execute("UPDATE room_event SET body = ? WHERE meeting = ? AND seq = ?", (earlier, meeting, seq))
        store.execute("DELETE FROM room_snapshot")
        store.execute(
            "UPDATE room_meeting SET opened_at = opened_at - ?, expires_at = expires_at - ?, due_at = due_at - ?",
            (back, back, back),
        )
    store.close()


def _earlier(value: Any, back: int) -> Any:
    match value:
        case dict():
            return {key: _earlier(one, back) for key, one in value.items()}
        case list():
            return [_earlier(one, back) for one in value]
        case int() if value > _A_TIME:
            return value - back
        case _:
            return value
