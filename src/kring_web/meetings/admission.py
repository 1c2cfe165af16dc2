"""Admission: whoever wants into a meeting proves that they have its key, which the server never gets.

The opener's browser makes the meeting's id and key, and sends the SHA-256 of the proof: 32 bytes that follow from the key
(HKDF-SHA-256 over it, ``kring/1``, ``admission`` and the meeting). Everybody sends the proof itself with each wish for a
ticket. So an address alone, which proxies see and write down, opens nothing. Neither the proof nor its hash is logged.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Annotated

import msgspec
from django.db import IntegrityError, transaction

from kring_web.meetings.models import Opening

Sent = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{43}\Z")]
"""32 bytes as base64url without padding."""


def claim(meeting: str, language: str | None, admission: str | None) -> bool:
    """Note how a meeting is about to be opened, before it is; ``False``: somebody else has that id.

    The same may be asked again: an opening whose answer was lost. ``admission``: the hash, as it was sent.
    """
    wanted = None if admission is None else _bytes(admission)
    try:
        with transaction.atomic():
            Opening.objects.create(meeting=meeting, language=language or "", admission=wanted)
    except IntegrityError:
        return same(meeting, admission)
    return True


def same(meeting: str, admission: str | None) -> bool:
    """Whether whoever sends this hash is who opened, or was about to open, the meeting."""
    known = wanted_of(meeting)
    return known is not None and admission is not None and hmac.compare_digest(known, _bytes(admission))


def wanted_of(meeting: str) -> bytes | None:
    """The hash of what must be shown; ``None``: nothing."""
    found = Opening.objects.filter(meeting=meeting).values_list("admission", flat=True).first()
    return None if found is None else bytes(found)


def proven(meeting: str, proof: str | None) -> bool | None:
    """Whether who sends this has the meeting's key; ``None``: nobody has to prove it here."""
    wanted = wanted_of(meeting)
    if wanted is None:
        return None
    return proof is not None and hmac.compare_digest(hashlib.sha256(_bytes(proof)).digest(), wanted)


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=")
