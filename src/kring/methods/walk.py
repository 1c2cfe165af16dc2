"""Walking through a method: every phase with its path in the file and its place in the meeting.

For whoever looks at a method as a whole (the rules, the explorer, the drawn flow): ``steps`` yields each phase as a ``Step``, in
the order of the meeting, modules last; ``gives`` everything that may be given. The rest says what a phase needs: roles, selectors.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from kring.methods.model import PREVIOUS, SILENCED, Give, Method, Phase
from kring.methods.places import Path

Section = Literal["opening", "round", "closing"]
SECTIONS: tuple[Section, ...] = ("opening", "round", "closing")
ALWAYS = frozenset({"owner", "participant", "facilitator", "everyone", PREVIOUS})
"""The selectors that every method knows; its own roles come on top."""

MOMENTS = frozenset({"speaker", "chooser"})
"""Prompts besides those for roles: for whoever has the floor, and for whoever may choose now."""
_NO_ROLE = (ALWAYS | MOMENTS) - {PREVIOUS}


class Step(NamedTuple):
    """A phase where it stands: ``at`` is its number in its section, or in its module when ``module`` is set."""

    phase: Phase
    path: Path
    section: Section
    at: int
    module: str | None = None


def phases_of(method: Method, section: Section) -> tuple[Phase, ...]:
    """Return the phases of a section."""
    return {"opening": method.opening, "round": method.round, "closing": method.closing}[section]


def main_steps(method: Method) -> Iterator[Step]:
    """Yield every phase of opening, round and closing, in the order of the meeting."""
    for section in SECTIONS:
        for index, phase in enumerate(phases_of(method, section)):
            yield Step(phase, (section, index), section, index)


def module_steps(method: Method) -> Iterator[Step]:
    """Yield every phase of every module. They count as part of the round, where modules run."""
    for name, module in method.modules.items():
        for index, phase in enumerate(module.phases):
            yield Step(phase, ("modules", name, "phases", index), "round", index, name)


def steps(method: Method) -> Iterator[Step]:
    """Yield every phase there is."""
    yield from main_steps(method)
    yield from module_steps(method)


def gives(method: Method) -> Iterator[tuple[Step, int, Give]]:
    """Yield everything that may be given anywhere."""
    for step in steps(method):
        for index, give in enumerate(step.phase.gives):
            yield step, index, give


def parts(phase: Phase) -> tuple[range, ...]:
    """Return the parts of a phase, each with the indexes of what is given in it: one more for each ``then``."""
    starts = [index for index, give in enumerate(phase.gives) if give.then and index]
    return tuple(map(range, [0, *starts], [*starts, len(phase.gives)]))


def roles_needed(phase: Phase) -> tuple[str, ...]:
    """Return the roles that a phase asks something of, in the order in which it names them; ``previous-owner`` too.

    A role that the phase itself fills and only has a prompt for may still come during the phase.
    """
    asked = [who for give in phase.gives for who in (give.who, *([give.reply.who] if give.reply else ()))]
    kept_from = [kept.from_ for kept in (phase.withheld, *(give.withheld for give in phase.gives)) if kept]
    told = [who for who in phase.prompts if who not in phase.fills]
    named = dict.fromkeys((*asked, *phase.position, *kept_from, *told))
    return tuple(who for who in named if who not in _NO_ROLE)


def selectors(method: Method) -> frozenset[str]:
    """Return all that a selector may say in this method."""
    return ALWAYS | frozenset(method.roles)


def silenced_in(phase: Phase, selector: str) -> str | None:
    """Return the position that silences everyone whom the selector is about, or some of ``everyone``."""
    if selector == "everyone":
        asked = [position for position in phase.position.values() if position in SILENCED]
        return asked[0] if asked else None
    position = phase.position.get(selector)
    if position is None and selector != "owner":
        position = phase.position.get("participant")
    return position if position in SILENCED else None


def runners(method: Method) -> Iterator[Step]:
    """Yield the phases in whose place a module runs."""
    return (step for step in main_steps(method) if step.phase.runs == "module")
