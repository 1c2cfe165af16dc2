"""Meetings of a fixed cast, brought to where a rule can be seen."""

from msgspec.structs import replace

from kring.meeting import Refusal, view
from kring.meeting import commands as c
from kring.methods.library import load
from kring.methods.model import Method, Phase
from tests.core.meeting.playing import NAMES, Table

OWNER, NOOR, BRAM, JOOST, AMAL = NAMES[:5]


def in_turns(method: Method) -> Method:
    """With its gossip round and its advice in turns: one owed in circle order, two more offered."""

    def turned(phase: Phase) -> Phase:
        gives = tuple(replace(give, least=1, most=3, turns="circle") for give in phase.gives)
        return replace(phase, gives=gives) if phase.id in {"gossip", "advice"} else phase

    return replace(method, round=tuple(map(turned, method.round)))


LINXX = in_turns(load("linxx-9"))
"""Nine steps in which the owner goes out of sight, with turns to take while they are there."""


def table_of(
    method: str | Method = LINXX, size: int = 5, seed: int = 1, facilitator: str | None = BRAM, **how: bool
) -> Table:
    table = Table(load(method) if isinstance(method, str) else method, seed, **how)
    table.sit(size)
    if facilitator:
        table.must(facilitator, c.TakeFacilitation())
    return table


def code(outcome: object) -> str:
    assert isinstance(outcome, Refusal), outcome
    return outcome.code


def bring_cases(table: Table) -> dict[str, str]:
    """Everyone writes a question; by seat, its content id."""
    for seat in table.state.seats:
        table.must(seat.id, c.Give(what="case", content=f"case{seat.id}"))
    return {seat.id: f"case{seat.id}" for seat in table.state.seats}


def at_the_choice(method: Method) -> tuple[Table, dict[str, str]]:
    """A meeting with all questions on the table, and them by seat."""
    table = table_of(method)
    table.must(BRAM, c.Start())
    return table, bring_cases(table)


def choose_owner(table: Table, owner: str = OWNER) -> None:
    cases = bring_cases(table)
    for seat in [seat.id for seat in table.state.seats]:
        if table.state.phase and table.state.phase.choosing:
            table.must(seat, c.Vote(choices={cases[owner]: 1}))
    see_the_outcome(table)


def see_the_outcome(table: Table) -> None:
    """Everybody has seen what was chosen."""
    if table.state.phase and table.state.phase.ending and table.state.phase.ending.outcome:
        table.tick()


def in_round(**how: object) -> Table:
    """A linxx-9 meeting of which the round has just begun."""
    table = table_of(**how)  # type: ignore[arg-type]  # passed on as it is
    table.must(table.state.roles.facilitator or NOOR, c.Start())
    choose_owner(table)
    assert table.state.owner == OWNER
    return table


def in_free_talk() -> Table:
    """A meeting by leading-org-7, at its gossip: no turns, and the floor is taken."""
    table = table_of("leading-org-7")
    table.must(BRAM, c.Start())
    choose_owner(table)
    to_phase(table, next(one.id for one in table.method.round if one.kind == "gossip"))
    return table


def to_phase(table: Table, phase: str) -> None:
    """Everyone says what they owe until the phase is there."""
    for _ in range(300):
        if table.state.phase is None or table.state.phase.id == phase:
            return
        if table.state.queue:
            turn = table.state.queue[0]
            table.must(turn.seat, c.Give(what=turn.what) if turn.owed else c.Pass(what=turn.what))
        else:
            table.must(table.state.roles.facilitator, c.EndPhase())
    raise AssertionError(phase)


def phase_at(method: str, place: int) -> str:
    return load(method).round[place].id


EXPLAIN, GOSSIP, REFORMULATE, ADVISE = (phase_at("linxx-9", place) for place in range(4))


def acting_for(table: Table, who: str, target: str) -> list[tuple[str, str]]:
    return list(view(table.state, who, method=table.method).mine.acting.get(target, ()))


def to_phase_done(table: Table) -> None:
    """Into the gossip round, one turn each, then everyone is ready."""
    to_gossip = table.state.queue[0]
    table.must(to_gossip.seat, c.Give(what=to_gossip.what))
    assert table.state.phase is not None
    key = table.state.phase.key
    while any(turn.owed for turn in table.state.queue):
        table.must(table.state.queue[0].seat, c.Give(what="hypothesis"))
    for seat in [NOOR, BRAM, JOOST]:
        assert table.state.phase.key == key
        table.must(seat, c.Ready())
    assert table.state.phase.key != key
