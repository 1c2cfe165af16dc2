"""Admission: whoever wants into a meeting proves that they have its key, which the server never gets.

The opener's browser makes the meeting's id and key, and sends the SHA-256 of the proof: 32 bytes that follow from the key
(``kring.meeting.admission``). Everybody sends the proof itself with each wish for a ticket. So an address alone, which proxies
see and write down, lets nobody in. Neither the proof nor its hash is logged.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Annotated

import msgspec

from kring.meeting import admission

Sent = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{43}\Z")]
"""32 bytes as base64url without padding."""


def proof_of(key: str, meeting: str) -> str:
    """The proof that follows from a key that was sent. Both as base64url."""
    return base64.urlsafe_b64encode(admission.proof_of(read(key), meeting)).decode().rstrip("=")


def read(text: str) -> bytes:
    """The bytes of what was sent."""
    return base64.urlsafe_b64decode(text + "=")


def proves(proof: str | None, kept: bytes) -> bool:
    """Whether this is the proof of which the hash was kept."""
    return proof is not None and hmac.compare_digest(hashlib.sha256(read(proof)).digest(), kept)
