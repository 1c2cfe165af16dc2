"""A method as JSON, the form in which meetings and published methods keep it.

What msgspec (0.22) knows of a type it finds out at the type's first use, and a second thread that comes meanwhile ends the
process. So a decoder is made where its module is imported, never at a call; a test of the house sees to it.
"""

from __future__ import annotations

from typing import Final

import msgspec

from kring.methods.model import Method

_decoder: Final = msgspec.json.Decoder(Method)


def encode(method: Method) -> bytes:
    """With every shorthand written out."""
    return msgspec.json.encode(method)


def decode(raw: bytes) -> Method:
    """The method in ``raw``; raises ``msgspec.DecodeError`` when it holds none."""
    return _decoder.decode(raw)


def from_plain(data: object) -> Method:
    """The method that mappings and lists hold; raises ``msgspec.ValidationError`` with where they don't."""
    return msgspec.convert(data, Method)
