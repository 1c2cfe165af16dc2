"""Every phase can end."""

from __future__ import annotations

from collections.abc import Iterator

from kring.methods.errors import Problem
from kring.methods.model import Method
from kring.methods.places import Places
from kring.methods.remarks import remark
from kring.methods.walk import steps


def check(method: Method, places: Places) -> Iterator[Problem]:
    """Yield phases that cannot end."""
    for step in steps(method):
        phase = step.phase
        path = (*step.path, "ends")
        waits = any(give.least for give in phase.gives) or phase.choose is not None or phase.fills
        if phase.runs == "module":
            if phase.overtime:
                yield places.problem((*step.path, "overtime"), remark("overtime-around-a-module"), key=True)
            continue  # The phases of the module end instead.
        if phase.overtime and not waits:
            yield places.problem((*step.path, "overtime"), remark("overtime-for-nothing"), key=True)
        if phase.ends == ("done",) and not waits:
            yield places.problem(path, remark("never-done"))
        if phase.agree == "everyone" and "agreed" not in phase.ends:
            yield places.problem((*step.path, "agree"), remark("agree-without-agreed"))
        if phase.silence and phase.kind == "silence" and phase.gives:
            yield places.problem((*step.path, "gives"), remark("silence-gives"))
