"""The engine's promises, for every method of the library and random people, kind and hostile."""

from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kring.meeting import TABLE, Actor, Refusal, replay, view
from kring.meeting import commands as c
from kring.meeting import events as e
from kring.meeting.decide import action_of
from kring.meeting.permissions import acting, permitted
from kring.meeting.upcasting import VERSION, encode, upcast
from kring.methods.library import load
from kring.methods.model import Phase
from tests.core.meeting.playing import MEMBER, NAMES, OUTSIDER, Table, play
from tests.library import EVERY_METHOD, EVERY_METHOD_SELDOM, EVERY_SIZE, sizes


def seated(method: str, size: int, seed: int = 1, **options: bool) -> Table:
    table = Table(load(method), seed, **options)
    table.sit(size)
    return table


def check_log(table: Table) -> None:
    """What a whole log must show, looked at without the engine's own state."""
    assert replay(table.log) == table.state
    assert replay(upcast(VERSION, encode(event)) for event in table.log) == table.state
    assert replay(map(unsigned, table.log)) == table.state, "who acted for whom changes nothing"
    check_order(table)
    check_owed(table)


def unsigned(event: e.AnyEvent) -> e.AnyEvent:
    """The event without who acted; of a proposal that is what it is about."""
    return event if isinstance(event, e.ShowOutAsked) else replace(event, by=None)


def check_order(table: Table) -> None:
    """A phase never goes back: within a section and round the index only grows."""
    last = (-1, -1, -1)
    number = 0
    places = {"opening": 0, "round": 1, "closing": 2}
    for event in table.log:
        if isinstance(event, e.RoundStarted):
            assert event.number == number + 1
            number = event.number
            last = (1, -1, -1) if last[0] < 2 else last
        if isinstance(event, e.PhaseStarted):
            here = (places[event.section], event.index, event.module_index or 0)
            assert here > last
            last = here


def check_owed(table: Table) -> None:
    """Each owed item of a phase is given exactly as often as owed, or passed, or its seat has left."""
    owed: dict[tuple[str, str], int] = {}
    done: dict[tuple[str, str], int] = {}
    for event in table.log:
        match event:
            case e.PhaseStarted(slots=slots):
                owed = {(slot.seat, slot.what): slot.least for slot in slots}
                done = {}
            case e.TurnsAdded(slots=slots):
                owed |= {(slot.seat, slot.what): slot.least for slot in slots}
            case e.ContributionGiven(seat=seat, what=what) | e.TurnPassed(seat=seat, what=what):
                done[seat, what] = done.get((seat, what), 0) + 1
            case e.VoteCast(seat=seat):
                done[seat, "vote"] = 1
            case e.SeatLeft(seat=seat) | e.SeatRemoved(seat=seat):
                owed = {key: count for key, count in owed.items() if key[0] != seat}
            case e.PhaseEnded():
                passed = {key for key, count in owed.items() if done.get(key, 0) < min(count, 1)}
                assert not passed, (event.key, passed)


