"""The room's tables, by name with their columns: what a copy holds, and what the web leaves to the room.

``sqlite/tables.sql`` makes them, as the web's migrations do; a test compares the three. The journal of the SQLite adapter is not
among them: what waits there belongs into these.
"""

from __future__ import annotations

from typing import Final

TABLES: Final = {
    "room_meeting": "id, method_id, method, practice, opened_at, closed_at, expires_at, due_at, burned_at",
    "room_event": "meeting, seq, version, body",
    "room_answer": "meeting, device, command, seq",
    "room_snapshot": "meeting, seq, body",
    "room_device": "meeting, device, seat, is_table, shown_out, seal",
    "vault_body": "meeting, content, seat, body, retention",
    "vault_key": "number, meeting, key",
    "vault_retention": "number, meeting, retention, key, expires_at, gone_at",
}
LATER: Final = {"vault_retention"}
"""Tables that copies of the first release don't have."""
NUMBERED: Final = tuple(table for table, columns in TABLES.items() if columns.startswith("number, "))
"""Tables whose rows get a number by themselves."""
SWITCHES: Final = frozenset({"practice", "is_table", "shown_out"})
"""Columns that SQLite keeps as 0 and 1, and PostgreSQL as false and true."""
