"""What is given in a phase can be given by those who owe it, from where they sit, and seen when it should be."""

from __future__ import annotations

from collections.abc import Iterator

from kring.methods.errors import Problem
from kring.methods.model import SILENCED, Give, Method
from kring.methods.places import Path, Places
from kring.methods.walk import ALWAYS, Step, gives, main_steps, runners, silenced_in, steps

_ONE = "`owner`, `facilitator` or a role"


def check(method: Method, places: Places) -> Iterator[Problem]:
    """Yield what cannot be given, or not as it says."""
    for step, index, give in gives(method):
        path = (*step.path, "gives", index)
        yield from _giver(method, places, step, path, give)
        yield from _turns(places, path, give)
        yield from _same(method, places, step, path, index)
    for step in steps(method):
        yield from _hidden(places, step)
        yield from _placed(method, places, step)


def _giver(method: Method, places: Places, step: Step, path: Path, give: Give) -> Iterator[Problem]:
    phase = step.phase
    if position := silenced_in(phase, give.who):
        message = f"Whoever sits `{position}` gives nothing; ask others than `{give.who}`, or change `position`."
        yield places.problem((*path, "who"), message)
    yield from _nobody(method, places, step, (*path, "who"), give.who)
    if give.least > give.most:
        message = f"`least` is {give.least}, but no more than `most` ({give.most}) may be given; change one of them."
        yield places.problem((*path, "least" if (*path, "least") in places else "most"), message)
    if give.by == "spoken" and phase.silence:
        yield places.problem((*path, "by"), "Nobody speaks in a phase with `silence: true`; write `by: written`.")
    if give.by == "spoken" and give.turns == "alone":
        yield places.problem((*path, "by"), "`turns: alone` means all at once and in silence; write `by: written`.")
    if give.by == "spoken" and phase.hidden != "no":
        yield places.problem(
            (*path, "by"), "What is said aloud cannot be hidden; write `by: written`, or `hidden: no`."
        )


def _turns(places: Places, path: Path, give: Give) -> Iterator[Problem]:
    if give.turns != "circle":
        for key, said in (("reply", give.reply), ("follow-up", give.follow_up), ("order", give.order != "circle")):
            if said:
                yield places.problem((*path, key), f"`{key}` is about turns; add `turns: circle` here, or remove it.")
        return
    if give.follow_up and not give.reply:
        yield places.problem(
            (*path, "follow-up"), "A follow-up comes after a reply; add `reply: {}` here, or remove it."
        )
    if give.order != "circle" and give.who != "everyone":
        yield places.problem(
            (*path, "order"), f"`{give.order}` needs the owner among those who give; write `who: everyone`."
        )


def _same(method: Method, places: Places, step: Step, path: Path, index: int) -> Iterator[Problem]:
    give = step.phase.gives[index]
    apart = {name for name, role in method.roles.items() if role.apart}
    for other in step.phase.gives[:index]:
        alike = give.who == other.who or ("everyone" in {give.who, other.who} and not apart & {give.who, other.who})
        if give.what == other.what and alike:
            message = f"`{give.what}` is asked of the same people twice in this phase; make one of the two."
            yield places.problem((*path, "what"), message)


def _nobody(method: Method, places: Places, step: Step, path: Path, who: str) -> Iterator[Problem]:
    """Whether nobody is meant by a selector at this moment of the meeting."""
    if who == "owner" and step.section == "opening":
        yield places.problem(
            path, "There is no owner before the round begins; write `everyone`, or move this to `round`."
        )
    if who == "owner" and step.section == "closing" and method.cases != 1:
        yield places.problem(
            path, "After the last round only its owner is meant; move this phase to the end of `round`."
        )
    if who == "facilitator" and method.facilitator != "needed":
        yield places.problem(
            path, "Nobody may be facilitating; add `facilitator: needed` to the method, or ask someone else."
        )
    if who in method.roles.keys() - ALWAYS and not _filled_before(method, step, who):
        yield places.problem(
            path, f"No phase before this one fills the role `{who}`; add `fills: [{who}]` to an earlier phase."
        )


def _filled_before(method: Method, step: Step, role: str) -> bool:
    before = list(main_steps(method))
    here = next(runners(method), before[-1]) if step.module is not None else step
    return any(role in one.phase.fills for one in before[: before.index(here)])


def _hidden(places: Places, step: Step) -> Iterator[Problem]:
    phase, path = step.phase, step.path
    if phase.hidden != "no":
        if not phase.gives:
            yield places.problem((*path, "hidden"), "Nothing is given here that could be hidden; remove `hidden`.")
        elif phase.hidden == "done" and not any(give.least for give in phase.gives):
            message = "`hidden: done` waits for what is owed, but nothing is; add `least: 1`, or write `hidden: end`."
            yield places.problem((*path, "hidden"), message)
        if any(give.reply for give in phase.gives):
            yield places.problem((*path, "hidden"), "Nobody can reply to what is hidden; remove `hidden` or `reply`.")
    if phase.withheld and not phase.gives:
        yield places.problem((*path, "withheld"), "Nothing is given here that could be withheld; remove `withheld`.")


def _placed(method: Method, places: Places, step: Step) -> Iterator[Problem]:
    phase, path = step.phase, step.path
    kept_from = phase.withheld.from_ if phase.withheld else None
    if kept_from in method.roles.keys() - ALWAYS:
        yield from _nobody(method, places, step, (*path, "withheld", "from"), str(kept_from))
    for who, position in phase.position.items():
        place = (*path, "position", who)
        if who in method.roles.keys() - ALWAYS:
            yield from _nobody(method, places, step, place, who)
        if who == "owner" and step.section == "opening" and position != "in":
            yield places.problem(
                place, "There is no owner before the round begins; remove this, or move the phase to `round`."
            )
        if position == "out" and phase.gives and kept_from not in {who, "everyone"}:
            message = (
                f"Whoever is `out` hears nothing, so should read nothing; add `withheld: {{from: {who}, until: ...}}`."
            )
            yield places.problem(place, message)
        if position in SILENCED and phase.choose and phase.choose.by in {"vote", "urgency"}:
            yield places.problem(
                place, f"Everyone votes in this phase, but whoever sits `{position}` cannot; change one of the two."
            )
    if kept_from == "owner" and step.section == "opening":
        yield places.problem(
            (*path, "withheld"), "There is no owner before the round begins from whom this could be kept."
        )
    for index, give in enumerate(phase.gives):
        if give.reply:
            yield from _replier(method, places, step, (*path, "gives", index, "reply"), give.who, give.reply.who)
    if step.phase.once and (step.section != "round" or step.module):
        yield places.problem(
            (*path, "once"), f"`once` is for phases of `round`; {_where(step)} has them once anyhow, so remove it."
        )


def _replier(method: Method, places: Places, step: Step, path: Path, giver: str, who: str) -> Iterator[Problem]:
    if position := silenced_in(step.phase, who):
        yield places.problem(path, f"`{who}` sits `{position}` and cannot reply; remove `reply`, or change `position`.")
    if who in {"participant", "everyone"}:
        yield places.problem(path, f"One person replies, not `{who}`; write {_ONE}.")
    if who == giver:
        yield places.problem(path, f"`{who}` cannot reply to themselves; change one of them.")
    yield from _nobody(method, places, step, path, who)


def _where(step: Step) -> str:
    return "a module" if step.module else f"`{step.section}`"
