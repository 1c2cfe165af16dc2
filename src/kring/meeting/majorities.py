"""What people decide together, and none of them alone: to show somebody out, to close early, to destroy all content.

Rule 1: who is alone decides none of it. Whoever else is away would find a meeting that one person had emptied or ended.
Rule 2: a facilitator shows one person out at once; the next one takes a majority, whoever facilitates then. Where somebody with a
device was shown out the doors close, for with the link they would sit down again by another device.
Rule 3: burning counts the seats of the start, also those that were shown out, so that nobody gets a majority by showing
out the others or by letting in friends; whoever left by themselves does not count. Chairs without a device count only where
fewer than two people have one: whoever acts for them then speaks for them.
Rule 4: until it is decided, whoever asked may take it back.
"""

from __future__ import annotations

from kring.meeting import commands as c
from kring.meeting import events as e
from kring.meeting.authority import burners, closers, leads
from kring.meeting.refusals import Refusal, refuse
from kring.meeting.roles import takes_part
from kring.meeting.seating import go
from kring.meeting.settle import close
from kring.meeting.state import State
from kring.methods.model import Method

Outcome = tuple[e.AnyEvent, ...] | Refusal
_TOGETHER = 2
"""People without whom nothing is decided together."""


def show_out(state: State, command: c.ShowOut, method: Method, seat: str, now: int) -> Outcome:
    """Show someone out: the facilitator at once, but once; else a majority of those here, the one aside."""
    if state.seat(command.seat) is None:
        return refuse("unknown-seat")
    if command.seat == seat:
        return refuse("bad-value")
    gone = e.SeatLeft(at=now, seat=command.seat, because="shown-out")
    if leads(state, seat) and not state.info.led_out:
        return _shown_out(state, gone, method)
    asked = e.ShowOutAsked(at=now, seat=command.seat, by=seat)
    others = {one.id for one in state.seats if one.id != command.seat and takes_part(state, one)} | {seat}
    asking = {*dict(state.proposals.show_out).get(command.seat, ()), seat} & others
    if len(asking) < _TOGETHER or len(asking) * 2 <= len(others):
        return (asked,)
    return (asked, *_shown_out(state, gone, method))


def _shown_out(state: State, gone: e.SeatLeft, method: Method) -> tuple[e.AnyEvent, ...]:
    seat = state.seat(gone.seat)
    shut = seat is not None and seat.device and state.info.doors == "open"
    return (*go(state, gone, method), *((e.DoorsClosed(at=gone.at),) if shut else ()))


def close_meeting(state: State, _command: c.CloseMeeting, _method: Method, seat: str, now: int) -> Outcome:
    """Close early: the facilitator at once, else a majority of those here whom the method does not keep silent."""
    if leads(state, seat):
        return tuple(close(state, "early", now))
    asked = e.CloseAsked(at=now, seat=seat)
    asking, of = closers(state, seat)
    return (asked, *close(state, "early", now)) if len(asking) * 2 > of else (asked,)


def burn(state: State, _command: c.Burn, _method: Method, seat: str, now: int) -> Outcome:
    """Destroy all content, when a majority of those who have a say in it asks."""
    asked = e.BurnAsked(at=now, seat=seat)
    having = burners(state)
    enough = len({*state.proposals.burn, seat} & having) * 2 > len(having)
    return (asked, e.ContentBurned(at=now, because="asked")) if enough else (asked,)


def take_back(_state: State, command: c.TakeBack, _method: Method, seat: str, now: int) -> Outcome:
    """Ask no longer; ``permitted`` has looked whether one does."""
    return (e.AskTakenBack(at=now, seat=seat, what=command.what),)
