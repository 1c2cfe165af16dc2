"""Playing meetings on the engine alone: a fixed cast, random people, and the properties that must hold at every step."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import msgspec
from msgspec.structs import replace

from kring.meeting import (
    INITIAL,
    TABLE,
    Actor,
    Outsider,
    Person,
    Refusal,
    State,
    Who,
    acting,
    apply,
    due,
    evolve,
    facts,
    open_meeting,
    permitted,
    view,
)
from kring.meeting import commands as c
from kring.meeting import events as e
from kring.meeting.decide import execute
from kring.meeting.ending import nothing_owed
from kring.meeting.permissions import Action
from kring.meeting.roles import facilitated, waited_for
from kring.meeting.state import Desk
from kring.meeting.views import View
from kring.methods.model import Method

NAMES = (
    "wietske", "samira", "noorderl", "joostaaa", "amalaaaa", "brambram", "ilsejans", "kofiagye", "marijkev",
    "fennaaaa", "tariqqqq", "liesbeth", "oumarrrr", "rooswijk", "sjaakaaa",
)  # fmt: skip
"""Seats in order of sitting down. ``OUTSIDER`` never gets one."""
OUTSIDER = "outsider"
ROOM = Actor(room=True)
MEMBER = "memberof"
"""How the ids of members begin: no view may hold one."""


def person_of(seat: str) -> Person:
    """Every other one is a member of the circle."""
    return Person("member", MEMBER + seat) if seat in NAMES[::2] else Person()


class Table:
    """One meeting with its log, checked against every property after each command."""

    def __init__(self, method: Method, seed: int = 1, *, practice: bool = False, written: bool = False) -> None:
        self.method = method
        self.now = 1_000_000
        self.log: list[e.AnyEvent] = []
        self.state: State = INITIAL
        self.made = 0
        self.unsent: frozenset[str] = frozenset()
        """The seats whose devices say that they hold text which they have not sent."""
        self._fold(open_meeting("m" * 20, method, now=self.now, seed=seed, practice=practice, written=written))

    def _fold(self, event: e.AnyEvent) -> None:
        self.state = evolve(self.state, event)
        self.log.append(event)

    def new_id(self) -> str:
        self.made += 1
        return f"content{self.made:05d}"

    def do(self, actor: Actor | str | None, command: c.AnyCommand) -> tuple[e.AnyEvent, ...] | Refusal:
        """Decide, check every property, fold."""
        who = actor if isinstance(actor, Actor) else Actor(seat=actor)
        before = self.state
        person = self.person(command.seat) if isinstance(command, c.TakeSeat | c.ReturnToSeat) else Person()
        decided = execute(
            before, command, method=self.method, actor=who, now=self.now, person=person, unsent=self.unsent
        )
        if isinstance(decided, Refusal):
            assert self.state is before
            return decided
        events, after = decided
        for event in events:
            check_event(self.state, event)
            self._fold(event)
        assert self.state == after, "the state that decide returns is the fold of its events"
        check_views(before, after, self.method)
        check_clock(after)
        check_signed(who, command, events)
        return events

    def person(self, seat: str) -> Person:
        """Who takes this seat, and comes back to it."""
        return person_of(seat)

    def must(self, actor: Actor | str | None, command: c.AnyCommand) -> tuple[e.AnyEvent, ...]:
        outcome = self.do(actor, command)
        assert not isinstance(outcome, Refusal), (outcome, command, self.state.phase)
        return outcome

    def pass_moment(self) -> tuple[e.AnyEvent, ...]:
        """Where a step ends in a moment, let that moment pass."""
        ending = self.state.phase.ending if self.state.phase else None
        if ending is None:
            return ()
        self.now = ending.until
        return self.must(ROOM, c.Tick())

    def sit(self, count: int) -> None:
        for name in NAMES[:count]:
            self.must(None, c.TakeSeat(seat=name, name=f"name{name}"))

    def tick(self) -> None:
        """Let time go on to what is due."""
        when = due(self.state)
        if when is not None:
            self.now = max(self.now, when)
            self.must(ROOM, c.Tick())


def audiences(state: State) -> list[Who]:
    """All seats, the table, somebody with the link, and a member who may have been away."""
    return [*(seat.id for seat in state.seats), TABLE, None, Outsider(MEMBER + NAMES[0])]


def check_views(before: State, after: State, method: Method) -> None:
    """A stale view plus the facts since equals a fresh view, for everyone."""
    if after is before:
        return
    everyone = sorted({*audiences(before), *audiences(after)}, key=str)
    # Two of them at each step, in rotation: over a meeting everyone is looked at often, at a fraction of the time.
    for who in (everyone[after.seq % len(everyone)], everyone[after.seq * 5 // 3 % len(everyone)]):
        stale, fresh = view(before, who, method=method), view(after, who, method=method)
        known = facts(before, after, who, method=method)
        assert apply(stale, known) == fresh, (who, known)
        assert MEMBER.encode() not in msgspec.json.encode([fresh, known])
    check_owed(after, view(after, TABLE, method=method))


def check_clock(state: State) -> None:
    """Where nobody facilitates, every step ends by itself some time, whoever does nothing."""
    if state.running and state.info.factor and not facilitated(state):
        assert due(state) is not None, state.phase


def check_signed(actor: Actor, command: c.AnyCommand, events: tuple[e.AnyEvent, ...]) -> None:
    """Whoever acts for another is written down, and nobody else is."""
    who = TABLE if actor.table else actor.seat
    for event in events:
        assert event.by in {None, who} or who is None
        assert event.by is None or event.by != getattr(event, "seat", None)
    target = getattr(command, "on", None)
    if target not in {None, who}:
        whose = {getattr(event, "seat", None) for event in events if event.by == who}
        # Whoever facilitates ends the turn of anybody, also where somebody acts for them.
        assert target in whose or (whose and isinstance(command, c.ReleaseFloor))


def check_owed(state: State, shown: View) -> None:
    """What a screen is told to be owed is what the engine waits for."""
    awaited = {seat.id for seat in shown.seats if seat.awaited}
    waits = any(slot.owed and slot.seat in awaited for slot in shown.desk)
    assert waits == any(one.owed and waited_for(state, one.slot.seat) for one in state.desk)
    assert nothing_owed(state) == (not waits and not any(turn.owed for turn in state.queue))
    for slot in shown.desk:
        assert slot.owed == 0 or slot.given + slot.owed <= slot.least


def check_event(state: State, event: e.AnyEvent) -> None:
    """What may never happen, whatever was commanded."""
    match event:
        case e.ContributionGiven(seat=seat, what=what):
            assert state.position(seat) == "in", "whoever is silenced gives nothing to the group"
            desk = _desk(state, seat, what)
            assert desk.given < desk.slot.most
            if desk.slot.turn:
                assert (state.queue[0].seat, state.queue[0].what) == (seat, what), "only on one's turn"
            assert state.info.status == "running"
            about = (desk.slot.give, what)
            assert all(one.given < one.most for one in state.limits if (one.give, one.what) == about)
        case e.VoteCast(seat=seat):
            _desk(state, seat, "vote")
        case e.TurnPassed(because="time" | "skipped") if state.phase and not state.phase.in_last_part:
            pass  # perhaps of a part that did not open any more
        case e.TurnPassed(seat=seat, what=what):
            _desk(state, seat, what)
        case e.PhaseStarted():
            assert state.phase is None
        case e.PhaseEnding(outcome=True):
            assert state.phase is not None
            assert state.choice is not None
            assert state.choice.made
            assert not (state.phase.ending and state.phase.ending.outcome), "once"
        case e.PhaseEnding(at=at, until=until, seats=named):
            assert state.phase is not None
            assert not state.phase.held, "once for each part of a step"
            assert not state.info.written
            assert at < until <= at + 15_000
            assert not (named and (state.phase.silence or any(one.slot.what == "vote" for one in state.desk)))
        case _:
            pass


def _desk(state: State, seat: str, what: str) -> Desk:
    found = [one for one in state.desk if (one.slot.seat, one.slot.what) == (seat, what)]
    assert len(found) == 1, (seat, what)
    return found[0]


def command_for(table: Table, action: Action, random: Random, on: str | None = None) -> c.AnyCommand | None:
    """A well-formed command for a permitted action."""
    state = table.state
    seats = [seat.id for seat in state.seats]
    free = [name for name in NAMES if name not in seats]
    match action:
        case ("give", what):
            spoken = random.random() < 0.5 and _desk(state, on or "", what).slot.by != "written"
            return c.Give(what=what, content=None if spoken else table.new_id())
        case ("pass", what):
            return c.Pass(what=what)
        case ("take-back", what):
            return c.TakeBack(what=what)
        case ("vote" | "choose" as command, _):
            options = options_of(table)
            if not options:
                return None
            one = random.choice(options)
            return c.Vote(choices={one: 1}) if command == "vote" else c.Choose(choices=(one,))
        case ("take-role", role):
            return c.TakeRole(role=role)
        case ("give-role", role):
            return c.GiveRole(role=role, seat=random.choice(seats))
        case ("take-seat" | "add-seat" as command, _):
            if not free:
                return None
            make = c.TakeSeat if command == "take-seat" else c.AddSeat
            return make(seat=random.choice(free), name=table.new_id())
        case ("set-video-room", _):
            return c.SetVideoRoom(content=random.choice([None, table.new_id()]))
        case ("remove-table", _):
            return c.RemoveTable(table=random.choice(state.tables).id)
        case _:
            return about_someone(action, random, seats)


def about_someone(action: Action, random: Random, seats: list[str]) -> c.AnyCommand:
    """A command about a seat, a number, or nothing."""
    match action.command:
        case "return-to-seat":
            return c.ReturnToSeat(seat=action.detail)
        case "show-out":
            return c.ShowOut(seat=random.choice(seats))
        case "hand-facilitation":
            return c.HandFacilitation(to=random.choice([None, *seats]))
        case "extend":
            return c.Extend(minutes=random.randint(1, 5))
        case "speed":
            return c.Speed(factor=random.randint(1, 60))
    simple: dict[str, c.AnyCommand] = {
        "leave": c.Leave(), "close-doors": c.CloseDoors(), "open-doors": c.OpenDoors(), "start": c.Start(),
        "take-facilitation": c.TakeFacilitation(), "take-floor": c.TakeFloor(), "release-floor": c.ReleaseFloor(),
        "ready": c.Ready(), "end-phase": c.EndPhase(), "skip-phase": c.SkipPhase(), "pause": c.Pause(),
        "resume": c.Resume(), "close-meeting": c.CloseMeeting(), "burn": c.Burn(), "end-devices": c.EndDevices(),
    }  # fmt: skip
    return simple[action.command]


def options_of(table: Table) -> tuple[str, ...]:
    seat = table.state.seats[0].id if table.state.seats else None
    choice = view(table.state, seat, method=table.method).choice
    return choice.options if choice else ()


Choice = tuple[str, Action, str]
"""Who does what, for which seat."""


def choices_of(table: Table, who: str) -> Iterator[Choice]:
    """All that one person (or the table) may do, for themselves and for those they act for."""
    allowed = permitted(table.state, who, method=table.method)
    for action in sorted(allowed):
        if action.command == "act-for":
            for one in sorted(acting(table.state, who, action.detail, method=table.method)):
                yield who, one, action.detail
        else:
            yield who, action, who


WORK = frozenset({"give", "pass", "vote", "choose", "take-role", "ready", "end-phase", "start", "resume"})
"""What moves a meeting on; the rest is rarer."""


def play(table: Table, random: Random, *, steps: int = 4000, trouble: float = 0.0) -> None:
    """Random but permitted people until the meeting closes; ``trouble`` is the share of rarer commands."""
    idle = 0
    for _ in range(steps):
        if table.state.info.status == "closed":
            return
        assert idle < 500, f"stuck in {table.state.phase}"
        rare = random.random() < trouble
        if rare and random.random() < 0.3:
            come_or_go(table, random)
            continue
        who = random.choice([*(seat.id for seat in table.state.seats), TABLE])
        options = [one for one in choices_of(table, who) if (one[1].command in WORK) != rare]
        if random.random() < 0.02:
            table.tick()
        if random.random() < 0.05:
            table.unsent = frozenset(seat.id for seat in table.state.seats if random.random() < 0.3)
        if not options:
            idle += not rare
            continue
        idle = 0
        act(table, random, *random.choice(options))


def come_or_go(table: Table, random: Random) -> None:
    """The room saw a device of a seat come or go, or a table screen; or somebody is no longer a member."""
    seat = random.choice([seat.id for seat in table.state.seats] or [OUTSIDER])
    screen = f"screen{random.randrange(3)}"
    member = next((one.member for one in table.state.seats if one.id == seat), None)
    if member and random.random() < 0.03:
        table.must(ROOM, c.RemoveSeat(seat=seat, member=member))
    elif random.random() < 0.8:
        table.must(ROOM, c.SetPresence(seat=seat, here=random.random() < 0.7))
    elif random.random() < 0.7:
        table.do(ROOM, c.OpenTable(table=screen, seat=random.choice([seat, None])))
    else:
        table.must(ROOM, c.CloseTable(table=screen))


def act(table: Table, random: Random, who: str, action: Action, target: str) -> None:
    """Do one permitted thing, if it is still permitted (time may have gone on)."""
    if target not in [seat.id for seat in table.state.seats] and target != TABLE:
        return
    allowed = permitted(table.state, who, method=table.method)
    allowed = allowed if who == target else acting(table.state, who, target, method=table.method)
    if action not in allowed:
        return
    command = command_for(table, action, random, target)
    if command is None:
        return
    if who != target:
        command = replace(command, on=target)
    table.do(Actor(table=True) if who == TABLE else Actor(seat=who), command)
