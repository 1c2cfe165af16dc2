"""HPKE step by step as RFC 9180 has it, with an ephemeral key that is given, so that a box is the same each time."""

from __future__ import annotations

import hmac
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_KEM: Final = b"KEM\x00\x20"
_HPKE: Final = b"HPKE\x00\x20\x00\x01\x00\x02"


def seal(to: bytes, info: bytes, plain: bytes, ephemeral: X25519PrivateKey) -> bytes:
    """Base mode: the encapsulated key, then the ciphertext."""
    enc = ephemeral.public_key().public_bytes_raw()
    extracted = _extract(_KEM, b"", b"eae_prk", ephemeral.exchange(X25519PublicKey.from_public_bytes(to)))
    shared = _expand(_KEM, extracted, b"shared_secret", enc + to, 32)
    context = b"\x00" + _extract(_HPKE, b"", b"psk_id_hash", b"") + _extract(_HPKE, b"", b"info_hash", info)
    secret = _extract(_HPKE, shared, b"secret", b"")
    cipher = AESGCM(_expand(_HPKE, secret, b"key", context, 32))
    return enc + cipher.encrypt(_expand(_HPKE, secret, b"base_nonce", context, 12), plain, None)


def _extract(suite: bytes, salt: bytes, label: bytes, data: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + data, "sha256")


def _expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """At most one block, which is all that is needed."""
    text = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(key, text + b"\x01", "sha256")[:length]
