"""How cases are chosen: votes, ties, lots, two cases one after the other."""

import pytest

from kring.meeting import Action, permitted, view
from kring.meeting import commands as c
from kring.meeting import events as e
from tests.core.meeting.cast import AMAL, BRAM, JOOST, LINXX, NOOR, OWNER, bring_cases, code, see_the_outcome, table_of
from tests.core.meeting.playing import NAMES, ROOM, Table


def voted_but_for_one() -> tuple[Table, dict[str, str]]:
    """All but Amal have voted for Noor's case."""
    table = table_of()
    table.must(BRAM, c.Start())
    cases = bring_cases(table)
    for seat in (OWNER, NOOR, BRAM, JOOST):
        table.must(seat, c.Vote(choices={cases[NOOR]: 1}))
    return table, cases


class TestChoosing:
    def test_most_votes_win(self) -> None:
        table = table_of()
        table.must(BRAM, c.Start())
        cases = bring_cases(table)
        for seat, vote in zip([OWNER, NOOR, BRAM, JOOST, AMAL], [NOOR, NOOR, NOOR, BRAM, OWNER], strict=True):
            table.must(seat, c.Vote(choices={cases[vote]: 1}))
        see_the_outcome(table)
        assert table.state.owner == NOOR
        chosen = next(event for event in table.log if isinstance(event, e.CasesChosen))
        assert (chosen.because, chosen.tally) == ("votes", {cases[NOOR]: 3, cases[BRAM]: 1, cases[OWNER]: 1})

    def test_a_tie_goes_to_whoever_waited_longest_to_be_owner(self) -> None:
        table = Table(LINXX)
        for number, seat in enumerate(NAMES[:4]):
            table._fold(
                e.SeatTaken(at=1, seat=seat, name=f"name{seat}", account="member", waited=7 if number == 2 else number)
            )
        table.must(OWNER, c.Start())
        cases = bring_cases(table)
        for seat in NAMES[:4]:
            table.must(seat, c.Vote(choices={cases[seat]: 1}))
        see_the_outcome(table)
        assert table.state.owner == NAMES[2]
        assert next(event for event in table.log if isinstance(event, e.CasesChosen)).because == "waited"

    def test_a_tie_of_equals_goes_by_lot_of_the_seed(self) -> None:
        owners = set()
        for seed in range(12):
            table = table_of(seed=seed)
            table.must(BRAM, c.Start())
            cases = bring_cases(table)
            for seat in [OWNER, NOOR, BRAM, JOOST, AMAL]:
                table.must(seat, c.Vote(choices={cases[seat]: 1}))
            see_the_outcome(table)
            owners.add(table.state.owner)
            assert next(event for event in table.log if isinstance(event, e.CasesChosen)).because == "lot"
        assert len(owners) > 2

    def test_votes_stay_hidden_until_all_have_voted_and_may_be_changed(self) -> None:
        table = table_of()
        table.must(BRAM, c.Start())
        cases = bring_cases(table)
        table.must(OWNER, c.Vote(choices={cases[NOOR]: 1}))
        table.must(OWNER, c.Vote(choices={cases[BRAM]: 1}))
        seen = view(table.state, NOOR, method=table.method).choice
        assert seen is not None
        assert (seen.cast, seen.tally, seen.chosen) == ((OWNER,), None, ())
        assert view(table.state, OWNER, method=table.method).mine.vote == {cases[BRAM]: 1}

    def test_everybody_sees_for_a_moment_what_came_of_a_vote(self) -> None:
        for stops in ("time", "ready", "facilitator"):
            table, cases = voted_but_for_one()
            before = view(table.state, NOOR, method=table.method).choice
            assert before is not None
            assert (before.tally, before.chosen) == (None, ())
            table.must(AMAL, c.Vote(choices={cases[NOOR]: 1}))
            shown = view(table.state, NOOR, method=table.method)
            assert shown.phase is not None
            assert (shown.phase.outcome, shown.phase.ending) == (True, table.now + 10_000)
            assert shown.choice is not None
            assert shown.choice.tally == {cases[NOOR]: 5}
            assert (shown.choice.chosen, shown.choice.because) == ((cases[NOOR],), "votes")
            assert ("vote", "case") not in shown.mine.permitted
            if stops == "time":
                table.tick()
            elif stops == "facilitator":
                table.must(BRAM, c.EndPhase())
            else:
                for seat in (OWNER, NOOR, BRAM, JOOST, AMAL):
                    assert table.state.owner is None
                    table.must(seat, c.Ready())
            assert table.state.owner == NOOR

    def test_an_outcome_is_shown_once_and_not_longer(self) -> None:
        table, cases = voted_but_for_one()
        table.must(AMAL, c.Vote(choices={cases[NOOR]: 1}))
        assert table.state.phase is not None
        assert table.state.phase.ending is not None
        until = table.state.phase.ending.until
        assert Action("extend", "") not in permitted(table.state, BRAM, method=table.method)
        for command in (c.Extend(minutes=2), c.SkipPhase()):
            assert code(table.do(BRAM, command)) == "phase-ending"
        assert code(table.do(AMAL, c.Vote(choices={cases[BRAM]: 1}))) == "already-given"
        table.must(ROOM, c.SetPresence(seat=AMAL, here=False))
        for seat in (OWNER, NOOR, BRAM):
            table.must(seat, c.Ready())
        assert table.state.phase.ending.until == until
        assert table.state.owner is None
        table.must(JOOST, c.Ready())
        assert table.state.owner == NOOR, "whoever is gone is not waited for"

    def test_an_outcome_that_nobody_would_see_is_not_shown(self) -> None:
        table, _ = voted_but_for_one()
        for seat in (OWNER, NOOR, BRAM, JOOST, AMAL):
            table.must(ROOM, c.SetPresence(seat=seat, here=False))
        assert any(isinstance(event, e.CasesChosen) for event in table.log)
        assert not any(isinstance(event, e.PhaseEnding) for event in table.log)

    def test_the_lot_that_decides_which_case_comes_first_is_told(self) -> None:
        because = set()
        for votes in ((NOOR, BRAM), (NOOR, BRAM, AMAL)):
            table = table_of("leading-org-7")
            table.must(BRAM, c.Start())
            cases = bring_cases(table)
            for number, seat in enumerate((OWNER, NOOR, BRAM, JOOST, AMAL)):
                chosen = votes[:2] if number else votes[-1:]
                table.must(seat, c.Vote(choices={cases[one]: 1 for one in chosen}))
            assert table.state.choice is not None
            because.add((table.state.choice.because, len(table.state.agenda.cases)))
            tally = view(table.state, NOOR, method=table.method).choice
            assert tally is not None
            assert tally.tally is not None
        assert because == {("votes", 2), ("lot", 2)}

    def test_time_that_is_up_makes_the_choice_and_shows_it(self) -> None:
        table, _ = voted_but_for_one()
        table.tick()
        if table.state.phase and not table.state.phase.signalled:
            table.tick()
        while table.state.phase and not (table.state.phase.ending and table.state.phase.ending.outcome):
            if table.state.phase.signalled and table.state.phase.ending is None:
                table.must(BRAM, c.EndPhase())
            table.tick()
        assert table.state.phase is not None
        assert table.state.choice is not None
        assert (table.state.choice.made, table.state.owner) == (True, None)
        table.tick()
        assert table.state.owner == NOOR

    def test_in_writing_nobody_waits_for_an_outcome(self) -> None:
        table = table_of("incident-op-papier", written=True)
        table.must(BRAM, c.Start())
        for _ in range(60):
            table.tick()
        assert not any(isinstance(event, e.PhaseEnding) for event in table.log)

    @pytest.mark.parametrize("choices", [{}, {"unknown": 1}, {"casenoorderl": 1, "casesamira": 1}, {"casesamira": 2}])
    def test_a_malformed_vote_is_refused(self, choices: dict[str, int]) -> None:
        table = table_of()
        table.must(BRAM, c.Start())
        bring_cases(table)
        assert code(table.do(OWNER, c.Vote(choices=choices))) in {"wrong-votes", "unknown-choice"}

    def test_two_cases_are_taken_up_one_after_the_other(self) -> None:
        table = table_of("leading-org-7")
        table.must(BRAM, c.Start())
        cases = bring_cases(table)
        for seat in [OWNER, NOOR, BRAM, JOOST, AMAL]:
            table.must(seat, c.Vote(choices={cases[OWNER]: 1, cases[NOOR]: 1}))
        see_the_outcome(table)
        rounds = [table.state.owner]
        for _ in range(400):
            if table.state.info.status == "closed":
                break
            if table.state.queue:
                turn = table.state.queue[0]
                table.must(turn.seat, c.Give(what=turn.what))
            elif Action("end-phase") in permitted(table.state, BRAM, method=table.method):
                table.must(BRAM, c.EndPhase())
            else:
                waiting = next(one for one in table.state.desk if one.owed)
                table.must(waiting.slot.seat, c.Pass(what=waiting.slot.what))
            if table.state.owner != rounds[-1]:
                rounds.append(table.state.owner)
        assert sorted(rounds, key=str) == sorted([OWNER, NOOR], key=str)
        assert table.state.info.status == "closed"
