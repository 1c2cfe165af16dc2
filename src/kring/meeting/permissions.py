"""What each seat may do now. The screen draws its buttons from ``permitted`` and ``decide`` obeys it.

An action is ``(command, detail)``: the command's type, and what it is about where that matters (the kind of
contribution, the role, the seat to act for).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kring.meeting.evolve import silenced
from kring.meeting.flow import phase_of
from kring.meeting.state import TABLE, Seat, State
from kring.methods.model import Method, Phase


class Action(NamedTuple):
    """One thing that one may do."""

    command: str
    detail: str = ""


FOR_OTHERS = frozenset(
    {"give", "pass", "vote", "ready", "take-floor", "release-floor", "leave", "take-role", "take-facilitation"}
)
"""What may be done for a seat without a device."""


def permitted(state: State, who: str | None, *, method: Method) -> frozenset[Action]:
    """All that ``who`` may do: a seat id, ``TABLE``, or ``None`` for a device without a seat."""
    if who is None or (who != TABLE and state.seat(who) is None):
        return frozenset(_unseated(state))
    if who == TABLE:
        return frozenset(_table(state, method))
    return frozenset(_seated(state, who, method))


def acting(state: State, who: str, target: str, *, method: Method) -> frozenset[Action]:
    """What ``who`` may do for the seat ``target``: all for one without a device, passing for one who is absent."""
    seat = state.seat(target)
    if seat is None or who == target or not _guards(state, who):
        return frozenset()
    theirs = frozenset(_seated(state, target, method))
    if not seat.device:
        return frozenset(action for action in theirs if action.command in FOR_OTHERS)
    if seat.here or who == TABLE:
        return frozenset()
    return frozenset(action for action in theirs if action.command == "pass")


def targets(state: State, who: str) -> tuple[str, ...]:
    """The seats that ``who`` may act for, if there is anything to do."""
    if not _guards(state, who) or state.info.status == "closed":
        return ()
    return tuple(
        seat.id for seat in state.seats if seat.id != who and (not seat.device or (not seat.here and who != TABLE))
    )


def guarded(state: State) -> bool:
    """Whether someone facilitates and is here; otherwise the method itself does."""
    seat = state.seat(state.posts.facilitator)
    return seat is not None and (seat.here or not seat.device)


def _guards(state: State, who: str) -> bool:
    facilitator = state.seat(state.posts.facilitator)
    if who == TABLE:
        return facilitator is None or not facilitator.device or not facilitator.here
    if facilitator and facilitator.id == who:
        return True
    return not guarded(state) and not silenced(state, who)


def _unseated(state: State) -> Iterator[Action]:
    if state.info.status == "closed" or state.info.doors == "closed":
        return
    if room_for(state, guest=False) or room_for(state, guest=True):
        yield Action("take-seat")
    if any(seat.device and not seat.here for seat in state.seats):
        yield Action("return-to-seat")


def room_for(state: State, *, guest: bool) -> bool:
    """Whether one more may sit down: ``largest`` of the group, and one guest who facilitates."""
    if guest:
        return not any(seat.guest for seat in state.seats)
    return sum(not seat.guest for seat in state.seats) < state.info.largest


def _table(state: State, method: Method) -> Iterator[Action]:
    if state.info.status == "closed" or not _guards(state, TABLE):
        return
    yield from _house(state)
    yield from (Action("act-for", seat) for seat in targets(state, TABLE))
    if state.running:
        yield from _clock(state, method, TABLE)


def _house(state: State) -> Iterator[Action]:
    """What whoever guards the meeting may do about the room itself."""
    yield Action("close-doors" if state.info.doors == "open" else "open-doors")
    if room_for(state, guest=False) and state.info.doors == "open":
        yield Action("add-seat")
    if state.info.status == "lobby" and enough(state):
        yield Action("start")
    if state.info.status == "paused":
        yield Action("resume")
    elif state.running:
        yield Action("pause")


def enough(state: State) -> bool:
    """Whether the group is large enough for the method to start."""
    return sum(not seat.guest for seat in state.seats) >= state.info.smallest


def _seated(state: State, who: str, method: Method) -> Iterator[Action]:
    if state.info.started and not state.info.burned and who not in state.asked.burn:
        yield Action("burn")
    if state.info.status == "closed":
        return
    yield from _always(state, who, method)
    if _guards(state, who):
        yield from _house(state)
        yield from (Action("act-for", seat) for seat in targets(state, who))
    if state.running:
        yield from _in_phase(state, who, method)
        yield from _clock(state, method, who)


def _always(state: State, who: str, method: Method) -> Iterator[Action]:
    yield Action("leave")
    if len(state.seats) > 1:
        yield Action("show-out")
    if state.posts.facilitator == who:
        yield Action("hand-facilitation")
        yield from (Action("give-role", role) for role in method.roles)
    elif not guarded(state) and who != state.owner:
        yield Action("take-facilitation")
    if state.info.started and (state.posts.facilitator == who or who not in state.asked.close):
        yield Action("close-meeting")
    if state.info.practice:
        yield Action("speed")


def _in_phase(state: State, who: str, method: Method) -> Iterator[Action]:
    """Giving, passing, voting, speaking, being ready. Nobody who is silenced may do any of it."""
    seat = state.seat(who)
    if state.phase is None or seat is None:
        return
    phase = phase_of(method, state.phase)
    if state.speaker == who or (state.speaker and state.posts.facilitator == who):
        yield Action("release-floor")
    if seat.guest:
        yield from _choosing(state, who, phase)
        return
    yield from _roles(state, phase, who)
    if silenced(state, who):
        return
    yield from _giving(state, who)
    yield from _choosing(state, who, phase)
    if not phase.silence and not state.queue and state.speaker is None and _talks(state, who):
        yield Action("take-floor")
    yield Action("ready")


def _talks(state: State, who: str) -> bool:
    return any(
        one.slot.seat == who and one.open and not one.slot.turn and one.slot.what != "vote" and one.slot.by != "written"
        for one in state.desk
    )


def _roles(state: State, phase: Phase, who: str) -> Iterator[Action]:
    filled = dict(state.posts.roles)
    for role in phase.fills:
        if role not in filled and who not in filled.values() and who != state.owner:
            yield Action("take-role", role)


def _giving(state: State, who: str) -> Iterator[Action]:
    turn = state.queue[0] if state.queue else None
    for one in state.desk:
        if one.slot.seat != who or one.slot.what == "vote":
            continue
        mine = turn is not None and (turn.seat, turn.what) == (who, one.slot.what)
        if mine or (one.open and not one.slot.turn):
            if one.given < one.slot.most:
                yield Action("give", one.slot.what)
            if mine or one.owed:
                yield Action("pass", one.slot.what)


def _choosing(state: State, who: str, phase: Phase) -> Iterator[Action]:
    choose = phase.choose
    if choose is None or not voting_open(state):
        return
    if choose.by == "facilitator":
        if (state.posts.facilitator == who) or (not guarded(state) and not silenced(state, who)):
            yield Action("choose", choose.what)
        return
    for one in state.desk:
        if one.slot.seat == who and one.slot.what == "vote" and not one.passed:
            yield Action("vote", choose.what)
            if one.owed:
                yield Action("pass", "vote")


def voting_open(state: State) -> bool:
    """Whether a choice may be made: all that is present has brought what it owes."""
    phase = state.phase
    if phase is None or phase.choosing is None or (state.choice and state.choice.chosen):
        return False
    return not state.queue and not any(
        one.owed and one.slot.what != "vote" and counts(state, one.slot.seat) for one in state.desk
    )


def counts(state: State, seat: str) -> bool:
    """Whether what a seat owes is waited for: of whoever is here, and of the case owner in any case."""
    one = state.seat(seat)
    return one is not None and (one.here or not one.device or seat == state.owner)


def _clock(state: State, method: Method, who: str) -> Iterator[Action]:
    """Ending, skipping, extending: the facilitator's."""
    phase_now = state.phase
    if phase_now is None:
        return
    phase = phase_of(method, phase_now)
    if not leads(state, who):
        return
    if may_end(state, phase):
        yield Action("end-phase")
    if phase.skip:
        yield Action("skip-phase")
    if phase.extend and phase_now.extended < phase.extend.times:
        yield Action("extend")


