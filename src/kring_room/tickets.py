"""Tickets seat a device for a minute, device tokens name it for as long as a meeting lasts. Both are signed, not secret.

A token is ``<payload>.<signature>``, both base64url without padding; the signature is HMAC-SHA256 over a purpose and
the payload, so that one kind of token never passes for the other.

A ticket of version 2 also says who comes: signed in as a member of the circle, or with the link. Nodes of two releases serve
beside each other, and an older one takes a ticket of a version that it does not know for a forged one: so a release reads a
version before the next one writes it. This one reads 1 and 2, and writes ``WRITTEN``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Annotated, Final, Literal, TypeVar

import msgspec
from msgspec.structs import replace

from kring.meeting import WITH_LINK, Person

TICKET_SECONDS: Final = 60
_LONGEST: Final = 1024
_LONGEST_MEMBER: Final = 64
WRITTEN: Final[Literal[1, 2]] = 1
"""The version of the tickets that are signed; the next release raises it."""


class Ticket(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Lets ``device`` into the room of ``meeting`` until ``exp`` (milliseconds since the epoch).

    From version 2 on: ``account``, ``member`` and ``waited`` as in ``kring.meeting.Person``.
    """

    meeting: str
    device: str
    table: bool
    exp: int
    v: Literal[1, 2] = 1
    account: Literal["member", "link"] = "link"
    member: Annotated[str, msgspec.Meta(max_length=_LONGEST_MEMBER)] | None = None
    waited: Annotated[int, msgspec.Meta(ge=0)] = 0

    @property
    def person(self) -> Person:
        """Who comes."""
        return Person(account=self.account, member=self.member, waited=self.waited)


class DeviceToken(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Says that a browser is ``device`` in ``meeting``, so that it gets its seat back, until ``exp`` where that is said.

    A release before this one takes a token with an end for a forged one: so this one reads ``exp``, and the next one writes it.
    Until then a token ends with its meeting, for which no ticket is given any more.
    """

    meeting: str
    device: str
    exp: int | None = None


class TokenError(Exception):
    """A token that won't do; ``code`` as in ``CLOSE_CODES``."""

    def __init__(self, code: Literal["ticket-forged", "ticket-expired", "ticket-elsewhere"]) -> None:
        super().__init__(code)
        self.code: Final = code


T = TypeVar("T", Ticket, DeviceToken)
_TICKET: Final = msgspec.json.Decoder(Ticket)
_DEVICE: Final = msgspec.json.Decoder(DeviceToken)


def sign_ticket(
    secret: bytes,
    *,
    meeting: str,
    device: str,
    now: int,
    table: bool = False,
    person: Person = WITH_LINK,
    version: Literal[1, 2] = WRITTEN,
) -> str:
    """A ticket for the next minute. ``person`` goes along from version 2 on; to version 1 everybody comes with the link."""
    ticket = Ticket(meeting, device, table, now + TICKET_SECONDS * 1000)
    if version > 1:
        ticket = replace(ticket, v=version, account=person.account, member=person.member, waited=person.waited)
    return _sign(secret, "ticket", ticket)


def open_ticket(secret: bytes, token: str, *, meeting: str, now: int) -> Ticket:
    """The ticket in ``token``, when it is ours, fresh and for this meeting; else ``TokenError``."""
    ticket = _open(secret, "ticket", token, _TICKET)
    if ticket.exp <= now:
        raise TokenError("ticket-expired")
    if ticket.meeting != meeting:
        raise TokenError("ticket-elsewhere")
    return ticket


def sign_device(secret: bytes, *, meeting: str, device: str, ends: int | None = None) -> str:
    """A device token. ``ends``: when, in milliseconds since the epoch; else with its meeting."""
    return _sign(secret, "device", DeviceToken(meeting, device, ends))


def open_device(secret: bytes, token: str, *, meeting: str, now: int = 0) -> str:
    """The device that ``token`` names in this meeting; else ``TokenError``."""
    found = _open(secret, "device", token, _DEVICE)
    if found.meeting != meeting:
        raise TokenError("ticket-elsewhere")
    if found.exp is not None and found.exp <= now:
        raise TokenError("ticket-expired")
    return found.device


def _sign(secret: bytes, purpose: str, payload: Ticket | DeviceToken) -> str:
    body = _base64(msgspec.json.encode(payload))
    return f"{body}.{_signature(secret, purpose, body)}"


def _open(secret: bytes, purpose: str, token: str, kind: msgspec.json.Decoder[T]) -> T:
    if len(token) > _LONGEST or not token.isascii():
        raise TokenError("ticket-forged")
    body, _, signature = token.partition(".")
    if not hmac.compare_digest(signature, _signature(secret, purpose, body)):
        raise TokenError("ticket-forged")
    try:
        return kind.decode(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (binascii.Error, msgspec.DecodeError):
        raise TokenError("ticket-forged") from None


def _signature(secret: bytes, purpose: str, body: str) -> str:
    return _base64(hmac.new(secret, f"kring/1\n{purpose}\n{body}".encode(), hashlib.sha256).digest())


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
