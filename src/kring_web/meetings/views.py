"""The JSON API about methods and meetings."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from kring_room.store.port import StoreError
from kring_web import intake
from kring_web.api import Body, Problem, answer, endpoint, read
from kring_web.meetings import library, services


class NewMeeting(Body):
    """What kind of meeting. ``written``: over days. ``language`` is the opener's; the meeting itself has none."""

    method: Annotated[str, msgspec.Meta(max_length=64)]
    practice: bool = False
    written: bool = False
    language: Literal["nl", "en", "de"] | None = None


class TicketRequest(Body, rename={"as_": "as"}):
    """Who wants in: a person's own device, or the screen on the table. ``device_token``: from an earlier answer."""

    device_token: Annotated[str, msgspec.Meta(max_length=512)] | None = None
    as_: Literal["device", "table"] = "device"


_NEW_MEETING = msgspec.json.Decoder(NewMeeting)
_TICKET_REQUEST = msgspec.json.Decoder(TicketRequest)


def _methods(request: HttpRequest) -> object:  # noqa: ARG001 -- every view is given one
    return library.summaries()


def _method(request: HttpRequest, method: str) -> object:  # noqa: ARG001 -- every view is given one
    encoded = library.encoded(method)
    if encoded is None:
        raise Problem("unknown-method")
    return _json(encoded)


def _open(request: HttpRequest) -> object:
    wanted = read(request, _NEW_MEETING)
    intake.check(request)
    try:
        meeting = services.create(method=wanted.method, practice=wanted.practice, written=wanted.written)
    except (DatabaseError, StoreError):
        raise intake.failed(request) from None
    intake.took(request, meeting)
    return answer({"meeting": meeting}, 201)


def _ticket(request: HttpRequest, meeting: str) -> object:
    wanted = read(request, _TICKET_REQUEST)
    found = services.open_meeting_or_problem(meeting)
    return services.admit(found, device_token=wanted.device_token, table=wanted.as_ == "table")


def _meeting_method(request: HttpRequest, meeting: str) -> object:  # noqa: ARG001 -- every view is given one
    return _json(services.method_of(meeting))


def _json(encoded: bytes) -> HttpResponse:
    return HttpResponse(encoded, content_type="application/json")


methods = endpoint("GET", _methods)
method = endpoint("GET", _method)
meetings = endpoint("POST", _open)
tickets = endpoint("POST", _ticket)
meeting_method = endpoint("GET", _meeting_method)
