"""The flow of a method as a picture needs it: its steps in order, who speaks in each, and where the case owner is.

Data only. Whoever draws it (on a page, on paper, in an editor) measures and colours; nothing here knows of pixels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from kring.methods.model import SILENCED, Give, Method, Phase, Position, Selector
from kring.methods.walk import Section, main_steps, module_steps

Voices = Literal["owner", "others", "everyone", "nobody"]
"""Who is heard: the case owner (with the facilitator, perhaps), the others without the owner, everyone, or nobody."""


class Stage(NamedTuple):
    """One step of the picture.

    ``number``: counted through the whole meeting; a phase of a module has that of the step in whose place it runs.
    ``owner``: ``None`` while there is none. ``speakers``: of whom something is heard, by the rules of what is given; nobody where
    none says. ``in_turn``: whether they speak one after the other, as they sit.
    """

    number: int
    section: Section
    phase: Phase
    voices: Voices
    owner: Position | None
    speakers: frozenset[Selector] = frozenset()
    in_turn: bool = False

    @property
    def silenced(self) -> bool:
        """Whether the case owner only listens, or isn't even there."""
        return self.owner in SILENCED

    @property
    def alone(self) -> bool:
        """Whether all of them write at once, in silence, be it before they speak or choose."""
        return self.phase.silence or any(give.turns == "alone" for give in self.phase.gives)


def stages(method: Method) -> tuple[Stage, ...]:
    """Return the steps of opening, round and closing; a round that is repeated is there once."""
    return tuple(
        _stage(number, step.section, step.phase, _gives(method, step.phase))
        for number, step in enumerate(main_steps(method), start=1)
    )


def module_stages(method: Method, module: str) -> tuple[Stage, ...]:
    """Return the steps of a module, with the number of the step in whose place they run."""
    number = next((stage.number for stage in stages(method) if stage.phase.runs), 0)
    return tuple(
        _stage(number, step.section, step.phase, step.phase.gives)
        for step in module_steps(method)
        if step.module == module
    )


def first_advice(method: Method) -> Stage | None:
    """Return the step from which advice may be given, or ``None`` where none allows it."""
    return next((stage for stage in stages(method) if stage.phase.advice), None)


def _gives(method: Method, phase: Phase) -> tuple[Give, ...]:
    """Return what is given in a phase; where a module runs, what is given in any of them."""
    if not phase.runs:
        return phase.gives
    return tuple(give for step in module_steps(method) for give in step.phase.gives)


def _stage(number: int, section: Section, phase: Phase, gives: tuple[Give, ...]) -> Stage:
    owner = phase.position.get("owner", "in") if section == "round" else None
    aloud = () if phase.silence else tuple(give for give in gives if give.turns != "alone" and give.by != "written")
    speakers = frozenset(_speakers(aloud, section))
    group = [give for give in aloud if give.who != "owner"]
    in_turn = bool(group) and all(give.turns == "circle" for give in aloud)
    return Stage(number, section, phase, _voices(phase, gives, speakers, owner), owner, speakers, in_turn)


def _speakers(aloud: Iterable[Give], section: Section) -> Iterator[Selector]:
    """Before and after the round, all are participants."""
    for give in aloud:
        yield "everyone" if section != "round" and give.who == "participant" else give.who
        if give.reply:
            yield give.reply.who


def _voices(phase: Phase, gives: tuple[Give, ...], speakers: frozenset[Selector], owner: Position | None) -> Voices:
    talks_it_over = phase.choose is not None and phase.choose.by == "facilitator"
    if phase.silence or (gives and not speakers and not talks_it_over):
        return "nobody"
    if owner in SILENCED:
        return "others"
    if speakers and speakers <= {"owner", "facilitator"}:
        return "owner" if "owner" in speakers else "others"
    return "others" if speakers and not speakers & {"owner", "everyone"} else "everyone"
