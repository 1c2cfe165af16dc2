"""What becomes of a meeting that never began, once its content is destroyed: nothing of it is kept.

Its log proves nothing, and its method takes room. Rows of keys stay: they were overwritten, and are never deleted (``tables.sql``).
"""

from __future__ import annotations

from typing import Final

BURNED: Final = "SELECT 1 FROM room_meeting WHERE id = {} AND burned_at IS NOT NULL"
STATEMENTS: Final = (
    *(
        f"DELETE FROM {table} WHERE meeting = {{}}"  # noqa: S608 - constants
        for table in ("vault_body", "room_event", "room_answer", "room_snapshot", "room_device", "room_removal")
    ),
    "DELETE FROM room_meeting WHERE id = {}",
)
"""In one transaction; the mark of a parameter goes into each."""
