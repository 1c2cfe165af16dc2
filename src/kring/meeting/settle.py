"""What follows by itself: turns of the absent, reveals, choices, ends of phases, next phases and rounds.

After every command ``settle`` asks its rules, in order, whether something follows: whoever is absent is passed, what was hidden is
revealed, a choice is made, a phase ends, the next one begins. The first that has events wins; they are folded, and the rules
are asked again, until none has anything to say.

Rule 1: ``settle`` runs after every command until nothing more follows, so that no meeting waits for nobody.
Rule 2: each rule here is small: it looks at the state and gives events or nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Literal

from kring.meeting import events as e
from kring.meeting.asked import Turn, Veil
from kring.meeting.choosing import has_options, resolve
from kring.meeting.ending import may_end, nothing_owed, owner_at_work, time_is_up
from kring.meeting.evolve import evolve
from kring.meeting.flow import MINUTE, after_casting, following, next_part, owed_later, phase_of, start_phase
from kring.meeting.permissions import may_add, voting_open
from kring.meeting.roles import facilitated, is_cast, members, unfilled, waited_for
from kring.meeting.state import Ending, Seat, State
from kring.meeting.unsent import held_back, over
from kring.methods.model import BY_SOMEBODY, BY_VOTE, Method, Phase

Events = tuple[e.AnyEvent, ...]
GRACE = MINUTE
"""How long a speaker may finish after time is up."""
_guest = attrgetter("guest")
Because = Literal["done", "time", "agreed", "skipped", "owner-left", "closed"]


def settle(state: State, method: Method, now: int, unsent: frozenset[str] = frozenset()) -> tuple[Events, State]:
    """All that follows by itself, and the state after it. ``unsent``: the seats with text that they have not sent."""
    events: list[e.AnyEvent] = []
    while follows := _next(state, method, now):
        for event in held_back(state, method, follows, now, unsent):
            state = evolve(state, event)
            events.append(event)
    return tuple(events), state


def _next(state: State, method: Method, now: int) -> Events:
    if not state.info.started or state.info.status == "closed":
        return ()
    if all(map(_guest, state.seats)):
        return tuple(close(state, "empty", now))
    if state.info.status == "paused":
        return ()
    if state.phase is None:
        return _proceed(state, method, now)
    if state.phase.casting:
        return (after_casting(state, method, state.phase, now),) if is_cast(state, method) else ()
    phase = phase_of(method, state.phase)
    return (
        _floor(state, now)
        or _reveal(state, phase, now)
        or _choice(state, method, phase, now)
        or (_end_early(state, state.phase.ending, method, now) if state.phase.ending else ())
        or _next_part(state, method, now)
        or _end(state, method, phase, now)
    )


def _end_early(state: State, ending: Ending, method: Method, now: int) -> Events:
    """A step that is ending ends at once when nobody is waited for any more."""
    return ended(state, ending, method, now) if over(state, ending, method) else ()


def ended(state: State, ending: Ending, method: Method, now: int) -> Events:
    """The end that was held back for whoever typed."""
    return tuple(go_on(state, method, ending.because, now))


def _floor(state: State, now: int) -> Events:
    """Whose turn it is may be absent or have nothing left to add; whoever took the floor and is gone has it no longer."""
    if state.queue:
        turn = state.queue[0]
        return _absent(state, turn, now) or _limited(state, turn, now)
    speaker = state.seat(state.speaker)
    gone = speaker is not None and speaker.device and not speaker.here
    return (e.FloorReleased(at=now, seat=speaker.id),) if speaker and gone else ()


def _absent(state: State, turn: Turn, now: int) -> Events:
    """An absent seat's turn moves to the end of the queue once, then it is passed. The case owner is waited for."""
    if waited_for(state, turn.seat) or not any(seat.here and not seat.guest for seat in state.seats):
        return ()
    others = any(waited_for(state, one.seat) and one.depth == 0 for one in state.queue[1:])
    if others and not turn.deferred and turn.depth == 0:
        return (e.TurnDeferred(at=now, seat=turn.seat),)
    return (e.TurnPassed(at=now, seat=turn.seat, what=turn.what, because="absent"),)


def _limited(state: State, turn: Turn, now: int) -> Events:
    """An offered turn is passed when all together have given as many as they may."""
    if turn.owed or not state.limits:
        return ()
    full = any(
        (one.slot.seat, one.slot.what) == (turn.seat, turn.what) and not may_add(state, one) for one in state.desk
    )
    return (e.TurnPassed(at=now, seat=turn.seat, what=turn.what, because="limit"),) if full else ()


def _reveal(state: State, phase: Phase, now: int) -> Events:
    """What is hidden until all are done is revealed when nobody owes any more."""
    if phase.hidden != "done" or state.queue:
        return ()
    key = state.phase.key if state.phase else ""
    hidden = [veil for veil in state.veils if veil.phase == key and not veil.seats]
    if not hidden or not _anything_done(state):
        return ()
    waiting = any(one.owed and one.slot.what != "vote" and waited_for(state, one.slot.seat) for one in state.desk)
    return () if waiting else tuple(_lift(now, hidden))


