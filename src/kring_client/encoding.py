"""Bytes as text: base64url without padding, on the wire and in links."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]*")


class SealBroken(Exception):
    """A sealed text or a key that won't do: another key, moved, changed, cut short, or of no known format."""


def encode(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes of ``encode``; raises ``SealBroken`` when it isn't that."""
    if not _BASE64URL.fullmatch(text):
        raise SealBroken
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise SealBroken from error
