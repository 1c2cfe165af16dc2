"""What is given in a phase can be given by those who owe it, from where they sit, and seen when it should be."""

from __future__ import annotations

from collections.abc import Iterator

from kring.methods.errors import Problem
from kring.methods.model import BY_VOTE, PREVIOUS, SILENCED, Give, Method, Phase
from kring.methods.places import Path, Places
from kring.methods.remarks import remark
from kring.methods.walk import ALWAYS, Step, gives, main_steps, parts, runners, silenced_in, steps


def check(method: Method, places: Places) -> Iterator[Problem]:
    """Yield what cannot be given, or not as it says."""
    for step, index, give in gives(method):
        path = (*step.path, "gives", index)
        yield from _giver(method, places, step, path, give)
        yield from _turns(places, path, give)
        yield from _same(method, places, step, path, index)
        yield from _together(method, places, step, path, give)
        yield from _kept_back(method, places, step, path, give)
        if give.then and index == 0:
            yield places.problem((*path, "then"), remark("then-after-nothing"))
    for step in steps(method):
        yield from _hidden(places, step)
        yield from _placed(method, places, step)


def _giver(method: Method, places: Places, step: Step, path: Path, give: Give) -> Iterator[Problem]:
    phase = step.phase
    if position := silenced_in(phase, give.who):
        yield places.problem((*path, "who"), remark("silenced-gives", position=position, who=give.who))
    yield from _nobody(method, places, step, (*path, "who"), give.who)
    if give.least > give.most:
        said = remark("least-over-most", least=give.least, most=give.most)
        yield places.problem((*path, "least" if (*path, "least") in places else "most"), said)
    if phase.silence and (give.by == "spoken" or (give.by == "either" and (*path, "by") in places)):
        yield places.problem((*path, "by"), remark("spoken-in-silence"))
    if give.by == "spoken" and give.turns == "alone":
        yield places.problem((*path, "by"), remark("spoken-alone"))
    if give.by == "spoken" and phase.hidden != "no":
        yield places.problem((*path, "by"), remark("spoken-but-hidden"))


def _turns(places: Places, path: Path, give: Give) -> Iterator[Problem]:
    if give.turns != "circle":
        for key, said in (("reply", give.reply), ("follow-up", give.follow_up), ("order", give.order != "circle")):
            if said:
                yield places.problem((*path, key), remark("needs-turns", key=key))
        return
    if give.follow_up and not give.reply:
        yield places.problem((*path, "follow-up"), remark("follow-up-needs-reply"))
    if give.order != "circle" and give.who != "everyone":
        yield places.problem((*path, "order"), remark("order-needs-owner", order=give.order))


def _same(method: Method, places: Places, step: Step, path: Path, index: int) -> Iterator[Problem]:
    """What is asked of the same people twice at the same time: it would be one thing, with the terms of both."""
    give = step.phase.gives[index]
    here = next(part for part in parts(step.phase) if index in part)
    for other in (step.phase.gives[one] for one in here if one < index):
        if give.what != other.what:
            continue
        if _alike(method, give.who, other.who):
            yield places.problem((*path, "what"), remark("asked-twice", what=give.what))
        elif (give.together, give.withheld) != (other.together, other.withheld) and _shared(
            method, give.who, other.who
        ):
            yield places.problem((*path, "what"), remark("asked-on-other-terms", what=give.what, who=other.who))


def _alike(method: Method, one: str, other: str) -> bool:
    apart = {name for name, role in method.roles.items() if role.apart}
    return one == other or ("everyone" in {one, other} and not apart & {one, other})


def _shared(method: Method, one: str, other: str) -> bool:
    """Whether somebody may be both: whoever has a role is a participant too, unless the role stands apart."""
    apart = {name for name, role in method.roles.items() if role.apart}
    both = {one, other}
    return not both & apart and both != {"owner", "participant"} and not both <= {"owner", *method.roles}


def _together(method: Method, places: Places, step: Step, path: Path, give: Give) -> Iterator[Problem]:
    """Whether what each owes is more than all may give together, in the largest group."""
    if give.together is None:
        return
    most = {
        "everyone": method.group.max,
        "participant": method.group.max - (step.section == "round"),
        PREVIOUS: method.group.max,
        **{name: role.holders.max for name, role in method.roles.items()},
    }
    owed = give.least * most.get(give.who, 1)
    if owed > give.together:
        yield places.problem((*path, "together"), remark("owed-over-together", owed=owed, together=give.together))


