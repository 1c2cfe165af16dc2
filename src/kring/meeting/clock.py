"""How the clock of a phase changes: part of ``evolve``, and as free of rules.

A phase ends at its deadline, when its grace or its overtime is over, or when the moment is that whoever still types was given.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from kring.meeting import events as e
from kring.meeting import turns
from kring.meeting.state import Ending, State

Changes = dict[str, Any]
"""Fields of the state by name, as they are from now on."""


def phase_with(state: State, **changes: Any) -> Changes:  # noqa: ANN401  fields of several types
    """The phase under way with these changes."""
    return {"phase": replace(state.phase, **changes)} if state.phase else {}


def signalled(state: State, event: e.PhaseSignalled) -> Changes:
    """Time is up."""
    changes = phase_with(state, signalled=True, grace=event.grace, overtime=event.overtime)
    return changes if event.grace is None else {**changes, "queue": turns.last_word(state.queue)}


def ending(state: State, event: e.PhaseEnding) -> Changes:
    """Being ready means another thing from now on: that one has nothing more to hand in."""
    return {
        **phase_with(state, ending=Ending(event.until, event.because, event.seats, event.outcome), held=True),
        "ready": (),
    }


def extended(state: State, event: e.PhaseExtended) -> Changes:
    """More time, and no end in a moment."""
    count = (state.phase.extended if state.phase else 0) + 1
    info = replace(state.info, extended=state.info.extended + event.minutes)
    clock = phase_with(
        state, deadline=event.deadline, signalled=False, grace=None, overtime=None, extended=count, ending=None
    )
    return {"info": info, **clock}


def paused(state: State, event: e.Paused) -> Changes:
    """The clock stands still."""
    info = replace(state.info, status="paused")
    return {"info": info, **phase_with(state, remaining=event.remaining, deadline=None)}


def resumed(state: State, event: e.Resumed) -> Changes:
    """The clock goes on."""
    info = replace(state.info, status="running")
    return {"info": info, **_clock(state, event, remaining=None)}


def _clock(state: State, event: e.Resumed | e.SpeedChanged, **changes: Any) -> Changes:  # noqa: ANN401  as above
    """When a phase ends from now on."""
    ending = state.phase.ending if state.phase else None
    if ending is not None and event.ending is not None:
        changes["ending"] = replace(ending, until=event.ending)
    return phase_with(state, deadline=event.deadline, overtime=event.overtime, **changes)


def speed(state: State, event: e.SpeedChanged) -> Changes:
    """Time goes faster or slower."""
    return {"info": replace(state.info, factor=event.factor), **_clock(state, event)}
