"""The base of all events, for the modules that say which there are, and how events and commands get their type.

Each is a frozen struct that is told apart by its ``type``: the name of its class, in words joined by hyphens.
"""

from __future__ import annotations

import msgspec


class Event(msgspec.Struct, frozen=True, rename="kebab", tag_field="type", omit_defaults=True, kw_only=True):
    """Base of all events.

    ``by``: who acted, where an event is about the ``seat`` of somebody else: a seat, or ``table``. It changes nothing, and no
    view shows it.
    """

    at: int
    by: str | None = None


def tag(name: str) -> str:
    """The type of an event or a command, from the name of its class: words in lower case, joined by hyphens."""
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")
