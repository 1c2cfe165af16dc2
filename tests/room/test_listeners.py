"""Whoever is sent anything is counted in what everybody at a seat or table sees: seats, table screens, and the devices besides."""

from __future__ import annotations

import itertools

import msgspec
from msgspec.structs import replace

from kring.meeting import INITIAL, WITH_LINK
from kring_room.live.listeners import MOMENT, Listeners, counted
from kring_room.live.pending import Connection
from kring_room.live.version import Version
from kring_room.store.port import Device as Bound
from tests.room.support import NOBODY, Closed, Device, Running, new_id, sealed


async def come(room: Running, meeting: str, device: str = "", *, table: bool = False) -> Device:
    made = room.device(meeting, device=device, table=table)
    await made.hello()
    return made


async def away(watching: Device, gone: Device) -> None:
    await gone.leave()
    await watching.until(lambda view: not next(seat for seat in view["seats"] if seat["id"] == gone.seat)["here"])


async def second_device(room: Running, watching: Device, of: Device) -> Device:
    """Somebody comes back with another device, and then with their first too."""
    await away(watching, of)
    other = await come(room, of.meeting)
    assert (await other.do("return-to-seat", seat=of.seat))["type"] == "done"
    await of.hello()
    return other


async def is_sent(device: Device, seq: int) -> bool:
    """Whether it is sent what everybody is sent as of ``seq``."""
    try:
        while device.seq < seq:
            await device.next()
    except Closed:
        return False
    return True


def shown(device: Device) -> int:
    """How many listen, as far as somebody can see: those at seats and tables, and the others that the room counts."""
    seats = [one["id"] for one in device.view["seats"] if one["device"] and one["here"]]
    at_seats: int = sum(device.devices["seats"].get(seat, 1) for seat in seats)
    return at_seats + len(device.view["tables"]) + int(device.devices["visitors"])


async def checked(all_of_them: list[Device], *, visitors: int, seats: dict[str | None, int]) -> None:
    """Something happens that even those outside are sent: as many as are sent it, everybody inside sees."""
    lead = all_of_them[0]
    await lead.count(visitors, seats)
    name, chair = new_id("n"), new_id("s")
    answer = await lead.do("add-seat", seat=chair, name=name, bodies={name: sealed()})
    # Where the doors are closed nobody is outside any more.
    answer = await (lead.do("open-doors") if answer["type"] == "refused" else lead.do("leave", on=chair))
    sent = [one for one in all_of_them if await is_sent(one, answer["seq"])]
    for one in sent:
        if one.table or one.view["mine"]["seat"]:
            await one.count(visitors, seats)
            assert shown(one) == len(sent)
        else:
            assert one.counts == [], "who has no seat is not told"


async def test_whoever_is_sent_facts_is_counted_in_what_everybody_sees(running_room: Running) -> None:
    """Every kind of connection; with two nodes each goes to the other one in turn."""
    meeting = running_room.open_meeting()
    noor, sam, gus = people = await running_room.circle(meeting, 3)
    await noor.do("take-facilitation")
    await checked(people, visitors=0, seats={})

    tablet = await second_device(running_room, noor, sam)
    people.append(tablet)
    two = {sam.seat: 2}
    await checked(people, visitors=0, seats=two)

    people += [await come(running_room, meeting) for _ in range(3)]
    visitor = people[-1]
    await checked(people, visitors=3, seats=two)

    screen = await come(running_room, meeting, gus.device, table=True)
    stranger = await come(running_room, meeting, table=True)
    people += [screen, stranger]
    await checked(people, visitors=3, seats=two)

    assert (await visitor.sit())["type"] == "done"
    await checked(people, visitors=2, seats=two)

    assert (await noor.do("show-out", seat=gus.seat))["type"] == "done"
    for gone in (gus, screen):
        assert (await gone.fate()).reason == "shown-out"
    for one in people[4:6]:
        assert (await one.fate()).reason == "doors-closed", "for with the link whoever is out would come in again"
    await checked(people, visitors=0, seats=two)

    await tablet.leave()
    outside = [await come(running_room, meeting) for _ in range(2)]
    people += outside
    await checked(people, visitors=2, seats={})

    assert (await noor.do("close-doors"))["type"] == "done"
    await checked(people, visitors=0, seats={})
    for one in outside:
        assert (await one.fate()).reason == "doors-closed"