@pytest.mark.parametrize(("method", "size"), EVERY_SIZE)
def test_every_meeting_of_willing_people_closes(method: str, size: int) -> None:
    """In every other size of a method somebody facilitates."""
    table = seated(method, size, seed=size)
    if size % 2:
        table.must(NAMES[size // 2], c.TakeFacilitation())
    table.must(NAMES[size // 2], c.Start())
    play(table, Random(size))
    assert table.state.info.status == "closed"
    assert table.state.round is not None
    check_log(table)


@pytest.mark.parametrize("method", EVERY_METHOD_SELDOM)
@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10**6), trouble=st.floats(0.05, 0.4))
def test_a_troubled_meeting_keeps_every_promise(method: str, seed: int, trouble: float) -> None:
    random = Random(seed)
    table = seated(method, random.choice(sizes(method)), seed)
    table.must(NAMES[0], c.Start())
    play(table, random, steps=250, trouble=trouble)
    assert replay(table.log) == table.state
    check_order(table)
    check_owed(table)


ANY_COMMAND = st.one_of(
    *(st.just(command) for command in (
        c.Leave(), c.CloseDoors(), c.OpenDoors(), c.Start(), c.TakeFacilitation(), c.TakeFloor(), c.ReleaseFloor(),
        c.Ready(), c.EndPhase(), c.SkipPhase(), c.Pause(), c.Resume(), c.CloseMeeting(), c.Burn(), c.Tick(),
    )),
    st.builds(c.Give, what=st.sampled_from(["case", "question", "advice", "tip", "explanation", "answer", "nonsense"]),
              content=st.none() | st.sampled_from(["contentx1", "contentx2"]), on=st.none() | st.sampled_from(NAMES)),
    st.builds(c.Pass, what=st.sampled_from(["case", "question", "vote", "advice"]), on=st.none() | st.sampled_from(NAMES)),
    st.builds(c.Vote, choices=st.dictionaries(st.sampled_from(["contentx1", "@samira", "brainstorm"]), st.integers(-1, 9))),
    st.builds(c.Choose, choices=st.lists(st.sampled_from(["contentx1", "@samira", "brainstorm"]), max_size=3).map(tuple)),
    st.builds(c.TakeSeat, seat=st.sampled_from([*NAMES, OUTSIDER]), name=st.sampled_from(["namesamira", "newname1"])),
    st.builds(c.ShowOut, seat=st.sampled_from([*NAMES, OUTSIDER])),
    st.builds(c.SetPresence, seat=st.sampled_from(NAMES), here=st.booleans()),
    st.builds(c.RemoveSeat, seat=st.sampled_from(NAMES), member=st.sampled_from([MEMBER + seat for seat in NAMES])),
    st.builds(c.HandFacilitation, to=st.none() | st.sampled_from([*NAMES, OUTSIDER])),
    st.builds(c.GiveRole, role=st.sampled_from(["secretary", "king"]), seat=st.sampled_from(NAMES)),
    st.builds(c.Extend, minutes=st.integers(-5, 90)),
    st.builds(c.Speed, factor=st.integers(-5, 90)),
)  # fmt: skip
ACTORS = st.one_of(
    st.sampled_from([*NAMES, OUTSIDER]).map(lambda seat: Actor(seat=seat)), st.just(Actor()), st.just(Actor(table=True))
)


@pytest.mark.parametrize("method", EVERY_METHOD)
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6), stream=st.lists(st.tuples(ACTORS, ANY_COMMAND), max_size=120))
def test_hostile_commands_do_only_what_is_permitted(
    method: str, seed: int, stream: list[tuple[Actor, c.AnyCommand]]
) -> None:
    random = Random(seed)
    table = seated(method, random.choice(sizes(method)), seed)
    table.must(NAMES[0], c.Start())
    for actor, command in stream:
        if random.random() < 0.3:
            play(table, random, steps=3)
        who = TABLE if actor.table else actor.seat
        wanted = action_of(table.state, command)
        allowed = permitted(table.state, who, method=table.method)
        on = getattr(command, "on", None)
        if on and on != who and who:
            allowed = acting(table.state, who, on, method=table.method)
        outcome = table.do(actor, command)
        if wanted not in allowed or isinstance(command, c.RoomCommand):
            assert isinstance(outcome, Refusal), (command, actor)
    check_order(table)


@pytest.mark.parametrize("method", EVERY_METHOD_SELDOM)
def test_a_fresh_view_holds_no_hidden_contribution(method: str) -> None:
    """Told from the log and the method alone: what is hidden reaches nobody but its author before it is revealed."""
    hidden = {phase.id: phase for phase in phases_of(method)}
    for seed in range(2):
        table = seated(method, sizes(method)[0], seed)
        table.must(NAMES[0], c.Start())
        random = Random(seed)
        while table.state.info.status != "closed":
            play(table, random, steps=1)
            revealed = {event.phase for event in table.log if isinstance(event, e.Revealed)}
            for seat in [*table.state.seats, None]:
                seen = view(table.state, seat.id if seat else TABLE, method=table.method).items
                for item in seen:
                    if hidden[item.id].hidden != "no" and item.phase not in revealed:
                        assert seat is not None
                        assert item.seat == seat.id


def phases_of(method: str) -> list[Phase]:
    one = load(method)
    return [
        *one.opening,
        *one.round,
        *one.closing,
        *(phase for module in one.modules.values() for phase in module.phases),
    ]


def test_events_encode_without_content() -> None:
    """An event has no field that could hold a text: names, contents and cases are ids."""
    for event in e.AnyEvent.__args__:
        for field in msgspec.structs.fields(event):
            assert field.name not in {"text", "body", "title", "note"}
