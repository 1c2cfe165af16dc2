"""Which roles one may practise in a method."""

from __future__ import annotations

from typing import Final

from kring.methods.flow import stages
from kring.methods.model import Method

ROLES: Final = ("owner", "participant", "facilitator")


def practice_roles(method: Method) -> tuple[str, ...]:
    """Those that the colleagues can arrange. Where a lot decides whose case it is, nobody can be promised to be its owner."""
    choices = [stage.phase.choose for stage in stages(method) if stage.phase.choose]
    decided = method.cases == "everyone" or any(
        one.what == "case" and one.by not in {"rotation", "lot"} for one in choices
    )
    return ROLES if decided else ROLES[1:]
