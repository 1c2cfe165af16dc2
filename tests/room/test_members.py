"""Members of a circle in a room: their ticket says who they are, the log and the feed know it, nobody's view does."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import msgspec

from kring.meeting import Person, events, upcasting
from kring_room import feed
from kring_room.adapters import store_of
from kring_room.feed import AnyEntry, Closed, Presence, Role, Started
from tests.room import support
from tests.room.support import Device, Running, all_at, new_id

NOORS, SAMS = "m-noor-7f3a", "m-sam-90c1"
NOOR, SAM = Person(account="member", member=NOORS, waited=3), Person(account="member", member=SAMS)


async def member(room: Running, meeting: str, person: Person, device: str = "") -> Device:
    made = room.device(meeting, device=device)
    made.person = person
    await made.hello()
    return made


async def circle(room: Running, meeting: str, guests: int = 2) -> list[Device]:
    """Noor and Sam are members; the others came with the link."""
    people = [await member(room, meeting, NOOR), await member(room, meeting, SAM)]
    for _ in range(guests):
        people.append(room.device(meeting))
        await people[-1].hello()
    for one in people:
        await one.sit()
    await all_at(people, people[-1].seq)
    return people


async def log_of(room: Running, meeting: str) -> list[events.AnyEvent]:
    store = store_of(room.where, create=False)
    await store.start()
    loaded = await store.load(meeting, whole=True)
    await store.stop()
    assert loaded is not None
    return [upcasting.upcast(one.version, one.body) for one in loaded.events]


async def told(room: Running, meeting: str) -> list[AnyEntry]:
    reports = await asyncio.to_thread(feed.read, room.where, 0)
    return [one.entry for one in reports if one.meeting == meeting]


async def test_ticket_says_in_the_log_who_sat_down(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    noor, sam, guest = await circle(running_room, meeting, 1)

    taken = [one for one in await log_of(running_room, meeting) if isinstance(one, events.SeatTaken)]

    assert [(one.seat, one.account, one.member, one.waited) for one in taken] == [
        (noor.seat, "member", NOORS, 3),
        (sam.seat, "member", SAMS, 0),
        (guest.seat, "link", None, 0),
    ]


async def test_nobody_is_shown_which_member_somebody_is(running_room: Running) -> None:
    people = await circle(running_room, running_room.open_meeting())
    await people[0].do("start")
    await all_at(people, people[0].seq)
    visitor = running_room.device(people[0].meeting)
    await visitor.hello()

    for one in (*people, visitor):
        said = msgspec.json.encode(one.heard)
        assert NOORS not in said.decode()
        assert b'"waited"' not in said
        assert b'"account"' not in said


async def test_feed_tells_of_members_what_happened_in_the_order_in_which_it_did(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    noor, sam, *guests = await circle(running_room, meeting)
    await noor.do("take-facilitation")
    await noor.do("start")
    await sam.leave()
    await noor.until(lambda view: not next(seat for seat in view["seats"] if seat["id"] == sam.seat)["here"])
    await guests[0].leave()
    await noor.do("close-meeting")

    found = [_short(one) for one in await told(running_room, meeting)]

    assert found == [
        ("presence", NOORS, "sat-down"),
        ("presence", SAMS, "sat-down"),
        ("role", NOORS, "facilitator", True),
        ("started",),
        ("presence", SAMS, "away"),
        ("closed", "early"),
        ("role", NOORS, "facilitator", False),
    ]


def _short(entry: AnyEntry) -> tuple[Any, ...]:
    match entry:
        case Presence(member=who, because=because):
            return "presence", who, because
        case Role(member=who, role=role, held=held):
            return "role", who, role, held
        case Closed(because=because):
            return "closed", because
        case Started():
            return ("started",)


async def away(watching: Device, gone: Device) -> None:
    await gone.leave()
    await watching.until(lambda view: not next(seat for seat in view["seats"] if seat["id"] == gone.seat)["here"])


async def test_friend_with_the_link_does_not_come_back_to_a_members_seat(running_room: Running) -> None:
    """Else hours were told of a member who was not there."""
    meeting = running_room.open_meeting()
    noor, sam, guest = await circle(running_room, meeting, 1)
    friend = running_room.device(meeting)
    await friend.hello()
    other = await member(running_room, meeting, NOOR, new_id("d"))
    for gone in (sam, guest):
        await away(noor, gone)

    for one in (friend, other):
        await one.until(lambda view: ["return-to-seat", guest.seat] in view["mine"]["permitted"])
        assert not one.may("return-to-seat", str(sam.seat)), "what is refused is not offered"
        answer = await one.do("return-to-seat", seat=sam.seat)
        assert (answer["type"], answer["code"]) == ("refused", "seat-of-member")

    assert _short((await told(running_room, meeting))[-1]) == ("presence", SAMS, "away")
    assert not next(seat for seat in noor.view["seats"] if seat["id"] == sam.seat)["here"]
    assert (await friend.do("return-to-seat", seat=guest.seat))["type"] == "done", "as it was taken with the link"
    assert friend.view["mine"]["seat"] == guest.seat


async def test_member_comes_back_to_their_seat_with_another_device(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    noor, sam, *_ = await circle(running_room, meeting)
    other = await member(running_room, meeting, SAM)
    assert not other.may("return-to-seat", str(sam.seat)), "it is not absent"
    await away(noor, sam)
    await other.until(lambda _: other.may("return-to-seat", str(sam.seat)))
    late = await member(running_room, meeting, SAM)
    assert late.may("return-to-seat", str(sam.seat))

    assert (await other.do("return-to-seat", seat=sam.seat))["type"] == "done"

    assert other.view["mine"]["seat"] == sam.seat
    assert [_short(one) for one in await told(running_room, meeting)][-1] == ("presence", SAMS, "returned")
    await late.until(lambda _: not late.may("return-to-seat", str(sam.seat)))


async def test_visitor_who_signed_in_meanwhile_is_offered_their_seat(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    noor, sam, *_ = await circle(running_room, meeting)
    await away(noor, sam)
    visitor = running_room.device(meeting)
    await visitor.hello()
    assert not visitor.may("return-to-seat", str(sam.seat))

    visitor.person = SAM
    await visitor.hello(since=visitor.seq)

    assert visitor.may("return-to-seat", str(sam.seat))


async def test_former_member_at_a_seat_of_the_link_is_sent_away_and_the_seat_stays(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    noor, _, guest, *_ = await circle(running_room, meeting)
    await away(noor, guest)
    other = await member(running_room, meeting, SAM)
    assert (await other.do("return-to-seat", seat=guest.seat))["type"] == "done", "it may have been theirs"

    await asyncio.to_thread(running_room.meetings.remove_member, meeting, SAMS)

    assert (await other.fate()).reason == "shown-out"
    await noor.until(lambda view: len(view["seats"]) == 3)
    assert guest.seat in [seat["id"] for seat in noor.view["seats"]]
    await other.open()
    await other.say({"type": "hello", "ticket": other.ticket()})
    assert (await other.fate()).reason == "shown-out"


async def test_seat_of_a_former_member_is_removed_and_they_are_sent_away(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    noor, sam, *guests = await circle(running_room, meeting)
    looking = await member(running_room, meeting, SAM)
    screen = running_room.device(meeting, table=True, device=sam.device)
    await screen.hello()

    await asyncio.to_thread(running_room.meetings.remove_member, meeting, SAMS)

    for gone in (sam, looking, screen):
        assert (await gone.fate()).reason == "shown-out"
    await noor.until(lambda view: len(view["seats"]) == 3)
    assert noor.view["tables"] == []
    (removed,) = [one for one in await log_of(running_room, meeting) if isinstance(one, events.SeatRemoved)]
    assert removed.seat == sam.seat
    assert ("presence", SAMS, "removed") in [_short(one) for one in await told(running_room, meeting)]
    assert (await guests[0].do("take-facilitation"))["type"] == "done", "all others stay, and go on"
    await sam.open()
    await sam.say({"type": "hello", "ticket": sam.ticket()})
    assert (await sam.fate()).reason == "shown-out"


async def test_former_member_who_comes_with_a_ticket_of_before_does_not_stay(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    noor, *_ = await circle(running_room, meeting)
    await asyncio.to_thread(running_room.meetings.remove_member, meeting, SAMS)
    await noor.until(lambda view: len(view["seats"]) == 3)

    late = await member(running_room, meeting, SAM)
    with contextlib.suppress(support.Closed):  # the room may send them away before their seat is confirmed
        await late.sit()

    assert (await late.fate(10)).reason == "shown-out"
    await noor.until(lambda view: len(view["seats"]) == 3)


async def test_removal_that_was_asked_while_no_server_ran_is_done_at_its_start(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    noor, *_ = await circle(running_room, meeting)
    await running_room.stop()
    await asyncio.to_thread(running_room.meetings.remove_member, meeting, SAMS)
    await running_room.start()

    await noor.hello()

    await noor.until(lambda view: len(view["seats"]) == 3)
