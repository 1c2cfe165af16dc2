"""Who has a say: who facilitates, who is in charge while nobody does, who acts for whom, who is asked before content is destroyed.

``permissions`` says from this what each seat may do, and ``majorities`` what becomes of what several ask.

Rule: whoever facilitates and takes part is in charge; where nobody does, everybody is whom the method does not keep silent.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from kring.meeting.roles import members, silenced, takes_part
from kring.meeting.state import TABLE, State, Who


def burners(state: State) -> frozenset[str]:
    """Who has a say in destroying all content, as ``majorities`` tells. Where all of the start have left: who is there now."""
    return _burners(state.began) or frozenset(seat.id for seat in state.seats)


@lru_cache(maxsize=4096)
def _burners(began: tuple[tuple[str, bool], ...]) -> frozenset[str]:
    """Of those of the start: they are the same all the meeting long, and every seat is asked about."""
    with_device = frozenset(seat for seat, device in began if device)
    return with_device if len(with_device) > 1 else frozenset(seat for seat, _ in began)


def closers(state: State, more: str | None = None) -> tuple[frozenset[str], int]:
    """Who asks to close early (with ``more``, who asks it now) and has a say in it, and of how many more than half must ask.

    Those here whom the method does not keep silent, and whoever asks; nobody alone while another is here.
    """
    here = {seat.id for seat in state.seats if takes_part(state, seat) or seat.id == more}
    asking = frozenset(one for one in here if one == more or one in state.proposals.close)
    having = {seat.id for seat in members(state)} | asking
    return asking, max(len(having), min(2, len(here)))


def may_burn(state: State, seat: str) -> bool:
    """Whether this seat has a say in destroying all content, and has not asked for it yet."""
    info = state.info
    return info.started and not info.burned and seat not in state.proposals.burn and seat in burners(state)


def asked_by(state: State, seat: str) -> Iterator[str]:
    """What ``seat`` asks that is not decided yet, as taking it back names it."""
    info, asked = state.info, state.proposals
    if seat in asked.burn and not info.burned:
        yield "burn"
    if info.status == "closed":
        return
    if seat in asked.close:
        yield "close-meeting"
    yield from (one for one, by in asked.show_out if seat in by)


def alone(state: State, who: Who) -> bool:
    """Whether everybody else in the meeting is away."""
    others = False
    for seat in state.seats:
        if seat.id != who:
            others = True
            if takes_part(state, seat):
                return False
    return others


def targets(state: State, who: str) -> tuple[str, ...]:
    """The seats that ``who`` may act for, if there is anything to do."""
    if not in_charge(state, who):
        return ()
    if state.info.status == "closed":
        chairs = (seat.id for seat in state.seats if not seat.device and seat.id != who)
        return tuple(chair for chair in chairs if may_burn(state, chair) or any(asked_by(state, chair)))
    return tuple(
        [
            seat.id
            for seat in state.seats
            if seat.id != who and (not seat.device or (who != TABLE and not takes_part(state, seat)))
        ]
    )


def facilitation_free(state: State) -> bool:
    """Whether anybody may take over: in writing, too, from a facilitator who is not here just now."""
    seat = state.seat(state.roles.facilitator)
    return seat is None or (seat.device and not seat.here)


def in_charge(state: State, who: str) -> bool:
    """Whether ``who`` may act for others and for the meeting: who facilitates, or where nobody does, whoever may speak."""
    facilitator = state.seat(state.roles.facilitator)
    if who == TABLE:
        return facilitator is None or not facilitator.device or not takes_part(state, facilitator)
    if facilitator and (facilitator.id == who or takes_part(state, facilitator)):
        return facilitator.id == who
    return not silenced(state, who)


def leads(state: State, who: str) -> bool:
    """Whether ``who`` facilitates; the table does so for a facilitator without a device."""
    facilitator = state.seat(state.roles.facilitator)
    return facilitator is not None and (facilitator.id == who or (who == TABLE and not facilitator.device))
