"""What has passed its end date is destroyed, and the log says so."""

from __future__ import annotations

import io
import sqlite3

from django.core.management import call_command

from kring.meeting.events import ContentBurned
from kring.meeting.upcasting import upcast
from kring_room.store.port import Body, Write
from kring_room.store.sqlite import rows
from kring_web.meetings import services
from kring_web.vault import services as vault


def test_expired_content_is_destroyed_and_the_log_says_so(ours: sqlite3.Connection, meeting: str) -> None:
    canary = b"\x01" + b"canary in the vault" * 3
    with rows.transaction(ours):
        rows.write(ours, Write(meeting, after=1, bodies=(Body("content1", "seat0001", canary),)))
        ours.execute("UPDATE room_meeting SET expires_at = 5 WHERE id = ?", (meeting,))
    assert rows.bodies(ours, meeting, ["content1"]) == {"content1": canary}
    assert meeting in [one.meeting for one in rows.expired(ours, 5)]
    services.create(method="linxx-9", practice=False)
    others = len(rows.expired(ours, 2**60)) - len(rows.expired(ours, 5))
    assert others >= 1
    out = io.StringIO()
    call_command("expire_content", stdout=out)
    assert "meetings: content destroyed" in out.getvalue()
    assert len(rows.expired(ours, 2**60)) == others
    loaded = rows.load(ours, meeting, whole=True)
    assert loaded is not None
    last = upcast(loaded.events[-1].version, loaded.events[-1].body)
    assert isinstance(last, ContentBurned)
    assert last.because == "expired"
    assert rows.bodies(ours, meeting, ["content1"]) == {}
    assert vault.expire() == 0
