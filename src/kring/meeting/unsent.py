"""The moment before a step ends, for whoever still types: what they have not sent would have no box any more.

Whatever ends a step or its part (the others are done, the facilitator goes on, time runs out) passes ``held_back``, the one
place that knows of it. Where somebody has text that they have not sent, it gives one ``PhaseEnding`` in place of the
end: when that comes, at most ``MOMENT`` later, and why. Once for each part of a step; nothing makes it longer. It is over
sooner when nobody who is waited for could hand anything in any more, or when they say that they are ready.

``unsent`` is what devices say of themselves: the seats that hold text. It is passed in like the time, and is nowhere kept. In
a step that is hidden, silent or for voting nobody asks for it: the moment is always given there, and names nobody, so that
it says nothing of anybody. Elsewhere the event names who is waited for; whoever sits with the back turned, out of sight or
outside never learns that. In writing there is no such moment: its steps end on a day that everybody knows.

In the same way a step stays for ``OUTCOME`` when all have voted, so that everybody sees what came of it. That is over when all say
that they are ready, or whoever facilitates goes on. A step that does not end by the choice has the outcome in sight from then on
(``outcome_in_sight``): what is left of ``OUTCOME`` is waited for when time or a majority ends it, nothing when it is ended by hand.
"""

from __future__ import annotations

from itertools import chain
from typing import Literal, cast, get_args

from kring.meeting import events as e
from kring.meeting.authority import targets
from kring.meeting.evolve import evolve
from kring.meeting.flow import phase_of
from kring.meeting.permissions import acting, personal
from kring.meeting.roles import members, takes_part
from kring.meeting.state import TABLE, Ending, Seat, State, Who
from kring.methods.model import BY_VOTE, Method, Phase

MOMENT = 15_000
"""How long a step still takes at most, in milliseconds of real time at the ordinary speed."""
OUTCOME = 10_000
"""How long what was chosen is shown, in the same way."""
_CHOICES = (e.CasesChosen, e.ModuleChosen, e.GivenChosen)
Because = Literal["done", "time", "agreed", "skipped"]
_ORDINARY = frozenset(get_args(Because))
_ENDING = frozenset({e.PhaseEnded, e.PartStarted})
_GIVING = frozenset({"give", "vote"})
_APART = frozenset({"back", "unseen", "out"})
Events = tuple[e.AnyEvent, ...]


def held_back(
    state: State, method: Method, happened: Events, now: int, unsent: frozenset[str], *, by_hand: bool = False
) -> Events:
    """What happens in place of these events: where they end a step in which somebody types, that it ends in a moment.

    ``by_hand``: whoever facilitates goes on.
    """
    phase = state.phase
    if phase is None or state.info.written or _ENDING.isdisjoint(map(type, happened)):
        return happened
    because = _because(state, happened)
    if because is None:
        return happened
    return (
        _for_text(state, method, because, now, unsent)
        or _for_outcome(state, method, happened, because, now, by_hand=by_hand)
        or happened
    )


def _for_text(state: State, method: Method, because: Because, now: int, unsent: frozenset[str]) -> Events:
    """The moment for whoever types; not once a choice is made, upon which nothing is waited for any more."""
    phase = state.phase
    if phase is None or phase.held or (phase.choosing and state.choice and state.choice.made):
        return ()
    silent = nameless(state, phase_of(method, phase))
    asked = [seat for seat in state.seats if silent or seat.id in unsent]
    waited = tuple([seat.id for seat in asked if has_box(state, method, seat)])
    if not waited:
        return ()
    named = () if silent else waited
    return (e.PhaseEnding(at=now, until=now + MOMENT // max(1, state.info.factor), because=because, seats=named),)


def _for_outcome(
    state: State, method: Method, happened: Events, because: Because, now: int, *, by_hand: bool
) -> Events:
    """What was voted for is shown to all before the step ends: not again where it was in sight long enough, or by hand."""
    phase = state.phase
    if phase is None or phase.shows_outcome or not any(seat.here for seat in state.seats):
        return ()
    chosen = tuple([event for event in happened if isinstance(event, _CHOICES)])
    for event in chosen:
        state = evolve(state, event)
    if not outcome_in_sight(state, method) or state.choice is None or (by_hand and not chosen):
        return ()
    until = (state.choice.at or 0) + OUTCOME // max(1, state.info.factor)
    return (*chosen, e.PhaseEnding(at=now, until=until, because=because, outcome=True)) if until > now else ()


def outcome_in_sight(state: State, method: Method) -> bool:
    """Whether a vote in this step has an outcome, which all may see from then on until the step ends."""
    phase, choice = state.phase, state.choice
    if phase is None or choice is None or choice.because in {None, "nothing"}:
        return False
    choose = phase_of(method, phase).choose
    return choose is not None and choose.by in BY_VOTE


def _because(state: State, happened: Events) -> Because | None:
    """Why a step or its part ends by these events, one of which is of ``_ENDING``; ``None`` where nothing is left to give."""
    ending = next(event for event in happened if type(event) in _ENDING)
    if isinstance(ending, e.PhaseEnded):
        return cast("Because", ending.because) if ending.because in _ORDINARY else None
    return None if state.phase is None or state.phase.casting else "done"


def nameless(state: State, phase: Phase) -> bool:
    """Whether this is a step in which who types is nobody's business: hidden, silent, or for voting."""
    silent = state.phase is not None and state.phase.silence
    return silent or phase.hidden != "no" or (phase.choose is not None and phase.choose.by in BY_VOTE)


def has_box(state: State, method: Method, seat: Seat) -> bool:
    """Whether a seat that takes part may still hand in something, for itself or for a seat without a device."""
    if not takes_part(state, seat):
        return False
    others = (acting(state, seat.id, one, method=method) for one in targets(state, seat.id))
    return any(one.command in _GIVING for one in chain(personal(state, seat.id, method), *others))


def over(state: State, ending: Ending, method: Method) -> bool:
    """Whether nobody is waited for any more, though the moment is not over."""
    if ending.outcome:
        return all(seat.id in state.ready for seat in members(state) if seat.device)
    asked = [seat for seat in state.seats if not ending.seats or seat.id in ending.seats]
    return not any(seat.id not in state.ready and has_box(state, method, seat) for seat in asked)


def typing(state: State, who: Who) -> tuple[str, ...]:
    """Who is waited for, as far as ``who`` may know it. The table screen knows what nobody in the room is kept from."""
    ending = state.phase.ending if state.phase else None
    if ending is None:
        return ()
    apart = {seat for seat, position in state.positions if position in _APART}
    if who == TABLE:
        return () if apart else ending.seats
    return ending.seats if state.seat(who) is not None and who not in apart else ()
