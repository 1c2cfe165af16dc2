"""``evolve`` folds one event into the state; ``replay`` folds a log. No rules here: events are facts.

There is one small function for each type of event, in ``_FOLDS``. It looks at the state and the event and says which fields of the
state change, and to what; everything else is the same object in the next state, so that whoever compares two states sees
by identity what did not change.

Rule 1: evolve never refuses and never looks at a method. Rule 2: what did not change stays the same object.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from kring.meeting import clock, outcomes, turns
from kring.meeting import events as e
from kring.meeting.asked import Slot
from kring.meeting.clock import Changes
from kring.meeting.items import Item
from kring.meeting.retention import CASE
from kring.meeting.state import (
    INITIAL,
    Choice,
    Desk,
    Info,
    Limit,
    PhaseNow,
    Proposals,
    Round,
    Seat,
    State,
    Table,
    VideoRoom,
    desk,
)
from kring.methods.model import PREVIOUS


def evolve(state: State, event: e.AnyEvent) -> State:
    """The state after ``event``."""
    return replace(state, seq=state.seq + 1, **_FOLDS[type(event)](state, event))


def replay(events: Iterable[e.AnyEvent]) -> State:
    """The state that a whole log folds to."""
    state = INITIAL
    for event in events:
        state = evolve(state, event)
    return state


def _opened(_state: State, event: e.MeetingOpened) -> Changes:
    info = Info(
        meeting=event.meeting,
        method=event.method,
        seed=event.seed,
        practice=event.practice,
        written=event.written,
        smallest=event.smallest,
        largest=event.largest,
    )
    return {"info": info}


def _seat_taken(state: State, event: e.SeatTaken) -> Changes:
    seat = Seat(
        id=event.seat,
        name=event.name,
        device=event.device,
        guest=event.guest,
        waited=event.waited,
        member=event.member,
        previous=event.previous,
    )
    return {"seats": (*state.seats, seat)}


def _with_seat(state: State, seat: str, **changes: Any) -> Changes:  # noqa: ANN401  fields of several types
    return {"seats": tuple(replace(one, **changes) if one.id == seat else one for one in state.seats)}


def _seat_returned(state: State, event: e.SeatReturned) -> Changes:
    return _with_seat(state, event.seat, here=True, device=True, several=not event.alone)


def _presence(state: State, event: e.PresenceChanged) -> Changes:
    return _with_seat(state, event.seat, here=event.here)


def _seat_left(state: State, event: e.SeatLeft | e.SeatRemoved) -> Changes:
    gone = event.seat
    shown_out = event.because == "shown-out"
    began = tuple(one for one in state.began if one[0] != gone or (shown_out and one[1]))
    proposals = Proposals(
        close=_without(state.proposals.close, gone),
        burn=state.proposals.burn if shown_out else _without(state.proposals.burn, gone),
        show_out=tuple((seat, _without(by, gone)) for seat, by in state.proposals.show_out if seat != gone),
    )
    seat = state.seat(gone)
    led_out = shown_out and event.by is not None and event.by == state.roles.facilitator
    return {
        "info": replace(state.info, led_out=True) if led_out else state.info,
        "began": began,
        "seats": tuple(seat for seat in state.seats if seat.id != gone),
        "former_seats": state.former_seats.add(gone),
        "former_names": state.former_names.add(seat.name) if seat else state.former_names,
        "roles": replace(state.roles, others=tuple(pair for pair in state.roles.others if pair[1] != gone)),
        "queue": tuple(turns.without_seat(state.queue, gone)),
        "desk": tuple(one for one in state.desk if one.slot.seat != gone),
        "speaker": None if state.speaker == gone else state.speaker,
        "ready": _without(state.ready, gone),
        "positions": tuple(pair for pair in state.positions if pair[0] != gone),
        "proposals": proposals,
    }


def _without(seats: tuple[str, ...], gone: str) -> tuple[str, ...]:
    return tuple(seat for seat in seats if seat != gone)


def _show_out_asked(state: State, event: e.ShowOutAsked) -> Changes:
    asked = dict(state.proposals.show_out)
    asked[event.seat] = (*_without(asked.get(event.seat, ()), event.by), event.by)
    return {"proposals": replace(state.proposals, show_out=tuple(asked.items()))}


def _close_asked(state: State, event: e.CloseAsked) -> Changes:
    return {"proposals": replace(state.proposals, close=(*_without(state.proposals.close, event.seat), event.seat))}


def _burn_asked(state: State, event: e.BurnAsked) -> Changes:
    return {"proposals": replace(state.proposals, burn=(*_without(state.proposals.burn, event.seat), event.seat))}


def _ask_taken_back(state: State, event: e.AskTakenBack) -> Changes:
    asked, seat = state.proposals, event.seat
    match event.what:
        case "close-meeting":
            asked = replace(asked, close=_without(asked.close, seat))
        case "burn":
            asked = replace(asked, burn=_without(asked.burn, seat))
        case shown_out:
            others = tuple((one, _without(by, seat) if one == shown_out else by) for one, by in asked.show_out)
            asked = replace(asked, show_out=others)
    return {"proposals": asked}


def _info(**changes: Any) -> Callable[[State, Any], Changes]:  # noqa: ANN401  fields of several types
    def fold(state: State, _event: e.AnyEvent) -> Changes:
        return {"info": replace(state.info, **changes)}

    return fold


def _started(state: State, _event: e.MeetingStarted) -> Changes:
    info = replace(state.info, status="running", started=True)
    return {"info": info, "began": tuple((seat.id, seat.device) for seat in state.seats)}


def _content_expired(state: State, event: e.ContentExpired) -> Changes:
    """Without its cases a meeting shows nothing any more, whatever of it is kept for elsewhere."""
    return {"info": replace(state.info, burned=True)} if event.retention == CASE else {}


def _facilitator(state: State, event: e.FacilitatorChanged) -> Changes:
    return {"roles": replace(state.roles, facilitator=event.seat)}


def _role_taken(state: State, event: e.RoleTaken) -> Changes:
    kept = state.roles.others
    if event.beside:
        kept = tuple(pair for pair in kept if pair != (event.role, state.owner))
    else:
        kept = tuple(pair for pair in kept if pair[0] != event.role)
    others = (*(pair for pair in kept if pair[1] != event.seat), (event.role, event.seat))
    return {"roles": replace(state.roles, others=others)}


def _previous_owner_named(state: State, event: e.PreviousOwnerNamed) -> Changes:
    return _with_seat(state, event.seat, previous=True)


def _round_started(state: State, event: e.RoundStarted) -> Changes:
    agenda = replace(
        state.agenda,
        done=(*state.agenda.done, event.case or ""),
        module=None,
    )
    now = Round(number=event.number, owner=event.owner, case=event.case)
    return {"round": now, "agenda": agenda, "last": None, "between": False}


def _round_ended(state: State, event: e.RoundEnded) -> Changes:
    completed = state.agenda.completed + (event.because == "done")
    return {"between": True, "agenda": replace(state.agenda, completed=completed)}


def _phase_started(state: State, event: e.PhaseStarted) -> Changes:
    phase = PhaseNow(
        key=event.key,
        id=event.id,
        kind=event.kind,
        section=event.section,
        index=event.index,
        minutes=event.minutes,
        started=event.at,
        deadline=event.deadline,
        module=event.module,
        module_index=event.module_index,
        silence=event.silence,
        choosing=event.choosing,
        unanimous=event.unanimous,
        casting=event.casting,
        parts=event.parts,
    )
    return {
        "phase": phase,
        "choice": Choice() if event.choosing else state.choice,
        **_asked(state, event),
    }


def _asked(state: State, event: e.PhaseStarted | e.PartStarted) -> Changes:
    """What is asked of each seat from now on, in a phase that has one part, or in one of its parts."""
    return {
        "positions": event.positions,
        "queue": event.queue,
        "quiet": 0,
        "desk": tuple(desk(slot) for slot in event.slots),
        "limits": tuple(Limit(one.give, one.what, one.most) for one in event.limits),
        "speaker": None,
        "ready": (),
        "veils": state.veils + event.veils,
    }


def _part_started(state: State, event: e.PartStarted) -> Changes:
    casting = state.phase.casting if state.phase else ()
    looked_back = state.roles.looked_back or PREVIOUS in casting
    return {
        **clock.phase_with(state, casting=(), deadline=event.deadline, part=event.part, ending=None, held=False),
        "roles": replace(state.roles, looked_back=looked_back),
        **_asked(state, event),
    }


def _turns_added(state: State, event: e.TurnsAdded) -> Changes:
    return {
        "desk": state.desk + tuple(desk(slot) for slot in event.slots),
        "queue": state.queue + event.queue,
        "positions": state.positions + event.positions,
    }


def _count(state: State, seat: str, what: str) -> tuple[tuple[Desk, ...], Slot | None]:
    """The desk with one more given, and the slot that it is for."""
    known = state.desk
    try:
        at = state.place(seat, what)
    except LookupError:
        return known, None
    one = known[at]
    more = desk(one.slot, one.given + 1, one.waived, passed=one.passed)
    return (*known[:at], more, *known[at + 1 :]), one.slot


def _given(state: State, event: e.ContributionGiven) -> Changes:
    phase = state.phase
    known, slot = _count(state, event.seat, event.what)
    item = Item(
        n=len(state.items),
        seat=slot.seat if slot else event.seat,  # equal, but of an object that is there already
        what=slot.what if slot else event.what,
        phase=phase.key if phase else "",
        id=phase.id if phase else "",
        round=state.round.number if state.round else 0,
        at=event.at,
        content=event.content,
        give=slot.give if slot else None,
    )
    changes: Changes = {"items": state.items.add(item), "desk": known}
    if state.limits and slot:
        changes["limits"] = tuple(_counted(limit, slot) for limit in state.limits)
    if turns.turn_is(state, event.seat, event.what):
        changes["queue"], changes["quiet"] = state.queue[1:], 0
    if state.speaker == event.seat:
        changes["speaker"] = None
    return changes


def _counted(limit: Limit, slot: Slot) -> Limit:
    counts = (limit.give, limit.what) == (slot.give, slot.what)
    return replace(limit, given=limit.given + 1) if counts else limit


def _deferred(state: State, _event: e.TurnDeferred) -> Changes:
    return {"queue": turns.deferred(state.queue)}


def _vote_cast(state: State, event: e.VoteCast) -> Changes:
    choice = state.choice or Choice()
    votes = dict(choice.votes)
    first = event.seat not in votes
    votes[event.seat] = event.choices
    known = _count(state, event.seat, "vote")[0] if first else state.desk
    return {"choice": replace(choice, votes=tuple(votes.items())), "desk": known}


def _revealed(state: State, event: e.Revealed) -> Changes:
    lifted = (event.phase, event.withheld, event.give)
    return {"veils": tuple(veil for veil in state.veils if (veil.phase, bool(veil.seats), veil.give) != lifted)}


def _ready(state: State, event: e.SeatReady) -> Changes:
    ready = _without(state.ready, event.seat)
    return {"ready": (*ready, event.seat) if event.ready else ready}


def _video_room(state: State, event: e.VideoRoomSet) -> Changes:
    video = None if event.content is None else VideoRoom(event.seat, event.content)
    former = state.former_names if state.video is None else state.former_names.add(state.video.content)
    return {"video": video, "former_names": former}


def _phase_ended(state: State, _event: e.PhaseEnded) -> Changes:
    nothing: Changes = dict.fromkeys(("positions", "queue", "desk", "limits", "ready"), ())
    return {"phase": None, "last": state.phase, "speaker": None, **nothing}


def _closed(state: State, _event: e.MeetingClosed) -> Changes:
    return {"info": replace(state.info, status="closed")}


_FOLDS: dict[type[e.Event], Callable[[State, Any], Changes]] = {
    e.MeetingOpened: _opened,
    e.SeatTaken: _seat_taken,
    e.SeatReturned: _seat_returned,
    e.SeatLeft: _seat_left,
    e.SeatRemoved: _seat_left,
    e.PresenceChanged: _presence,
    e.ShowOutAsked: _show_out_asked,
    e.TableOpened: lambda state, event: {"tables": (*state.tables, Table(event.table, event.at, event.seat))},
    e.TableClosed: lambda state, event: {"tables": tuple(one for one in state.tables if one.id != event.table)},
    e.DoorsClosed: _info(doors="closed"),
    e.DoorsOpened: _info(doors="open"),
    e.VideoRoomSet: _video_room,
    e.FacilitatorChanged: _facilitator,
    e.RoleTaken: _role_taken,
    e.PreviousOwnerNamed: _previous_owner_named,
    e.MeetingStarted: _started,
    e.RoundStarted: _round_started,
    e.RoundEnded: _round_ended,
    e.PhaseStarted: _phase_started,
    e.PartStarted: _part_started,
    e.TurnsAdded: _turns_added,
    e.ContributionGiven: _given,
    e.TurnPassed: turns.passed,
    e.TurnDeferred: _deferred,
    e.FloorTaken: lambda _state, event: {"speaker": event.seat},
    e.FloorReleased: lambda _state, _event: {"speaker": None},
    e.VoteCast: _vote_cast,
    e.CasesChosen: outcomes.cases_chosen,
    e.ModuleChosen: outcomes.module_chosen,
    e.GivenChosen: outcomes.given_chosen,
    e.Revealed: _revealed,
    e.SeatReady: _ready,
    e.PhaseSignalled: clock.signalled,
    e.PhaseEnding: clock.ending,
    e.PhaseExtended: clock.extended,
    e.PhaseEnded: _phase_ended,
    e.Paused: clock.paused,
    e.Resumed: clock.resumed,
    e.CloseAsked: _close_asked,
    e.BurnAsked: _burn_asked,
    e.AskTakenBack: _ask_taken_back,
    e.ContentBurned: _info(burned=True),
    e.ContentExpired: _content_expired,
    e.SpeedChanged: clock.speed,
    e.MeetingClosed: _closed,
}
