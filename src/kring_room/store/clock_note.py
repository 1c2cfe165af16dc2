"""Where the latest look at the clock is kept: one row, in a table that each store makes for itself. It is in no copy.

A restored copy says nothing about the clock of the machine that it is restored on.
"""

from __future__ import annotations

from typing import Final

TABLE: Final = "CREATE TABLE IF NOT EXISTS room_clock (id INTEGER PRIMARY KEY, look TEXT NOT NULL)"
NEWEST: Final = "SELECT max(opened_at) FROM room_meeting"
READ: Final = "SELECT look FROM room_clock WHERE id = 1"
WRITE: Final = "INSERT INTO room_clock (id, look) VALUES (1, {}) ON CONFLICT (id) DO UPDATE SET look = excluded.look"