def _choice(state: State, method: Method, phase: Phase, now: int) -> Events:
    """A choice is made when all who are here have voted, or at once where no one needs to."""
    if phase.choose is None or not voting_open(state):
        return ()
    adding = _adding(state, phase.choose.what)
    if not has_options(state, method, phase.choose.what):
        if adding:
            return ()
        votes = (one.slot.seat for one in state.desk if one.slot.what == "vote" and one.owed)
        passes = (e.TurnPassed(at=now, seat=seat, what="vote", because="skipped") for seat in votes)
        return (*passes, *resolve(state, method, phase, now))
    if phase.choose.by in BY_SOMEBODY or (adding and phase.choose.by == "lot"):
        return ()
    if phase.choose.by in BY_VOTE and not (nothing_owed(state) and state.choice and _voted(state)):
        return ()
    return resolve(state, method, phase, now)


def _voted(state: State) -> bool:
    return any(one.slot.what == "vote" and (one.given or one.passed) for one in state.desk)


def _anything_done(state: State) -> bool:
    return any(one.given or one.passed or one.waived for one in state.desk)


def _next_part(state: State, method: Method, now: int) -> Events:
    """The next part of a phase opens when this one is done, unless time is up."""
    phase_now = state.phase
    if (
        phase_now is None
        or phase_now.in_last_part
        or phase_now.ending is not None
        or phase_now.grace is not None
        or not nothing_owed(state)
        or state.queue
    ):
        return ()
    if phase_now.overtime is not None:  # nothing is waited for but what is owed
        return tuple(go_on(state, method, "done", now))
    asked = any(waited_for(state, one.slot.seat) for one in state.desk)
    if _adding(state) or (asked and not _anything_done(state)) or (phase_now.signalled and not facilitated(state)):
        return ()
    return tuple(go_on(state, method, "done", now))


def _adding(state: State, what: str | None = None) -> bool:
    """Whether somebody may still add something (of this kind), and has not said that they are ready."""
    return any(
        what in {None, one.slot.what}
        and may_add(state, one)
        and not one.slot.turn
        and one.slot.seat not in state.ready
        and waited_for(state, one.slot.seat)
        for one in state.desk
    )


def go_on(state: State, method: Method, because: Because, now: int) -> Iterator[e.AnyEvent]:
    """The next part of the phase, or its end."""
    if state.phase is None or state.phase.in_last_part or because in {"time", "skipped"}:
        yield from finish(state, method, because, now)
        return
    yield from _pass_all(state, because, now)
    yield next_part(state, method, state.phase, now)


def _end(state: State, method: Method, phase: Phase, now: int) -> Events:
    if state.phase is None or state.phase.ending:
        return ()
    if _done(state, method, phase):
        return tuple(finish(state, method, "done", now))
    if time_is_up(state, method, phase):
        return out_of_time(state, method, phase, now)
    if state.ready and not facilitated(state) and may_end(state, method, phase) and not owner_at_work(state):
        here = members(state)
        if len([seat for seat in here if seat.id in state.ready]) * 2 > len(here):
            return tuple(go_on(state, method, "agreed", now))
    return ()


def _done(state: State, method: Method, phase: Phase) -> bool:
    """Nothing owed, no turn left, the choice made; those who may still add something have said that they are ready."""
    if "done" not in phase.ends or unfilled(state, method, phase) or not nothing_owed(state) or state.queue:
        return False
    if phase.choose:
        return bool(state.choice and state.choice.made)
    if _adding(state) or state.phase is None or not state.phase.in_last_part:
        return False
    nobody_asked = bool(phase.gives) and not state.desk
    return _anything_done(state) or bool(phase.fills) or nobody_asked or state.phase.part > 0


def out_of_time(state: State, method: Method, phase: Phase, now: int) -> Events:
    """The time of a phase is over: it ends, or whoever has the floor may finish first."""
    grace = state.phase.grace if state.phase else None
    if grace is not None or not phase.wait or state.floor is None or state.info.written:
        return tuple(finish(state, method, "time", now))
    rest = [turn for turn in state.queue[1:] if turn.owed and turn.depth == 0]
    head = state.queue[0] if state.queue else None
    passed = {
        (turn.seat, turn.what) for turn in rest if head is None or (turn.seat, turn.what) != (head.seat, head.what)
    }
    passes = [e.TurnPassed(at=now, seat=seat, what=what, because="time") for seat, what in sorted(passed)]
    return (*passes, e.PhaseSignalled(at=now, grace=now + state.info.lasting(GRACE)))


def finish(state: State, method: Method, because: Because, now: int) -> Iterator[e.AnyEvent]:
    """End a phase: make an open choice, pass what is still owed, lift its veils."""
    if state.phase is None:
        return
    phase = phase_of(method, state.phase)
    if phase.choose and not (state.choice and state.choice.made) and because != "owner-left":
        yield from resolve(state, method, phase, now)
    yield from _pass_later(state, method, phase, because, now)
    yield from _end_phase(state, state.phase.key, because, now)


