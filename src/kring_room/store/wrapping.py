"""How the vault wraps what is sealed already: with a key of the meeting's own, so that to wipe the key destroys the bodies."""

from __future__ import annotations

import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kring_room.store.port import StoreError

KEY: Final = 32
"""Bytes of a key. All zeros: it was wiped."""
_NONCE: Final = 12


def new_key() -> bytes:
    """What a new meeting's bodies are wrapped with."""
    return secrets.token_bytes(KEY)


def key_of(stored: bytes | None) -> AESGCM | None:
    """The key as it is stored; ``None`` when there is none, or it was wiped."""
    return AESGCM(stored) if stored and any(stored) else None


def wrap(key: AESGCM, meeting: str, content: str, sealed: bytes) -> bytes:
    """A body as it is stored."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + key.encrypt(nonce, sealed, f"{meeting}\n{content}".encode())


def unwrap(key: AESGCM, meeting: str, content: str, wrapped: bytes) -> bytes:
    """The body again. Raises ``StoreError`` when it was tampered with, or moved."""
    try:
        return key.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], f"{meeting}\n{content}".encode())
    except InvalidTag:
        message = "a body in the vault is damaged"
        raise StoreError(message) from None
