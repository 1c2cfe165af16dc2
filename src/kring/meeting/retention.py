"""How long which content is kept: every contribution has a retention class, and each class of a meeting ends by itself.

What people say about a case goes first. What somebody means to do may have to outlive it, until it is looked back on. The
class follows from the kind of contribution alone, so a device has no say in it.
"""

from __future__ import annotations

from typing import Final, Literal

Retention = Literal["case", "intention"]
"""``case``: what belongs to a case, and the names of who spoke about it. ``intention``: what somebody is going to do."""
CASE: Final[Retention] = "case"
OTHERS: Final[tuple[Retention, ...]] = ("intention",)
"""The classes beside ``case``."""
_OF: Final[dict[str, Retention]] = {"action": "intention"}


def retention_of(what: str) -> Retention:
    """The class of a contribution of this kind (``what``), or of a ``name``."""
    return _OF.get(what, CASE)
