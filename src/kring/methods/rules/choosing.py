"""The cases are chosen once, and all is chosen from something; a module that runs has been chosen before."""

from __future__ import annotations

from collections.abc import Iterator

from kring.methods.errors import Problem
from kring.methods.model import BY_VOTE, Choose, Give, Method, Phase
from kring.methods.places import Places
from kring.methods.remarks import remark
from kring.methods.walk import Step, main_steps, module_steps, phases_of, runners


def check(method: Method, places: Places) -> Iterator[Problem]:
    """Yield choices without options, and runs without a choice."""
    yield from _cases(method, places)
    yield from _modules(method, places)
    for step in main_steps(method):
        if step.phase.choose:
            yield from _terms(method, places, step, step.phase.choose)
            yield from _given(method, places, step, step.phase.choose)
    for step in module_steps(method):
        for key, said in (("choose", step.phase.choose), ("runs", step.phase.runs)):
            if said:
                yield places.problem((*step.path, key), remark("not-in-a-module", key=key))


def _cases(method: Method, places: Places) -> Iterator[Problem]:
    choosing = [step for step in main_steps(method) if step.phase.choose and step.phase.choose.what == "case"]
    for step in choosing[1:]:
        yield places.problem((*step.path, "choose"), remark("cases-chosen-already"))
    for step in choosing:
        yield from _case_choice(method, places, step, step.phase.choose or Choose())
    if isinstance(method.cases, int) and method.cases > method.group.min:
        said = remark("more-cases-than-people", cases=method.cases, people=method.group.min)
        yield places.problem(("cases",), said)


def _case_choice(method: Method, places: Places, step: Step, choose: Choose) -> Iterator[Problem]:
    path = (*step.path, "choose")
    if step.section != "opening":
        yield places.problem(path, remark("case-chosen-too-late"))
        return
    by_all, for_all = choose.by == "everyone", method.cases == "everyone"
    if by_all != for_all:
        yield places.problem((*path, "by"), remark("everyone-needs-everyone"))
    before = method.opening[: step.at + 1]
    needs_cases = choose.by in {*BY_VOTE, "facilitator"}  # The others choose a person as well as a case.
    proposed = [(phase.id, give) for phase in before for give in phase.gives if give.what == "case"]
    if needs_cases and not proposed:
        yield places.problem(path, remark("no-case-to-choose"))
    elif needs_cases and not any(give.least for _, give in proposed):
        asking = dict.fromkeys(phase for phase, _ in proposed)
        yield places.problem(path, remark("perhaps-no-case", phases=asking))


def _terms(method: Method, places: Places, step: Step, choose: Choose) -> Iterator[Problem]:
    """Whether how it is chosen fits what is chosen, and somebody is there to choose."""
    path = (*step.path, "choose")
    if choose.votes > 1 and choose.by != "vote":
        yield places.problem((*path, "votes"), remark("votes-without-vote", by=choose.by))
    if choose.by in {"rotation", "everyone"} and choose.what != "case":
        yield places.problem((*path, "by"), remark("only-cases-by", by=choose.by))
    if choose.many > 1 and choose.what in {"case", "module"}:
        yield places.problem((*path, "many"), remark("many-of-cases"))
    if choose.by == "owner" and step.section == "opening":
        yield places.problem((*path, "by"), remark("no-owner-yet"))
    if choose.by == "owner" and step.section == "closing" and method.cases != 1:
        yield places.problem((*path, "by"), remark("owner-of-the-last-round"))


def _given(method: Method, places: Places, step: Step, choose: Choose) -> Iterator[Problem]:
    """Whether what is chosen among was given by then, in this part of the meeting, where all may see it."""
    if choose.what in {"case", "module"}:
        return
    path = (*step.path, "choose", "what")
    before = [*phases_of(method, step.section)[: step.at + 1]]
    if step.section == "closing":
        before = [*method.opening, *method.round, *before]
    gives = [(phase, give) for phase in before for give in _all_gives(method, phase) if give.what == choose.what]
    if not gives:
        yield places.problem(path, remark("nothing-to-choose-among", what=choose.what))
    elif not any(_visible(before, phase, give) for phase, give in gives):
        yield places.problem(path, remark("choice-among-the-hidden", what=choose.what))


def _all_gives(method: Method, phase: Phase) -> Iterator[Give]:
    """What is given in a phase, or in any of the modules that may run in its place."""
    yield from phase.gives
    if phase.runs == "module":
        yield from (give for module in method.modules.values() for one in module.phases for give in one.gives)


def _visible(before: list[Phase], phase: Phase, give: Give) -> bool:
    """Whether all may see what is given in one of these phases, once the last of them is about to choose."""
    over = phase is not before[-1]
    begun = {one.id for one in before[before.index(phase) + 1 :]}
    kept = [withheld.until for withheld in (phase.withheld, give.withheld) if withheld is not None]
    return (over or phase.hidden != "end") and all((over and until == "end") or until in begun for until in kept)


def _modules(method: Method, places: Places) -> Iterator[Problem]:
    running = list(runners(method))
    choosing = [step for step in main_steps(method) if step.phase.choose and step.phase.choose.what == "module"]
    for step in choosing:
        path = (*step.path, "choose")
        if not method.modules:
            yield places.problem(path, remark("no-modules"))
        if not any(step.section == run.section and step.at < run.at for run in running):
            yield places.problem(path, remark("module-never-runs"))
        if step.phase.once and method.cases != 1:
            yield places.problem((*step.path, "once"), remark("module-chosen-once"))
    for step in running:
        if not any(step.section == choice.section and choice.at < step.at for choice in choosing):
            yield places.problem((*step.path, "runs"), remark("module-not-chosen"))
        elif any(phase.skip and phase.choose for phase in phases_of(method, step.section)[: step.at]):
            yield places.problem((*step.path, "runs"), remark("module-choice-may-be-skipped"))
    if method.modules and not running:
        name = next(iter(method.modules))
        yield places.problem(("modules", name), remark("no-phase-runs-a-module"), key=True)
