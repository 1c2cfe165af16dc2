"""The master keys of before, sealed under the present one: whoever has new keys still opens the boxes that they got with the old.

former = nonce (12 bytes), AES-256-GCM(key, nonce, old master keys side by side, newest first, associated data)
key    = HKDF-SHA256(master key, no salt, info = "kring/2 former"), 32 bytes
associated data = parts("kring/2 former", account, generation in decimal), each after its length in four bytes
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kring.circle import entries as e
from kring_client.encoding import SealBroken
from kring_client.keyring.member import KEY_BYTES

_NONCE_BYTES: Final = 12
_NAME: Final = b"kring/2 former"


def seal_former(former: Iterable[bytes], master: bytes, *, account: str, gen: int, nonce: bytes | None = None) -> bytes:
    """``gen``: the generation of ``master``. ``nonce`` is for test vectors only."""
    nonce = nonce or os.urandom(_NONCE_BYTES)
    return nonce + _cipher(master).encrypt(nonce, b"".join(former), _bound(account, gen))


def open_former(sealed: bytes, master: bytes, *, account: str, gen: int) -> tuple[bytes, ...]:
    """The old master keys, newest first. Raises ``SealBroken`` where it was changed, or is of another generation."""
    try:
        plain = _cipher(master).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound(account, gen))
    except (InvalidTag, ValueError) as error:
        raise SealBroken from error
    return tuple(plain[at : at + KEY_BYTES] for at in range(0, len(plain), KEY_BYTES))


def _cipher(master: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), KEY_BYTES, None, _NAME).derive(master))


def _bound(account: str, gen: int) -> bytes:
    return e.joined(_NAME, account.encode(), b"%d" % gen)
