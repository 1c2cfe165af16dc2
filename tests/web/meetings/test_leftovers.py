"""Of a meeting that never began and expired the web keeps as little as the room: not even how it was opened."""

from __future__ import annotations

import base64
import sqlite3

import pytest

from kring_room.meetings import new_meeting_id
from kring_room.store.sqlite import rows
from kring_web.jobs.services import Loop
from kring_web.meetings import services
from kring_web.meetings.models import Opening
from kring_web.meetings.services import OPENINGS, Openings

METHOD = "linxx-9"


def opened(count: int = 1) -> list[str]:
    return [services.create(method=METHOD, practice=False, language="nl") for _ in range(count)]


def forget(ours: sqlite3.Connection, meetings: list[str]) -> None:
    """As the room does it."""
    with rows.transaction(ours):
        ours.executemany("UPDATE room_meeting SET burned_at = expires_at WHERE id = ?", [(one,) for one in meetings])
    for one in meetings:
        rows.forget(ours, one)


def noted(meetings: list[str]) -> set[str]:
    return set(Opening.objects.filter(meeting__in=meetings).values_list("meeting", flat=True))


def test_how_a_meeting_was_opened_goes_once_two_looks_find_no_meeting(
    ours: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "_AT_ONCE", 2)
    openings = Openings()
    openings.delete_forgotten()
    gone, there = opened(3), opened(2)
    forget(ours, gone)
    assert openings.delete_forgotten() == 0, "it may be about to be opened"
    assert noted(gone) == set(gone)
    assert openings.delete_forgotten() == 3
    assert (noted(gone), noted(there)) == (set(), set(there))
    assert openings.delete_forgotten() == 0


def test_one_that_is_opened_between_two_looks_stays() -> None:
    openings, late = Openings(), new_meeting_id()
    Opening.objects.create(meeting=late, language="nl", admission=b"h" * 32)
    openings.delete_forgotten()
    hashed = base64.urlsafe_b64encode(b"h" * 32).decode().rstrip("=")
    assert services.create(method=METHOD, practice=False, language="nl", meeting=late, hashed=hashed) == late
    openings.delete_forgotten()
    assert noted([late]) == {late}


def test_the_server_looks_every_hour(ours: sqlite3.Connection) -> None:
    now = services.now()
    loop = Loop("node", lambda: now)
    gone = opened()
    forget(ours, gone)
    OPENINGS.delete_forgotten()
    loop.work()
    assert noted(gone) == set()
