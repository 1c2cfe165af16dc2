"""What the web does with meetings: open one, find it, admit a device. It writes through the room's port only."""

from __future__ import annotations

import contextlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction

from kring.meeting import WayError
from kring.methods.encoded import decode
from kring.methods.model import Method
from kring_room import tickets
from kring_room.meetings import Meetings, new_meeting_id
from kring_room.settings import RoomSettings
from kring_web.meetings import admission
from kring_web.meetings.models import Device, Meeting, Opening
from kring_web.methods import services as methods
from kring_web.web.ids import new_id
from kring_web.web.json_api import Problem

DEVICE_LENGTH = 16
"""Characters: 80 bits, so no two devices get the same id."""
MINUTE_MS = 60 * 1000
DAY_MS = 24 * 60 * MINUTE_MS
_AT_ONCE = 500
"""Meetings in one statement: as many as any database takes."""
MAX_PER_MINUTE = 120
"""Meetings opened on one server in a minute. People never reach it; a program that fills the disk does."""


@dataclass(frozen=True)
class MeetingSummary:
    """A meeting as the pages know it."""

    id: str
    method: str
    practice: bool
    expires_at: int
    expired: bool


class Admission(msgspec.Struct, frozen=True):
    """What a device needs to enter the room, and what names it next time."""

    ticket: str
    device_token: str
    room: str


def create(
    *,
    method: str,
    practice: bool,
    written: bool = False,
    language: str | None = None,
    meeting: str | None = None,
    hashed: str | None = None,
) -> str:
    """Open a meeting by a method of the library, or one that somebody published; the result is its id.

    ``written``: over days, where the method has that form. Practice is spoken: colleagues don't sit there for days.
    ``language``: the opener's, kept for whoever is invited. ``meeting``: an id of the opener's own making, so that the
    proof of its key, of which ``hashed`` is the hash, can follow from it.
    """
    found = methods.load(method)
    if found is None:
        raise Problem("unknown-method")
    if practice and not settings.KRING.practice:
        raise Problem("practice-off")
    if _opened_recently() >= MAX_PER_MINUTE:
        raise Problem("too-many")
    if (practice and written) or ("written" if written else "spoken") not in found.ways:
        raise Problem(WayError.code)
    if meeting is not None and find(meeting) is not None:
        if _opened_with(meeting, hashed):
            return meeting  # while this was asked, too
        raise Problem("meeting-taken")
    opened = meeting or new_meeting_id()
    # First, so that no meeting is ever open without it.
    if (language is not None or hashed is not None) and not _claim(opened, language, hashed):
        raise Problem("meeting-taken")
    rooms().open_meeting(found, practice=practice, written=written, meeting=opened)
    with contextlib.suppress(DatabaseError):  # the meeting is open all the same, and the next one says it again
        methods.used(method)
    return opened


def is_opened(meeting: str, hashed: str) -> bool:
    """Whether who asks for this has opened it before, and did not get the answer: then nothing new is asked for."""
    return _opened_with(meeting, hashed) and find(meeting) is not None


def language_of(meeting: str) -> str | None:
    """The language of whoever opened it, where that is known."""
    return Opening.objects.filter(meeting=meeting).values_list("language", flat=True).first() or None


def rooms() -> Meetings:
    """The room's own port to its meetings."""
    return Meetings(settings.KRING.store, RoomSettings(content_days=settings.KRING.content_days))


def find(meeting: str) -> MeetingSummary | None:
    """The meeting, or ``None``. Expired: its time is over; what was burned before that can still be looked back on."""
    row = Meeting.objects.filter(id=meeting).values("method_id", "practice", "expires_at").first()
    if row is None:
        return None
    ends = row["expires_at"]
    return MeetingSummary(meeting, row["method_id"], practice=row["practice"], expires_at=ends, expired=ends <= now())


def require_open(meeting: str) -> MeetingSummary:
    """The meeting; raises ``Problem`` where there is none, or its time is over."""
    found = find(meeting)
    if found is None:
        raise Problem("unknown-meeting")
    if found.expired:
        raise Problem("expired")
    return found


def method_of(meeting: str) -> bytes:
    """The method as JSON, as it was when the meeting opened: a later release doesn't change a meeting under way."""
    row = Meeting.objects.filter(id=meeting).values("method", "expires_at").first()
    if row is None:
        raise Problem("unknown-meeting")
    if row["expires_at"] <= now():
        raise Problem("expired")
    return bytes(row["method"])


def open_method(meeting: str) -> Method | None:
    """The same as a model, or ``None`` when there is no such meeting or its time is over."""
    try:
        return decode(method_of(meeting))
    except Problem:
        return None