def leads(state: State, who: str) -> bool:
    """Whether ``who`` facilitates; the table does so for a facilitator without a device."""
    facilitator = state.seat(state.posts.facilitator)
    return facilitator is not None and (facilitator.id == who or (who == TABLE and not facilitator.device))


def may_end(state: State, phase: Phase) -> bool:
    """Whether a phase may be ended by hand: time is up, or nothing is owed and the choice and roles are made."""
    if state.phase and state.phase.signalled:
        return True
    if phase.choose and not (state.choice and state.choice.chosen):
        return False
    if phase.ends == ("time",):
        return False
    return nothing_owed(state) and not unfilled(state, phase)


def nothing_owed(state: State) -> bool:
    """Whether everyone who is waited for has given, or passed, what they owe."""
    if any(turn.owed for turn in state.queue):
        return False
    return not any(one.owed and counts(state, one.slot.seat) for one in state.desk)


def unfilled(state: State, phase: Phase) -> bool:
    """Whether a role that this phase fills is still vacant."""
    filled = dict(state.posts.roles)
    return any(role not in filled for role in phase.fills)


def members(state: State) -> list[Seat]:
    """Those whose readiness counts: present, not a guest, not silenced."""
    return [
        seat
        for seat in state.seats
        if not seat.guest and (seat.here or not seat.device) and not silenced(state, seat.id)
    ]
