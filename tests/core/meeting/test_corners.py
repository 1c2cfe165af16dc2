"""Corners of the language that the library's methods don't reach by themselves."""

import msgspec
import pytest
from msgspec.structs import replace

from kring.meeting import commands as c
from kring.meeting import due, view
from kring.meeting import events as e
from kring.meeting.upcasting import UPCASTERS, VERSION, encode, upcast
from kring.methods.library import load
from kring.methods.model import Choose, Method, Phase, Role, Withheld
from tests.core.meeting.cast import (
    ADVISE,
    AMAL,
    BRAM,
    EXPLAIN,
    GOSSIP,
    JOOST,
    LINXX,
    NOOR,
    OWNER,
    at_the_choice,
    choose_owner,
    code,
    in_free_talk,
    in_round,
    see_the_outcome,
    table_of,
    to_phase,
)
from tests.core.meeting.playing import ROOM, Table

CHOOSE = LINXX.opening[1].id


def changed(phase: str, **changes: object) -> Method:
    """linxx-9 with one phase changed."""

    def change(one: Phase) -> Phase:
        return replace(one, **changes) if one.id == phase else one

    return replace(LINXX, opening=tuple(map(change, LINXX.opening)), round=tuple(map(change, LINXX.round)))


class TestOtherWaysToChoose:
    def test_urgency_adds_up_what_everyone_rates(self) -> None:
        table, cases = at_the_choice(changed(CHOOSE, choose=Choose(by="urgency")))
        assert code(table.do(OWNER, c.Vote(choices={cases[NOOR]: 6}))) == "wrong-votes"
        assert code(table.do(OWNER, c.Vote(choices={}))) == "wrong-votes"
        for seat in [OWNER, NOOR, BRAM, JOOST, AMAL]:
            table.must(seat, c.Vote(choices={cases[NOOR]: 4, cases[BRAM]: 3}))
        see_the_outcome(table)
        assert table.state.owner == NOOR

    @pytest.mark.parametrize("by", ["lot", "rotation"])
    def test_lot_and_rotation_need_nobody(self, by: str) -> None:
        table, _ = at_the_choice(changed(CHOOSE, choose=Choose(by=by)))  # type: ignore[arg-type]  # two of the names
        assert table.state.owner is not None

    def test_the_facilitator_decides_with_the_group(self) -> None:
        table, cases = at_the_choice(changed(CHOOSE, choose=Choose(by="facilitator")))
        assert code(table.do(NOOR, c.Choose(choices=(cases[NOOR],)))) == "facilitator-only"
        assert code(table.do(NOOR, c.Vote(choices={cases[NOOR]: 1}))) == "not-in-this-phase"
        assert code(table.do(BRAM, c.Choose(choices=("unknown1",)))) == "unknown-choice"
        assert code(table.do(BRAM, c.Choose(choices=(cases[NOOR], cases[BRAM])))) == "wrong-votes"
        table.must(BRAM, c.Choose(choices=(cases[NOOR],)))
        assert table.state.owner == NOOR

    def test_time_that_runs_out_makes_the_choice(self) -> None:
        table, _ = at_the_choice(LINXX)
        table.tick()
        table.tick()
        see_the_outcome(table)
        assert table.state.owner is not None

    def test_a_method_without_a_choosing_phase_goes_by_rotation(self) -> None:
        table = table_of(replace(LINXX, opening=()))
        table.must(BRAM, c.Start())
        assert table.state.owner is not None

    def test_voting_waits_until_all_cases_are_there(self) -> None:
        table = table_of("leading-org-7")
        table.must(BRAM, c.Start())
        assert code(table.do(BRAM, c.Vote(choices={"@samira": 1}))) == "still-owed"

    def test_a_module_is_one_of_the_method(self) -> None:
        table = _at_the_module()
        assert code(table.do(table.state.roles.facilitator, c.Choose(choices=("unknown",)))) == "unknown-choice"
        module = next(iter(table.method.modules))
        table.must(table.state.roles.facilitator, c.Choose(choices=(module,)))
        assert table.state.agenda.module == module
        assert table.state.phase is not None
        assert table.state.phase.module == module

    def test_the_phases_of_a_module_follow_each_other(self) -> None:
        table = _at_the_module()
        table.must(table.state.roles.facilitator, c.Choose(choices=("headstand",)))
        phases = [phase.id for phase in table.method.modules["headstand"].phases]
        assert table.state.phase is not None
        seen = [table.state.phase.id]
        for one in list(table.state.desk):
            for _ in range(one.owed):
                table.must(one.slot.seat, c.Give(what=one.slot.what, content=table.new_id()))
        table.must(table.state.roles.facilitator, c.EndPhase())
        seen.append(table.state.phase.id)
        assert seen == phases
        assert len(phases) > 1

    def test_the_lot_chooses_a_module_when_the_facilitator_does_not_in_time(self) -> None:
        table = _at_the_module()
        table.must(ROOM, c.SetPresence(seat=table.state.roles.facilitator or "", here=False))
        table.tick()
        chosen = next(event for event in table.log if isinstance(event, e.ModuleChosen))
        assert (chosen.because, table.state.agenda.module) == ("lot", chosen.module)


