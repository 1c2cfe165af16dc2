"""What a room remembers of what it showed is the same as what it would show afresh, for everyone, at every step."""

from random import Random

import pytest
from msgspec.structs import replace

from kring.meeting import Actor, Projection, Refusal, Transition, apply, permitted, view
from kring.meeting import commands as c
from kring.meeting import events as e
from kring.methods.library import load
from kring.methods.model import Method
from tests.core.meeting.cast import BRAM, GOSSIP, LINXX, choose_owner, to_phase
from tests.core.meeting.playing import OUTSIDER, Table, audiences, play
from tests.library import EVERY_METHOD_SELDOM


class Remembered(Table):
    """A meeting of which every audience is told from one memory, kept from the first step to the last."""

    def __init__(self, method: Method, seed: int) -> None:
        super().__init__(method, seed)
        self.look = Projection(self.state, method)
        self.shown = {who: self.look.view(who) for who in (*audiences(self.state), OUTSIDER)}
        self.earliest = Projection(self.state, method), dict(self.shown)
        self.alike = 0

    def do(self, actor: Actor | str | None, command: c.AnyCommand) -> tuple[e.AnyEvent, ...] | Refusal:
        outcome = super().do(actor, command)
        if isinstance(outcome, Refusal) or not outcome:
            return outcome
        before, self.look = self.look, self.look.then(self.state)
        step = Transition(before, self.look)
        for who in {*audiences(before.state), *audiences(self.state), OUTSIDER}:
            told = step.facts(who)
            self.alike += told is step.facts(who)
            stale = self.shown.get(who) or before.view(who)
            self.shown[who] = self.look.view(who)
            assert apply(stale, told) == self.shown[who] == view(self.state, who, method=self.method), who
            assert self.shown[who].mine.permitted == tuple(sorted(permitted(self.state, who, method=self.method)))
        if self.state.seq % 7 == 0:
            self.come_back()
        return outcome

    def come_back(self) -> None:
        """Whoever has heard nothing for a while is told all of it from the same memory."""
        past, shown = self.earliest
        step = Transition(Projection(past.state, self.method), self.look)
        for who, stale in shown.items():
            assert apply(stale, step.facts(who)) == self.look.view(who), who
        self.earliest = self.look, {who: self.look.view(who) for who in audiences(self.state)}


def test_whose_turn_comes_again_may_do_what_they_might_before() -> None:
    """Round after round: what was worked out for somebody's turn is there again, and still true."""
    method = LINXX
    thrice = tuple(
        replace(one, gives=(replace(one.gives[0], least=3, most=3, turns="circle"),)) if one.id == GOSSIP else one
        for one in method.round
    )
    table = Remembered(replace(method, round=thrice), 5)
    table.sit(5)
    table.must(BRAM, c.TakeFacilitation())
    table.must(BRAM, c.Start())
    choose_owner(table)
    to_phase(table, GOSSIP)
    first, turns = table.state.queue[0].seat, 0
    while table.state.phase and table.state.phase.id == GOSSIP and table.state.queue:
        turn = table.state.queue[0]
        turns += turn.seat == first
        table.must(turn.seat, c.Give(what=turn.what))
    assert turns == 3


@pytest.mark.parametrize("trouble", [0.3, pytest.param(0.05, marks=pytest.mark.slow)])
@pytest.mark.parametrize("method", EVERY_METHOD_SELDOM)
def test_what_is_remembered_is_what_would_be_built(method: str, trouble: float) -> None:
    """Who hears the same is told the same facts, and they lead everybody to the view that has no memory."""
    table = Remembered(load(method), 5)
    table.sit(min(table.method.group.max, 7))
    table.must(table.state.seats[0].id, c.TakeFacilitation())
    play(table, Random(5), steps=900, trouble=trouble)
    assert table.alike > table.state.seq, "most are told what others are told as well"
