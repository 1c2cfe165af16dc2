"""No advice where the method forbids it: never, or not before the owner has told the case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kring.methods.errors import Problem
from kring.methods.model import ADVICE, Method, Phase
from kring.methods.places import Places
from kring.methods.remarks import remark
from kring.methods.walk import Step, steps

_EARLY_KINDS = frozenset({"collect", "choose", "tell", "ask-round", "ask-free", "answer"})
_TELLING_KINDS = frozenset({"tell", "respond", "reformulate", "decide"})
_TELLING = frozenset({"explanation", "reformulation", "response", "decision"})


def check(method: Method, places: Places) -> Iterator[Problem]:
    """Yield advice at the wrong moment."""
    if method.advice == "free":
        return
    for step in steps(method):
        yield from _phase(method, places, step)


def _phase(method: Method, places: Places, step: Step) -> Iterator[Problem]:
    phase, path = step.phase, step.path
    asked = next(((i, give) for i, give in enumerate(phase.gives) if give.what in ADVICE), None)
    flag = (*path, "advice")
    if method.advice == "never":
        if phase.advice:
            yield places.problem(flag, remark("advice-never"))
        elif asked:
            said = remark("advice-asked-though-never", what=asked[1].what)
            yield places.problem((*path, "gives", asked[0], "what"), said)
        return
    if asked and not phase.advice:
        said = remark("advice-not-here", what=asked[1].what)
        yield places.problem((*path, "gives", asked[0], "what"), said)
    if not phase.advice:
        return
    if phase.kind in _EARLY_KINDS:
        yield places.problem(flag, remark("kind-too-early-for-advice", kind=phase.kind))
    elif not _told(method, step):
        yield places.problem(flag, remark("too-early-for-advice"))


def _told(method: Method, step: Step) -> bool:
    """Whether in every round the owner has told the case before this phase."""
    if step.section == "opening":
        return False
    if step.section == "closing":
        return True
    here = step.at
    before: Iterable[Phase] = ()
    if step.module is not None:
        before = method.modules[step.module].phases[: step.at]
        here = min((i for i, phase in enumerate(method.round) if phase.runs == "module"), default=len(method.round))
    sure = [phase for phase in method.round[:here] if (not phase.once or method.cases == 1) and not phase.skip]
    return any(_tells(phase) for phase in (*sure, *before))


def _tells(phase: Phase) -> bool:
    return phase.kind in _TELLING_KINDS or any(
        give.who in {"owner", "everyone"} and give.what in _TELLING and give.least for give in phase.gives
    )
