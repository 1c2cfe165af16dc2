"""A person in a seat: how they came, how long they waited, who acted for whom, and how a former member's seat goes."""

from random import Random

import msgspec
import pytest

from kring.meeting import (
    INITIAL,
    TABLE,
    Action,
    Actor,
    Outsider,
    Person,
    Refusal,
    Who,
    decide,
    evolve,
    facts,
    open_meeting,
    permitted,
    view,
)
from kring.meeting import commands as c
from kring.meeting import events as e
from kring.meeting.upcasting import upcast
from kring.methods.library import load
from tests.core.meeting.cast import AMAL, BRAM, GOSSIP, JOOST, LINXX, NOOR, OWNER, code, in_round, table_of, to_phase
from tests.core.meeting.playing import MEMBER, NAMES, OUTSIDER, ROOM, Table, audiences, person_of, play

CHAIR = "chairaaa"


def signed(events: tuple[e.AnyEvent, ...]) -> set[tuple[str, str | None, str | None]]:
    """Of each event, its type, whose seat it is about and who acted."""
    return {(type(event).__name__, getattr(event, "seat", None), event.by) for event in events}


class Waiting(Table):
    """Everybody waited, and somebody in the middle longer than the others."""

    def person(self, seat: str) -> Person:
        return Person("member", MEMBER + seat, waited=9 if seat == JOOST else NAMES.index(seat))


class TestSittingDown:
    def test_the_log_says_how_somebody_came_as_the_room_knows_it(self) -> None:
        person = Person("member", "opaque01", waited=4)
        method = LINXX
        state = evolve(INITIAL, open_meeting("m" * 20, method, now=1, seed=1))
        command = c.TakeSeat(seat=NOOR, name="namenoor")
        assert decide(state, command, method=method, actor=Actor(), now=2, person=person) == (
            e.SeatTaken(at=2, seat=NOOR, name="namenoor", account="member", member="opaque01", waited=4),
        )
        assert decide(state, command, method=method, actor=Actor(), now=2) == (
            e.SeatTaken(at=2, seat=NOOR, name="namenoor", account="link"),
        )

    def test_no_command_says_who_somebody_is(self) -> None:
        """What a device sends is about a seat and a name; account, member and waiting are of the ticket alone."""
        assert set(c.TakeSeat.__struct_fields__) == {"seat", "name", "guest"}

    def test_an_event_of_the_first_version_is_of_somebody_with_the_link(self) -> None:
        raw = b'{"type":"seat-taken","at":1,"seat":"samira","name":"namesamira","guest":true}'
        assert upcast(1, raw) == e.SeatTaken(at=1, seat="samira", name="namesamira", account="link", guest=True)

    def test_whoever_waited_longest_brings_the_case_where_nobody_chooses(self) -> None:
        """Not the lot: it was always the lot while nothing said who had waited."""
        for seed in range(6):
            table = Waiting(load("action-learning"), seed)
            table.sit(6)
            table.must(BRAM, c.TakeFacilitation())
            table.must(BRAM, c.Start())
            play(table, Random(seed), steps=200)
            chosen = next(event for event in table.log if isinstance(event, e.CasesChosen))
            assert (chosen.owners[0], chosen.because) == (JOOST, "waited")

    def test_nobody_sits_down_once_the_content_is_burned(self) -> None:
        """Their name could not be kept."""
        table = table_of(LINXX, size=4)
        table.must(BRAM, c.Start())
        for seat in [one.id for one in table.state.seats][:3]:
            table.must(seat, c.Burn())
        assert code(table.do(None, c.TakeSeat(seat=JOOST, name="newname1"))) == "seat-taken"
        assert code(table.do(None, c.TakeSeat(seat=OUTSIDER, name="newname1"))) == "content-burned"


