"""The JSON API about knocking: a join code for those inside, a knock for those outside, and what both say until it is over."""

from __future__ import annotations

from typing import Annotated

import msgspec
from django.http import HttpRequest

from kring_web.knocks import services
from kring_web.meetings import services as meetings
from kring_web.meetings.admission import Sent
from kring_web.web import quotas
from kring_web.web.json_api import Body, Problem, post

_Part = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,200}\Z")]
Message = Annotated[dict[Annotated[str, msgspec.Meta(max_length=16)], _Part], msgspec.Meta(max_length=6)]
"""One message of the check by voice: ``what`` it is, and its parts."""
_Token = Annotated[str, msgspec.Meta(max_length=512)]
_Since = Annotated[int, msgspec.Meta(ge=0, le=100)]


class Inside(Body):
    """Who asks, from inside: the proof of the meeting's key, and the token of a device that sits there."""

    device_token: _Token
    admission: Sent | None = None


class CodeRequest(Inside):
    """``live``: whether there is to be a code; else the one that there is leads nowhere from now on."""

    live: bool = True


class KnockRequest(Body):
    """The six digits, and what the check by voice begins with."""

    code: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{6}\Z")]
    message: Message


class NewcomerSays(Body):
    """``since``: from which message on to hear; ``message``: what to say, if anything."""

    secret: Annotated[str, msgspec.Meta(max_length=64)]
    since: _Since = 0
    message: Message | None = None


class FellowSays(Inside):
    """The same of a device that sits inside."""

    since: _Since = 0
    message: Message | None = None


_CODE = msgspec.json.Decoder(CodeRequest)
_KNOCK = msgspec.json.Decoder(KnockRequest)
_NEWCOMER = msgspec.json.Decoder(NewcomerSays)
_INSIDE = msgspec.json.Decoder(Inside)
_FELLOW = msgspec.json.Decoder(FellowSays)
_SAYING = ("knock-over", "out-of-turn", "too-many")
_IN = ("unknown-meeting", "expired", "bad-token", "wrong-key", "not-seated", "too-many")


@post(_CODE, *_IN, "doors-closed")
def code(request: HttpRequest, wanted: CodeRequest, meeting: str) -> services.Code:
    """The join code of a meeting whose doors are open, for whoever sits in it; or that there is to be none."""
    _device(request, wanted, meeting)
    return services.show_code(meeting) if wanted.live else services.stop_code(meeting)


@post(_KNOCK, "wrong-code", "too-many-knocks", "too-many", status=201)
def knock(request: HttpRequest, wanted: KnockRequest) -> services.Knocked:
    """Knock at the door that a join code leads to. It tells nothing of what is behind it."""
    _known(wanted.message, "commit")
    # Counted first, and given back: else whoever asks in many ways at once would be told which code is right.
    quotas.CODES.charge(request)
    try:
        made = services.knock(wanted.code, wanted.message)
    except Problem as problem:
        if problem.code != "wrong-code":
            quotas.CODES.give_back(request)
        raise
    quotas.CODES.give_back(request)
    return made


@post(_NEWCOMER, *_SAYING)
def knocking(request: HttpRequest, wanted: NewcomerSays, knock: str) -> services.Heard:
    """What whoever knocked says to the one who answered, and hears."""
    if wanted.message is not None:
        _known(wanted.message, "reveal", "typed", "end")
    try:
        return services.as_newcomer(knock, wanted.secret, wanted.since, wanted.message)
    except Problem:
        quotas.FAILURES.charge(request)
        raise


@post(_INSIDE, *_IN)
def knocks(request: HttpRequest, wanted: Inside, meeting: str) -> services.Door:
    """The join code and who knocks at the door of the meeting, for whoever sits in it."""
    _device(request, wanted, meeting)
    return services.door(meeting)


@post(_FELLOW, *_IN, *_SAYING, "knock-taken", "doors-closed")
def answering(request: HttpRequest, wanted: FellowSays, meeting: str, knock: str) -> services.Heard:
    """What whoever sits inside says to the one who knocked, and hears. The first who answers goes on alone."""
    device = _device(request, wanted, meeting)
    if wanted.message is not None:
        _known(wanted.message, "answer", "box", "end")
    return services.as_fellow(meeting, knock, device, wanted.since, wanted.message)


def _known(message: dict[str, str], *kinds: str) -> None:
    if message.get("what") not in kinds:
        raise Problem("bad-shape")


def _device(request: HttpRequest, wanted: Inside, meeting: str) -> str:
    """The device that asks, which has a seat."""
    try:
        found = meetings.require_open(meeting)
        meetings.prove(found, wanted.admission)
        device = meetings.device_of(found, wanted.device_token)
        meetings.require_seat(meeting, device)
    except Problem:
        quotas.FAILURES.charge(request)
        raise
    return device
