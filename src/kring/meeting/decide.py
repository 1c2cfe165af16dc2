"""``decide``: a command becomes events, or a refusal that changes nothing.

The way of a command: ``_guard`` finds the seat that it is for and asks ``permissions`` whether the actor may (if not, ``why`` finds
the code); a handler gives the events of the command itself; each says who acted, where it is about somebody else's seat;
they are folded; ``settle`` adds what follows by itself. ``execute`` gives the state besides, which was needed anyway.

Rule 1: what may be done is said by ``permitted`` alone. Rule 2: a handler only says what the command itself does;
what follows from it (turns, reveals, next phase) is said by ``settle``, the same for every command.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

from msgspec.structs import replace

from kring.meeting import commands as c
from kring.meeting import events as e
from kring.meeting.evolve import evolve
from kring.meeting.handlers import HANDLERS
from kring.meeting.permissions import GUEST, Action, acting, action, may
from kring.meeting.refusals import Refusal, refuse
from kring.meeting.seating import take_seat
from kring.meeting.settle import settle
from kring.meeting.state import TABLE, Outsider, State, Who
from kring.meeting.unsent import held_back
from kring.meeting.why import why
from kring.methods.model import Method

Events = tuple[e.AnyEvent, ...]
_ROOM_ONLY = frozenset(get_args(c.RoomCommand))
_NAMES = {kind: str(kind.__struct_config__.tag) for kind in get_args(c.AnyCommand)}


class WayError(ValueError):
    """The method is not held in this way (spoken, or written over days)."""

    code: Final = "not-this-way"

    def __init__(self, method: Method, way: str) -> None:
        super().__init__(f"{method.id} has no {way} form.")


def open_meeting(
    meeting: str, method: Method, *, now: int, seed: int, practice: bool = False, written: bool = False
) -> e.MeetingOpened:
    """The first event of a meeting by this method. Raises ``WayError`` where it can't be held like that."""
    way: Literal["written", "spoken"] = "written" if written else "spoken"
    if way not in method.ways:
        raise WayError(method, way)
    return e.MeetingOpened(
        at=now, meeting=meeting, method=method.id, seed=seed, practice=practice, written=written,
        smallest=method.group.min, largest=method.group.max,
    )  # fmt: skip


def decide(
    state: State,
    command: c.AnyCommand,
    *,
    method: Method,
    actor: c.Actor,
    now: int,
    person: c.Person = c.WITH_LINK,
    unsent: frozenset[str] = frozenset(),
) -> Events | Refusal:
    """What ``command`` of ``actor`` at ``now`` (milliseconds since the epoch) makes happen, or why not.

    ``person``: who the actor is, as the room knows it; it matters to those who sit down. ``unsent``: the seats whose devices
    say that they hold text for this step which they have not sent.
    """
    decided = execute(state, command, method=method, actor=actor, now=now, person=person, unsent=unsent)
    return decided if isinstance(decided, Refusal) else decided[0]


def execute(
    state: State,
    command: c.AnyCommand,
    *,
    method: Method,
    actor: c.Actor,
    now: int,
    person: c.Person = c.WITH_LINK,
    unsent: frozenset[str] = frozenset(),
) -> tuple[Events, State] | Refusal:
    """Like ``decide``, with the state that the events lead to (so that nobody folds twice)."""
    seat = _guard(state, command, method, actor, person)
    if not isinstance(seat, str):
        return seat
    if type(command) is c.TakeSeat:
        events = take_seat(state, command, method, person, now)
    else:
        events = HANDLERS[type(command)](state, command, method, seat, now)
    if not isinstance(events, tuple):
        return events
    who = TABLE if actor.table else actor.seat
    happened: list[e.AnyEvent] = []
    after = state
    by_hand = isinstance(command, c.EndPhase | c.SkipPhase)
    for event in held_back(state, method, events, now, unsent, by_hand=by_hand):
        signed = _signed(event, who)
        happened.append(signed)
        after = evolve(after, signed)
    follow, after = settle(after, method, now, unsent)
    return (*happened, *follow), after


def _signed(event: e.AnyEvent, who: str | None) -> e.AnyEvent:
    """The event, with who acted where it is about the seat of somebody else."""
    seat: str | None = getattr(event, "seat", None)
    return event if seat is None or who is None or seat == who else replace(event, by=who)


def _guard(state: State, command: c.AnyCommand, method: Method, actor: c.Actor, person: c.Person) -> str | Refusal:
    """The seat that the command is for, or a refusal when the actor may not give it."""
    if type(command) in _ROOM_ONLY:
        return "" if actor.room else refuse("room-only")
    who = TABLE if actor.table else actor.seat
    if isinstance(command, c.StepCommand) and command.phase is not None and not _is_now(state, command.phase):
        return refuse("phase-over")
    if who is None:
        return _guard_outside(state, command, method, Outsider(person.member) if person.member else None)
    target: str | None = getattr(command, "on", None)
    wanted = action_of(state, command)
    if target is not None and target != who:
        if state.seat(target) is None:
            return refuse("unknown-seat")
        if wanted in acting(state, who, target, method=method):
            return target
        if not may(state, who, action("act-for", target), method=method):
            return refuse("facilitator-only")
        return refuse(why(state, target, command, method))
    if may(state, who, wanted, method=method):
        return who
    return refuse(why(state, who, command, method))


def _is_now(state: State, step: str) -> bool:
    """Whether this is the step under way."""
    return state.phase is not None and state.phase.is_named(step)


def _guard_outside(state: State, command: c.AnyCommand, method: Method, who: Who) -> str | Refusal:
    """The same for a device without a seat, which acts for nobody."""
    if may(state, who, action_of(state, command), method=method):
        return ""
    return refuse(why(state, who, command, method))


def action_of(state: State, command: c.AnyCommand) -> Action:
    """The action that a command wants to do."""
    name = _NAMES[type(command)]
    match command:
        case c.Give(what=detail) | c.Pass(what=detail) | c.TakeBack(what=detail):
            return action(name, detail)
        case c.TakeRole(role=detail) | c.GiveRole(role=detail):
            return action(name, detail)
        case c.TakeSeat(guest=True):
            return action(name, GUEST)
        case c.ReturnToSeat(seat=detail):
            return action(name, detail)
        case c.Vote() | c.Choose():
            return action(name, (state.phase and state.phase.choosing) or "")
        case _:
            return action(name)
