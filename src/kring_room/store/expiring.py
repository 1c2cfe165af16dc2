"""What the log says when the time of content is over, and what such an event destroys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kring.meeting.events import AnyEvent, ContentBurned, ContentExpired
from kring.meeting.retention import CASE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kring.meeting.retention import Retention
    from kring_room.store.port import Expired


def expiry(one: Expired, *, burned: bool, now: int) -> tuple[AnyEvent, ...]:
    """The events of a meeting of which content must go. ``burned``: its cases are gone already.

    Where nothing stays all of it is burned at once; else class by class.
    """
    if not one.left and not burned:
        return (ContentBurned(at=now, because="expired"),)
    return tuple([ContentExpired(at=now, retention=each) for each in one.classes if each != CASE or not burned])


def destroyed(happened: Iterable[AnyEvent]) -> tuple[Retention, ...] | None:
    """The classes that these events destroy, for ``Write.burns``: empty is all of them, ``None`` none."""
    classes: list[Retention] = []
    for event in happened:
        if type(event) is ContentBurned:
            return ()
        if type(event) is ContentExpired:
            classes.append(event.retention)
    return tuple(classes) or None