def _pass_later(state: State, method: Method, phase: Phase, because: Because, now: int) -> Iterator[e.TurnPassed]:
    """What the parts that never opened would have asked: it is passed as what was asked is, so that the log tells of it."""
    if state.phase is None or because not in {"time", "skipped"}:
        return
    for slot in owed_later(state, method, phase):
        yield e.TurnPassed(at=now, seat=slot.seat, what=slot.what, because="time" if because == "time" else "skipped")


def _end_phase(state: State, key: str, because: Because, now: int) -> Iterator[e.AnyEvent]:
    yield from _pass_all(state, because, now)
    yield e.PhaseEnded(at=now, key=key, because=because)
    yield from _lift(now, (veil for veil in state.veils if veil.phase == key and veil.until == "end"))


def _lift(now: int, veils: Iterable[Veil]) -> Iterator[e.Revealed]:
    return (e.Revealed(at=now, phase=veil.phase, withheld=bool(veil.seats), give=veil.give) for veil in veils)


def _pass_all(state: State, because: Because, now: int) -> Iterator[e.TurnPassed]:
    reasons: dict[str, Literal["time", "skipped", "absent"]] = {"time": "time", "skipped": "skipped"}
    for one in state.desk:
        if one.owed:
            reason = reasons.get(because, "absent" if not waited_for(state, one.slot.seat) else "skipped")
            yield e.TurnPassed(at=now, seat=one.slot.seat, what=one.slot.what, because=reason)


def _proceed(state: State, method: Method, now: int) -> Events:
    """What comes after the last phase: the next one, a round, the closing, the end."""
    closing = state.last is not None and state.last.section == "closing"
    if state.between and not closing:
        return tuple(_next_round(state, method, now) or _closing(state, method, now))
    section = state.last.section if state.last else ("round" if state.round else "opening")
    place = following(state, method, section, state.last)
    if place:
        return tuple(_start(state, start_phase(state, method, place, now), now))
    if section == "opening":
        if not state.agenda.cases:
            return resolve(state, method, method.round[0], now)
        return tuple(_next_round(state, method, now) or _closing(state, method, now))
    if section == "round" and state.round:
        return tuple(_end_round(state, now))
    return tuple(close(state, "done", now))


def _start(state: State, started: e.PhaseStarted, now: int) -> Iterator[e.AnyEvent]:
    yield started
    yield from _lift(now, (veil for veil in state.veils if veil.until == started.id))


def _end_round(state: State, now: int, because: Literal["done", "owner-left"] = "done") -> Iterator[e.AnyEvent]:
    number = state.round.number if state.round else 0
    yield e.RoundEnded(at=now, number=number, because=because)
    yield from _lift(now, (veil for veil in state.veils if veil.until not in {"never", "close"}))


def owner_gone(state: State, method: Method, now: int) -> Iterator[e.AnyEvent]:
    """The case owner dropped out for good: the round ends; the next case, a spare one or the closing follows."""
    if state.round is None or state.between:
        return
    yield from finish(state, method, "owner-left", now)
    yield from _end_round(state, now, "owner-left")


def _next_round(state: State, method: Method, now: int) -> list[e.AnyEvent]:
    """The next case of the agenda whose owner is still here; a spare one where a round was cut short."""
    here = {seat.id for seat in state.seats}
    agenda = state.agenda
    waiting = [one for one in agenda.cases if one[0] not in agenda.done and one[1] in here]
    if not waiting and agenda.completed < len(agenda.cases):
        waiting = [one for one in agenda.spare if one[0] not in agenda.done and one[1] in here]
    if not waiting:
        return []
    case, owner = waiting[0]
    number = state.round.number if state.round else 0
    events: list[e.AnyEvent] = [e.RoundStarted(at=now, number=number + 1, owner=owner, case=case)]
    if state.roles.facilitator == owner:
        successor = _successor(state, owner) if method.facilitator == "needed" else None
        events.append(e.FacilitatorChanged(at=now, seat=successor, because="owner"))
    return events


def _successor(state: State, owner: str) -> str | None:
    seats: list[Seat] = [seat for seat in members(state) if seat.id != owner]
    return seats[0].id if seats else None


def _closing(state: State, method: Method, now: int) -> list[e.AnyEvent]:
    place = following(state, method, "closing", None)
    if place is None:
        return list(close(state, "done", now))
    return list(_start(state, start_phase(state, method, place, now), now))


def close(state: State, because: Literal["done", "early", "empty"], now: int) -> Iterator[e.AnyEvent]:
    """Close the meeting; what was withheld until the close is revealed."""
    if state.phase:
        yield from _end_phase(state, state.phase.key, "closed", now)
    yield from _lift(now, (veil for veil in state.veils if veil.until == "close"))
    yield e.MeetingClosed(at=now, because=because)