def _at_the_module() -> Table:
    """A meeting by tietze-6 that is to choose how it goes on."""
    table = table_of("tietze-6", size=6)
    table.must(BRAM, c.Start())
    for _ in range(60):
        if table.state.phase and table.state.phase.choosing == "module":
            return table
        _willing(table)
    raise AssertionError(table.state.phase)


def _willing(table: Table) -> None:
    """One step of people who do what is asked."""
    if table.state.queue:
        turn = table.state.queue[0]
        table.must(turn.seat, c.Give(what=turn.what))
        return
    for one in table.state.desk:
        if one.owed and one.slot.what == "case":
            table.must(one.slot.seat, c.Give(what="case", content=table.new_id()))
            return
    role = next((role for role in table.method.roles if role not in dict(table.state.roles.others)), None)
    if role:
        table.must(AMAL, c.TakeRole(role=role))
        return
    options = view(table.state, BRAM, method=table.method).choice
    for one in table.state.desk:
        if one.owed and one.slot.what == "vote" and options:
            table.must(one.slot.seat, c.Vote(choices={options.options[0]: 1}))
            return
    facilitator = table.state.roles.facilitator
    if facilitator and options and options.options and not options.chosen:
        table.must(facilitator, c.Choose(choices=options.options[:1]))
        return
    table.must(facilitator or NOOR, c.EndPhase() if facilitator else c.TakeFacilitation())


class TestOtherRoles:
    def test_an_observer_gives_nothing(self) -> None:
        method = replace(LINXX, roles={"observer": Role(name={"en": "Observer"}, apart=True)})
        table = table_of(method)
        assert code(table.do(BRAM, c.GiveRole(role="observer", seat="outsider"))) == "unknown-seat"
        assert code(table.do(BRAM, c.GiveRole(role="king", seat=NOOR))) == "unknown-role"
        table.must(BRAM, c.GiveRole(role="observer", seat=NOOR))
        table.must(BRAM, c.Start())
        assert NOOR not in {one.slot.seat for one in table.state.desk}
        assert code(table.do(JOOST, c.TakeRole(role="observer"))) == "role-taken"

    def test_a_role_is_not_for_the_case_owner(self) -> None:
        method = replace(LINXX, roles={"observer": Role(name={"en": "Observer"}, apart=True)})
        table = in_round(method=method)
        assert code(table.do(BRAM, c.GiveRole(role="observer", seat=OWNER))) == "bad-value"

    def test_facilitation_is_handed_to_someone_who_sits_there(self) -> None:
        assert code(table_of().do(BRAM, c.HandFacilitation(to="outsider"))) == "unknown-seat"

    def test_a_needed_facilitator_whose_case_is_chosen_is_followed_by_another(self) -> None:
        table = table_of(replace(LINXX, facilitator="needed"), facilitator=OWNER)
        table.must(OWNER, c.Start())
        choose_owner(table)
        assert table.state.roles.facilitator not in {None, OWNER}


