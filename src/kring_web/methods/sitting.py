"""How people sit in a meeting: apart, round one table, or in writing; which of these a method allows."""

from __future__ import annotations

from typing import Final

_WAYS: Final = {"apart": "spoken", "table": "spoken", "written": "written"}


def sittings(ways: tuple[str, ...]) -> tuple[str, ...]:
    """Those of ``apart``, ``table`` and ``written`` in which a method of these ``ways`` may be held."""
    return tuple(sitting for sitting, way in _WAYS.items() if way in ways)
