"""Deadlines, signals, the grace of the speaker, extensions, pauses, speed."""

from msgspec.structs import replace

from kring.meeting import commands as c
from kring.meeting import due
from kring.meeting import events as e
from kring.methods.model import Extend
from tests.core.meeting.cast import (
    BRAM,
    GOSSIP,
    LINXX,
    NOOR,
    OWNER,
    REFORMULATE,
    code,
    in_round,
    see_the_outcome,
    table_of,
    to_phase,
)
from tests.core.meeting.playing import ROOM


class TestTime:
    def test_a_strict_phase_advances_and_lets_the_speaker_finish(self) -> None:
        table = in_round()
        to_phase(table, GOSSIP)
        speaker = table.state.floor
        table.tick()
        assert table.state.phase is not None
        assert table.state.phase.id == GOSSIP
        table.must(speaker, c.Give(what="hypothesis"))
        assert table.state.phase.id == REFORMULATE

    def test_whoever_talks_on_is_stopped_after_the_grace(self) -> None:
        table = in_round()
        to_phase(table, GOSSIP)
        table.tick()
        start = table.now
        table.tick()
        assert table.state.phase is not None
        assert table.state.phase.id == REFORMULATE
        assert table.now - start == 60_000

    def test_a_lenient_phase_only_signals_while_someone_facilitates(self) -> None:
        table = table_of("roddel-5")
        table.must(BRAM, c.Start())
        table.tick()
        assert table.state.phase is not None
        assert (table.state.phase.signalled, due(table.state)) == (True, None)
        table.must(BRAM, c.EndPhase())
        table.tick()
        see_the_outcome(table)
        assert table.state.owner is not None

    def test_the_method_itself_goes_on_when_the_facilitator_goes_after_the_signal(self) -> None:
        table = table_of("roddel-5")
        table.must(BRAM, c.Start())
        table.tick()
        table.must(ROOM, c.SetPresence(seat=BRAM, here=False))
        table.tick()
        see_the_outcome(table)
        assert table.state.owner is not None

    def test_whoever_has_the_floor_when_the_facilitator_goes_after_the_signal_may_finish(self) -> None:
        for finishes in (True, False):
            rounds = tuple(replace(one, ends=("done",)) for one in LINXX.round)
            table = in_round(method=replace(LINXX, strict=False, round=rounds))
            to_phase(table, GOSSIP)
            table.tick()
            assert table.state.phase is not None
            assert (table.state.phase.signalled, due(table.state)) == (True, None)
            speaker = table.state.floor
            assert speaker
            table.must(ROOM, c.SetPresence(seat=BRAM, here=False))
            assert (table.state.phase.id, table.state.floor) == (GOSSIP, speaker)
            assert due(table.state) == table.now + 60_000
            if finishes:
                table.must(speaker, c.Give(what="hypothesis"))
            else:
                table.tick()
            assert table.state.phase.id == REFORMULATE

    def test_the_method_itself_advances_where_nobody_facilitates(self) -> None:
        table = table_of("roddel-5", facilitator=None)
        table.must(NOOR, c.Start())
        table.tick()
        table.tick()
        see_the_outcome(table)
        assert table.state.owner is not None

    def test_extending_is_bounded_by_the_method(self) -> None:
        method = LINXX
        bounded = tuple(replace(one, extend=Extend(times=1, minutes=5)) for one in method.round)
        table = in_round(method=replace(method, round=bounded))
        before = due(table.state)
        assert before is not None
        assert code(table.do(BRAM, c.Extend(minutes=6))) == "too-long"
        assert code(table.do(BRAM, c.Extend(minutes=0))) == "bad-value"
        assert code(table.do(NOOR, c.Extend(minutes=5))) == "facilitator-only"
        table.must(BRAM, c.Extend(minutes=5))
        assert due(table.state) == before + 300_000
        assert code(table.do(BRAM, c.Extend(minutes=1))) == "no-extension-left"

    def test_a_phase_is_skipped_only_where_the_method_allows_it(self) -> None:
        assert code(in_round().do(BRAM, c.SkipPhase())) == "not-skippable"
        method = LINXX
        table = in_round(method=replace(method, round=tuple(replace(one, skip=True) for one in method.round)))
        table.must(BRAM, c.SkipPhase())
        assert table.state.phase is not None
        assert table.state.phase.id == GOSSIP
        assert table.state.phase.key in {event.key for event in table.log if isinstance(event, e.PhaseStarted)}

    def test_a_pause_stops_the_clock_and_every_turn(self) -> None:
        table = in_round()
        before = due(table.state)
        assert before is not None
        table.must(BRAM, c.Pause())
        assert due(table.state) is None
        assert code(table.do(OWNER, c.Give(what="explanation"))) == "paused"
        table.now += 100_000
        table.must(BRAM, c.Resume())
        assert due(table.state) == before + 100_000

    def test_time_goes_faster_in_practice_only(self) -> None:
        assert code(in_round().do(NOOR, c.Speed(factor=10))) == "practice-only"
        table = in_round(practice=True)
        left = (due(table.state) or 0) - table.now
        table.must(NOOR, c.Speed(factor=10))
        assert (due(table.state) or 0) - table.now == left // 10
        assert code(table.do(NOOR, c.Speed(factor=-1))) == "bad-value"

    def test_time_stands_still_for_whoever_practises_and_goes_on_where_it_was(self) -> None:
        table = in_round(practice=True)
        left = (due(table.state) or 0) - table.now
        table.must(NOOR, c.Speed(factor=0))
        table.now += 60 * 60_000
        assert table.must(ROOM, c.Tick()) == ()
        table.must(NOOR, c.Speed(factor=1))
        assert 0 <= left - ((due(table.state) or 0) - table.now) <= 60 * 60  # milliseconds: an hour at a thousandth

    def test_a_step_that_begins_while_time_stands_still_gets_its_whole_time(self) -> None:
        table = in_round(practice=True)
        table.must(NOOR, c.Speed(factor=0))
        to_phase(table, GOSSIP)
        phase = table.state.phase
        assert phase is not None
        table.must(NOOR, c.Speed(factor=1))
        assert table.state.phase is not None
        assert table.state.phase.deadline is not None
        spec = next(one for one in table.method.round if one.id == GOSSIP)
        assert abs(table.state.phase.deadline - table.now - spec.minutes * 60_000) < 1000

    def test_a_tick_before_its_time_or_twice_does_nothing(self) -> None:
        table = in_round()
        seq = table.state.seq
        assert table.must(ROOM, c.Tick()) == ()
        assert table.state.seq == seq
        assert code(table.do(NOOR, c.Tick())) == "room-only"

    def test_what_is_owed_cannot_be_left_by_ending_early(self) -> None:
        assert code(in_round().do(BRAM, c.EndPhase())) == "still-owed"