class TestOtherPhases:
    def test_what_must_be_said_is_not_written(self) -> None:
        gives = tuple(replace(give, by="spoken") for give in LINXX.round[0].gives)
        table = in_round(method=changed(EXPLAIN, gives=gives))
        assert code(table.do(OWNER, c.Give(what="explanation", content="content001"))) == "must-be-spoken"

    def test_a_follow_up_is_offered_after_the_reply(self) -> None:
        method = load("leading-org-7")
        asking = next(one for one in method.round if one.gives and one.gives[0].reply)
        gives = (replace(asking.gives[0], follow_up=True), *asking.gives[1:])
        followed = tuple(replace(one, gives=gives) if one.id == asking.id else one for one in method.round)
        table = table_of(replace(method, round=followed))
        table.must(BRAM, c.Start())
        choose_owner(table)
        to_phase(table, asking.id)
        depths = [turn.depth for turn in table.state.queue[:4]]
        assert depths == [0, 1, 2, 3]
        asker = table.state.queue[0].seat
        table.must(asker, c.Give(what="question"))
        table.must(table.state.owner, c.Give(what="answer"))
        table.must(asker, c.Pass(what="question"))
        assert table.state.queue[0].depth == 0
        assert table.state.floor != asker

    def test_a_follow_up_comes_without_a_reply_too(self) -> None:
        gives = tuple(replace(give, follow_up=True) for give in LINXX.round[1].gives)
        table = in_round(method=changed(GOSSIP, gives=gives))
        to_phase(table, GOSSIP)
        assert [turn.depth for turn in table.state.queue[:4]] == [0, 2, 0, 2]

    def test_what_is_withheld_from_nobody_is_seen_by_all(self) -> None:
        table = in_round(
            method=changed(GOSSIP, withheld=Withheld(from_="facilitator", until="never")), facilitator=None
        )
        assert table.state.roles.facilitator is None
        table.must(OWNER, c.Give(what="explanation"))
        assert table.state.phase is not None
        assert (table.state.phase.id, table.state.veils) == (GOSSIP, ())

    def test_a_phase_of_the_first_round_only_is_left_out_later(self) -> None:
        method = load("leading-org-7")
        once = tuple(replace(one, once=True) if place == 0 else one for place, one in enumerate(method.round))
        table = table_of(replace(method, round=once))
        table.must(BRAM, c.Start())
        choose_owner(table)
        table.must(table.state.owner, c.Leave())
        assert table.state.phase is not None
        assert table.state.phase.index == 1

    @pytest.mark.parametrize("until", ["close", "never", ADVISE])
    def test_what_is_withheld_comes_when_said_or_not_at_all(self, until: str) -> None:
        table = in_round(method=changed(GOSSIP, withheld=Withheld(from_="owner", until=until)))
        to_phase(table, GOSSIP)
        table.must(table.state.queue[0].seat, c.Give(what="hypothesis", content="content001"))
        table.must(BRAM, c.CloseMeeting())
        seen = {item.content for item in view(table.state, OWNER, method=table.method).items}
        assert ("content001" in seen) == (until == "close")

    def test_silence_ends_with_time_alone(self) -> None:
        table = in_round(method=changed(EXPLAIN, gives=(), ends=("time",), silence=True, kind="silence"))
        assert code(table.do(BRAM, c.EndPhase())) == "still-owed"
        assert code(table.do(NOOR, c.TakeFloor())) == "not-in-this-phase"
        table.tick()
        assert table.state.phase is not None
        assert table.state.phase.id == GOSSIP

    def test_the_floor_is_taken_and_released_in_free_talk(self) -> None:
        table = in_free_talk()
        first, second = [seat for seat in (NOOR, JOOST, AMAL) if seat != table.state.owner][:2]
        table.must(first, c.TakeFloor())
        assert code(table.do(second, c.TakeFloor())) == "floor-taken"
        assert code(table.do(second, c.ReleaseFloor())) == "facilitator-only"
        table.must(first, c.ReleaseFloor())
        assert code(table.do(first, c.ReleaseFloor())) == "no-floor"

    def test_whoever_took_the_floor_and_is_gone_no_longer_has_it(self) -> None:
        table = in_free_talk()
        speaker = next(seat for seat in (NOOR, JOOST) if seat != table.state.owner)
        table.must(speaker, c.TakeFloor())
        table.must(ROOM, c.SetPresence(seat=speaker, here=False))
        assert table.state.floor is None

    def test_an_owner_who_leaves_at_the_very_end_changes_nothing(self) -> None:
        table = at_the_farewell()
        table.must(OWNER, c.Leave())
        assert [event.because for event in table.log if isinstance(event, e.RoundEnded)] == ["done"]
        to_the_end(table)
        assert table.state.info.status == "closed"
        assert table.log[-1] == e.MeetingClosed(at=table.now, because="done")

    def test_what_is_withheld_until_a_step_that_never_comes_is_seen_after_the_round(self) -> None:
        table = in_round(method=changed(GOSSIP, withheld=Withheld(from_="owner", until=ADVISE)))
        to_phase(table, GOSSIP)
        table.must(table.state.queue[0].seat, c.Give(what="hypothesis", content="content001"))
        table.must(OWNER, c.Leave())
        assert [event for event in table.log if isinstance(event, e.Revealed) and event.withheld]
        assert table.state.veils == ()


def at_the_farewell() -> Table:
    """A method with a closing phase, at that phase."""
    table = in_round(method=replace(LINXX, closing=(replace(LINXX.round[-1], id="farewell"),)))
    to_the_end(table, "closing")
    return table


def to_the_end(table: Table, section: str = "nowhere") -> None:
    """Everyone gives what is asked until this section, or the end."""
    for _ in range(400):
        phase = table.state.phase
        if phase is None or phase.section == section:
            return
        turn = table.state.queue[0] if table.state.queue else None
        table.must(turn.seat if turn else BRAM, c.Give(what=turn.what) if turn else c.EndPhase())


def test_speed_before_the_start_changes_what_follows() -> None:
    table = table_of(practice=True)
    table.must(NOOR, c.Speed(factor=60))
    table.must(BRAM, c.Start())
    assert due(table.state) == table.now + int(LINXX.opening[0].minutes * 1000)


def test_an_event_of_an_older_version_is_brought_to_today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(UPCASTERS, VERSION - 1, lambda event: event | {"because": "handed"})
    old = e.FacilitatorChanged(at=1, seat=NOOR)
    assert upcast(VERSION - 1, encode(old)) == replace(old, because="handed")


def test_an_event_of_a_later_version_is_not_guessed_at() -> None:
    event = e.FacilitatorChanged(at=1, seat=NOOR)
    with pytest.raises(msgspec.ValidationError):
        upcast(VERSION + 1, encode(event))
