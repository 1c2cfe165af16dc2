"""Opaque ids: they say nothing, can't be guessed, and stand in an address as they are."""

from __future__ import annotations

import secrets
from typing import Final

LENGTH: Final = 20
"""Characters: 100 bits."""
_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz234567"
"""Base32 in lower case: five bits a character."""


def new_id(length: int = LENGTH) -> str:
    """A new id of ``length`` characters."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
