"""Boxes: the key of an epoch, sealed to each member.

    box  = HPKE base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM: encapsulated key || ciphertext, 80 bytes
    info = "kring/2 epoch", circle, epoch, member, generation, prev: with a line feed between them, nothing associated

``prev`` is the hash of the entry before the one that the box comes with: so a box is of one place in one log, and to put it
elsewhere, or to give it to somebody else, makes it open no more. Whoever opened one holds the key against the hash in the log,
so that nobody is given another key than the others. A circle has no id before its first entry, so that box and the hash of that
key name none.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from kring.circle import entries as e
from kring_client.encoding import SealBroken

if TYPE_CHECKING:
    from kring.circle import Circle
    from kring.circle.state import Member
    from kring_client.keyring.member import MemberKeys

_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
BOX_BYTES: Final = 80


def box_for(member: Member, circle: Circle | None, epoch: int, key: bytes) -> e.Box:
    """The key of an epoch, sealed to a member's keys of today. ``circle``: before the entry that the box comes with, if any."""
    public = X25519PublicKey.from_public_bytes(member.keys.box)
    name, prev = (circle.id, circle.head) if circle else ("", "")
    sealed = _SUITE.encrypt(key, public, info=_info(name, epoch, member.id, member.gen, prev))
    return e.Box(epoch, member.id, member.gen, sealed)


def hash_of(key: bytes, circle: Circle | None) -> str:
    """What an entry says of the key of the epoch that it opens. ``circle``: before that entry, or none yet."""
    return e.epoch_hash(circle.id, circle.epoch.number + 1, key) if circle else e.epoch_hash("", 1, key)


def open_box(box: e.Box, mine: MemberKeys, circle: Circle, *, prev: str) -> bytes:
    """The key in a box of mine. ``prev``: the hash of the entry before the one that it came with, empty for the first.

    Raises ``SealBroken`` where it opens to another key than the log says, or not at all.
    """
    epoch = next((one for one in circle.epochs if one.number == box.epoch), None)
    if epoch is None:
        raise SealBroken
    name = circle.id if prev else ""
    try:
        key = _SUITE.decrypt(box.sealed, mine.box, info=_info(name, box.epoch, box.member, box.gen, prev))
    except (InvalidTag, ValueError) as error:
        raise SealBroken from error
    named = e.epoch_hash(circle.id if box.epoch > 1 else "", box.epoch, key)
    if not hmac.compare_digest(named, epoch.key):
        raise SealBroken
    return key


def _info(circle: str, epoch: int, member: str, gen: int, prev: str) -> bytes:
    return f"kring/2 epoch\n{circle}\n{epoch}\n{member}\n{gen}\n{prev}".encode()
