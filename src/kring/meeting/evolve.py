"""``evolve`` folds one event into the state; ``replay`` folds a log. No rules here: events are facts.

Rule 1: evolve never refuses and never looks at a method. Rule 2: what did not change stays the same object.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import takewhile
from typing import Any

from msgspec.structs import replace

from kring.meeting import events as e
from kring.meeting.state import INITIAL, Agenda, Asked, Choice, Desk, Info, Item, PhaseNow, Posts, Round, Seat, State
from kring.methods.model import SILENCED


def evolve(state: State, event: e.AnyEvent) -> State:
    """The state after ``event``."""
    return replace(_FOLDS[type(event)](state, event), seq=state.seq + 1)


def replay(events: Iterable[e.AnyEvent]) -> State:
    """The state that a whole log folds to."""
    state = INITIAL
    for event in events:
        state = evolve(state, event)
    return state


def _opened(state: State, event: e.MeetingOpened) -> State:
    info = Info(
        meeting=event.meeting,
        method=event.method,
        seed=event.seed,
        practice=event.practice,
        written=event.written,
        smallest=event.smallest,
        largest=event.largest,
    )
    return replace(state, info=info)


def _seat_taken(state: State, event: e.SeatTaken) -> State:
    seat = Seat(id=event.seat, name=event.name, device=event.device, guest=event.guest, waited=event.waited)
    return replace(state, seats=(*state.seats, seat))


def _with_seat(state: State, seat: str, **changes: Any) -> State:  # noqa: ANN401  fields of several types
    seats = tuple(replace(one, **changes) if one.id == seat else one for one in state.seats)
    return replace(state, seats=seats)


def _seat_returned(state: State, event: e.SeatReturned) -> State:
    return _with_seat(state, event.seat, here=True, device=True)


def _presence(state: State, event: e.PresenceChanged) -> State:
    return _with_seat(state, event.seat, here=event.here)


def _seat_left(state: State, event: e.SeatLeft) -> State:
    gone = event.seat
    asked = Asked(
        close=_without(state.asked.close, gone),
        burn=_without(state.asked.burn, gone),
        show_out=tuple((seat, _without(by, gone)) for seat, by in state.asked.show_out if seat != gone),
    )
    return replace(
        state,
        seats=tuple(seat for seat in state.seats if seat.id != gone),
        posts=replace(state.posts, roles=tuple(pair for pair in state.posts.roles if pair[1] != gone)),
        queue=tuple(_queue_without(state.queue, gone)),
        desk=tuple(desk for desk in state.desk if desk.slot.seat != gone),
        speaker=None if state.speaker == gone else state.speaker,
        ready=_without(state.ready, gone),
        asked=asked,
        gone=(*state.gone, *((seat.id, seat.name) for seat in state.seats if seat.id == gone)),
    )


def _queue_without(queue: tuple[e.Turn, ...], gone: str) -> Iterator[e.Turn]:
    asker = ""
    for turn in queue:
        asker = turn.seat if turn.depth == 0 else asker
        if gone not in (turn.seat, asker):
            yield turn


def _without(seats: tuple[str, ...], gone: str) -> tuple[str, ...]:
    return tuple(seat for seat in seats if seat != gone)


def _show_out_asked(state: State, event: e.ShowOutAsked) -> State:
    asked = dict(state.asked.show_out)
    asked[event.seat] = (*_without(asked.get(event.seat, ()), event.by), event.by)
    return replace(state, asked=replace(state.asked, show_out=tuple(asked.items())))


def _close_asked(state: State, event: e.CloseAsked) -> State:
    return replace(state, asked=replace(state.asked, close=(*_without(state.asked.close, event.seat), event.seat)))


def _burn_asked(state: State, event: e.BurnAsked) -> State:
    return replace(state, asked=replace(state.asked, burn=(*_without(state.asked.burn, event.seat), event.seat)))


def _info(**changes: Any) -> Callable[[State, Any], State]:  # noqa: ANN401  fields of several types
    def fold(state: State, _event: e.AnyEvent) -> State:
        return replace(state, info=replace(state.info, **changes))

    return fold


def _facilitator(state: State, event: e.FacilitatorChanged) -> State:
    return replace(state, posts=replace(state.posts, facilitator=event.seat))


def _role_taken(state: State, event: e.RoleTaken) -> State:
    roles = tuple(pair for pair in state.posts.roles if pair[0] != event.role and pair[1] != event.seat)
    return replace(state, posts=Posts(facilitator=state.posts.facilitator, roles=(*roles, (event.role, event.seat))))


def _round_started(state: State, event: e.RoundStarted) -> State:
    agenda = replace(
        state.agenda,
        done=(*state.agenda.done, event.case or ""),
        module=None,
    )
    now = Round(number=event.number, owner=event.owner, case=event.case)
    return replace(state, round=now, agenda=agenda, last=None, between=False)


def _round_ended(state: State, event: e.RoundEnded) -> State:
    completed = state.agenda.completed + (event.because == "done")
    return replace(state, between=True, agenda=replace(state.agenda, completed=completed))


def _phase_started(state: State, event: e.PhaseStarted) -> State:
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
    )
    return replace(
        state,
        phase=phase,
        positions=event.positions,
        queue=event.queue,
        quiet=0,
        desk=tuple(Desk(slot=slot) for slot in event.slots),
        speaker=None,
        ready=(),
        choice=Choice() if event.choosing else state.choice,
        veils=state.veils + event.veils,
    )


def _turns_added(state: State, event: e.TurnsAdded) -> State:
    return replace(
        state,
        desk=state.desk + tuple(Desk(slot=slot) for slot in event.slots),
        queue=state.queue + event.queue,
        positions=state.positions + event.positions,
    )


def _is(desk: Desk, seat: str, what: str) -> bool:
    return desk.slot.seat == seat and desk.slot.what == what


def _count(desk: tuple[Desk, ...], seat: str, what: str) -> tuple[Desk, ...]:
    return tuple(
        [replace(one, given=one.given + 1) if one.slot.seat == seat and one.slot.what == what else one for one in desk]
    )


def _turn_is(state: State, seat: str, what: str) -> bool:
    return bool(state.queue) and (state.queue[0].seat, state.queue[0].what) == (seat, what)


def _given(state: State, event: e.ContributionGiven) -> State:
    phase = state.phase
    item = Item(
        n=len(state.items),
        seat=event.seat,
        what=event.what,
        phase=phase.key if phase else "",
        id=phase.id if phase else "",
        round=state.round.number if state.round else 0,
        at=event.at,
        content=event.content,
    )
    took_turn = _turn_is(state, event.seat, event.what)
    return replace(
        state,
        items=(*state.items, item),
        desk=_count(state.desk, event.seat, event.what),
        queue=state.queue[1:] if took_turn else state.queue,
        quiet=0 if took_turn else state.quiet,
        speaker=None if state.speaker == event.seat else state.speaker,
    )


def _passed(state: State, event: e.TurnPassed) -> State:
    if not _turn_is(state, event.seat, event.what):
        given_up = (replace(one, passed=True) if _is(one, event.seat, event.what) else one for one in state.desk)
        return replace(state, desk=tuple(given_up))
    turn, *rest = state.queue
    while rest and (rest[0].depth > turn.depth or _offered_again(turn, rest[0])):
        rest.pop(0)
    quiet = state.quiet if turn.owed else state.quiet + 1
    if quiet and quiet >= len({one.seat for one in rest} | {turn.seat}) and not any(one.owed for one in rest):
        rest = []  # a whole loop of offers was passed: nobody has more to add
    more = any((one.seat, one.what) == (turn.seat, turn.what) for one in rest)
    desk = tuple(
        replace(one, waived=one.waived + turn.owed, passed=not more) if _is(one, turn.seat, turn.what) else one
        for one in state.desk
    )
    return replace(state, queue=tuple(rest), desk=desk, quiet=quiet)


def _offered_again(turn: e.Turn, following: e.Turn) -> bool:
    return not (turn.owed or following.owed) and (turn.seat, turn.what) == (following.seat, following.what)


def _deferred(state: State, _event: e.TurnDeferred) -> State:
    turn, *rest = state.queue
    moved = [replace(turn, deferred=True)]
    while rest and rest[0].depth > turn.depth:
        moved.append(rest.pop(0))
    return replace(state, queue=(*rest, *moved))


def _floor_taken(state: State, event: e.FloorTaken) -> State:
    return replace(state, speaker=event.seat)


def _floor_released(state: State, _event: e.FloorReleased) -> State:
    return replace(state, speaker=None)


def _vote_cast(state: State, event: e.VoteCast) -> State:
    choice = state.choice or Choice()
    votes = dict(choice.votes)
    first = event.seat not in votes
    votes[event.seat] = event.choices
    desk = _count(state.desk, event.seat, "vote") if first else state.desk
    return replace(state, choice=replace(choice, votes=tuple(votes.items())), desk=desk)


def _cases_chosen(state: State, event: e.CasesChosen) -> State:
    cases = tuple(zip(event.cases, event.owners, strict=True))
    choice = Choice(
        votes=state.choice.votes if state.choice else (),
        chosen=event.cases,
        tally=event.tally,
        because=event.because,
    )
    return replace(state, agenda=Agenda(cases=cases, spare=event.spare), choice=choice)


def _module_chosen(state: State, event: e.ModuleChosen) -> State:
    choice = Choice(
        votes=state.choice.votes if state.choice else (),
        chosen=(event.module,),
        tally=event.tally,
        because=event.because,
    )
    return replace(state, agenda=replace(state.agenda, module=event.module), choice=choice)


def _revealed(state: State, event: e.Revealed) -> State:
    lifted = (event.phase, event.withheld)
    return replace(state, veils=tuple(veil for veil in state.veils if (veil.phase, bool(veil.seats)) != lifted))


def _ready(state: State, event: e.SeatReady) -> State:
    ready = _without(state.ready, event.seat)
    return replace(state, ready=(*ready, event.seat) if event.ready else ready)


def _phase(state: State, **changes: Any) -> State:  # noqa: ANN401  fields of several types
    return replace(state, phase=replace(state.phase, **changes)) if state.phase else state


def _signalled(state: State, event: e.PhaseSignalled) -> State:
    signalled = _phase(state, signalled=True, grace=event.grace)
    if event.grace is None or not state.queue:
        return signalled
    turn, *rest = state.queue
    kept = [turn, *takewhile(lambda one: one.depth > turn.depth, rest)]
    return replace(signalled, queue=tuple(kept))


def _extended(state: State, event: e.PhaseExtended) -> State:
    count = (state.phase.extended if state.phase else 0) + 1
    return _phase(state, deadline=event.deadline, signalled=False, grace=None, extended=count)


def _phase_ended(state: State, _event: e.PhaseEnded) -> State:
    return replace(state, phase=None, last=state.phase, positions=(), queue=(), desk=(), speaker=None, ready=())


def _paused(state: State, event: e.Paused) -> State:
    paused = replace(state, info=replace(state.info, status="paused"))
    return _phase(paused, remaining=event.remaining, deadline=None)


def _resumed(state: State, event: e.Resumed) -> State:
    resumed = replace(state, info=replace(state.info, status="running"))
    return _phase(resumed, remaining=None, deadline=event.deadline)


def _speed(state: State, event: e.SpeedChanged) -> State:
    faster = replace(state, info=replace(state.info, factor=event.factor))
    return _phase(faster, deadline=event.deadline)


def _closed(state: State, _event: e.MeetingClosed) -> State:
    return replace(state, info=replace(state.info, status="closed"))


def silenced(state: State, seat: str) -> bool:
    """Whether the method keeps this seat silent in this phase."""
    return state.position(seat) in SILENCED


_FOLDS: dict[type[e.Event], Callable[[State, Any], State]] = {
    e.MeetingOpened: _opened,
    e.SeatTaken: _seat_taken,
    e.SeatReturned: _seat_returned,
    e.SeatLeft: _seat_left,
    e.PresenceChanged: _presence,
    e.ShowOutAsked: _show_out_asked,
    e.DoorsClosed: _info(doors="closed"),
    e.DoorsOpened: _info(doors="open"),
    e.FacilitatorChanged: _facilitator,
    e.RoleTaken: _role_taken,
    e.MeetingStarted: _info(status="running", started=True),
    e.RoundStarted: _round_started,
    e.RoundEnded: _round_ended,
    e.PhaseStarted: _phase_started,
    e.TurnsAdded: _turns_added,
    e.ContributionGiven: _given,
    e.TurnPassed: _passed,
    e.TurnDeferred: _deferred,
    e.FloorTaken: _floor_taken,
    e.FloorReleased: _floor_released,
    e.VoteCast: _vote_cast,
    e.CasesChosen: _cases_chosen,
    e.ModuleChosen: _module_chosen,
    e.Revealed: _revealed,
    e.SeatReady: _ready,
    e.PhaseSignalled: _signalled,
    e.PhaseExtended: _extended,
    e.PhaseEnded: _phase_ended,
    e.Paused: _paused,
    e.Resumed: _resumed,
    e.CloseAsked: _close_asked,
    e.BurnAsked: _burn_asked,
    e.ContentBurned: _info(burned=True),
    e.SpeedChanged: _speed,
    e.MeetingClosed: _closed,
}
