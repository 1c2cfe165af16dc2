"""Sealed content: what people type, encrypted with the meeting's key (AES-256-GCM). The server never has the key.

The associated data binds a text to its meeting, author's seat, kind and content id: moved elsewhere, it does not open.
The format is fixed by ``tests/fixtures/sealing.json``, which the browser's client is tested with too.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
from collections.abc import Mapping
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = 1
NONCE_BYTES = 12
TAG_BYTES = 16
KEY_BYTES = 32
BLOCK = 256
"""Plaintexts are padded to a multiple of this, so that lengths say little about what was written."""
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")

Fields = dict[str, str | int | float]
"""A filled form: field ids to what was typed or chosen."""
Filled = Mapping[str, str] | Mapping[str, int] | Mapping[str, str | int | float]
"""The same, to read from."""


class SealBroken(Exception):
    """A sealed text that does not open: wrong key, moved, changed, cut short, or not of this version."""


class Place(NamedTuple):
    """Where a sealed text belongs. ``kind``: the ``what`` of a contribution, or ``name``; ``id``: its content id."""

    meeting: str
    seat: str
    kind: str
    id: str

    def bound(self) -> bytes:
        """The associated data."""
        return f"kring/1\n{self.meeting}\n{self.seat}\n{self.kind}\n{self.id}".encode()


def encode(data: bytes) -> str:
    """Base64url without padding, as on the wire and in the link."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes of ``encode``; raises ``SealBroken`` when it isn't that."""
    if not _BASE64URL.fullmatch(text):
        raise SealBroken
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise SealBroken from error


def read_key(text: str) -> bytes:
    """The meeting's key from its text in the link."""
    key = decode(text)
    if len(key) != KEY_BYTES:
        raise SealBroken
    return key


def seal(key: bytes, place: Place, fields: Filled, nonce: bytes | None = None) -> str:
    """Encrypt a filled form for its place. ``nonce`` is for test vectors only; never use one twice with a key."""
    plain = json.dumps(fields, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return seal_bytes(key, place, plain + b" " * (-len(plain) % BLOCK), nonce)


def seal_bytes(key: bytes, place: Place, padded: bytes, nonce: bytes | None = None) -> str:
    """Encrypt bytes as they are; ``seal`` is what you want."""
    nonce = os.urandom(NONCE_BYTES) if nonce is None else nonce
    return encode(bytes([VERSION]) + nonce + AESGCM(key).encrypt(nonce, padded, place.bound()))


def unseal(key: bytes, place: Place, sealed: str) -> Fields:
    """Decrypt what was sealed for this place, or raise ``SealBroken``."""
    data = decode(sealed)
    if len(data) < 1 + NONCE_BYTES + TAG_BYTES or data[0] != VERSION:
        raise SealBroken
    nonce, ciphertext = data[1 : 1 + NONCE_BYTES], data[1 + NONCE_BYTES :]
    try:
        found = json.loads(AESGCM(key).decrypt(nonce, ciphertext, place.bound()))
    except (InvalidTag, ValueError) as error:
        raise SealBroken from error
    if not isinstance(found, dict) or not all(
        isinstance(v, str | int | float) and not isinstance(v, bool) for v in found.values()
    ):
        raise SealBroken
    return found
