"""Tickets seat a device for a minute, device tokens name it for as long as a meeting lasts. Both are signed, not secret.

A token is ``<payload>.<signature>``, both base64url without padding; the signature is HMAC-SHA256 over a purpose and
the payload, so that one kind of token never passes for the other.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Final, Literal, TypeVar

import msgspec

TICKET_SECONDS: Final = 60
_LONGEST: Final = 1024


class Ticket(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Lets ``device`` into the room of ``meeting`` until ``exp`` (milliseconds since the epoch)."""

    meeting: str
    device: str
    table: bool
    exp: int


class DeviceToken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Says that a browser is ``device`` in ``meeting``, so that it gets its seat back."""

    meeting: str
    device: str


class TokenError(Exception):
    """A token that won't do; ``code`` as in ``CLOSE_CODES``."""

    def __init__(self, code: Literal["ticket-forged", "ticket-expired", "ticket-elsewhere"]) -> None:
        super().__init__(code)
        self.code: Final = code


T = TypeVar("T", Ticket, DeviceToken)
_TICKET: Final = msgspec.json.Decoder(Ticket)
_DEVICE: Final = msgspec.json.Decoder(DeviceToken)


def sign_ticket(secret: bytes, *, meeting: str, device: str, now: int, table: bool = False) -> str:
    """A ticket for the next minute."""
    return _sign(secret, "ticket", Ticket(meeting, device, table, now + TICKET_SECONDS * 1000))


def open_ticket(secret: bytes, token: str, *, meeting: str, now: int) -> Ticket:
    """The ticket in ``token``, when it is ours, fresh and for this meeting; else ``TokenError``."""
    ticket = _open(secret, "ticket", token, _TICKET)
    if ticket.exp <= now:
        raise TokenError("ticket-expired")
    if ticket.meeting != meeting:
        raise TokenError("ticket-elsewhere")
    return ticket


def sign_device(secret: bytes, *, meeting: str, device: str) -> str:
    """A device token; it has no end date, since a meeting has one."""
    return _sign(secret, "device", DeviceToken(meeting, device))


def open_device(secret: bytes, token: str, *, meeting: str) -> str:
    """The device that ``token`` names in this meeting; else ``TokenError``."""
    found = _open(secret, "device", token, _DEVICE)
    if found.meeting != meeting:
        raise TokenError("ticket-elsewhere")
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
