"""Time: deadlines, signals, the grace of the speaker, extensions, pauses, the speed of practice.

A phase has an absolute deadline. ``due`` says when something must happen; the room calls back with ``Tick``. At zero
a phase signals; a strict method (and the method itself, where nobody facilitates) advances, and lets the speaker finish.
In writing it always advances: nobody is there to hear a signal, and nobody waits for somebody who does not come back.
While a meeting is paused no deadline stands; what was left of it is kept and added to the time of going on.
"""

from __future__ import annotations

from kring.meeting import commands as c
from kring.meeting import events as e
from kring.meeting.evolve import evolve
from kring.meeting.flow import HOUR, MINUTE, after_casting, phase_of
from kring.meeting.permissions import extension_left, facilitated
from kring.meeting.refusals import Refusal, refuse
from kring.meeting.roles import assigned
from kring.meeting.settle import finish
from kring.meeting.state import PhaseNow, State
from kring.methods.length import hours
from kring.methods.model import Method

Outcome = tuple[e.AnyEvent, ...] | Refusal
GRACE = MINUTE
"""How long a speaker may finish after time is up."""
MAX_SPEED = 60
A_DAY = 24 * 60
"""By how many minutes a phase is extended at most in writing, where a method's own minutes are none."""


def due(state: State) -> int | None:
    """When the room must send ``Tick``, in milliseconds since the epoch; ``None`` when nothing is timed."""
    phase = state.phase
    if phase is None or state.info.status != "running":
        return None
    return phase.grace if phase.signalled else phase.deadline


def tick(state: State, _command: c.Tick, method: Method, _seat: str, now: int) -> Outcome:
    """Time has come: signal or advance. A tick that is early or late twice does nothing."""
    when = due(state)
    if when is None or now < when or state.phase is None:
        return ()
    if state.phase.casting:
        return _cast(state, method, state.phase, now)
    phase = phase_of(method, state.phase)
    if state.phase.signalled:
        return tuple(finish(state, method, "time", now))
    strict = method.strict or "time" in phase.ends or state.info.written or not facilitated(state)
    if not strict:
        return (e.PhaseSignalled(at=now),)
    if phase.wait and state.floor is not None and not state.info.written:
        rest = [turn for turn in state.queue[1:] if turn.owed and turn.depth == 0]
        head = state.queue[0] if state.queue else None
        passed = {
            (turn.seat, turn.what) for turn in rest if head is None or (turn.seat, turn.what) != (head.seat, head.what)
        }
        passes = [e.TurnPassed(at=now, seat=seat, what=what, because="time") for seat, what in sorted(passed)]
        return (*passes, e.PhaseSignalled(at=now, grace=now + GRACE // state.info.factor))
    return tuple(finish(state, method, "time", now))


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
    bound = phase_of(method, state.phase).extend
    if bound is None or command.minutes < 1:
        return refuse("no-extension-left" if bound is None else "bad-value")
    if command.minutes > (A_DAY if state.info.written else bound.minutes):
        return refuse("too-long")
    minutes = min(command.minutes, extension_left(state, method))
    start = max(now, state.phase.deadline or now)
    return (e.PhaseExtended(at=now, minutes=minutes, deadline=start + minutes * MINUTE // state.info.factor),)


def pause(state: State, _command: c.Pause, _method: Method, _seat: str, now: int) -> Outcome:
    """Stop the clock."""
    phase = state.phase
    left = None if phase is None or phase.deadline is None or phase.signalled else max(0, phase.deadline - now)
    return (e.Paused(at=now, remaining=left),)


def resume(state: State, _command: c.Resume, _method: Method, _seat: str, now: int) -> Outcome:
    """Let the clock go on."""
    phase = state.phase
    left = phase.remaining if phase else None
    return (e.Resumed(at=now, deadline=None if left is None else now + left),)


def speed(state: State, command: c.Speed, _method: Method, _seat: str, now: int) -> Outcome:
    """Practice: time goes faster or slower from now on; what is left of the phase shrinks or grows with it."""
    if not 1 <= command.factor <= MAX_SPEED:
        return refuse("bad-value")
    deadline = state.phase.deadline if state.phase else None
    if deadline is not None:
        deadline = now + max(0, deadline - now) * state.info.factor // command.factor
    return (e.SpeedChanged(at=now, factor=command.factor, deadline=deadline),)


def longest(method: Method, *, extended: bool = True) -> int:
    """How long a written meeting by this method may take once it has begun, in milliseconds: each phase to its end.

    ``extended``: with all the days that a facilitator may add.
    """
    return hours(method, extended=extended) * HOUR
