"""Why a command is not permitted: the most telling code, in words that a screen can explain.

``permitted`` only says no. Here the same question is asked from the outside in (seated? open? running? this phase? this turn?), and
the first that fails names the code. It is asked after a refusal alone, so it decides nothing.
"""

from __future__ import annotations

from kring.meeting import commands as c
from kring.meeting.authority import alone, leads
from kring.meeting.flow import phase_of
from kring.meeting.permissions import enough_people, may_add, seat_available, voting_open
from kring.meeting.refusals import Code
from kring.meeting.roles import bounds, facilitated, holders, silenced
from kring.meeting.state import TABLE, State, Who
from kring.methods.model import ADVICE, BY_SOMEBODY, PREVIOUS, Method

_SEATED = (
    c.Leave, c.CloseMeeting, c.Burn, c.TakeBack, c.ShowOut, c.TakeFacilitation, c.HandFacilitation, c.TakeRole, c.GiveRole,
    c.Give, c.Pass, c.Vote, c.Choose, c.Ready, c.TakeFloor, c.RemoveTable, c.EndDevices, c.SetVideoRoom,
)  # fmt: skip
"""What only somebody does, in their own name: never the table screen."""


def why(state: State, who: Who, command: c.AnyCommand, method: Method) -> Code:
    """The code for a command that ``permitted`` does not hold for ``who``."""
    seated = who == TABLE or state.seat(who) is not None
    if isinstance(command, c.TakeSeat | c.ReturnToSeat):
        return _why_not_in(state, command, seated=seated)
    if not isinstance(who, str) or not seated or (who == TABLE and isinstance(command, _SEATED)):
        return "not-seated"
    if isinstance(command, c.RemoveTable):
        return "unknown-table"
    if isinstance(command, c.EndDevices):
        return "only-device"
    if isinstance(command, c.Burn):
        return _why_not_burn(state, who)
    if isinstance(command, c.TakeBack):
        return _why_not_back_out(state, command.what)
    if state.info.status == "closed":
        return "meeting-closed"
    if isinstance(command, c.StepCommand):
        return _why_not_now(state, who, command, method)
    if isinstance(command, c.ShowOut | c.CloseMeeting) and alone(state, who):
        return "alone"
    return _why_not_controls(state, command, method)


def _why_not_burn(state: State, who: str) -> Code:
    if state.info.burned:
        return "content-burned"
    if not state.info.started:
        return "not-started"
    return "already-given" if who in state.proposals.burn else "no-say"


def _why_not_back_out(state: State, what: str) -> Code:
    if what == "burn":
        return "content-burned" if state.info.burned else "not-asked"
    if state.info.status == "closed":
        return "meeting-closed"
    return "not-asked" if what == "close-meeting" or state.seat(what) else "unknown-seat"


def _why_not_in(state: State, command: c.TakeSeat | c.ReturnToSeat, *, seated: bool) -> Code:
    if seated:
        return "already-seated"
    if state.info.status == "closed":
        return "meeting-closed"
    if state.info.doors == "closed":
        return "doors-closed"
    if isinstance(command, c.ReturnToSeat):
        return _why_not_back(state, command.seat)
    return "group-full"


def _why_not_back(state: State, asked: str) -> Code:
    seat = state.seat(asked)
    if seat is None:
        return "unknown-seat"
    return "seat-present" if seat.here or not seat.device else "seat-of-member"


def _why_not_controls(state: State, command: c.AnyCommand, method: Method) -> Code:
    match command:
        case c.Start():
            if state.info.started:
                return "already-started"
            return "facilitator-only" if enough_people(state) else "group-too-small"
        case c.AddSeat() if not seat_available(state, guest=False):
            return "group-full"
        case c.AddSeat() if state.info.doors == "closed":
            return "doors-closed"
        case c.Speed():
            return "practice-only"
        case c.Resume() if state.info.status != "paused":
            return "not-paused"
        case c.Pause() if not state.running or state.info.written:
            return _why_not_pause(state)
        case c.CloseMeeting():
            return "already-given" if state.info.started else "not-started"
        case c.TakeRole(role=role) | c.GiveRole(role=role) if role not in {*method.roles, PREVIOUS}:
            return "unknown-role"
        case c.TakeRole(role=role):
            return "role-taken" if len(holders(state, role)) >= bounds(method, role)[1] else "not-in-this-phase"
        case c.CloseDoors() if state.info.doors == "closed":
            return "doors-closed"
        case _:
            return "facilitator-only"


def _why_not_pause(state: State) -> Code:
    if state.running:
        return "not-in-writing"
    return "paused" if state.info.status == "paused" else "not-started"


def _why_not_now(state: State, who: str, command: c.AnyCommand, method: Method) -> Code:
    phase_now = state.phase
    if not state.info.started or phase_now is None:
        return "not-started"
    if state.info.status == "paused":
        return "paused"
    match command:
        case c.EndPhase() | c.SkipPhase() | c.Extend():
            return _why_not_clock(state, who, command)
        case c.ReleaseFloor():
            return "facilitator-only" if state.floor else "no-floor"
    if silenced(state, who):
        return "silenced"
    if isinstance(command, c.TakeFloor):
        return "floor-taken" if state.floor else "not-in-this-phase"
    if isinstance(command, c.Vote | c.Choose):
        return _why_not_choice(state, who, command, method)
    if isinstance(command, c.Give | c.Pass):
        return _why_not_give(state, who, command, method)
    return "not-in-this-phase"


def _why_not_choice(state: State, who: str, command: c.Vote | c.Choose, method: Method) -> Code:
    choose = phase_of(method, state.phase).choose if state.phase else None
    if choose is None or isinstance(command, c.Choose) != (choose.by in BY_SOMEBODY):
        return "not-in-this-phase"
    if choose.by == "owner" and who != state.owner:
        return "owner-only"
    if choose.by == "facilitator" and facilitated(state) and state.roles.facilitator != who:
        return "facilitator-only"
    if not voting_open(state) and not (state.choice and state.choice.made):
        return "still-owed"
    mine = any(one.slot.seat == who and one.slot.what == "vote" for one in state.desk)
    return "already-given" if mine or isinstance(command, c.Choose) else "not-in-this-phase"


def _why_not_give(state: State, who: str, command: c.Give | c.Pass, method: Method) -> Code:
    phase = phase_of(method, state.phase) if state.phase else None
    mine = [one for one in state.desk if one.slot.seat == who and one.slot.what == command.what]
    if not mine or (command.what == "vote" and isinstance(command, c.Give)):
        advice = command.what in ADVICE and phase is not None and not phase.advice
        return "advice-not-now" if advice else "not-in-this-phase"
    if any(turn.seat == who and turn.what == command.what for turn in state.queue):
        return "not-your-turn"
    if isinstance(command, c.Pass):
        return "nothing-owed"
    if any(one.open and not may_add(state, one) for one in mine):
        return "limit-reached"
    return "already-given" if any(one.given or one.passed for one in mine) else "not-your-turn"


def _why_not_clock(state: State, who: str, command: c.AnyCommand) -> Code:
    if not leads(state, who):
        return "facilitator-only"
    ending = state.phase.ending if state.phase else None
    if ending is not None and (ending.outcome or isinstance(command, c.EndPhase | c.SkipPhase)):
        return "phase-ending"
    if isinstance(command, c.SkipPhase):
        return "not-skippable"
    return "no-extension-left" if isinstance(command, c.Extend) else "still-owed"
