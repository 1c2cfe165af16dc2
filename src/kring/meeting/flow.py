"""Where a meeting goes next: from a method's phases and a state to the events that start a phase.

``following`` finds the place of the next phase in a section (opening, round or closing), sub-protocols included. ``start_phase``
makes its event: it goes through what the phase gives, matches each *who* with seats, and writes out the slots (who owes or may
give how many), the queue (whose turn, in circle order, with replies and follow-ups), the positions and the veils.

Rule 1: nothing here is decided by a person; ``decide`` says *that* a phase ends, this file says what follows.
Rule 2: ``PhaseStarted`` carries all that the phase asks of each seat, so that the log replays without the method.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b

from msgspec.structs import replace

from kring.meeting import events as e
from kring.meeting.asked import Limit, Slot, Turn, Veil
from kring.meeting.roles import casting_of, circle_order, matches, positions_of
from kring.meeting.state import PhaseNow, Seat, State
from kring.methods.length import times
from kring.methods.model import BY_VOTE, SILENCED, Give, Method, Phase
from kring.methods.walk import parts

MINUTE = 60_000
HOUR = 60 * MINUTE
REPLIES = 99
"""More replies than a phase can have questions."""


def phase_of(method: Method, now: PhaseNow) -> Phase:
    """The phase of the method that is under way."""
    if now.module is not None and now.module_index is not None:
        return method.modules[now.module].phases[now.module_index]
    phase: Phase = getattr(method, now.section)[now.index]
    return phase


def _section(method: Method, section: str) -> tuple[Phase, ...]:
    phases: tuple[Phase, ...] = getattr(method, section)
    return phases


def following(state: State, method: Method, section: str, after: PhaseNow | None) -> PhaseNow | None:
    """The place of the next phase in a section, or ``None`` when the section is over. Only its place is filled in."""
    if after and after.module is not None and after.module_index is not None:
        further = after.module_index + 1
        if further < len(method.modules[after.module].phases):
            return _place(method, section, after.index, after.module, further)
    index = after.index + 1 if after else 0
    phases = _section(method, section)
    while index < len(phases):
        phase = phases[index]
        if phase.once and state.round and state.round.number > 1:
            index += 1
            continue
        module = state.agenda.module if phase.runs == "module" else None
        return _place(method, section, index, module, 0 if module else None)
    return None


def _place(method: Method, section: str, index: int, module: str | None, module_index: int | None) -> PhaseNow:
    phase = method.modules[module].phases[module_index or 0] if module else _section(method, section)[index]
    return PhaseNow(
        key="", id=phase.id, kind=phase.kind, section=section, index=index, minutes=phase.minutes, started=0,  # type: ignore[arg-type]  # a section name
        module=module, module_index=module_index,
    )  # fmt: skip


def start_phase(state: State, method: Method, place: PhaseNow, now: int) -> e.PhaseStarted:
    """The event that starts the phase at ``place``."""
    phase = phase_of(method, place)
    number = state.round.number if state.round and place.section == "round" else 0
    inside = f"/{place.module}" if place.module else ""
    key = f"{place.section}:{number}{inside}:{phase.id}"
    casting = casting_of(state, method, phase)
    part = _part(state, method, phase, key, 0, now + duration(state, method, phase), now)
    if casting:
        part = e.PartStarted(at=now, deadline=now + _casting_time(state, method, phase))
    return e.PhaseStarted(
        at=now,
        key=key,
        id=phase.id,
        kind=phase.kind,
        section=place.section,
        index=place.index,
        minutes=phase.minutes * _times(state, method, phase),
        deadline=part.deadline,
        module=place.module,
        module_index=place.module_index,
        slots=part.slots,
        queue=part.queue,
        positions=part.positions,
        veils=part.veils,
        silence=phase.silence,
        choosing=phase.choose.what if phase.choose else None,
        unanimous=phase.agree == "everyone",
        casting=casting,
        limits=part.limits,
        parts=len(parts(phase)),
    )


def _part(
    state: State, method: Method, phase: Phase, key: str, part: int, deadline: int | None, now: int
) -> e.PartStarted:
    """What a part of a phase asks of whom, now that it is known who has which role."""
    members = [seat for seat in state.seats if not seat.guest]
    return e.PartStarted(
        at=now,
        slots=tuple(slots_of(state, method, phase, part, members)),
        queue=tuple(queue_of(state, method, phase, part, members)),
        positions=tuple(positions_of(state, phase)),
        veils=tuple(_veils(state, method, phase, key, part)),
        deadline=deadline,
        limits=tuple(Limit(index, give.what, give.together) for index, give in _gives(phase, part) if give.together),
        part=part,
    )


def _gives(phase: Phase, part: int) -> Iterator[tuple[int, Give]]:
    """What is given in a part of a phase, with its place in the list."""
    return ((index, phase.gives[index]) for index in parts(phase)[part])


def next_part(state: State, method: Method, phase_now: PhaseNow, now: int) -> e.PartStarted:
    """The next part of the phase under way begins, in the time that it has left."""
    phase = phase_of(method, phase_now)
    return _part(state, method, phase, phase_now.key, phase_now.part + 1, phase_now.deadline, now)


def owed_later(state: State, method: Method, phase: Phase) -> Iterator[Slot]:
    """What the parts of the phase under way that have not begun will ask of each seat."""
    members = [seat for seat in state.seats if not seat.guest]
    begun = state.phase.part + 1 if state.phase else 0
    for part in range(begun, len(parts(phase))):
        yield from (
            slot for slot in slots_of(state, method, phase, part, members) if slot.least and slot.what != "vote"
        )


def after_casting(state: State, method: Method, phase_now: PhaseNow, now: int) -> e.PartStarted:
    """The roles are filled, or the time for that is over: the phase begins, with the time that the casting left it."""
    phase = phase_of(method, phase_now)
    unused = max(0, (phase_now.deadline or now) - now)
    deadline = now + duration(state, method, phase) - _casting_time(state, method, phase) + unused
    return _part(state, method, phase, phase_now.key, 0, deadline, now)


def _casting_time(state: State, method: Method, phase: Phase) -> int:
    """How long a casting may take: a quarter of its phase; together in a room no more than a minute."""
    quarter = duration(state, method, phase) // 4
    return quarter if state.info.written else min(quarter, state.info.lasting(MINUTE))


def duration(state: State, method: Method, phase: Phase) -> int:
    """How long a phase may take, in milliseconds of real time."""
    if state.info.written:
        return state.info.lasting(phase.hours * HOUR)
    return state.info.lasting(int(phase.minutes * _times(state, method, phase) * MINUTE))


def _times(state: State, method: Method, phase: Phase) -> int:
    """How often the minutes of a phase count: for each case that is taken up, or for each person who is there."""
    if phase.per == "phase":
        return 1
    people = sum(not seat.guest for seat in state.seats)
    if phase.per == "case" and state.agenda.cases:
        return len(state.agenda.cases)
    return times(method, phase, people)


def _in_turns(state: State, give: Give) -> bool:
    """Whether this is given one after another. In writing nobody waits for whoever comes tomorrow."""
    return give.turns == "circle" and not state.info.written


def _by(state: State, phase: Phase, by: str, seat: Seat) -> str:
    """How this is given: in a phase of silence or over days in writing, by whoever acts for the seat where it has no device."""
    if phase.silence or state.info.written:
        return "written"
    return by if seat.device else "either"  # whoever has no device says it aloud


def slots_of(state: State, method: Method, phase: Phase, part: int, members: list[Seat]) -> Iterator[Slot]:
    """What each member owes or may give in a part of a phase; votes are slots too. One for each seat and kind."""
    merged: dict[tuple[str, str], Slot] = {}
    for slot in _all_slots(state, method, phase, part, members):
        known = merged.setdefault((slot.seat, slot.what), slot)
        if known is not slot:
            least, most = max(known.least, slot.least), max(known.most, slot.most)
            merged[slot.seat, slot.what] = replace(known, least=least, most=most)
    yield from merged.values()


def _all_slots(state: State, method: Method, phase: Phase, part: int, members: list[Seat]) -> Iterator[Slot]:
    heard = _heard(state, phase, members)
    for index, give in _gives(phase, part):
        own = index if give.withheld or give.together or _hides_by_part(phase) else None
        for seat in heard:
            if not matches(state, method, give.who, seat):
                continue
            most = give.most * (2 if give.follow_up else 1)
            yield Slot(
                seat.id, give.what, give.least, max(most, give.least), _in_turns(state, give),
                _by(state, phase, give.by, seat), give.form, give.fields, own,
            )  # fmt: skip
        if give.reply and give.turns == "circle":
            yield from _reply_slots(state, method, phase, give, heard)
    if phase.choose and phase.choose.by in BY_VOTE and part + 1 == len(parts(phase)):
        yield from (
            Slot(seat.id, "vote", 1, 1, turn=False) for seat in heard if matches(state, method, "everyone", seat)
        )


def _heard(state: State, phase: Phase, members: list[Seat]) -> list[Seat]:
    """Those whom a phase does not silence: nobody else is asked anything, for they may neither give nor pass."""
    silent = {seat for seat, position in positions_of(state, phase) if position in SILENCED}
    return [seat for seat in members if seat.id not in silent]


def _hides_by_part(phase: Phase) -> bool:
    """Whether what is hidden is revealed part by part."""
    return phase.hidden == "done" and len(parts(phase)) > 1


def _reply_slots(state: State, method: Method, phase: Phase, give: Give, members: list[Seat]) -> Iterator[Slot]:
    reply = give.reply
    for seat in members:
        if reply and matches(state, method, reply.who, seat):
            by = _by(state, phase, "either", seat)
            yield Slot(seat.id, reply.what, 0, REPLIES, turn=not state.info.written, by=by)


def queue_of(state: State, method: Method, phase: Phase, part: int, members: list[Seat]) -> Iterator[Turn]:
    """The turns of a part of a phase, one give after another, loop by loop; each with its reply and follow-up."""
    heard = _heard(state, phase, members)
    for _, give in _gives(phase, part):
        if not _in_turns(state, give):
            continue
        whom = [seat for seat in circle_order(state, members, give.order) if seat in heard]
        whom = [seat for seat in whom if matches(state, method, give.who, seat)]
        repliers = [seat for seat in heard if give.reply and matches(state, method, give.reply.who, seat)]
        for loop in range(max(give.most, give.least)):
            for seat in whom:
                yield from _turn(give, seat, owed=loop < give.least, replier=repliers[0] if repliers else None)


def _turn(give: Give, seat: Seat, *, owed: bool, replier: Seat | None) -> Iterator[Turn]:
    yield Turn(seat.id, give.what, owed=owed)
    if give.reply and replier and replier != seat:
        yield Turn(replier.id, give.reply.what, depth=1)
    if give.follow_up:
        yield Turn(seat.id, give.what, owed=False, depth=2)
        if give.reply and replier and replier != seat:
            yield Turn(replier.id, give.reply.what, depth=3)


def _veils(state: State, method: Method, phase: Phase, key: str, part: int) -> Iterator[Veil]:
    """What hides what is given: over the whole phase, laid when it begins, and over single entries of its list."""
    if _hides_by_part(phase):
        yield from (Veil(key, "end", (), index) for index, _ in _gives(phase, part))
    elif phase.hidden != "no" and part == 0:
        yield Veil(key, "end")
    kept = [(None, phase.withheld)] if part == 0 else []
    for give, withheld in (*kept, *((index, give.withheld) for index, give in _gives(phase, part))):
        if withheld is None:
            continue
        seats = tuple(seat.id for seat in state.seats if matches(state, method, withheld.from_, seat))
        if seats:
            yield Veil(key, withheld.until, seats, give)


def lot(seed: int, option: str) -> bytes:
    """The lot of an option: fixed by the seed, foreseen by nobody who doesn't know it."""
    return blake2b(f"{seed}:{option}".encode(), digest_size=8).digest()
