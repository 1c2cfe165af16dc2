"""The keys of a member of one circle, which follow from the person's master key.

A member's id is random and of one circle alone, so keys that follow from it tell nobody that two circles have somebody in common.

    secret = HKDF-SHA256(master key, no salt, info = parts("kring/2 member", purpose, member id, generation)), 32 bytes
    purpose: "sign" (the seed of an Ed25519 key) or "box" (an X25519 key)
    parts:   every part with its length before it (4 bytes, big-endian); the generation in decimal
"""

from __future__ import annotations

import os
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kring.circle import entries as e

KEY_BYTES: Final = 32


def new_master() -> bytes:
    """A master key that nobody has yet."""
    return os.urandom(KEY_BYTES)


class MemberKeys:
    """What a member signs and opens boxes with. ``keys``: the public halves, as they stand in the log."""

    def __init__(self, sign: Ed25519PrivateKey, box: X25519PrivateKey) -> None:
        self._sign, self.box = sign, box
        self.keys: Final = e.Keys(sign.public_key().public_bytes_raw(), box.public_key().public_bytes_raw())

    @classmethod
    def of(cls, master: bytes, member: str, gen: int) -> Self:
        """Those of a generation."""
        sign, box = (_derived(master, purpose, member, gen) for purpose in (b"sign", b"box"))
        return cls(Ed25519PrivateKey.from_private_bytes(sign), X25519PrivateKey.from_private_bytes(box))

    def sign(self, what: bytes) -> bytes:
        """The signature of these bytes."""
        return self._sign.sign(what)

    def signed(self, entry: e.Entry) -> e.Signed:
        """An entry as it is kept: its bytes, and their signature."""
        body = e.write(entry)
        return e.Signed(body, self.sign(e.to_sign(body)))


def seed_key(seed: bytes) -> Ed25519PrivateKey:
    """What the seed of an invitation signs with: the seed itself, as an Ed25519 key."""
    return Ed25519PrivateKey.from_private_bytes(seed)


def owner_key(master: bytes, account: str, gen: int) -> Ed25519PrivateKey:
    """What an account signs with that it deletes a lock, or has a new master key: of no circle."""
    info = e.joined(b"kring/2 account", account.encode(), b"%d" % gen)
    return Ed25519PrivateKey.from_private_bytes(HKDF(SHA256(), KEY_BYTES, None, info).derive(master))


def invitation_key(seed: bytes) -> bytes:
    """The key in place of an epoch's for what the invited may read before they accept."""
    return HKDF(SHA256(), KEY_BYTES, None, e.joined(b"kring/2 invitation")).derive(seed)


def verify(key: bytes, signature: bytes, signed: bytes) -> bool:
    """Whether this Ed25519 key made the signature: what ``kring.circle`` asks for."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def _derived(master: bytes, purpose: bytes, member: str, gen: int) -> bytes:
    info = e.joined(b"kring/2 member", purpose, member.encode(), b"%d" % gen)
    return HKDF(SHA256(), KEY_BYTES, None, info).derive(master)
