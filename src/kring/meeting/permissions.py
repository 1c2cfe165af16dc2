"""What each seat may do now. The screen draws its buttons from ``permitted`` and ``decide`` obeys it.

An action is ``(command, detail)``: the command's type, and what it is about where that matters (the kind of contribution,
the role, the seat to act for or come back to). ``permitted`` has two halves. ``personal`` is what follows from one's own
slots and turn: giving, passing, choosing, taking the floor. ``standing`` is the rest: leaving, facilitating, the clock, the doors.
``affected`` says of two states whose actions may differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kring.meeting.authority import alone, asked_by, facilitation_free, in_charge, leads, may_burn, targets
from kring.meeting.choosing import has_options
from kring.meeting.ending import may_end
from kring.meeting.flow import phase_of
from kring.meeting.roles import facilitated, matches, may_take, silenced, takes_part, waited_for
from kring.meeting.state import INITIAL, TABLE, Desk, Outsider, PhaseNow, Seat, State, Who
from kring.methods.length import extension
from kring.methods.model import PREVIOUS, Method, Phase


class Action(NamedTuple):
    """One thing that one may do."""

    command: str
    detail: str = ""


GUEST = "guest"
"""The detail of taking a seat as a guest who facilitates."""
_NOTHING_ASKED = INITIAL.proposals
_NO_CAP = 1_000_000
"""More minutes than can be asked for."""
FOR_OTHERS = frozenset(
    {
        "give",
        "pass",
        "vote",
        "choose",
        "ready",
        "take-floor",
        "release-floor",
        "leave",
        "take-role",
        "take-facilitation",
        "burn",
        "take-back",
    }
)
"""What may be done for a seat without a device."""


@lru_cache(maxsize=4096)
def action(command: str, detail: str = "") -> Action:
    """An action: one object for all who may do it."""
    return Action(command, detail)


def permitted(state: State, who: Who, *, method: Method) -> frozenset[Action]:
    """All that ``who`` may do."""
    return frozenset(_permitted(state, who, method))


def may(state: State, who: Who, wanted: Action, *, method: Method) -> bool:
    """Whether ``permitted`` holds ``wanted``, without looking further than that."""
    if wanted.command == "give":  # asked of every contribution; nothing but what one may give answers it
        seat = _at_work(state, who)
        return seat is not None and not seat.guest and wanted in _giving(state, seat.id)
    return wanted in personal(state, who, method) or wanted in standing(state, who, method)


def _permitted(state: State, who: Who, method: Method) -> list[Action]:
    return personal(state, who, method) + standing(state, who, method)


def standing(state: State, who: Who, method: Method) -> list[Action]:
    """What ``who`` may do however far they are in this phase: it reads the desk only as ``affected`` says."""
    if who == TABLE:
        return list(_table(state, method))
    seat = state.seat(who)
    return list(_unseated(state, who)) if seat is None else _seated(state, seat, method)


def personal(state: State, who: Who, method: Method) -> list[Action]:
    """What ``who`` may give, pass or choose, and whether they may speak. Nobody who is silenced may do any of it."""
    seat, phase = _at_work(state, who), state.phase
    if seat is None or phase is None:
        return []
    found: list[Action] = []
    if not seat.guest:
        found = _giving(state, seat.id)
        if _talks(state, phase) and _aloud(state, method, phase_of(method, phase), seat):
            found.append(action("take-floor"))
    if seat.guest or phase.choosing:
        found += _choosing(state, seat.id, method, phase_of(method, phase))
    return found


def _at_work(state: State, who: Who) -> Seat | None:
    """The seat of ``who``, where a phase is under way in which it is not silenced."""
    seat = state.seat(who)
    if seat is None or state.phase is None or state.info.status != "running":
        return None
    return None if not seat.guest and silenced(state, seat.id) else seat


def acting(state: State, who: str, target: str, *, method: Method) -> frozenset[Action]:
    """What ``who`` may do for the seat ``target``: all for one without a device, passing for one who is absent."""
    seat = state.seat(target)
    if seat is None or who == target or not in_charge(state, who):
        return frozenset()
    theirs = frozenset(_permitted(state, target, method))
    if not seat.device:
        return frozenset(action for action in theirs if action.command in FOR_OTHERS)
    if takes_part(state, seat) or who == TABLE:
        return frozenset()
    return frozenset(action for action in theirs if action.command == "pass")


def _unseated(state: State, who: Who) -> Iterator[Action]:
    if state.info.status == "closed" or state.info.doors == "closed":
        return
    for guest, detail in ((False, ""), (True, GUEST)):
        if seat_available(state, guest=guest):
            yield action("take-seat", detail)
    for seat in state.seats:
        if seat.device and not seat.here and _theirs(seat, who):
            yield action("return-to-seat", seat.id)


def _theirs(seat: Seat, who: Who) -> bool:
    """Whether ``who`` may come back to it: a member's is that member's alone, or hours would be told of whoever wasn't there."""
    return seat.member is None or (isinstance(who, Outsider) and who.member == seat.member)


