"""Wraps: each meeting, and each thing that a circle keeps, has a key of its own, wrapped by the key of an epoch.

    wrap = 1, nonce (12 bytes), AES-256-GCM(epoch key, nonce, item key, associated data), 61 bytes
    associated data = parts("kring/2 wrap", circle, epoch in decimal, what it is of, its id), each after its length in four bytes

So a guest's link carries one meeting's key and no other, and what is let go of is let go of by itself: its wrap is deleted. A
wrap that is put elsewhere opens no more.
"""

from __future__ import annotations

import os
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kring.circle import entries as e
from kring_client.encoding import SealBroken

FORMAT: Final = 1
_NONCE_BYTES: Final = 12
_KEY_BYTES: Final = 32
WRAP_BYTES: Final = 1 + _NONCE_BYTES + _KEY_BYTES + 16


class Item(NamedTuple):
    """Whose key it is. ``kind``: ``meeting``, or what the circle calls it; ``id``: which one."""

    circle: str
    epoch: int
    kind: str
    id: str

    @property
    def bound(self) -> bytes:
        """What a wrap of it is bound to."""
        named = (self.circle, str(self.epoch), self.kind, self.id)
        return e.joined(b"kring/2 wrap", *(part.encode() for part in named))


def wrap(key: bytes, epoch_key: bytes, item: Item, nonce: bytes | None = None) -> bytes:
    """The key of an item, for all who have the epoch's key. ``nonce`` is for test vectors only."""
    nonce = nonce or os.urandom(_NONCE_BYTES)
    return bytes((FORMAT,)) + nonce + AESGCM(epoch_key).encrypt(nonce, key, item.bound)


def unwrap(wrapped: bytes, epoch_key: bytes, item: Item) -> bytes:
    """The key of an item. Raises ``SealBroken`` for another item or epoch, for what was changed, and for an unknown format."""
    if len(wrapped) != WRAP_BYTES or wrapped[0] != FORMAT:
        raise SealBroken
    nonce, sealed = wrapped[1 : 1 + _NONCE_BYTES], wrapped[1 + _NONCE_BYTES :]
    try:
        return AESGCM(epoch_key).decrypt(nonce, sealed, item.bound)
    except InvalidTag as error:
        raise SealBroken from error