class TestActingForAnother:
    def test_the_table_acts_for_a_chair(self) -> None:
        table = table_of(LINXX, size=4, facilitator=None)
        added = table.must(Actor(table=True), c.AddSeat(seat=CHAIR, name="namechair"))
        assert signed(added) == {("SeatTaken", CHAIR, TABLE)}
        table.must(Actor(table=True), c.Start())
        given = table.must(Actor(table=True), c.Give(what="case", on=CHAIR))
        assert ("ContributionGiven", CHAIR, TABLE) in signed(given)
        ready = table.must(Actor(table=True), c.Ready(on=CHAIR))
        assert ("SeatReady", CHAIR, TABLE) in signed(ready)

    def test_the_facilitator_passes_the_turn_of_somebody_who_is_away(self) -> None:
        table = in_round()
        table.must(ROOM, c.SetPresence(seat=OWNER, here=False))
        assert ("TurnPassed", OWNER, BRAM) in signed(table.must(BRAM, c.Pass(what="explanation", on=OWNER)))

    def test_the_facilitator_shows_somebody_out(self) -> None:
        table = in_round()
        to_phase(table, GOSSIP)
        gone = table.must(BRAM, c.ShowOut(seat=JOOST))
        assert {("TurnPassed", JOOST, BRAM), ("SeatLeft", JOOST, BRAM)} <= signed(gone)

    def test_the_facilitator_hands_over_and_gives_a_role(self) -> None:
        table = table_of("tietze-6", size=6)
        given = table.must(BRAM, c.GiveRole(role="secretary", seat=NOOR))
        assert signed(given) == {("RoleTaken", NOOR, BRAM)}
        handed = table.must(BRAM, c.HandFacilitation(to=AMAL))
        assert signed(handed) == {("FacilitatorChanged", AMAL, BRAM)}

    def test_what_somebody_does_for_themselves_is_nobody_elses(self) -> None:
        table = table_of(LINXX)
        table.must(BRAM, c.Start())
        given = table.must(NOOR, c.Give(what="case", content="content01"))
        assert {event.by for event in (*table.log, *given)} == {None}

    def test_what_follows_by_itself_and_what_the_room_does_is_nobodys(self) -> None:
        table = in_round()
        to_phase(table, GOSSIP)
        second = table.state.queue[1].seat
        table.must(ROOM, c.SetPresence(seat=second, here=False))
        table.must(table.state.queue[0].seat, c.Give(what="hypothesis"))
        deferred = next(event for event in table.log if isinstance(event, e.TurnDeferred))
        assert (deferred.seat, deferred.by) == (second, None)

    def test_no_view_and_no_fact_says_who_acted(self) -> None:
        """Who typed for a chair could tell who knows what is hidden yet."""
        table = table_of(LINXX, size=4, facilitator=None)
        table.must(Actor(table=True), c.AddSeat(seat=CHAIR, name="namechair"))
        table.must(Actor(table=True), c.Start())
        events = decide(
            table.state, c.Give(what="case", content="content01", on=CHAIR),
            method=table.method, actor=Actor(table=True), now=table.now,
        )  # fmt: skip
        assert isinstance(events, tuple)
        unsigned = tuple(msgspec.structs.replace(event, by=None) for event in events)
        assert unsigned != events
        one, other = table.state, table.state
        for event, bare in zip(events, unsigned, strict=True):
            one, other = evolve(one, event), evolve(other, bare)
        for who in [*audiences(one), OUTSIDER]:
            assert view(one, who, method=table.method) == view(other, who, method=table.method)
            assert facts(table.state, one, who, method=table.method) == facts(
                table.state, other, who, method=table.method
            )


def back(seat: str) -> Action:
    return Action("return-to-seat", seat)


def ask_back(table: Table, seat: str, person: Person) -> tuple[e.AnyEvent, ...] | Refusal:
    """What comes of it when ``person`` would come back to a seat."""
    command = c.ReturnToSeat(seat=seat)
    return decide(table.state, command, method=table.method, actor=Actor(), now=table.now, person=person)


class TestComingBack:
    """Amal and the owner are members, Noor came with the link."""

    def away(self, *seats: str) -> Table:
        table = in_round()
        for seat in seats:
            table.must(ROOM, c.SetPresence(seat=seat, here=False))
        return table

    def test_only_the_member_comes_back_to_their_seat(self) -> None:
        """Else a friend would make hours of it, and the feed would say that the member returned."""
        table = self.away(AMAL)
        for person in (Person(), Person("link", waited=3), Person("member", MEMBER + OWNER), Person("member")):
            assert code(ask_back(table, AMAL, person)) == "seat-of-member"
        returned = ask_back(table, AMAL, Person("member", MEMBER + AMAL))
        assert returned == (e.SeatReturned(at=table.now, seat=AMAL),)

    def test_to_a_seat_that_was_taken_with_the_link_whoever_has_the_link_comes_back(self) -> None:
        """A member too: it may have been theirs before they signed in, and nobody's hours come of it."""
        table = self.away(NOOR)
        returned = e.SeatReturned(at=table.now, seat=NOOR)
        for person in (Person(), Person("member", MEMBER + AMAL)):
            assert ask_back(table, NOOR, person) == (returned,)
        seat = evolve(table.state, returned).seat(NOOR)
        assert seat is not None
        assert seat.member is None

    def test_a_member_who_is_here_has_their_seat_already(self) -> None:
        table = self.away(NOOR)
        assert code(ask_back(table, AMAL, Person("member", MEMBER + AMAL))) == "seat-present"
        assert code(ask_back(table, AMAL, Person())) == "seat-present"

    def test_a_screen_offers_what_is_not_refused(self) -> None:
        table = self.away(AMAL, OWNER, NOOR)
        seats = [one.id for one in table.state.seats]
        people: dict[Who, Person] = {
            None: Person(),
            Outsider(MEMBER + AMAL): Person("member", MEMBER + AMAL),
            Outsider("somebody"): Person("member", "somebody"),
        }
        found = {who: set(permitted(table.state, who, method=table.method)) for who in people}
        assert found[None] & {back(one) for one in seats} == {back(NOOR)}
        assert found[Outsider(MEMBER + AMAL)] & {back(one) for one in seats} == {back(NOOR), back(AMAL)}
        assert found[Outsider("somebody")] == found[None]
        for who, person in people.items():
            shown = view(table.state, who, method=table.method).mine.permitted
            for seat in seats:
                assert (back(seat) in shown) == isinstance(ask_back(table, seat, person), tuple), (who, seat)

    def test_a_seat_with_several_devices_may_go_on_with_one(self) -> None:
        """Whoever came back to it may be a stranger, and the one whose seat it is can't see whom the room let in."""
        table = self.away(NOOR)
        end = Action("end-devices")
        assert code(table.do(NOOR, c.EndDevices())) == "only-device"
        table.must(Actor(), c.ReturnToSeat(seat=NOOR))
        offered = {who for who in (*NAMES[:5], TABLE, None) if end in permitted(table.state, who, method=table.method)}
        assert offered == {NOOR}
        assert table.must(NOOR, c.EndDevices()) == (e.SeatReturned(at=table.now, seat=NOOR, alone=True),)
        assert code(table.do(NOOR, c.EndDevices())) == "only-device"
        assert code(table.do(Actor(table=True), c.EndDevices())) == "not-seated"

    def test_a_log_in_which_somebody_else_came_back_folds_as_before(self) -> None:
        table = self.away(AMAL)
        after = evolve(table.state, e.SeatReturned(at=table.now, seat=AMAL))
        seat = after.seat(AMAL)
        assert seat is not None
        assert (seat.here, seat.member) == (True, MEMBER + AMAL)


