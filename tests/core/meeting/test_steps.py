"""A step is ended by those whose step it is, and what was meant for it counts in no other."""

from msgspec.structs import replace

from kring.meeting import commands as c
from kring.methods.model import Give
from tests.core.meeting.cast import (
    AMAL,
    BRAM,
    EXPLAIN,
    GOSSIP,
    JOOST,
    LINXX,
    NOOR,
    OWNER,
    choose_owner,
    code,
    in_round,
    table_of,
)
from tests.core.meeting.playing import ROOM, Table
from tests.core.meeting.test_unsent import FREE, gossiping, here


class TestTheOwner:
    """Others who are ready don't end a step that is the owner's."""

    def answering(self) -> Table:
        gives = (Give(who="owner", what="answer", least=1, most=5),)
        first, *rest = LINXX.round
        method = replace(LINXX, strict=False, round=(replace(first, gives=gives, ends=("agreed",)), *rest))
        table = table_of(method, facilitator=None)
        table.must(NOOR, c.Start())
        choose_owner(table)
        table.must(OWNER, c.Give(what="answer", content="answered1"))
        for seat in (NOOR, BRAM, JOOST, AMAL):
            table.must(seat, c.Ready())
        return table

    def test_while_they_are_here_and_have_more_to_say_it_goes_on(self) -> None:
        table = self.answering()
        assert here(table) == EXPLAIN
        table.must(OWNER, c.Ready())
        assert here(table) != EXPLAIN

    def test_it_goes_on_without_them_when_they_are_away(self) -> None:
        table = self.answering()
        table.must(ROOM, c.SetPresence(seat=OWNER, here=False))
        assert here(table) != EXPLAIN

    def test_their_time_ends_it(self) -> None:
        table = self.answering()
        table.tick()
        assert here(table) != EXPLAIN

    def test_in_the_others_step_they_are_one_of_all(self) -> None:
        gives = (FREE, Give(who="owner", what="answer", most=5))
        table = gossiping(facilitator=None, gives=gives, position={})
        for seat in (NOOR, BRAM, JOOST):
            table.must(seat, c.Ready())
        assert here(table) != GOSSIP


class TestMeantForAStep:
    """A command that belongs to a step says which, and is refused in another."""

    def test_a_late_one_is_refused(self) -> None:
        table = in_round(facilitator=None)
        assert table.state.phase is not None
        late = table.state.phase.step
        table.must(OWNER, c.Give(what="explanation"))
        stale: tuple[c.AnyCommand, ...] = (
            c.Ready(phase=late), c.Give(what="hypothesis", phase=late), c.Pass(what="hypothesis", phase=late),
            c.EndPhase(phase=late), c.SkipPhase(phase=late), c.Extend(minutes=1, phase=late), c.TakeFloor(phase=late),
            c.ReleaseFloor(phase=late), c.Vote(choices={}, phase=late), c.Choose(choices=(), phase=late),
        )  # fmt: skip
        for command in stale:
            assert code(table.do(NOOR, command)) == "phase-over"

    def test_one_in_time_and_one_that_says_nothing_are_served(self) -> None:
        table = in_round(facilitator=None)
        assert table.state.phase is not None
        for phase in (None, table.state.phase.key, table.state.phase.step):
            table.must(NOOR, c.Ready(phase=phase))

    def test_a_part_is_a_step_of_its_own(self) -> None:
        table = gossiping(gives=(replace(FREE, least=1), replace(FREE, what="resonance", then=True)))
        assert table.state.phase is not None
        late, key = table.state.phase.step, table.state.phase.key
        for seat in (NOOR, BRAM, JOOST, AMAL):
            table.must(seat, c.Give(what="hypothesis", content=f"given{seat}"))
        table.must(BRAM, c.EndPhase())
        assert code(table.do(NOOR, c.Ready(phase=late))) == "phase-over"
        table.must(NOOR, c.Ready(phase=key))

    def test_before_a_meeting_there_is_no_step(self) -> None:
        assert code(table_of().do(NOOR, c.Ready(phase="round:1:x#0"))) == "phase-over"
