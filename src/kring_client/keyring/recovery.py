"""The recovery code: 128 bits that one writes down, in letters that can't be mistaken for each other.

Crockford's base32 (no I, L, O, U): 26 digits, and a check digit for a slip of the pen, which is the number modulo 37. Written
in groups of five, and read in any, in any case, with O for 0 and I or L for 1.
"""

from __future__ import annotations

import os
import re
from typing import Final

_DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECK: Final = _DIGITS + "*~$=U"
_BYTES: Final = 16
_LENGTH: Final = 26
_GROUP: Final = 5
_MISREAD: Final = str.maketrans("OIL", "011")


def new_code() -> bytes:
    """A code that nobody has yet: 16 bytes."""
    return os.urandom(_BYTES)


def spelled(code: bytes) -> str:
    """A code as it is written down."""
    number = int.from_bytes(code, "big")
    digits = "".join(_DIGITS[number >> 5 * place & 31] for place in reversed(range(_LENGTH)))
    text = digits + _CHECK[number % len(_CHECK)]
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def read_code(text: str) -> bytes | None:
    """The code that somebody typed; ``None`` where a digit must be wrong."""
    typed = re.sub(r"[\s-]", "", text.upper())
    digits, check = typed[:_LENGTH].translate(_MISREAD), typed[_LENGTH:].translate(_MISREAD)
    if len(digits) != _LENGTH or len(check) != 1 or not set(digits) <= set(_DIGITS):
        return None
    number = 0
    for digit in digits:
        number = number * 32 + _DIGITS.index(digit)
    if number >> 8 * _BYTES or _CHECK[number % len(_CHECK)] != check:
        return None
    return number.to_bytes(_BYTES, "big")