def prove(found: MeetingSummary, proof: str | None) -> bool:
    """Whether ``proof`` (as in ``kring_web.meetings.admission``) says that somebody has the meeting's key.

    ``False``: it asks for none, since it is of before that. Raises ``Problem`` where it asks and this is none.
    """
    kept = _kept(found.id)
    if kept is not None and not admission.proves(proof, kept):
        raise Problem("wrong-key")
    return kept is not None


def prove_with_key(found: MeetingSummary, key: str) -> bool:
    """The same by the key itself, as base64url: of a practice meeting the server gets it."""
    return prove(found, admission.proof_of(key, found.id))


def admit(found: MeetingSummary, *, device_token: str | None, table: bool) -> Admission:
    """A ticket into the room, for a device that is known or new. Whether it may sit, the room decides."""
    secret: bytes = settings.KRING_TICKET_SECRET
    device = new_id(DEVICE_LENGTH) if device_token is None else device_of(found, device_token)
    return Admission(
        ticket=tickets.sign_ticket(secret, meeting=found.id, device=device, now=now(), table=table),
        device_token=tickets.sign_device(secret, meeting=found.id, device=device),
        room=f"/room/{found.id}",
    )


def device_of(found: MeetingSummary, token: str) -> str:
    """The device that a token names. Raises ``Problem("bad-token")``."""
    try:
        return tickets.open_device(settings.KRING_TICKET_SECRET, token, meeting=found.id, now=now())
    except tickets.TokenError:
        raise Problem("bad-token") from None


def require_seat(meeting: str, device: str) -> None:
    """Raise ``Problem("not-seated")`` unless this device sits in the meeting now."""
    if not Device.objects.filter(meeting=meeting, device=device, seat__isnull=False, shown_out=False).exists():
        raise Problem("not-seated")


def doors_open(meeting: str) -> bool:
    """Whether the doors are open as of the last thing that the room acknowledged."""
    return rooms().doors_open(meeting)


class Openings:
    """The notes of how meetings were opened, as this process looks at them: of a meeting that the room forgot nothing stays.

    Such a note is written before its meeting is, in another database, and has no time. So one without a meeting goes by the second
    look that finds none; looks are an hour apart.
    """

    def __init__(self) -> None:
        self._alone: frozenset[str] = frozenset()

    def delete_forgotten(self) -> int:
        """Delete those that had no meeting the last time either; how many."""
        alone: set[str] = set()
        notes = list(Opening.objects.values_list("meeting", flat=True))
        for some in _some(notes):
            alone |= set(some) - set(Meeting.objects.filter(id__in=some).values_list("id", flat=True))
        again = sorted(self._alone & alone)
        for some in _some(again):
            Opening.objects.filter(meeting__in=some).delete()
        self._alone = frozenset(alone.difference(again))
        return len(again)


OPENINGS = Openings()


def _some(meetings: list[str]) -> Iterator[list[str]]:
    return (meetings[start : start + _AT_ONCE] for start in range(0, len(meetings), _AT_ONCE))


def _claim(meeting: str, language: str | None, hashed: str | None) -> bool:
    """Note how a meeting is about to be opened, before it is; ``False``: somebody else has that id.

    The same may be asked again: an opening whose answer was lost. ``hashed``: of the proof, as it was sent.
    """
    kept = None if hashed is None else admission.read(hashed)
    try:
        with transaction.atomic():
            Opening.objects.create(meeting=meeting, language=language or "", admission=kept)
    except IntegrityError:
        return _opened_with(meeting, hashed)
    return True


def _opened_with(meeting: str, hashed: str | None) -> bool:
    """Whether whoever sends this hash is who opened, or was about to open, the meeting."""
    kept = _kept(meeting)
    return kept is not None and hashed is not None and hmac.compare_digest(kept, admission.read(hashed))


def _kept(meeting: str) -> bytes | None:
    """The hash of what must be shown; ``None``: nothing."""
    found = Opening.objects.filter(meeting=meeting).values_list("admission", flat=True).first()
    return None if found is None else bytes(found)


def _opened_recently() -> int:
    since = now() - MINUTE_MS
    # By their end dates, since those have an index; a meeting in writing is kept for longer.
    ends = since + settings.KRING.content_days * DAY_MS
    return Meeting.objects.filter(burned_at__isnull=True, expires_at__gt=ends, opened_at__gt=since).count()


def now() -> int:
    """Milliseconds since the epoch, on the clock that the rooms go by."""
    return rooms().now()
