"""Which 32 bytes are a public key: a point in its one spelling, and none of the few that would do harm.

On Curve25519 a few points have a small order. To a signing key among them, signatures fit whatever was signed; to a sealing key
among them nothing can be sealed, so that a member who brought one would keep the circle from ever having a new epoch. And what
stands for a coordinate above the field's prime is a second spelling of a key, which some libraries take and others don't.

Sources: RFC 7748, 6.1 and 7; RFC 8032, 5.1.3; the points are those that are the neutral one when they are taken eight times.
"""

from __future__ import annotations

from typing import Final

_PRIME: Final = 2**255 - 19
_SIGN: Final = 2**255
"""The bit that says which of two points on Edwards' curve is meant."""


def _numbers(*keys: str) -> frozenset[int]:
    return frozenset(int.from_bytes(bytes.fromhex(key), "little") for key in keys)


_TWISTED: Final = _numbers(
    "00" * 32,
    "01" + "00" * 31,
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ec" + "ff" * 30 + "7f",
)
"""The y of the eight points of small order on Edwards' curve."""
_MONTGOMERY: Final = _numbers(
    "00" * 32,
    "01" + "00" * 31,
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ec" + "ff" * 30 + "7f",
)
"""The u of the points of small order on Montgomery's curve, and on its twist."""


def can_sign(key: bytes) -> bool:
    """Whether these 32 bytes may be an Ed25519 public key."""
    y = int.from_bytes(key, "little") % _SIGN
    return y < _PRIME and y not in _TWISTED


def can_be_sealed_to(key: bytes) -> bool:
    """Whether these 32 bytes may be an X25519 public key."""
    u = int.from_bytes(key, "little")
    return u < _PRIME and u not in _MONTGOMERY