def seat_available(state: State, *, guest: bool) -> bool:
    """Whether one more may sit down: ``largest`` of the group, and one guest who facilitates."""
    if guest:
        return not any(seat.guest for seat in state.seats)
    return len([seat for seat in state.seats if not seat.guest]) < state.info.largest


def _table(state: State, method: Method) -> Iterator[Action]:
    if state.tables and not any(seat.device for seat in state.seats):
        yield action("remove-table")  # else nobody could
    yield from (action("act-for", seat) for seat in targets(state, TABLE))
    if state.info.status == "closed" or not in_charge(state, TABLE):
        return
    yield from _meeting_controls(state)
    if state.running:
        yield from _clock(state, method, TABLE)


def _meeting_controls(state: State) -> Iterator[Action]:
    """What whoever guards the meeting may do about the room itself."""
    yield action("close-doors" if state.info.doors == "open" else "open-doors")
    if seat_available(state, guest=False) and state.info.doors == "open":
        yield action("add-seat")
    if state.info.status == "lobby" and enough_people(state):
        yield action("start")
    if state.info.status == "paused":
        yield action("resume")
    elif state.running and not state.info.written:  # its days are counted: what is written has an end date
        yield action("pause")


def enough_people(state: State) -> bool:
    """Whether the group is large enough for the method to start."""
    return len([seat for seat in state.seats if not seat.guest]) >= state.info.smallest


def _seated(state: State, seat: Seat, method: Method) -> list[Action]:
    info, who = state.info, seat.id
    found: list[Action] = []
    if state.tables:
        found.append(action("remove-table"))
    if seat.several:
        found.append(action("end-devices"))
    if state.phase is not None and info.status == "running":
        _in_phase(state, seat, method, phase_of(method, state.phase), found)
        found += _clock(state, method, who)
    if may_burn(state, who):
        found.append(action("burn"))
    if state.proposals is not _NOTHING_ASKED:
        found += [action("take-back", what) for what in asked_by(state, who)]
    charge = in_charge(state, who)
    if charge:
        found += [action("act-for", one) for one in targets(state, who)]
    if info.status == "closed":
        return found
    _always(state, who, method, found)
    if charge:
        found += _meeting_controls(state)
    return found


def _always(state: State, who: str, method: Method, found: list[Action]) -> None:
    found.append(action("leave"))
    found.append(action("set-video-room"))
    together = not alone(state, who)
    if together and len(state.seats) > 1:
        found.append(action("show-out"))
    leading = state.roles.facilitator == who
    if leading:
        found.append(action("hand-facilitation"))
        asked = (PREVIOUS,) if state.phase is not None and PREVIOUS in state.phase.casting else ()
        found += [action("give-role", role) for role in (*method.roles, *asked)]
    elif who != state.owner and facilitation_free(state):
        found.append(action("take-facilitation"))
    if state.info.started and together and (leading or who not in state.proposals.close):
        found.append(action("close-meeting"))
    if state.info.practice:
        found.append(action("speed"))


def _in_phase(state: State, seat: Seat, method: Method, phase: Phase, found: list[Action]) -> None:
    """Releasing the floor, taking a role, being ready; ``personal`` has the rest."""
    if (state.speaker and seat.id == state.speaker) or (state.floor and leads(state, seat.id)):
        found.append(action("release-floor"))
    if seat.guest:
        return
    asked = state.phase.casting if state.phase is not None and state.phase.casting else phase.fills
    if asked:
        found += [action("take-role", role) for role in asked if may_take(state, method, role, seat)]
    if not silenced(state, seat.id):
        found.append(action("ready"))


