"""Coming and going: seats, latecomers, absence, leaving for good, being removed.

Whoever sits down while a phase is under way is asked in it too: the plan of the phase is made again with them in the circle, and
what is theirs is added. Whoever goes passes what they owe, lays down the facilitation and, as case owner, ends their round.
Ids of seats and names are never used twice, so that nobody sits down as somebody else.
"""

from __future__ import annotations

from kring.meeting import commands as c
from kring.meeting import events as e
from kring.meeting.asked import Turn
from kring.meeting.evolve import evolve
from kring.meeting.flow import phase_of, queue_of, slots_of
from kring.meeting.refusals import Refusal, refuse
from kring.meeting.roles import positions_of
from kring.meeting.settle import owner_gone
from kring.meeting.state import State
from kring.methods.model import Method

Outcome = tuple[e.AnyEvent, ...] | Refusal


def take_seat(state: State, command: c.TakeSeat, method: Method, person: c.Person, now: int) -> Outcome:
    """Sit down, also late: then one is asked in the phase under way too."""
    taken = e.SeatTaken(
        at=now, seat=command.seat, name=command.name, guest=command.guest,
        account=person.account, member=person.member, waited=person.waited,
    )  # fmt: skip
    return _sit(state, taken, method, now)


def add_seat(state: State, command: c.AddSeat, method: Method, _seat: str, now: int) -> Outcome:
    """A chair for someone without a device."""
    taken = e.SeatTaken(at=now, seat=command.seat, name=command.name, account="link", device=False)
    return _sit(state, taken, method, now)


def _sit(state: State, taken: e.SeatTaken, method: Method, now: int) -> Outcome:
    if state.seat_id_taken(taken.seat):
        return refuse("seat-taken")
    if state.info.burned:
        return refuse("content-burned")
    if state.id_taken(taken.name):
        return refuse("content-taken")
    return (taken, *_late(evolve(state, taken), taken.seat, method, now))


def _late(state: State, seat: str, method: Method, now: int) -> tuple[e.AnyEvent, ...]:
    """What a latecomer is asked in the phase under way."""
    newcomer = state.seat(seat)
    if state.phase is None or state.phase.casting or newcomer is None or newcomer.guest:
        return ()
    phase = phase_of(method, state.phase)
    members = [one for one in state.seats if not one.guest]
    slots = tuple(slot for slot in slots_of(state, method, phase, state.phase.part, members) if slot.seat == seat)
    turns: list[Turn] = []
    asker = ""
    for turn in queue_of(state, method, phase, state.phase.part, members):
        asker = turn.seat if turn.depth == 0 else asker
        if asker == seat:
            turns.append(turn)
    place = tuple(pair for pair in positions_of(state, phase) if pair[0] == seat)
    return (e.TurnsAdded(at=now, slots=slots, queue=tuple(turns), positions=place),) if slots or place else ()


def return_to_seat(_state: State, command: c.ReturnToSeat, _method: Method, _seat: str, now: int) -> Outcome:
    """Come back with another device to a seat that is absent."""
    return (e.SeatReturned(at=now, seat=command.seat),)


def end_devices(_state: State, _command: c.EndDevices, _method: Method, seat: str, now: int) -> Outcome:
    """Go on with one device alone; the room puts out the others."""
    return (e.SeatReturned(at=now, seat=seat, alone=True),)


def leave(state: State, _command: c.Leave, method: Method, seat: str, now: int) -> Outcome:
    """Leave for good."""
    return go(state, e.SeatLeft(at=now, seat=seat), method)


def remove_seat(state: State, command: c.RemoveSeat, method: Method, _seat: str, now: int) -> Outcome:
    """A former member's seat goes, and no other: the circle decides who is a member, the meeting who sits in it."""
    seat = state.seat(command.seat)
    if seat is None or seat.member != command.member:
        return refuse("unknown-seat")
    return go(state, e.SeatRemoved(at=now, seat=command.seat), method)


def go(state: State, gone: e.SeatLeft | e.SeatRemoved, method: Method) -> tuple[e.AnyEvent, ...]:
    """What becomes of all that a seat had, in the order in which it happens."""
    seat, now = gone.seat, gone.at
    events: list[e.AnyEvent] = [
        e.TurnPassed(at=now, seat=seat, what=one.slot.what, because="left")
        for one in state.desk
        if one.slot.seat == seat and one.owed
    ]
    events.append(gone)
    if state.roles.facilitator == seat:
        events.append(e.FacilitatorChanged(at=now, because="left"))
    after = state
    for event in events:
        after = evolve(after, event)
    if state.owner == seat:
        events += owner_gone(after, method, now)
    return tuple(events)


def open_table(state: State, command: c.OpenTable, _method: Method, _seat: str, now: int) -> Outcome:
    """Let a table screen in, while the doors are open: from then on all see that it reads along."""
    if state.table(command.table):
        return ()
    if state.info.doors == "closed" and not command.known:
        return refuse("doors-closed")
    return (e.TableOpened(at=now, table=command.table, seat=command.seat),)


def remove_table(state: State, command: c.RemoveTable, _method: Method, seat: str, now: int) -> Outcome:
    """Put out a table screen. Anybody may at once: a screen can be opened again, what was read can't be unread."""
    if state.table(command.table) is None:
        return refuse("unknown-table")
    return (e.TableClosed(at=now, table=command.table, by=seat),)


def close_table(state: State, command: c.CloseTable, _method: Method, _seat: str, now: int) -> Outcome:
    """Whoever sat at its browser was shown out."""
    if state.table(command.table) is None:
        return ()
    return (e.TableClosed(at=now, table=command.table, because="shown-out"),)


def set_presence(state: State, command: c.SetPresence, _method: Method, _seat: str, now: int) -> Outcome:
    """The room saw a seat's devices go, or one come back."""
    seat = state.seat(command.seat)
    if seat is None or seat.here == command.here or not seat.device:
        return ()
    return (e.PresenceChanged(at=now, seat=command.seat, here=command.here),)
