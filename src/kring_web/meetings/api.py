"""The JSON API about meetings."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from django.db import DatabaseError
from django.http import HttpRequest

from kring.languages import Code
from kring.methods.model import Method
from kring_room.store.port import StoreError
from kring_web.meetings import capacity_gate, services
from kring_web.meetings.addresses import MEETING_PATTERN
from kring_web.meetings.admission import Sent
from kring_web.web import quotas
from kring_web.web.json_api import Body, Encoded, Problem, get, post


class NewMeeting(Body):
    """What kind of meeting. ``written``: over days. ``language``: the opener's, kept for whoever they invite.

    ``meeting``: an id of the opener's own making, and ``admission``: the SHA-256 of what proves that somebody has the meeting's
    key; both or neither. Without them an address alone lets people in.
    """

    method: Annotated[str, msgspec.Meta(max_length=64)]
    practice: bool = False
    written: bool = False
    language: Code | None = None
    meeting: Annotated[str, msgspec.Meta(pattern=f"^{MEETING_PATTERN}\\Z")] | None = None
    admission: Sent | None = None


class TicketRequest(Body, rename={"as_": "as"}):
    """Who wants in: a person's own device, or the screen on the table. ``device_token``: from an earlier answer.

    ``admission``: the proof of having the meeting's key: HKDF-SHA-256 over it.
    """

    device_token: Annotated[str, msgspec.Meta(max_length=512)] | None = None
    as_: Literal["device", "table"] = "device"
    admission: Sent | None = None


class Opened(msgspec.Struct):
    """The id of a meeting that was opened."""

    meeting: str


_NEW_MEETING = msgspec.json.Decoder(NewMeeting)
_TICKET_REQUEST = msgspec.json.Decoder(TicketRequest)


@post(
    _NEW_MEETING, "unknown-method", "practice-off", "not-this-way", "meeting-taken", "too-many", "overloaded", "restarting",
    "store-trouble", status=201,
)  # fmt: skip
def meetings(request: HttpRequest, wanted: NewMeeting) -> Opened:
    """Open a meeting by a method of the library, or one that somebody published."""
    if (wanted.meeting is None) != (wanted.admission is None):
        raise Problem("bad-shape")
    try:
        if wanted.meeting and wanted.admission and services.is_opened(wanted.meeting, wanted.admission):
            return Opened(wanted.meeting)
        capacity_gate.check(request)
        quotas.OPENINGS.charge(request)
        meeting = services.create(
            method=wanted.method, practice=wanted.practice, written=wanted.written, language=wanted.language,
            meeting=wanted.meeting, hashed=wanted.admission,
        )  # fmt: skip
    except (DatabaseError, StoreError):
        raise capacity_gate.failed(request) from None
    capacity_gate.opened(request, meeting)
    return Opened(meeting)


@post(_TICKET_REQUEST, "unknown-meeting", "expired", "bad-token", "wrong-key", "too-many")
def tickets(request: HttpRequest, wanted: TicketRequest, meeting: str) -> services.Admission:
    """Let a device in: a ticket that opens the room for one minute, and a token by which it is known next time."""
    table, proven = wanted.as_ == "table", False
    try:
        found = services.require_open(meeting)
        proven = services.prove(found, wanted.admission)
        admission = services.admit(found, device_token=wanted.device_token, table=table)
    except Problem:
        if not proven:
            quotas.FAILURES.charge(request)
        raise
    if not proven and wanted.device_token is None:
        quotas.NEWCOMERS.charge(request)
    return admission


@get("unknown-meeting", "expired")
def method(request: HttpRequest, meeting: str) -> Encoded[Method]:  # noqa: ARG001 -- every view is given one
    """The meeting's method, as it was when the meeting opened."""
    return Encoded(services.method_of(meeting))
