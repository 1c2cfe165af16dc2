"""What each command itself makes happen, once ``permitted`` has let it through. ``settle`` adds what follows.

A handler gets the state, the command, the method, the seat that the command is for and the time, and gives events, or a refusal
where the command does not fit (a vote for something unknown, a body that was used before). Those about seats are in
``seating``, those about time in ``timekeeping``, and what people decide together in ``majorities``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from kring.meeting import commands as c
from kring.meeting import events as e
from kring.meeting import majorities, timekeeping
from kring.meeting.choosing import check_vote, chosen_by_somebody
from kring.meeting.flow import phase_of
from kring.meeting.refusals import Refusal, refuse
from kring.meeting.roles import may_be_given, role_taken
from kring.meeting.seating import (
    add_seat,
    close_table,
    end_devices,
    leave,
    open_table,
    remove_seat,
    remove_table,
    return_to_seat,
    set_presence,
)
from kring.meeting.settle import finish, go_on
from kring.meeting.state import State
from kring.methods.model import Method

Outcome = tuple[e.AnyEvent, ...] | Refusal
MOST_CONTRIBUTIONS = 1000
"""Contributions that a meeting holds: eight times what fifteen people give in the fullest rehearsal of any method."""


def _close_doors(_state: State, _command: c.CloseDoors, _method: Method, _seat: str, now: int) -> Outcome:
    return (e.DoorsClosed(at=now),)


def _open_doors(_state: State, _command: c.OpenDoors, _method: Method, _seat: str, now: int) -> Outcome:
    return (e.DoorsOpened(at=now),)


def _set_video_room(state: State, command: c.SetVideoRoom, _method: Method, seat: str, now: int) -> Outcome:
    if command.content is None:
        return (e.VideoRoomSet(at=now, seat=seat),) if state.video else ()
    if state.info.burned:
        return refuse("content-burned")
    if state.id_taken(command.content):
        return refuse("content-taken")
    return (e.VideoRoomSet(at=now, seat=seat, content=command.content),)


def _take_facilitation(_state: State, _command: c.TakeFacilitation, _method: Method, seat: str, now: int) -> Outcome:
    return (e.FacilitatorChanged(at=now, seat=seat, because="taken"),)


def _hand_facilitation(state: State, command: c.HandFacilitation, _method: Method, _seat: str, now: int) -> Outcome:
    if command.to is None:
        return (e.FacilitatorChanged(at=now, because="laid-down"),)
    if state.seat(command.to) is None:
        return refuse("unknown-seat")
    if command.to == state.owner:
        return refuse("bad-value")
    return (e.FacilitatorChanged(at=now, seat=command.to, because="handed"),)


def _take_role(state: State, command: c.TakeRole, method: Method, seat: str, now: int) -> Outcome:
    return (role_taken(state, method, command.role, seat, now),)


def _give_role(state: State, command: c.GiveRole, method: Method, _seat: str, now: int) -> Outcome:
    if state.seat(command.seat) is None:
        return refuse("unknown-seat")
    if command.seat == state.owner:
        return refuse("bad-value")
    if not may_be_given(state, method, command.role, command.seat):
        return refuse("role-taken")
    return (role_taken(state, method, command.role, command.seat, now),)


def _start(_state: State, _command: c.Start, _method: Method, _seat: str, now: int) -> Outcome:
    return (e.MeetingStarted(at=now),)


def _give(state: State, command: c.Give, _method: Method, seat: str, now: int) -> Outcome:
    by = state.desk[state.place(seat, command.what)].slot.by
    if command.content is None and by == "written":
        return refuse("must-be-written")
    if command.content is not None:
        if by == "spoken":
            return refuse("must-be-spoken")
        if state.info.burned:
            return refuse("content-burned")
        if state.id_taken(command.content):
            return refuse("content-taken")
    if len(state.items) >= MOST_CONTRIBUTIONS:
        return refuse("meeting-full")
    return (e.ContributionGiven(at=now, seat=seat, what=command.what, content=command.content),)


def _pass(_state: State, command: c.Pass, _method: Method, seat: str, now: int) -> Outcome:
    return (e.TurnPassed(at=now, seat=seat, what=command.what),)


def _take_floor(_state: State, _command: c.TakeFloor, _method: Method, seat: str, now: int) -> Outcome:
    return (e.FloorTaken(at=now, seat=seat),)


def _release_floor(state: State, _command: c.ReleaseFloor, _method: Method, seat: str, now: int) -> Outcome:
    """Whoever talks freely has finished; whoever has a turn has said what it was for, or where that is written has passed."""
    if not state.queue:
        return (e.FloorReleased(at=now, seat=state.speaker or seat),)
    turn = state.queue[0]
    if state.desk[state.place(turn.seat, turn.what)].slot.by == "written":
        return (e.TurnPassed(at=now, seat=turn.seat, what=turn.what, because="skipped"),)
    return (e.ContributionGiven(at=now, seat=turn.seat, what=turn.what),)


def _vote(state: State, command: c.Vote, method: Method, seat: str, now: int) -> Outcome:
    choose = phase_of(method, state.phase).choose if state.phase else None
    if choose is None:
        return refuse("not-in-this-phase")
    wrong = check_vote(state, method, choose, command.choices)
    return wrong or (e.VoteCast(at=now, seat=seat, choices=command.choices),)


def _choose(state: State, command: c.Choose, method: Method, seat: str, now: int) -> Outcome:
    choose = phase_of(method, state.phase).choose if state.phase else None
    if choose is None:
        return refuse("not-in-this-phase")
    event = chosen_by_somebody(state, method, choose, command.choices, now)
    return event if isinstance(event, Refusal) else (replace(event, seat=seat),)


def _ready(_state: State, command: c.Ready, _method: Method, seat: str, now: int) -> Outcome:
    return (e.SeatReady(at=now, seat=seat, ready=command.ready),)


def _set_unsent(state: State, command: c.SetUnsent, _method: Method, _seat: str, now: int) -> Outcome:
    """Whoever was waited for has nothing more: that is as good as saying so."""
    ending = state.phase.ending if state.phase else None
    waited = ending is not None and command.seat in ending.seats and command.seat not in state.ready
    return (e.SeatReady(at=now, seat=command.seat),) if waited else ()


def _end_phase(state: State, _command: c.EndPhase, method: Method, _seat: str, now: int) -> Outcome:
    ending = state.phase.ending if state.phase else None
    because = ending.because if ending else "time" if state.phase and state.phase.signalled else "agreed"
    return tuple(go_on(state, method, because, now))


def _skip_phase(state: State, _command: c.SkipPhase, method: Method, _seat: str, now: int) -> Outcome:
    return tuple(finish(state, method, "skipped", now))


Handler = Callable[[State, Any, Method, str, int], Outcome]
HANDLERS: dict[type[c.Command], Handler] = {
    c.AddSeat: add_seat,
    c.ReturnToSeat: return_to_seat,
    c.EndDevices: end_devices,
    c.Leave: leave,
    c.ShowOut: majorities.show_out,
    c.SetPresence: set_presence,
    c.RemoveSeat: remove_seat,
    c.RemoveTable: remove_table,
    c.OpenTable: open_table,
    c.CloseTable: close_table,
    c.CloseDoors: _close_doors,
    c.OpenDoors: _open_doors,
    c.SetVideoRoom: _set_video_room,
    c.TakeFacilitation: _take_facilitation,
    c.HandFacilitation: _hand_facilitation,
    c.TakeRole: _take_role,
    c.GiveRole: _give_role,
    c.Start: _start,
    c.Give: _give,
    c.Pass: _pass,
    c.TakeFloor: _take_floor,
    c.ReleaseFloor: _release_floor,
    c.Vote: _vote,
    c.Choose: _choose,
    c.Ready: _ready,
    c.SetUnsent: _set_unsent,
    c.EndPhase: _end_phase,
    c.SkipPhase: _skip_phase,
    c.Extend: timekeeping.extend,
    c.Pause: timekeeping.pause,
    c.Resume: timekeeping.resume,
    c.Speed: timekeeping.speed,
    c.Tick: timekeeping.tick,
    c.CloseMeeting: majorities.close_meeting,
    c.Burn: majorities.burn,
    c.TakeBack: majorities.take_back,
}
"""One handler for each command, but for taking a seat, which asks who the person is."""