def _kept_back(method: Method, places: Places, step: Step, path: Path, give: Give) -> Iterator[Problem]:
    """Whether what is kept from somebody is told them by a reply, or kept from nobody who is there."""
    if give.withheld is None:
        return
    place, kept_from = (*path, "withheld"), give.withheld.from_
    if give.reply:
        yield places.problem(place, remark("reply-to-the-withheld"))
    if kept_from == "owner" and step.section == "opening":
        yield places.problem(place, remark("withheld-before-the-round"))
    if kept_from in method.roles.keys() - ALWAYS:
        yield from _nobody(method, places, step, (*place, "from"), kept_from)


def _nobody(method: Method, places: Places, step: Step, path: Path, who: str) -> Iterator[Problem]:
    """Whether nobody is meant by a selector at this moment of the meeting."""
    if who == "owner" and step.section == "opening":
        yield places.problem(path, remark("no-owner-yet"))
    if who == "owner" and step.section == "closing" and method.cases != 1:
        yield places.problem(path, remark("owner-of-the-last-round"))
    if who == "facilitator" and method.facilitator != "needed":
        yield places.problem(path, remark("perhaps-no-facilitator"))
    if who in method.roles.keys() - ALWAYS and not _filled_by_now(method, step, who):
        yield places.problem(path, remark("role-not-filled-yet", role=who))


def _filled_by_now(method: Method, step: Step, role: str) -> bool:
    known = list(main_steps(method))
    here = next(runners(method), known[-1]) if step.module is not None else step
    phases = [one.phase for one in known[: known.index(here) + 1]]
    if step.module is not None:
        phases += method.modules[step.module].phases[: step.at + 1]
    return any(role in phase.fills for phase in phases)


def _hidden(places: Places, step: Step) -> Iterator[Problem]:
    phase, path = step.phase, step.path
    if phase.hidden != "no":
        if not phase.gives:
            yield places.problem((*path, "hidden"), remark("nothing-to-hide"))
        elif phase.hidden == "done" and not all(any(phase.gives[one].least for one in part) for part in parts(phase)):
            yield places.problem((*path, "hidden"), remark("hidden-never-done"))
        if any(give.reply for give in phase.gives):
            yield places.problem((*path, "hidden"), remark("reply-to-the-hidden"))
    if phase.withheld and not phase.gives:
        yield places.problem((*path, "withheld"), remark("nothing-to-withhold"))


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
            yield places.problem(place, remark("placed-before-the-round"))
        if position == "out" and not all(_keeps_from(phase, give, who) for give in phase.gives):
            yield places.problem(place, remark("out-but-may-read", who=who))
        if position in SILENCED and phase.choose and phase.choose.by in BY_VOTE:
            yield places.problem(place, remark("silenced-votes", position=position))
    if kept_from == "owner" and step.section == "opening":
        yield places.problem((*path, "withheld"), remark("withheld-before-the-round"))
    for index, give in enumerate(phase.gives):
        if give.reply:
            yield from _replier(method, places, step, (*path, "gives", index, "reply"), give.who, give.reply.who)
    if step.phase.once and (step.section != "round" or step.module):
        said = remark("once-in-a-module") if step.module else remark("once-outside-the-round", section=step.section)
        yield places.problem((*path, "once"), said)


def _keeps_from(phase: Phase, give: Give, who: str) -> bool:
    """Whether what is given is kept from somebody: by the phase, or by itself."""
    return any(kept is not None and kept.from_ in {who, "everyone"} for kept in (phase.withheld, give.withheld))


def _replier(method: Method, places: Places, step: Step, path: Path, giver: str, who: str) -> Iterator[Problem]:
    if position := silenced_in(step.phase, who):
        yield places.problem(path, remark("silenced-replies", who=who, position=position))
    many = {"participant", "everyone", PREVIOUS, *(name for name, role in method.roles.items() if role.holders.max > 1)}
    if who in many:
        yield places.problem(path, remark("many-reply", who=who))
    if who == giver:
        yield places.problem(path, remark("reply-to-oneself", who=who))
    yield from _nobody(method, places, step, path, who)
