"""When a phase is over, and who may say so.

A phase ends by itself, by hand, or because its time is up. By itself: with ``done`` among its ``ends``, when nothing is
outstanding and whoever may still add something has said that they are ready. By hand: once nothing is outstanding, by the
facilitator, or where nobody facilitates by more than half of those who are here. At its deadline where it ``goes_on_in_time``;
otherwise the deadline only signals, and from then on the facilitator may end it, owed or not.

With ``overtime`` a phase in which something is outstanding at its deadline waits for that: nothing but skipping ends it until
nothing is outstanding, or the overtime is over too. Then whoever has the floor may finish, and what is still owed is passed.
"""

from __future__ import annotations

from operator import attrgetter

from kring.meeting.flow import HOUR, MINUTE, owed_later
from kring.meeting.roles import facilitated, members, takes_part, unfilled, waited_for
from kring.meeting.state import PhaseNow, State
from kring.methods.model import Method, Overtime, Phase

_owed = attrgetter("owed")


def nothing_owed(state: State) -> bool:
    """Whether everyone who is waited for has given, or passed, what they owe."""
    if any(map(_owed, state.queue)):
        return False
    return not any(waited_for(state, one.slot.seat) for one in filter(_owed, state.desk))


def outstanding(state: State, method: Method, phase: Phase) -> bool:
    """Whether those who are waited for owe something, now or in a later part, a choice isn't made, or a role is vacant."""
    if not nothing_owed(state) or (phase.choose and not (state.choice and state.choice.made)):
        return True
    later = any(waited_for(state, slot.seat) for slot in owed_later(state, method, phase))
    return later or unfilled(state, method, phase)


def goes_on_in_time(state: State, method: Method, phase: Phase) -> bool:
    """Whether the deadline ends a phase, and doesn't only signal: where nobody is there to hear a signal, always."""
    return method.strict or "time" in phase.ends or state.info.written or not facilitated(state)


def may_end(state: State, method: Method, phase: Phase) -> bool:
    """Whether a phase may be ended by hand: its time is up, or nothing is outstanding. Not during its casting."""
    now = state.phase
    if now is None or now.casting:
        return False
    if now.ending is not None:
        return now.ending.outcome
    if now.signalled:
        return now.overtime is None or not outstanding(state, method, phase)
    if phase.choose and not (state.choice and state.choice.made):
        return False
    if phase.ends == ("time",) or (now.unanimous and not _all_ready(state)):
        return False
    return nothing_owed(state) and not unfilled(state, method, phase)


def owner_at_work(state: State) -> bool:
    """Whether the case owner is here and has neither done what is theirs in this step nor said that they are ready.

    What is theirs is what they owe, and in a step that asks nothing of anybody else what they may still give.
    """
    owner = state.seat(state.owner)
    if (
        owner is None
        or not takes_part(state, owner)
        or owner.id in state.ready
        or (state.phase and state.phase.signalled)
    ):
        return False
    asked = [one for one in state.desk if one.slot.what != "vote"]
    alone = all(one.slot.seat == owner.id for one in asked)
    return any(one.slot.seat == owner.id and (one.owed > 0 or (alone and one.open)) for one in asked)


def _all_ready(state: State) -> bool:
    """Whether everyone who is here, and may say so, agrees; the facilitator does so by ending the phase."""
    return all(seat.id in state.ready for seat in members(state) if seat.id != state.roles.facilitator)


def time_is_up(state: State, method: Method, phase: Phase) -> bool:
    """Whether the time of a phase was up and it goes on no longer: ``out_of_time`` says whether somebody may finish first."""
    now = state.phase
    if now is None or not now.signalled:
        return False
    if now.overtime is not None:
        return goes_on_in_time(state, method, phase) and not outstanding(state, method, phase)
    if now.grace is not None:
        return state.floor is None
    # The method itself does not wait for a facilitator who is gone; whoever has the floor finishes as at a deadline.
    return not facilitated(state)


def overtime_of(state: State, overtime: Overtime) -> int:
    """How long a phase waits at most for what is owed, in milliseconds of real time."""
    span = overtime.hours * HOUR if state.info.written else int(overtime.minutes * MINUTE)
    return state.info.lasting(span)


def deadline_of(state: State, phase: Phase, now: PhaseNow) -> int | None:
    """When the time of a phase was up, or will be: in overtime, when that began."""
    if now.overtime is None or phase.overtime is None:
        return now.deadline
    return now.overtime - overtime_of(state, phase.overtime)
