"""How cases are chosen: votes, ties, lots, two cases one after the other."""

import pytest

from kring.meeting import Action, permitted, view
from kring.meeting import commands as c
from kring.meeting import events as e
from tests.core.meeting.cast import AMAL, BRAM, JOOST, LINXX, NOOR, OWNER, bring_cases, code, table_of
from tests.core.meeting.playing import NAMES, Table


class TestChoosing:
    def test_most_votes_win(self) -> None:
        table = table_of()
        table.must(BRAM, c.Start())
        cases = bring_cases(table)
        for seat, vote in zip([OWNER, NOOR, BRAM, JOOST, AMAL], [NOOR, NOOR, NOOR, BRAM, OWNER], strict=True):
            table.must(seat, c.Vote(choices={cases[vote]: 1}))
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
