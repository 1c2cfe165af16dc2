"""The base of all that a state is made of: a frozen struct that shares what did not change and encodes as an array.

A change makes a new struct (``msgspec.structs.replace``) whose other fields are the same objects as before, so that two
states are compared by identity, field by field, and a long meeting costs no more than a short one.
"""

from __future__ import annotations

import msgspec


class Record(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Frozen. ``array_like``: a snapshot holds values, no names. ``gc``: what never changes can hold no cycle."""