def may_add(state: State, one: Desk) -> bool:
    """Whether more may be given here: by this seat, and by all together, who keep a place for each that is owed."""
    if not one.open or one.owed or not state.limits:
        return one.open
    about = (one.slot.give, one.slot.what)
    kept = sum(other.owed for other in state.desk if (other.slot.give, other.slot.what) == about)
    return all(limit.given + kept < limit.most for limit in state.limits if (limit.give, limit.what) == about)


def _talks(state: State, phase: PhaseNow) -> bool:
    """Whether anybody may take the floor now: not in silence, not over days, and not while somebody has it."""
    return not phase.silence and not state.info.written and not state.queue and state.speaker is None


def _aloud(state: State, method: Method, phase: Phase, seat: Seat) -> bool:
    """Whether there is something to say freely: what is not for writing, nor for each alone, in silence.

    A chair without a device says what others write, but needs no floor for it.
    """
    quiet = [
        give.what
        for give in phase.gives
        if give.turns == "alone"
        or (not seat.device and give.by == "written" and matches(state, method, give.who, seat))
    ]
    for one in state.desk:
        slot = one.slot
        mine = slot.seat == seat.id and not slot.turn and slot.what != "vote" and slot.by != "written"
        if mine and slot.what not in quiet and may_add(state, one):
            return True
    return False


def _giving(state: State, who: str) -> list[Action]:
    found: list[Action] = []
    turn = state.queue[0] if state.queue else None
    for one in [one for one in state.desk if one.slot.seat == who]:  # most entries are of others
        slot = one.slot
        if slot.what == "vote":
            continue
        now = turn is not None and turn.seat == who and turn.what == slot.what
        if now or (one.open and not slot.turn):
            if one.given < slot.most and (one.passed or may_add(state, one)):
                found.append(action("give", slot.what))
            if now or one.owed:
                found.append(action("pass", slot.what))
    return found


def _choosing(state: State, who: str, method: Method, phase: Phase) -> Iterator[Action]:
    choose = phase.choose
    if choose is None or not voting_open(state) or not has_options(state, method, choose.what):
        return
    if choose.by == "owner":
        if who == state.owner and not silenced(state, who):
            yield action("choose", choose.what)
        return
    if choose.by == "facilitator":
        if (state.roles.facilitator == who) or (not facilitated(state) and not silenced(state, who)):
            yield action("choose", choose.what)
        return
    for one in state.desk:
        if one.slot.seat == who and one.slot.what == "vote" and not one.passed:
            yield action("vote", choose.what)
            if one.owed:
                yield action("pass", "vote")


def voting_open(state: State) -> bool:
    """Whether a choice may be made: all that is present has brought what it owes."""
    phase = state.phase
    if phase is None or phase.choosing is None or phase.casting or (state.choice and state.choice.made):
        return False
    if not phase.in_last_part:
        return False
    return not state.queue and not any(
        one.owed and one.slot.what != "vote" and waited_for(state, one.slot.seat) for one in state.desk
    )


def _clock(state: State, method: Method, who: str) -> Iterator[Action]:
    """Ending, skipping, extending: the facilitator's."""
    phase_now = state.phase
    if phase_now is None or not leads(state, who):
        return
    phase = phase_of(method, phase_now)
    if may_end(state, method, phase):
        yield action("end-phase")
    if phase.skip and phase_now.ending is None:
        yield action("skip-phase")
    if who == TABLE and state.floor:
        yield action("release-floor")
    may_extend = phase.extend is not None and phase_now.extended < phase.extend.times and not phase_now.casting
    if may_extend and not phase_now.shows_outcome and extension_left(state, method) > 0:
        yield action("extend")


def extension_left(state: State, method: Method) -> int:
    """By how many minutes phases may still be extended altogether: a written meeting may have a cap in days."""
    hours = extension(method) if state.info.written else None
    return _NO_CAP if hours is None else hours * 60 - state.info.extended
