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
    "room_feed": "id, meeting, at, version, body",
    "room_removal": "meeting, member, asked_at",
    "vault_body": "meeting, content, seat, body, retention",
    "vault_key": "number, meeting, key",
    "vault_retention": "number, meeting, retention, key, expires_at, gone_at",
}
LATER: Final = {"room_feed", "room_removal", "vault_retention"}
"""Tables that copies of the first release don't have."""
NUMBERED: Final = {"vault_key": "number", "vault_retention": "number", "room_feed": "id"}
"""Columns that count up by themselves."""
SWITCHES: Final = frozenset({"practice", "is_table", "shown_out"})
"""Columns that SQLite keeps as 0 and 1, and PostgreSQL as false and true."""
