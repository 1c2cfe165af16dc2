"""The link of an invitation: what it carries never reaches the server, since it stands behind the ``#`` of an address.

    fragment = circle "." seed "." head, each 32 bytes as base64url

``seed`` is the private half of a key whose public half stands in the ``invite`` entry: only who has the link can sign the keys
with which somebody asks to join. ``head`` is the latest entry that the inviter knew: a log without it was cut short, or is another.
"""

from __future__ import annotations

from typing import Final, NamedTuple, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kring.circle import entries as e
from kring_client.circle.port import CircleTrouble
from kring_client.encoding import SealBroken, decode, encode

_BYTES: Final = 32
_PARTS: Final = 3


class Link(NamedTuple):
    """``circle``, ``head``: hashes in hexadecimal; ``seed``: 32 bytes that nobody else has."""

    circle: str
    seed: bytes
    head: str

    @classmethod
    def read(cls, fragment: str) -> Self:
        """From the part of the address behind the ``#``. Raises ``CircleTrouble`` (``link-broken``)."""
        try:
            parts = [decode(part) for part in fragment.split(".")]
        except SealBroken as error:
            raise CircleTrouble("link-broken") from error
        if [len(part) for part in parts] != [_BYTES] * _PARTS:
            raise CircleTrouble("link-broken")
        circle, seed, head = parts
        return cls(circle.hex(), seed, head.hex())

    @property
    def fragment(self) -> str:
        """What stands behind the ``#``."""
        return ".".join(encode(part) for part in (bytes.fromhex(self.circle), self.seed, bytes.fromhex(self.head)))

    @property
    def public(self) -> bytes:
        """The public half of the seed."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()

    def proof(self, invite: str, keys: e.Keys) -> bytes:
        """The seed's signature that these keys may ask to join by the entry ``invite``."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(e.join_proof(invite, keys))
