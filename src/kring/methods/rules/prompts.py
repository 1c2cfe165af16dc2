"""Whoever is there is told what to do, in every phase, and nobody is told who is not there."""

from __future__ import annotations

from collections.abc import Iterator

from kring.methods.errors import Problem
from kring.methods.model import BY_SOMEBODY, BY_VOTE, PREVIOUS, Give, Method, Phase
from kring.methods.places import Places
from kring.methods.remarks import Remark, remark
from kring.methods.walk import ALWAYS, Step, main_steps, runners, steps

_IN_ROUND = ("owner", "participant", "facilitator")
_ELSEWHERE = ("participant", "facilitator")
_CHOSEN_BY_PEOPLE = BY_VOTE | BY_SOMEBODY
"""The ways to choose in which somebody presses something."""


def check(method: Method, places: Places) -> Iterator[Problem]:
    """Yield the prompts that are missing, and those that nobody ever sees."""
    for step in steps(method):
        for who, said in _unseen(method, step):
            yield places.problem((*step.path, "prompts", who), said, key=True)
        if missing := [who for who in _needed(method, step) if who not in step.phase.prompts]:
            yield places.problem((*step.path, "prompts"), remark("prompts-missing", whom=missing), key=True)


def _needed(method: Method, step: Step) -> tuple[str, ...]:
    """Return who needs a prompt. ``everyone`` speaks to the owner, participants and facilitator at once."""
    always: tuple[str, ...] = _IN_ROUND if step.section == "round" else _ELSEWHERE
    if "everyone" in step.phase.prompts:
        always = ()
    gives = step.phase.gives
    asked = [*(give.who for give in gives), *(give.reply.who for give in gives if give.reply)]
    acting = [who for who in asked if who == PREVIOUS or who in method.roles.keys() - ALWAYS]
    return (*always, *dict.fromkeys(acting))


def _unseen(method: Method, step: Step) -> Iterator[tuple[str, Remark]]:
    """Yield whom a prompt is for that no screen shows, and why not."""
    phase = step.phase
    for who in phase.prompts:
        if who == "owner" and step.section == "opening":
            yield who, remark("prompt-before-the-owner")
        elif who == "chooser" and (phase.choose is None or phase.choose.by not in _CHOSEN_BY_PEOPLE):
            yield who, remark("prompt-without-a-choice")
        elif who == "speaker" and phase.runs is None and not any(_speaks(method, phase, give) for give in phase.gives):
            yield who, remark("prompt-without-a-speaker")
        elif who == "everyone" and phase.prompts.keys() >= set(_IN_ROUND if step.section != "opening" else _ELSEWHERE):
            yield who, remark("prompt-for-nobody-else")
        elif who in method.roles.keys() - ALWAYS and not _may_be_filled(method, step, who):
            yield who, remark("prompt-before-the-role", role=who)


def _speaks(method: Method, phase: Phase, give: Give) -> bool:
    """Whether this gives someone a turn who is not there for being the owner; in writing a turn is what one owes."""
    others = give.who != "owner" or (give.reply is not None and give.reply.who != "owner")
    aloud = give.turns != "alone" and give.by != "written" and not phase.silence
    return others and (aloud or ("written" in method.ways and give.least > 0))


def _may_be_filled(method: Method, step: Step, role: str) -> bool:
    """Whether someone may have the role by then: since this phase or one before it, or since the round before."""
    main = list(main_steps(method))
    here = next(iter([*runners(method)][::-1]), main[-1]) if step.module is not None else step
    before = main[: main.index(here) + 1]
    if method.cases != 1 and step.section == "round":
        before += [one for one in main if one.section == "round"]
    filling = [one for one in main if role in one.phase.fills]
    return not filling or any(one in before for one in filling)
