"""The sections of a view: each is built from parts of the state, and named with the parts that it reads.

``SECTIONS`` maps a section's name to the fields of the state that it reads and the function that builds it. A projection builds a
section once for everybody, and again only when one of those fields is another object than before. ``outside`` builds
the few that a device without a seat gets.

Rule: a section reads no field of the state but those that ``SECTIONS`` says, so that it stands while they do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from kring.meeting import views as v
from kring.meeting.authority import burners, closers
from kring.meeting.choosing import options
from kring.meeting.flow import phase_of
from kring.meeting.items import Item
from kring.meeting.permissions import voting_open
from kring.meeting.roles import holders, takes_part, waited_for
from kring.meeting.state import Desk, Seat, State
from kring.meeting.unsent import outcome_in_sight
from kring.methods.model import PREVIOUS, Method
from kring.methods.walk import roles_needed


class Section(NamedTuple):
    """How a section is built, and of which fields of the state."""

    reads: frozenset[str]
    build: Callable[[State, Method], Any]


def item_view(item: Item) -> v.ItemView:
    """A contribution, for those who may see it."""
    return v.ItemView(item.n, item.seat, item.what, item.phase, item.id, item.round, item.at, item.content)


def outside(state: State, method: Method) -> dict[str, Any]:
    """What a device without a seat sees: that there is a meeting, and until it closes who sits there; nothing of what goes on."""
    seats = tuple(
        v.SeatView(one.id, one.name, one.here, one.device, one.guest, (), "in", takes_part(state, one))
        for one in (() if state.info.status == "closed" else state.seats)
    )
    nothing = v.ProposalsView(close=(), burn=(), show_out={})
    return {
        "meeting": _meeting(state, method), "seats": seats, "round": None, "phase": None, "floor": None, "desk": (), "limits": (),
        "ready": (), "choice": None, "chosen": (), "agenda": (), "proposals": nothing, "tables": (), "video": None,
    }  # fmt: skip


def _meeting(state: State, _method: Method) -> v.MeetingView:
    info = state.info
    return v.MeetingView(
        id=info.meeting, method=info.method, status=info.status, doors=info.doors, practice=info.practice,
        written=info.written, factor=info.factor, burned=info.burned, smallest=info.smallest, largest=info.largest,
        started=info.started,
    )  # fmt: skip


def _seats(state: State, method: Method) -> tuple[v.SeatView, ...]:
    held = _held(state, method)
    return tuple(
        v.SeatView(
            one.id, one.name, one.here, one.device, one.guest, _roles(state, held, one), state.position(one.id),
            waited_for(state, one.id),
        )
        for one in state.seats
    )  # fmt: skip


def _held(state: State, method: Method) -> list[tuple[str, list[str]]]:
    """The method's roles, each with the seats that have it, and who was case owner before where the phase asks for them."""
    needed = roles_needed(phase_of(method, state.phase)) if state.phase else ()
    named = (*method.roles, PREVIOUS) if PREVIOUS in needed else method.roles
    return [(role, holders(state, role)) for role in named]


def _roles(state: State, held: list[tuple[str, list[str]]], seat: Seat) -> tuple[str, ...]:
    """The roles of a seat, case owner first. Whoever has none of the three is a participant."""
    roles = ["owner"] if state.owner == seat.id else []
    if state.roles.facilitator == seat.id:
        roles.append("facilitator")
    roles += [role for role, seats in held if seat.id in seats]
    if state.owner != seat.id and not seat.guest:
        roles.append("participant")
    return tuple(roles)


def _round(state: State, _method: Method) -> v.RoundView | None:
    if state.round is None:
        return None
    of = max(len(state.agenda.cases), state.round.number)
    return v.RoundView(number=state.round.number, of=of, owner=state.round.owner, case=state.round.case)


def _phase(state: State, method: Method) -> v.PhaseView | None:
    now = state.phase
    if now is None:
        return None
    return v.PhaseView(
        key=now.key, id=now.id, kind=now.kind, section=now.section, index=now.index, minutes=now.minutes,
        started=now.started, deadline=now.deadline, remaining=now.remaining, signalled=now.signalled, grace=now.grace,
        module=now.module, module_index=now.module_index, silence=now.silence, extended=now.extended, casting=now.casting,
        part=now.part, parts=now.parts, overtime=now.overtime, ending=now.ending.until if now.ending else None,
        step=now.step, outcome=outcome_in_sight(state, method),
    )  # fmt: skip