async def test_whoever_comes_or_sits_down_is_told_who_else_listens_and_nobody_where_nothing_changed(
    running_room: Running,
) -> None:
    meeting = running_room.open_meeting()
    noor, sam = await running_room.circle(meeting, 2)
    await noor.count(0)
    waiting = [await come(running_room, meeting) for _ in range(2)]
    await noor.count(2)

    again = await come(running_room, meeting, sam.device)
    await again.count(2)
    assert [one["visitors"] for one in again.counts] == [2]
    await waiting[0].sit()
    await waiting[0].count(1)
    await waiting[0].do("leave")
    await noor.count(2)

    assert [one["visitors"] for one in waiting[0].counts] == [1], "who has left their seat is told no more"
    assert waiting[1].counts == []
    said = [{name: one[name] for name in NOBODY} for one in noor.counts]
    assert all(one != other for one, other in itertools.pairwise(said))


async def test_whose_line_is_gone_is_shown_at_once_though_they_count_as_here(running_room: Running) -> None:
    running_room.settings = replace(running_room.settings, presence_grace=600)
    await running_room.restart()
    meeting = running_room.open_meeting()
    noor, sam, gus = await running_room.circle(meeting, 3)
    await noor.offline()
    tablet = await come(running_room, meeting, sam.device)
    await tablet.leave()
    await noor.offline(sam.seat)
    await gus.offline(sam.seat)
    assert next(seat for seat in noor.view["seats"] if seat["id"] == sam.seat)["here"]

    late = await come(running_room, meeting, gus.device)
    await late.offline(sam.seat)
    await sam.hello()
    for one in (noor, late, sam):
        await one.offline()


async def test_who_leaves_or_sits_without_a_device_is_not_offline(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    noor, sam = await running_room.circle(meeting, 2)
    name = new_id("n")
    assert (await noor.do("add-seat", seat=new_id("s"), name=name, bodies={name: sealed()}))["type"] == "done"
    await sam.do("leave")
    await sam.leave()
    await noor.until(lambda view: all(seat["id"] != sam.seat for seat in view["seats"]))
    await noor.silence(3 * MOMENT)
    assert noor.devices["offline"] == []


class Present:
    """So many seats with one device each, and visitors."""

    def __init__(self, seats: int) -> None:
        devices = {f"d{n}": Bound(f"d{n}", f"seat{n}") for n in range(seats)}
        self.now = Version(INITIAL, devices)
        self.sinks = [Sink(one) for one in devices]
        self.connections: dict[str, Connection] = {one.device: one for one in self.sinks}

    def come(self) -> None:
        """Another visitor."""
        visitor = Sink(f"v{len(self.sinks)}")
        self.sinks.append(visitor)
        self.connections[visitor.device] = visitor


class Sink:
    """A connection that notes what it is sent."""

    person, seal, closed = WITH_LINK, 1, False

    def __init__(self, device: str) -> None:
        self.device = device
        self.sent: list[bytes] = []

    def send(self, frame: bytes) -> None:
        self.sent.append(frame)

    hold = welcome = send

    def keep_alive(self, now: float) -> None:
        raise AssertionError(now)

    def trouble(self, code: str, *, knock: bool = False) -> None:  # noqa: ARG002 - the port's
        raise AssertionError(code)

    def answer(self, command: str, answer: int | str) -> None:
        raise AssertionError((command, answer))


def test_each_listener_gets_a_message_when_the_numbers_change_and_no_visitor_does() -> None:
    present = Present(5)
    listeners = Listeners()
    for _ in range(1000):
        present.come()
    for _ in range(3):
        listeners.send(present.now, present.connections, frozenset(), frozenset())
    assert [len(one.sent) for one in present.sinks] == [1] * 5 + [0] * 1000
    assert b'"visitors":1000' in present.sinks[0].sent[0]


def test_devices_are_counted_once_on_whichever_node_they_are() -> None:
    devices = {
        "a": Bound("a", "seat1"), "b": Bound("b", "seat1"), "c": Bound("c", "seat2"), "t": Bound("t", table=True),
        "o": Bound("o", shown_out=True),
    }  # fmt: skip
    version = Version(INITIAL, devices)
    assert msgspec.to_builtins(counted(version, ["a", "b", "a", "c", "t", "v", "w", "v"])) == {
        "type": "devices", "seats": {"seat1": 2}, "visitors": 2, "offline": (), "knocks": 0,
    }  # fmt: skip
    assert counted(version, []).visitors == 0
