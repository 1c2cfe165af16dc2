"""Which key opens what. Whatever seals or opens asks ``Keys`` for a key by its id, and never holds one itself.

So where keys come from (the link of a meeting, later the keyring of a circle) is no concern of what is sealed. The id of
a key tells keys apart and gives none away: the first 16 bytes of SHA-256 over ``kring/2 key``, the suite and the key.
"""

from __future__ import annotations

import hashlib
from typing import Final, NamedTuple, Protocol

from kring.meeting.admission import proof_of
from kring_client.encoding import SealBroken, decode, encode

SUITE: Final = 1
"""A set of algorithms, by the number that sealed contents name it by. 1: AES-256-GCM with random nonces of 12 bytes."""
KEY_BYTES: Final = 32
KEY_ID_BYTES: Final = 16


class Key(NamedTuple):
    """A key for contents, and the 16 bytes that sealed contents name it by."""

    id: bytes
    secret: bytes

    @classmethod
    def of(cls, secret: bytes) -> Key:
        """The key of these 32 bytes; raises ``SealBroken`` for another number of them."""
        if len(secret) != KEY_BYTES:
            raise SealBroken
        named = b"kring/2 key\n%d\n" % SUITE + secret
        return cls(hashlib.sha256(named).digest()[:KEY_ID_BYTES], secret)


class Keys(Protocol):
    """The keys that a device has."""

    def current(self) -> Key:
        """The key that new contents are sealed with."""

    def find(self, key_id: bytes | None) -> Key:
        """The key with this id, or, for ``None``, of contents that name no key (format 1); raises ``SealBroken``."""

    def admission(self, meeting: str) -> str:
        """What proves to the server that this device has the meeting's key, and gives nothing of it away."""


class LinkKeys:
    """The one key of a meeting by link, for everything in it."""

    def __init__(self, secret: bytes) -> None:
        self._key = Key.of(secret)

    @classmethod
    def read(cls, text: str) -> LinkKeys:
        """From the key's text in the link; raises ``SealBroken``."""
        return cls(decode(text))

    def current(self) -> Key:
        """The link's key."""
        return self._key

    def find(self, key_id: bytes | None) -> Key:
        """The link's key, where that is the one asked for."""
        if key_id not in (None, self._key.id):
            raise SealBroken
        return self._key

    def admission(self, meeting: str) -> str:
        """Follows from the link's key."""
        return encode(proof_of(self._key.secret, meeting))
