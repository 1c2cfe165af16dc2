"""How many days a meeting in writing takes by a method, for the pages where one begins."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from kring.meeting import longest
from kring.methods.flow import stages
from kring.methods.model import Method

_HOURS = 24
_DAY_MS = _HOURS * 60 * 60 * 1000


@dataclass(frozen=True)
class WrittenForm:
    """How long a step stays open at most, and all of them together, in words; without what a facilitator adds."""

    step: str
    whole: str


def written_form(method: Method) -> WrittenForm | None:
    """What meeting in writing means by this method; ``None`` where it can't be done."""
    if "written" not in method.ways:
        return None
    step = max(stage.phase.hours for stage in stages(method))
    return WrittenForm(step=days(-(-step // _HOURS)), whole=days(-(-longest(method, extended=False) // _DAY_MS)))


def days(number: int) -> str:
    """So many days."""
    return _("1 day") if number == 1 else _("%(days)s days") % {"days": number}
