r"""Locks: each holds the master key, and each opens it alone. The server keeps them, and can open none.

    lock   = head, nonce (12 bytes), AES-256-GCM(key, nonce, master key, associated data = "kring/2 lock\n" || head)
    head   = JSON as it was written: account, generation of the master key, kind, and how the key is made
    key    = passphrase: Argon2id(passphrase, salt), 64 MiB, 3 passes, 1 lane, 32 bytes; the passphrase in NFKC, in lower case,
             with one space between words
             recovery, passkey, device: HKDF-SHA256(secret, salt, info = "kring/2 lock " || kind), 32 bytes

Nothing of a head can be changed without the lock opening no more; and what costs less to try than is said here is refused before
anything is tried, so that a server can't have somebody's passphrase hashed cheaply and guess at it.
"""

from __future__ import annotations

import os
import re
import unicodedata
from typing import Final, Literal, NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kring.circle.entries import Whole

Kind = Literal["passphrase", "recovery", "passkey", "device"]
MEMORY: Final = 64 * 1024
"""KiB that one try at a passphrase takes at least."""
PASSES: Final = 3
MOST_MEMORY: Final = 1024 * 1024
"""KiB: more than that is no lock, but an attack upon the device."""
MOST_PASSES: Final = 32
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_SALT_BYTES: Final = 16
_BOUND: Final = b"kring/2 lock\n"


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a lock says of itself. ``memory``, ``passes``: of Argon2id, 0 where no passphrase opens it."""

    account: str
    gen: Whole
    kind: Kind
    salt: bytes
    memory: Whole = 0
    passes: Whole = 0


class Lock(msgspec.Struct, frozen=True):
    """A lock as it is kept."""

    head: bytes
    nonce: bytes
    sealed: bytes


class LockBroken(Exception):
    """It does not open.

    ``code``: ``wrong``, another secret, or the lock was changed; ``cheap``, it would cost too little to try, or far too much;
    ``other``, it is of another account or generation; ``unreadable``.
    """

    def __init__(self, code: Literal["wrong", "cheap", "unreadable", "other"]) -> None:
        super().__init__(code)
        self.code: Final = code


_decoder: Final = msgspec.json.Decoder(Head)


class Fixed(NamedTuple):
    """What is random in a lock; given for test vectors only."""

    salt: bytes
    nonce: bytes


def lock(master: bytes, secret: bytes | str, kind: Kind, *, account: str, gen: int, fixed: Fixed | None = None) -> Lock:
    """The master key of a generation under a secret: a passphrase, or bytes for the other kinds."""
    salt, nonce = fixed or Fixed(os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES))
    memory, passes = (MEMORY, PASSES) if kind == "passphrase" else (0, 0)
    head = Head(account, gen, kind, salt, memory, passes)
    written = msgspec.json.encode(head)
    return Lock(written, nonce, AESGCM(_key(head, secret)).encrypt(nonce, master, _BOUND + written))


def unlock(one: Lock, secret: bytes | str, *, account: str, gen: int) -> bytes:
    """The master key. Raises ``LockBroken``."""
    try:
        head = _decoder.decode(one.head)
    except ValueError as error:
        raise LockBroken("unreadable") from error
    if (head.account, head.gen) != (account, gen):
        raise LockBroken("other")
    if head.kind == "passphrase" and not (
        MEMORY <= head.memory <= MOST_MEMORY and PASSES <= head.passes <= MOST_PASSES
    ):
        raise LockBroken("cheap")
    try:
        return AESGCM(_key(head, secret)).decrypt(one.nonce, one.sealed, _BOUND + one.head)
    except (InvalidTag, ValueError) as error:
        raise LockBroken("wrong") from error


def plain_passphrase(typed: str) -> str:
    """A passphrase as it is hashed, however it was typed: a telephone puts a capital first, and a thumb two spaces."""
    words = re.split(r"[ \t\r\n]+", unicodedata.normalize("NFKC", typed).lower())
    return " ".join(word for word in words if word)


def _key(head: Head, secret: bytes | str) -> bytes:
    if isinstance(secret, str):
        secret = plain_passphrase(secret).encode()
    if head.kind == "passphrase":
        derivation = Argon2id(
            salt=head.salt, length=_KEY_BYTES, iterations=head.passes, lanes=1, memory_cost=head.memory
        )
        return derivation.derive(secret)
    return HKDF(SHA256(), _KEY_BYTES, head.salt, b"kring/2 lock " + head.kind.encode()).derive(secret)
