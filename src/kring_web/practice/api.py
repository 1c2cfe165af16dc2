"""``POST /api/meetings/<meeting>/colleagues``: let the simulated colleagues sit down."""

from __future__ import annotations

import secrets
from typing import Annotated, Literal

import msgspec
from django.conf import settings
from django.http import HttpRequest

from kring.languages import Code
from kring.methods.encoded import decode
from kring.methods.model import Group
from kring_web.meetings import services as meetings
from kring_web.practice.colleagues import COLLEAGUES, AlreadyThereError, BusyError, Config
from kring_web.web import quotas
from kring_web.web.json_api import Body, Problem, post


class Invite(Body):
    """Who comes, and where the newcomer sits. ``key``: the practice meeting's own."""

    key: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{43}\Z")]
    role: Literal["owner", "participant", "facilitator"]
    language: Code
    seats: Annotated[int, msgspec.Meta(ge=2, le=8)] = 5


class Invited(msgspec.Struct):
    """How many colleagues come."""

    seats: int


_INVITE = msgspec.json.Decoder(Invite)


@post(
    _INVITE, "practice-off", "unknown-meeting", "expired", "not-practice", "wrong-key", "already-practising", "too-many",
    status=202,
)  # fmt: skip
def colleagues(request: HttpRequest, invite: Invite, meeting: str) -> Invited:
    """Let the simulated colleagues sit down in a practice meeting, for whoever has its key."""
    if not settings.KRING.practice:
        raise Problem("practice-off")
    found = meetings.require_open(meeting)
    if not found.practice:
        raise Problem("not-practice")
    try:
        meetings.prove_with_key(found, invite.key)
    except Problem:
        quotas.FAILURES.charge(request)
        raise
    method = decode(meetings.method_of(meeting))
    seats = _seats_for(method.group, invite.seats)
    config = Config(
        url=settings.KRING.local_url.replace("http", "ws", 1),
        meeting=meeting,
        key=invite.key,
        language=invite.language,
        seats=seats,
        newcomer=invite.role,
        seed=secrets.randbelow(2**31),
    )
    try:
        COLLEAGUES.start(config)
    except AlreadyThereError:
        raise Problem("already-practising") from None
    except BusyError:
        raise Problem("too-many") from None
    return Invited(seats)


def _seats_for(group: Group, seats: int) -> int:
    """As many colleagues as the method takes beside the newcomer."""
    return max(group.min - 1, min(seats, group.max - 1))
