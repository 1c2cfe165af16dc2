"""Admission: what proves that somebody has a meeting's key, and gives nothing of it away.

The proof is 32 bytes that follow from the key and the meeting: HKDF-SHA-256 (RFC 5869) without salt over the key, with
``kring/1``, ``admission`` and the meeting, each on a line, as its info. Who asks for a way in sends it; who guards the door
keeps its hash alone. Here since both sides work it out: a server gets the key of a practice meeting, and of no other.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

_NO_SALT: Final = bytes(hashlib.sha256().digest_size)


def proof_of(key: bytes, meeting: str) -> bytes:
    """The proof for this meeting."""
    extracted = hmac.digest(_NO_SALT, key, "sha256")
    return hmac.digest(extracted, f"kring/1\nadmission\n{meeting}\x01".encode(), "sha256")
