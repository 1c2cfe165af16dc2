"""How the vault wraps what is sealed already: to wipe a key destroys the bodies that were wrapped with it.

Each retention class of a meeting has a key of its own, so that one class can go while another stays. Where there is none for a
class, because the meeting was opened by an earlier release, its bodies are kept with the cases and go with them.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kring.meeting.retention import CASE, Retention
from kring_room.store.port import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kring_room.store.port import Body

Keys = dict[Retention, AESGCM | None]
"""The keys of a meeting by class; ``None`` for one that was wiped. A class that has none of its own is not there."""
Row = tuple[str, str, bytes, Retention]
"""A body as it is stored: content, seat, wrapped, class."""

KEY: Final = 32
"""Bytes of a key. All zeros: it was wiped."""
_NONCE: Final = 12


def new_key() -> bytes:
    """What the bodies of a class of a new meeting are wrapped with."""
    return secrets.token_bytes(KEY)


def keys_of(stored: Iterable[tuple[Retention, bytes]]) -> Keys:
    """The keys as they are stored, of one meeting."""
    return {retention: AESGCM(key) if any(key) else None for retention, key in stored}


def wrap(keys: Keys, meeting: str, body: Body) -> Row:
    """A body as it is stored. Raises ``StoreError`` when its class was destroyed."""
    retention = body.retention if body.retention in keys else CASE
    key = keys.get(retention)
    if key is None:
        message = "the vault of this meeting is destroyed"
        raise StoreError(message)
    nonce = secrets.token_bytes(_NONCE)
    wrapped = nonce + key.encrypt(nonce, body.sealed, f"{meeting}\n{body.content}".encode())
    return body.content, body.seat, wrapped, retention


def unwrap(keys: Keys, meeting: str, rows: Iterable[tuple[str, bytes, Retention]]) -> dict[str, bytes]:
    """Bodies again, by content, from ``(content, wrapped, class)``: those whose class is still there.

    Raises ``StoreError`` when one was tampered with, or moved.
    """
    held = [(content, bytes(wrapped), keys.get(retention)) for content, wrapped, retention in rows]
    return {content: _unwrap(key, meeting, content, wrapped) for content, wrapped, key in held if key}


def _unwrap(key: AESGCM, meeting: str, content: str, wrapped: bytes) -> bytes:
    try:
        return key.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], f"{meeting}\n{content}".encode())
    except InvalidTag:
        message = "a body in the vault is damaged"
        raise StoreError(message) from None
