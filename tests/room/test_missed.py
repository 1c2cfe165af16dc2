"""Whoever was away, from any moment on, hears so much that they know what everybody knows, and no more than they may."""

from random import Random

import pytest

from kring.meeting import Actor, Projection, Refusal, Transition, Who, apply
from kring.meeting import commands as c
from kring.meeting import events as e
from kring.meeting.views import Facts, View
from kring.methods.library import load, names
from kring.methods.model import Method
from kring_room.live.missed import Missed
from tests.core.meeting.playing import Table, audiences, play


class Watched(Table):
    """A meeting of which it is kept what every audience saw when."""

    def __init__(self, method: Method, seed: int, seats: int) -> None:
        super().__init__(method, seed)
        self.sit(seats)
        self.look = Projection(self.state, method)
        self.missed = Missed(self.state)
        self.loaded = self.state.seq
        self.saw: dict[int, dict[Who, View]] = {}
        self.told = 0

    def do(self, actor: Actor | str | None, command: c.AnyCommand) -> tuple[e.AnyEvent, ...] | Refusal:
        outcome = super().do(actor, command)
        if isinstance(outcome, Refusal) or not outcome or not hasattr(self, "saw"):
            return outcome
        before, self.look = self.look, self.look.then(self.state)
        self.missed.note(Transition(before, self.look))
        self.saw[self.state.seq] = {who: self.look.view(who) for who in audiences(self.state)}
        return outcome

    def come_back(self, since: int) -> None:
        for who, stale in self.saw[since].items():
            if not isinstance(who, str) or not self.look.inside(who):
                continue  # left since, or never in: they are told everything again
            missed = self.missed.facts(self.look, who, since)
            assert missed is not None
            fresh = self.look.view(who)
            assert apply(stale, missed) == fresh, (since, who)
            assert set(missed.items) <= set(fresh.items)
            self.told += len(fresh.items) - len(missed.items)


@pytest.mark.parametrize("method", names())
@pytest.mark.parametrize("trouble", [0.05, 0.3])
def test_what_was_missed_leads_to_what_is_known(method: str, trouble: float) -> None:
    random = Random(11)
    table = Watched(load(method), 11, load(method).group.min + 1)
    table.must(table.state.seats[0].id, c.Start())
    for _ in range(40):
        play(table, random, steps=12, trouble=trouble)
        for since in random.sample(sorted(table.saw), 4 if len(table.saw) > 3 else 1):
            table.come_back(since)
    assert table.told > 0, "less than all is told again"


def test_what_was_before_the_room_was_loaded_nobody_knows_any_more() -> None:
    table = Watched(load("linxx-9"), 1, 4)
    table.must(table.state.seats[0].id, c.Start())
    who = table.state.seats[0].id
    assert table.missed.facts(table.look, who, table.loaded - 1) is None
    assert table.missed.facts(table.look, who, table.state.seq + 1) is None
    assert table.missed.facts(table.look, who, table.loaded) is not None
    assert table.missed.facts(table.look, who, table.state.seq) == Facts()
