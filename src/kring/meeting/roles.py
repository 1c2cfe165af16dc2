"""Who is who: which seats a selector of a method means now, who has which role, and how a role is filled.

Rule 1: whoever is case owner has no other role in that round, so a role that they had is vacant until the round is over or
somebody takes it. Rule 2: a phase that needs a role which nobody has begins with its casting: people take it, the facilitator
gives it, and what nobody took in time goes to whoever comes next in the circle. Only then the phase asks anything of anybody.
"""

from __future__ import annotations

from collections.abc import Iterator

from kring.meeting import events as e
from kring.meeting.state import Seat, State
from kring.methods.model import PREVIOUS, SILENCED, Method, Phase
from kring.methods.walk import roles_needed


def takes_part(state: State, seat: Seat) -> bool:
    """Whether a seat takes part now: whoever is here, or has no device. In writing all do, whenever they come."""
    return seat.here or not seat.device or state.info.written


def silenced(state: State, seat: str) -> bool:
    """Whether the method keeps this seat silent in this phase."""
    return state.position(seat) in SILENCED


def facilitated(state: State) -> bool:
    """Whether someone facilitates and takes part; otherwise the method itself does."""
    seat = state.seat(state.roles.facilitator)
    return seat is not None and takes_part(state, seat)


def waited_for(state: State, seat: str) -> bool:
    """Whether what a seat owes is waited for: of whoever takes part now, and of the case owner in any case."""
    one = state.seat(seat)
    return one is not None and (takes_part(state, one) or seat == state.owner)


def members(state: State) -> list[Seat]:
    """Those whose readiness counts: taking part, not a guest, not silenced."""
    return [seat for seat in state.seats if not seat.guest and takes_part(state, seat) and not silenced(state, seat.id)]


def matches(state: State, method: Method, selector: str, seat: Seat) -> bool:
    """Whether a selector of the method is about this seat now."""
    if selector == "facilitator":
        return state.roles.facilitator == seat.id
    if selector == PREVIOUS:
        return seat.id in previous_owners(state)
    mine = [role for role, who in state.roles.others if who == seat.id != state.owner]
    if selector in method.roles:
        return selector in mine
    if seat.guest or (mine and any(role in method.roles and method.roles[role].apart for role in mine)):
        return False
    if selector == "everyone":
        return True
    return (seat.id == state.owner) == (selector == "owner")


def positions_of(state: State, phase: Phase) -> Iterator[tuple[str, e.Position]]:
    """Who is not in the circle in this phase, and where they are."""
    owner = state.owner
    for seat in state.seats if phase.position else ():
        mine = phase.position.get("owner") if seat.id == owner else phase.position.get("participant")
        for role, who in state.roles.others:
            mine = phase.position.get(role, mine) if who == seat.id != owner else mine
        if mine and mine != "in":
            yield seat.id, mine


def circle_order(state: State, members: list[Seat], order: str = "circle") -> list[Seat]:
    """Members in circle order, beginning after the case owner (who so comes last), or with the owner."""
    ids = [seat.id for seat in members]
    if state.owner not in ids:
        return members
    cut = ids.index(state.owner) + (0 if order == "owner-first" else 1)
    return members[cut:] + members[:cut]


# -- who was case owner before -----------------------------------------------------------------------------------------


def previous_owners(state: State) -> frozenset[str]:
    """Who was case owner before.

    Before the second round: in the meeting before this one. In a later round: in the round before. In the closing: in any
    round of this meeting.
    """
    owners = _owners(state)
    if state.between:
        return frozenset(owners)
    if len(owners) > 1:
        return frozenset(owners[-2:-1]) - {state.owner or ""}
    return frozenset(seat.id for seat in state.seats if seat.previous and seat.id != state.owner)


def _owners(state: State) -> list[str]:
    """The case owners of the rounds that have begun, in order."""
    known = dict((*state.agenda.spare, *state.agenda.cases))
    return [known[case] for case in state.agenda.done if case in known]


