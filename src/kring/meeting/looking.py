"""``view`` and ``facts``: what each audience may know (``views`` has the shapes).

Rule 1: who may see a contribution is said by ``sees`` alone. Rule 2: sections are built from parts of the state;
a section whose parts are the same objects as before has not changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from kring.meeting import views as v
from kring.meeting.choosing import options
from kring.meeting.permissions import Action, acting, permitted, targets, voting_open
from kring.meeting.state import TABLE, Item, State
from kring.methods.model import Method

Section = tuple[str, Callable[[State], tuple[object, ...]], Callable[[State, Method], Any]]


def view(state: State, who: str | None, *, method: Method) -> v.View:
    """All that ``who`` (a seat, ``TABLE``, or ``None`` for a device without a seat) may know now."""
    inside = _inside(state, who)
    sections = {name: build(state, method) for name, _parts, build in _SECTIONS} if inside else _outside(state, method)
    items = tuple(_item(item) for item in state.items if sees(state, item, who)) if inside else ()
    return v.View(**sections, mine=_mine(state, who, method), items=items)


def facts(before: State, after: State, who: str | None, *, method: Method) -> v.Facts:
    """What ``who`` may know in ``after`` and did not, or otherwise, in ``before``."""
    inside = _inside(after, who)
    if inside != _inside(before, who):
        return everything(view(after, who, method=method))
    changed: dict[str, Any] = {}
    if inside:
        for name, parts, build in _SECTIONS:
            if any(one is not other for one, other in zip(parts(before), parts(after), strict=True)):
                changed[name] = build(after, method)
    else:
        known = _outside(before, method)
        changed = {name: part for name, part in _outside(after, method).items() if part != known[name]}
    mine = _mine(after, who, method)
    if mine != _mine(before, who, method):
        changed["mine"] = mine
    items = tuple(_item(item) for item in _new_items(before, after, who)) if inside else ()
    return v.Facts(set=changed, items=items)


def everything(fresh: v.View) -> v.Facts:
    """A whole view as facts, for an audience that is another than before."""
    sections = {name: getattr(fresh, name) for name in v.View.__struct_fields__ if name != "items"}
    return v.Facts(set=sections, items=fresh.items, fresh=True)


def sees(state: State, item: Item, who: str | None) -> bool:
    """Whether ``who`` may see a contribution. The table screen sees what nobody in the room is kept from."""
    if item.seat == who:
        return True
    veils = (veil for veil in state.veils if veil.phase == item.phase)
    return all(veil.seats and who != TABLE and who not in veil.seats for veil in veils)


def _item(item: Item) -> v.ItemView:
    return v.ItemView(
        n=item.n, seat=item.seat, what=item.what, phase=item.phase, id=item.id, round=item.round, at=item.at,
        content=item.content,
    )  # fmt: skip


def _inside(state: State, who: str | None) -> bool:
    return who == TABLE or state.seat(who) is not None


def _new_items(before: State, after: State, who: str | None) -> Iterator[Item]:
    if before.veils is not after.veils:
        for item in after.items[: len(before.items)]:
            if sees(after, item, who) and not sees(before, item, who):
                yield item
    for item in after.items[len(before.items) :]:
        if sees(after, item, who):
            yield item


def _outside(state: State, method: Method) -> dict[str, Any]:
    """What a device without a seat sees: that there is a meeting, and who sits there; nothing of what goes on."""
    seats = _seats(state, method)
    quiet = tuple(v.SeatView(one.id, one.name, one.here, one.device, one.guest, (), "in") for one in seats)
    nothing = v.ProposalsView(close=(), burn=(), show_out={})
    return {
        "meeting": _meeting(state, method), "seats": quiet, "round": None, "phase": None, "floor": None, "desk": (),
        "ready": (), "choice": None, "agenda": (), "proposals": nothing,
    }  # fmt: skip


def _meeting(state: State, _method: Method) -> v.MeetingView:
    info = state.info
    return v.MeetingView(
        id=info.meeting, method=info.method, status=info.status, doors=info.doors, practice=info.practice,
        written=info.written, factor=info.factor, burned=info.burned, smallest=info.smallest, largest=info.largest,
        started=info.started,
    )  # fmt: skip


def _seats(state: State, _method: Method) -> tuple[v.SeatView, ...]:
    return tuple(
        v.SeatView(one.id, one.name, one.here, one.device, one.guest, _roles(state, one.id), state.position(one.id))
        for one in state.seats
    )


def _roles(state: State, seat: str) -> tuple[str, ...]:
    """The roles of a seat, case owner first. Whoever has none of the three is a participant."""
    roles = ["owner"] if state.owner == seat else []
    if state.posts.facilitator == seat:
        roles.append("facilitator")
    roles += [role for role, who in state.posts.roles if who == seat]
    one = state.seat(seat)
    if state.owner != seat and not (one and one.guest):
        roles.append("participant")
    return tuple(roles)


def _round(state: State, _method: Method) -> v.RoundView | None:
    if state.round is None:
        return None
    of = max(len(state.agenda.cases), state.round.number)
    return v.RoundView(number=state.round.number, of=of, owner=state.round.owner, case=state.round.case)


def _phase(state: State, _method: Method) -> v.PhaseView | None:
    now = state.phase
    if now is None:
        return None
    return v.PhaseView(
        key=now.key, id=now.id, kind=now.kind, section=now.section, index=now.index, minutes=now.minutes,
        started=now.started, deadline=now.deadline, remaining=now.remaining, signalled=now.signalled, grace=now.grace,
        module=now.module, module_index=now.module_index, silence=now.silence, extended=now.extended,
    )  # fmt: skip


def _floor(state: State, _method: Method) -> v.FloorView | None:
    if not state.queue:
        return v.FloorView(state.speaker, None, owed=False, next=()) if state.speaker else None
    turn = state.queue[0]
    return v.FloorView(turn.seat, turn.what, turn.owed, tuple(one.seat for one in state.queue[1:]))


def _desk(state: State, _method: Method) -> tuple[v.SlotView, ...]:
    return tuple(
        v.SlotView(
            seat=one.slot.seat, what=one.slot.what, least=one.slot.least, most=one.slot.most, given=one.given,
            passed=one.passed, by=one.slot.by, form=one.slot.form, fields=one.slot.fields, turn=one.slot.turn,
        )
        for one in state.desk
    )  # fmt: skip


def _ready(state: State, _method: Method) -> tuple[str, ...]:
    return state.ready


def _choice(state: State, method: Method) -> v.ChoiceView | None:
    choice, phase = state.choice, state.phase
    if choice is None:
        return None
    choosing = phase.choosing if phase else None
    open_now = choosing is not None and (voting_open(state) or bool(choice.chosen))
    return v.ChoiceView(
        options=options(state, method, choosing) if open_now and choosing else (),
        cast=tuple(seat for seat, _ in choice.votes),
        chosen=choice.chosen,
        tally=choice.tally,
        because=choice.because,
    )


def _agenda(state: State, _method: Method) -> tuple[str, ...]:
    return tuple(case for case, _ in state.agenda.cases)


def _proposals(state: State, _method: Method) -> v.ProposalsView:
    asked = state.asked
    return v.ProposalsView(close=asked.close, burn=asked.burn, show_out={seat: by for seat, by in asked.show_out if by})


_SECTIONS: tuple[Section, ...] = (
    ("meeting", lambda s: (s.info,), _meeting),
    ("seats", lambda s: (s.seats, s.posts, s.round, s.positions), _seats),
    ("round", lambda s: (s.round, s.agenda), _round),
    ("phase", lambda s: (s.phase,), _phase),
    ("floor", lambda s: (s.queue, s.speaker), _floor),
    ("desk", lambda s: (s.desk,), _desk),
    ("ready", lambda s: (s.ready,), _ready),
    ("choice", lambda s: (s.choice, s.phase, s.desk, s.queue, s.seats, s.round), _choice),
    ("agenda", lambda s: (s.agenda,), _agenda),
    ("proposals", lambda s: (s.asked,), _proposals),
)


def _mine(state: State, who: str | None, method: Method) -> v.MineView:
    votes = dict(state.choice.votes) if state.choice and who else {}
    others: dict[str, v.Actions] = {}
    if who is not None and _inside(state, who):
        for target in targets(state, who):
            others[target] = _actions(acting(state, who, target, method=method))
    seat = who if who and state.seat(who) else None
    mine = _actions(permitted(state, who, method=method))
    return v.MineView(seat=seat, permitted=mine, acting=others, vote=votes.get(who or ""))


def _actions(actions: frozenset[Action]) -> v.Actions:
    return tuple((action.command, action.detail) for action in sorted(actions))