def _floor(state: State, _method: Method) -> v.FloorView | None:
    if not state.queue:
        return v.FloorView(state.speaker, None, owed=False, next=()) if state.speaker else None
    turn = state.queue[0]
    return v.FloorView(turn.seat, turn.what, turn.owed, tuple([one.seat for one in state.queue[1:]]))


def _desk(state: State, _method: Method) -> tuple[v.SlotView, ...]:
    return tuple([slot_view(one) for one in state.desk])


def slot_view(one: Desk) -> v.SlotView:
    """How far a seat is with one thing."""
    slot = one.slot
    return v.SlotView(
        slot.seat, slot.what, slot.least, slot.most, one.given, one.passed, slot.by, slot.form, slot.fields, slot.turn,
        one.owed,
    )  # fmt: skip


def _limits(state: State, _method: Method) -> tuple[v.LimitView, ...]:
    return tuple([v.LimitView(one.what, one.most, one.given) for one in state.limits])


def _ready(state: State, _method: Method) -> tuple[str, ...]:
    return state.ready


def _choice(state: State, method: Method) -> v.ChoiceView | None:
    choice, phase = state.choice, state.phase
    if choice is None:
        return None
    choosing = phase.choosing if phase else None
    open_now = choosing is not None and (voting_open(state) or choice.made)
    return v.ChoiceView(
        options=options(state, method, choosing) if open_now and choosing else (),
        cast=tuple(seat for seat, _ in choice.votes),
        chosen=choice.chosen,
        tally=choice.tally,
        because=choice.because,
    )


def _chosen(state: State, _method: Method) -> tuple[v.ChosenView, ...]:
    """What was chosen in this round, and before the first."""
    number = state.round.number if state.round else 0
    return tuple([v.ChosenView(one.what, one.items) for one in state.chosen if one.round in {0, number}])


def _agenda(state: State, _method: Method) -> tuple[str, ...]:
    return tuple(case for case, _ in state.agenda.cases)


def _proposals(state: State, _method: Method) -> v.ProposalsView:
    asked = state.proposals
    show_out = {seat: by for seat, by in asked.show_out if by}
    having = burners(state)
    burn = tuple(seat for seat in asked.burn if seat in having)
    closing, of = closers(state)
    # Once it is closed, who asked stays as it was.
    close = tuple(seat for seat in asked.close if seat in closing or state.info.status == "closed")
    return v.ProposalsView(close=close, burn=burn, show_out=show_out, burn_of=len(having), close_of=of)


def _tables(state: State, _method: Method) -> tuple[v.TableView, ...]:
    return tuple([v.TableView(one.id, one.at, one.seat) for one in state.tables])


def _video(state: State, _method: Method) -> v.VideoRoomView | None:
    video = None if state.info.burned else state.video
    return None if video is None else v.VideoRoomView(video.seat, video.content)


SECTIONS: dict[str, Section] = {
    "meeting": Section(frozenset({"info"}), _meeting),
    "seats": Section(frozenset({"info", "seats", "roles", "round", "positions", "phase", "agenda", "between"}), _seats),
    "round": Section(frozenset({"round", "agenda"}), _round),
    "phase": Section(frozenset({"phase", "choice"}), _phase),
    "floor": Section(frozenset({"queue", "speaker"}), _floor),
    "desk": Section(frozenset({"desk"}), _desk),
    "limits": Section(frozenset({"limits"}), _limits),
    "ready": Section(frozenset({"ready"}), _ready),
    "choice": Section(frozenset({"choice", "phase", "desk", "queue", "seats", "round", "veils"}), _choice),
    "chosen": Section(frozenset({"chosen", "round"}), _chosen),
    "agenda": Section(frozenset({"agenda"}), _agenda),
    "proposals": Section(frozenset({"proposals", "began", "seats", "positions", "info"}), _proposals),
    "tables": Section(frozenset({"tables"}), _tables),
    "video": Section(frozenset({"video", "info"}), _video),
}
"""Every section that is the same for all who are inside. ``choice`` reads the items too: a case comes with its desk."""
OUTSIDE_READS = frozenset({"info", "seats"})
"""The fields that ``outside`` reads."""
