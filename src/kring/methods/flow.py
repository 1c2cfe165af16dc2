"""The flow of a method as a picture needs it: its steps in order, who speaks in each, and where the case owner is.

Data only. Whoever draws it (on a page, on paper, in an editor) measures and colours; nothing here knows of pixels.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from kring.methods.model import SILENCED, Method, Phase, Position
from kring.methods.walk import Section, main_steps

Voices = Literal["owner", "others", "everyone", "nobody"]
"""Who is heard: the case owner alone, the others without the owner, everyone, or nobody (writing, silence)."""


class Stage(NamedTuple):
    """One step of the picture. ``number``: counted through the whole meeting. ``owner``: ``None`` while there is none."""

    number: int
    section: Section
    phase: Phase
    voices: Voices
    owner: Position | None

    @property
    def silenced(self) -> bool:
        """Whether the case owner only listens, or isn't even there."""
        return self.owner in SILENCED


def stages(method: Method) -> tuple[Stage, ...]:
    """Return the steps of opening, round and closing; a round that is repeated is there once."""
    return tuple(
        Stage(number, step.section, step.phase, _voices(step.phase), _owner(step.phase, step.section))
        for number, step in enumerate(main_steps(method), start=1)
    )


def first_advice(method: Method) -> Stage | None:
    """Return the step from which advice may be given, or ``None`` where none allows it."""
    return next((stage for stage in stages(method) if stage.phase.advice), None)


def _owner(phase: Phase, section: Section) -> Position | None:
    return phase.position.get("owner", "in") if section == "round" else None


def _voices(phase: Phase) -> Voices:
    aloud = [give for give in phase.gives if give.turns != "alone"]
    if phase.silence or (phase.gives and not aloud and phase.choose is None):
        return "nobody"
    heard = {give.who for give in aloud} | {give.reply.who for give in aloud if give.reply}
    if phase.position.get("owner", "in") in SILENCED:
        return "others"
    if heard == {"owner"}:
        return "owner"
    return "others" if heard and not heard & {"owner", "everyone"} else "everyone"
