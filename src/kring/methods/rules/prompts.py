"""Whoever is there is told what to do, in every phase."""

from __future__ import annotations

from collections.abc import Iterator

from kring.methods.errors import Problem
from kring.methods.model import Method
from kring.methods.places import Places
from kring.methods.remarks import remark
from kring.methods.walk import ALWAYS, Step, steps

_IN_ROUND = ("owner", "participant", "facilitator")
_ELSEWHERE = ("participant", "facilitator")


def check(method: Method, places: Places) -> Iterator[Problem]:
    """Yield the prompts that are missing."""
    for step in steps(method):
        if missing := [who for who in _needed(method, step) if who not in step.phase.prompts]:
            yield places.problem((*step.path, "prompts"), remark("prompts-missing", whom=missing), key=True)


def _needed(method: Method, step: Step) -> tuple[str, ...]:
    """Return who needs a prompt. ``everyone`` speaks to the owner, participants and facilitator at once."""
    always: tuple[str, ...] = _IN_ROUND if step.section == "round" else _ELSEWHERE
    if "everyone" in step.phase.prompts:
        always = ()
    gives = step.phase.gives
    asked = [*(give.who for give in gives), *(give.reply.who for give in gives if give.reply)]
    acting = [who for who in asked if who in method.roles.keys() - ALWAYS]
    return (*always, *dict.fromkeys(acting))
