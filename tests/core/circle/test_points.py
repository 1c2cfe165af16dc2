"""A key is a point in its one spelling, and none to which anything can be signed, or nothing sealed."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from kring.circle import entries as e
from kring.circle import points

from .people import Person
from .points import PRIME, SMALL_TO_SEAL, SMALL_TO_SIGN

ANNA = Person("anna")


def bytes_of(number: int) -> bytes:
    return number.to_bytes(32, "little")


def test_points_of_small_order_are_no_keys() -> None:
    assert (len(SMALL_TO_SIGN), len(SMALL_TO_SEAL)) == (5, 5)
    for y in SMALL_TO_SIGN:
        assert not points.can_sign(bytes_of(y))
        assert not points.can_sign(bytes_of(y | 2**255))
    for u in SMALL_TO_SEAL:
        assert not points.can_be_sealed_to(bytes_of(u))
        with pytest.raises(ValueError, match="shared key"):
            X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(bytes_of(u)))


def test_a_second_spelling_of_a_point_is_no_key() -> None:
    for number in (PRIME, PRIME + 9, 2**255 - 1):
        assert not points.can_sign(bytes_of(number))
        assert not points.can_sign(bytes_of(number | 2**255))
        assert not points.can_be_sealed_to(bytes_of(number))
    assert points.can_be_sealed_to(bytes_of(9))
    assert not points.can_be_sealed_to(bytes_of(9 | 2**255))
    assert points.can_sign(bytes_of(3 | 2**255))


def test_what_is_no_key_stands_in_no_entry() -> None:
    assert e.Keys(ANNA.keys.sign, ANNA.keys.box) == ANNA.keys
    for sign, box in ((bytes(32), ANNA.keys.box), (ANNA.keys.sign, bytes(32))):
        with pytest.raises(ValueError, match="keys"):
            e.Keys(sign, box)
    with pytest.raises(ValueError, match="seed"):
        e.Invite(bytes(32), 1)
