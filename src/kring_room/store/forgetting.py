"""What becomes of a meeting that never began, once its content is destroyed: nothing of it is kept.

Its log proves nothing, and its method takes room. Rows of keys stay: they were overwritten, and are never deleted (``tables.sql``).
"""

from __future__ import annotations

from typing import Final

from kring.meeting.events import MeetingStarted

BEGAN: Final = f'"type":"{MeetingStarted.__struct_config__.tag}"'.encode()
"""What the log of a meeting that began has in it, as it is written."""
UNBEGUN: Final = """
    SELECT id FROM room_meeting WHERE burned_at >= expires_at
    AND NOT EXISTS (SELECT 1 FROM vault_retention AS other WHERE other.meeting = room_meeting.id AND gone_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM room_event WHERE room_event.meeting = room_meeting.id AND {} > 0)
"""
"""Those whose content was destroyed when their time was over, and that seem not to have begun.

Where ``BEGAN`` is in ``body`` goes in.
"""
BURNED: Final = "SELECT 1 FROM room_meeting WHERE id = {} AND burned_at IS NOT NULL"
STATEMENTS: Final = (
    *(
        f"DELETE FROM {table} WHERE meeting = {{}}"  # noqa: S608 - constants
        for table in ("vault_body", "room_event", "room_answer", "room_snapshot", "room_device", "room_removal")
    ),
    "DELETE FROM room_meeting WHERE id = {}",
)
"""In one transaction; the mark of a parameter goes into each."""