def _asks_who_was_owner(state: State) -> bool:
    """Whether it must be asked who was case owner in the meeting before: nobody is known, and nobody was asked."""
    first = not state.between and len(state.agenda.done) <= 1
    return first and not state.roles.looked_back and not any(seat.previous for seat in state.seats)


# -- who has a role ----------------------------------------------------------------------------------------------------


def holders(state: State, role: str) -> list[str]:
    """The seats that have a role now."""
    if role == PREVIOUS:
        return sorted(previous_owners(state))
    return [seat for one, seat in state.roles.others if one == role and seat != state.owner]


def bounds(method: Method, role: str) -> tuple[int, int]:
    """How many have a role at least and at most."""
    if role == PREVIOUS:
        return 0, method.group.max
    held = method.roles[role].holders
    return held.min, held.max


def may_take(state: State, method: Method, role: str, seat: Seat) -> bool:
    """Whether a seat may take a role that is asked for now: one role each, and none for the case owner."""
    if seat.guest or seat.id == state.owner:
        return False
    if role == PREVIOUS:
        return not seat.previous
    taken = any(who == seat.id for _, who in state.roles.others)
    return not taken and len(holders(state, role)) < bounds(method, role)[1]


def candidates(state: State, method: Method, role: str) -> list[Seat]:
    """Who could take a role, in circle order after the case owner."""
    free = [seat for seat in state.seats if takes_part(state, seat) and may_take(state, method, role, seat)]
    return circle_order(state, free)


def vacant(state: State, method: Method, role: str) -> bool:
    """Whether fewer have a role than must, while somebody could take it."""
    return len(holders(state, role)) < bounds(method, role)[0] and bool(candidates(state, method, role))


def unfilled(state: State, method: Method, phase: Phase) -> bool:
    """Whether a role that this phase fills is still vacant."""
    return any(vacant(state, method, role) for role in phase.fills)


# -- casting -----------------------------------------------------------------------------------------------------------


def casting_of(state: State, method: Method, phase: Phase) -> tuple[str, ...]:
    """The roles that must be filled before a phase asks anything: it needs them, nobody has them, somebody could."""
    return tuple(role for role in roles_needed(phase) if _to_cast(state, method, role))


def _to_cast(state: State, method: Method, role: str) -> bool:
    if role == PREVIOUS:
        return _asks_who_was_owner(state) and bool(candidates(state, method, role))
    return vacant(state, method, role)


def is_cast(state: State, method: Method) -> bool:
    """Whether the roles of the casting under way are filled; where several may have one, all others have said ready."""
    roles = state.phase.casting if state.phase else ()
    return all(_is_filled(state, method, role) for role in roles)


def _is_filled(state: State, method: Method, role: str) -> bool:
    least, most = bounds(method, role)
    held = len(holders(state, role))
    free = candidates(state, method, role)
    return held >= most or not free or (held >= least and all(seat.id in state.ready for seat in free))


def assigned(state: State, method: Method, now: int) -> Iterator[e.AnyEvent]:
    """Nobody took them in time: roles go to whoever comes next in the circle."""
    given: set[str] = set()
    for role in state.phase.casting if state.phase else ():
        least, _ = bounds(method, role)
        held = len(holders(state, role))
        for seat in [one.id for one in candidates(state, method, role) if one.id not in given][: max(0, least - held)]:
            yield e.RoleTaken(at=now, role=role, seat=seat, beside=held > 0, because="next")
            given.add(seat)
            held += 1


def role_taken(state: State, method: Method, role: str, seat: str, now: int) -> e.AnyEvent:
    """The event by which a seat gets a role, beside others where several have it."""
    if role == PREVIOUS:
        return e.PreviousOwnerNamed(at=now, seat=seat)
    return e.RoleTaken(at=now, role=role, seat=seat, beside=0 < len(holders(state, role)) < bounds(method, role)[1])


def may_be_given(state: State, method: Method, role: str, seat: str) -> bool:
    """Whether the facilitator may give a role to this seat: instead of another who has it, or beside others up to its most."""
    held, most = holders(state, role), bounds(method, role)[1]
    return seat != state.owner and (most == 1 or (len(held) < most and seat not in held))