class TestFormerMembers:
    def test_the_seat_of_a_former_member_goes_and_the_log_says_so(self) -> None:
        table = in_round()
        to_phase(table, GOSSIP)
        gone = table.must(ROOM, c.RemoveSeat(seat=AMAL, member=MEMBER + AMAL))
        removed = next(event for event in gone if isinstance(event, e.SeatRemoved))
        assert (removed.seat, removed.because, removed.by) == (AMAL, "former-member", None)
        assert not any(isinstance(event, e.SeatLeft) for event in gone)
        assert table.state.seat(AMAL) is None
        assert code(table.do(None, c.TakeSeat(seat=AMAL, name="newname1"))) == "seat-taken"

    @pytest.mark.parametrize(
        ("seat", "member"), [(NOOR, MEMBER + NOOR), (AMAL, MEMBER + OWNER), (OUTSIDER, MEMBER + AMAL), (NOOR, "")]
    )
    def test_nobody_else_loses_a_seat(self, seat: str, member: str) -> None:
        """Who came with the link, who is another member, who is not there."""
        table = in_round()
        assert [person_of(one).account for one in (NOOR, AMAL, OWNER)] == ["link", "member", "member"]
        assert code(table.do(ROOM, c.RemoveSeat(seat=seat, member=member))) == "unknown-seat"

    @pytest.mark.parametrize("actor", [BRAM, AMAL, None, Actor(table=True)])
    def test_nobody_but_the_room_removes_a_seat(self, actor: Actor | str | None) -> None:
        table = in_round()
        assert code(table.do(actor, c.RemoveSeat(seat=AMAL, member=MEMBER + AMAL))) == "room-only"

    def test_the_round_of_a_former_member_ends(self) -> None:
        table = in_round()
        gone = table.must(ROOM, c.RemoveSeat(seat=OWNER, member=MEMBER + OWNER))
        assert any(isinstance(event, e.RoundEnded) and event.because == "owner-left" for event in gone)

    def test_the_seat_goes_from_a_meeting_that_is_over_too(self) -> None:
        """Whoever has no seat any more reads no more of it."""
        table = in_round()
        table.must(BRAM, c.CloseMeeting())
        assert table.must(ROOM, c.RemoveSeat(seat=AMAL, member=MEMBER + AMAL)) == (
            e.SeatRemoved(at=table.now, seat=AMAL),
        )
        assert view(table.state, AMAL, method=table.method).items == ()


@pytest.mark.parametrize("method", ["linxx-9", "troika"])
def test_the_id_of_a_member_is_in_the_log_and_in_no_view(method: str) -> None:
    """Every view and all facts on the way: ``Table`` looks at two audiences at each step, this at all of them."""
    table = Table(load(method), 3)
    table.sit(table.method.group.min)
    table.must(NAMES[0], c.Start())
    assert MEMBER in str(table.log)
    assert MEMBER in str(table.state.seats)
    while table.state.info.status != "closed":
        before = table.state
        play(table, Random(len(table.log)), steps=10, trouble=0.1)
        for who in [*audiences(before), *audiences(table.state), OUTSIDER]:
            seen = [view(table.state, who, method=table.method), facts(before, table.state, who, method=table.method)]
            assert MEMBER.encode() not in msgspec.json.encode(seen)
