"""The cases are chosen once and from something; a module that runs has been chosen before."""

from __future__ import annotations

from collections.abc import Iterator

from kring.methods.errors import Problem
from kring.methods.model import Choose, Method
from kring.methods.places import Places
from kring.methods.walk import Step, main_steps, module_steps, phases_of, runners


def check(method: Method, places: Places) -> Iterator[Problem]:
    """Yield choices without options, and runs without a choice."""
    yield from _cases(method, places)
    yield from _modules(method, places)
    for step in module_steps(method):
        for key, said in (("choose", step.phase.choose), ("runs", step.phase.runs), ("fills", step.phase.fills)):
            if said:
                yield places.problem((*step.path, key), f"A phase of a module has no `{key}`; move it to the round.")


def _cases(method: Method, places: Places) -> Iterator[Problem]:
    choosing = [step for step in main_steps(method) if step.phase.choose and step.phase.choose.what == "case"]
    for step in choosing[1:]:
        yield places.problem(
            (*step.path, "choose"), "The cases are chosen already in an earlier phase; choose them once."
        )
    for step in choosing:
        yield from _case_choice(method, places, step, step.phase.choose or Choose())
    if isinstance(method.cases, int) and method.cases > method.group.min:
        message = (
            f"{method.cases} cases need as many owners, but a group may have {method.group.min}; take fewer cases."
        )
        yield places.problem(("cases",), message)


def _case_choice(method: Method, places: Places, step: Step, choose: Choose) -> Iterator[Problem]:
    path = (*step.path, "choose")
    if step.section != "opening":
        yield places.problem(path, "The case is chosen before its round; move this phase to `opening`.")
        return
    by_all, for_all = choose.by == "everyone", method.cases == "everyone"
    if by_all != for_all:
        message = (
            "`by: everyone` and `cases: everyone` belong together: everyone's case is taken up; write both, or neither."
        )
        yield places.problem((*path, "by"), message)
    if choose.votes > 1 and choose.by != "vote":
        yield places.problem((*path, "votes"), f"`votes` is for `by: vote`, not for `{choose.by}`; remove one of them.")
    before = method.opening[: step.at + 1]
    needs_cases = choose.by in {"vote", "urgency", "facilitator"}  # The others choose a person as well as a case.
    proposed = [give for phase in before for give in phase.gives if give.what == "case"]
    if needs_cases and not proposed:
        message = "There is no case to choose from: ask for a `case` in this phase or before (kind `collect` does)."
        yield places.problem(path, message)
    elif needs_cases and not any(give.least for give in proposed):
        message = (
            "Perhaps nobody proposes a case to choose from; ask for `case` with `least: 1` (whoever has none may pass)."
        )
        yield places.problem(path, message)


def _modules(method: Method, places: Places) -> Iterator[Problem]:
    running = list(runners(method))
    choosing = [step for step in main_steps(method) if step.phase.choose and step.phase.choose.what == "module"]
    for step in choosing:
        path = (*step.path, "choose")
        if not method.modules:
            yield places.problem(path, "There are no modules to choose from; add `modules` to the method.")
        if not any(step.section == run.section and step.at < run.at for run in running):
            yield places.problem(path, "No later phase here runs what is chosen; add `runs: module` to one.")
        if step.phase.once and method.cases != 1:
            yield places.problem((*step.path, "once"), "A module is chosen anew in each round; remove `once`.")
    for step in running:
        if not any(step.section == choice.section and choice.at < step.at for choice in choosing):
            message = (
                "No earlier phase here chooses the module that runs; add one with `choose: {what: module}` before it."
            )
            yield places.problem((*step.path, "runs"), message)
        elif any(phase.skip and phase.choose for phase in phases_of(method, step.section)[: step.at]):
            yield places.problem(
                (*step.path, "runs"), "The phase that chooses the module may be skipped; remove its `skip: true`."
            )
    if method.modules and not running:
        name = next(iter(method.modules))
        message = "No phase runs a module; add `runs: module` to one, or remove `modules`."
        yield places.problem(("modules", name), message, key=True)
