"""The JSON API about meetings."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from django.db import DatabaseError
from django.http import HttpRequest

from kring.languages import Code
from kring_room.store.port import StoreError
from kring_web.meetings import capacity_gate, services
from kring_web.web.json_api import Body, answer, endpoint, raw_json, read


class NewMeeting(Body):
    """What kind of meeting. ``written``: over days. ``language``: the opener's, kept for whoever they invite."""

    method: Annotated[str, msgspec.Meta(max_length=64)]
    practice: bool = False
    written: bool = False
    language: Code | None = None


class TicketRequest(Body, rename={"as_": "as"}):
    """Who wants in: a person's own device, or the screen on the table. ``device_token``: from an earlier answer."""

    device_token: Annotated[str, msgspec.Meta(max_length=512)] | None = None
    as_: Literal["device", "table"] = "device"


_NEW_MEETING = msgspec.json.Decoder(NewMeeting)
_TICKET_REQUEST = msgspec.json.Decoder(TicketRequest)


def _open(request: HttpRequest) -> object:
    wanted = read(request, _NEW_MEETING)
    capacity_gate.check(request)
    try:
        meeting = services.create(**msgspec.structs.asdict(wanted))
    except (DatabaseError, StoreError):
        raise capacity_gate.failed(request) from None
    capacity_gate.took(request, meeting)
    return answer({"meeting": meeting}, 201)


def _ticket(request: HttpRequest, meeting: str) -> object:
    wanted = read(request, _TICKET_REQUEST)
    found = services.open_meeting_or_problem(meeting)
    return services.admit(found, device_token=wanted.device_token, table=wanted.as_ == "table")


def _method(request: HttpRequest, meeting: str) -> object:  # noqa: ARG001 -- every view is given one
    return raw_json(services.method_of(meeting))


meetings = endpoint("POST", _open)
tickets = endpoint("POST", _ticket)
method = endpoint("GET", _method)
