"""Time: deadlines, signals, the grace of the speaker, extensions, pauses, the speed of practice.

A phase has an absolute deadline. ``due`` says when something must happen; the room calls back with ``Tick``. At zero
a phase signals; a strict method (and the method itself, where nobody facilitates) advances, and lets the speaker finish.
In writing it always advances: nobody is there to hear a signal, and nobody waits for somebody who does not come back.
While a meeting is paused no deadline stands; what was left of it is kept and added to the time of going on.
"""

from __future__ import annotations

from msgspec.structs import replace

from kring.meeting import commands as c
from kring.meeting import events as e
from kring.meeting.ending import deadline_of, goes_on_in_time, outstanding, overtime_of
from kring.meeting.evolve import evolve
from kring.meeting.flow import HOUR, MINUTE, after_casting, phase_of
from kring.meeting.permissions import extension_left
from kring.meeting.refusals import Refusal, refuse
from kring.meeting.roles import assigned
from kring.meeting.settle import ended, finish, out_of_time
from kring.meeting.state import PhaseNow, State
from kring.methods.length import hours
from kring.methods.model import Method

Outcome = tuple[e.AnyEvent, ...] | Refusal
MAX_SPEED = 60
A_DAY = 24 * 60
"""By how many minutes a phase is extended at most in writing, where a method's own minutes are none."""


def due(state: State) -> int | None:
    """When the room must send ``Tick``, in milliseconds since the epoch; ``None`` when nothing is timed."""
    phase = state.phase
    if phase is None or state.info.status != "running":
        return None
    if phase.ending is not None:
        return phase.ending.until
    return (phase.overtime or phase.grace) if phase.signalled else phase.deadline


def tick(state: State, _command: c.Tick, method: Method, _seat: str, now: int) -> Outcome:
    """Time has come: signal or advance. A tick that is early or late twice does nothing."""
    when = due(state)
    if when is None or now < when or state.phase is None:
        return ()
    if state.phase.ending is not None:
        return ended(state, state.phase.ending, method, now)
    if state.phase.casting:
        return _cast(state, method, state.phase, now)
    phase = phase_of(method, state.phase)
    if state.phase.signalled:
        over = state.phase.grace is not None or state.phase.overtime is None
        return tuple(finish(state, method, "time", now)) if over else out_of_time(state, method, phase, now)
    if phase.overtime and outstanding(state, method, phase):
        return (e.PhaseSignalled(at=now, overtime=when + overtime_of(state, phase.overtime)),)
    if not goes_on_in_time(state, method, phase):
        return (e.PhaseSignalled(at=now),)
    return out_of_time(state, method, phase, now)


def _cast(state: State, method: Method, phase_now: PhaseNow, now: int) -> Outcome:
    """Nobody took the roles in time: they go round the circle, and the phase begins."""
    roles = tuple(assigned(state, method, now))
    for event in roles:
        state = evolve(state, event)
    return (*roles, after_casting(state, method, phase_now, now))


def extend(state: State, command: c.Extend, method: Method, _seat: str, now: int) -> Outcome:
    """More minutes, at most as many at a time as the method allows; in writing, a day, or what its cap in days leaves."""
    if state.phase is None:
        return refuse("not-started")
    phase = phase_of(method, state.phase)
    bound = phase.extend
    if bound is None or command.minutes < 1:
        return refuse("no-extension-left" if bound is None else "bad-value")
    if command.minutes > (A_DAY if state.info.written else bound.minutes):
        return refuse("too-long")
    minutes = min(command.minutes, extension_left(state, method))
    deadline = deadline_of(state, phase, state.phase) or now
    # What overtime has taken is part of it, so that a phase takes no longer than all of both.
    start = deadline if state.phase.overtime is not None else max(now, deadline)
    end = start + state.info.lasting(minutes * MINUTE)
    return (e.PhaseExtended(at=now, minutes=minutes, deadline=end),)


def pause(state: State, _command: c.Pause, _method: Method, _seat: str, now: int) -> Outcome:
    """Stop the clock."""
    phase = state.phase
    end = None if phase is None else phase.overtime if phase.signalled else phase.deadline
    if phase is not None and phase.ending is not None:
        end = phase.ending.until
    return (e.Paused(at=now, remaining=None if end is None else max(0, end - now)),)


def resume(state: State, _command: c.Resume, _method: Method, _seat: str, now: int) -> Outcome:
    """Let the clock go on: to the deadline, to the end of the overtime, or to that of a step that is ending."""
    phase = state.phase
    end = now + phase.remaining if phase and phase.remaining is not None else None
    if phase and phase.ending is not None:
        return (e.Resumed(at=now, ending=end),)
    if phase and phase.overtime is not None:
        return (e.Resumed(at=now, overtime=end),)
    return (e.Resumed(at=now, deadline=end),)


def speed(state: State, command: c.Speed, _method: Method, _seat: str, now: int) -> Outcome:
    """Practice: time goes faster or slower from now on, or stands still; what is left of the phase shrinks or grows with it."""
    if not 0 <= command.factor <= MAX_SPEED:
        return refuse("bad-value")
    phase = state.phase
    ends = (phase.deadline, phase.overtime) if phase else (None, None)
    new = replace(state.info, factor=command.factor)
    deadline, overtime = (
        None if end is None else now + new.lasting(state.info.passing(max(0, end - now))) for end in ends
    )
    ending = None
    if phase and phase.ending is not None:  # a moment is never longer than a moment, also at a standstill
        ending = now + max(0, phase.ending.until - now) * max(1, state.info.factor) // max(1, command.factor)
    return (e.SpeedChanged(at=now, factor=command.factor, deadline=deadline, overtime=overtime, ending=ending),)


def longest(method: Method, *, extended: bool = True) -> int:
    """How long a written meeting by this method may take once it has begun, in milliseconds: each phase to its end.

    ``extended``: with all the days that a facilitator may add.
    """
    return hours(method, extended=extended) * HOUR
