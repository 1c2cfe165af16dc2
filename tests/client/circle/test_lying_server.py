"""A server that lies: each lie, who finds it out, and by which code."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from msgspec.structs import replace

from kring.circle import Broken
from kring.circle import entries as e
from kring_client import voice
from kring_client.circle import CircleTrouble, Heard, Membership, Step
from kring_client.keyring import LockBroken, box_for, hash_of, locks, new_master
from tests.client.circle.keeper import Keeper, Town

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Liar(Keeper):
    """Shows another log than it keeps, once it is told how."""

    def __init__(self) -> None:
        super().__init__()
        self.lie: Callable[[list[Step]], list[Step]] = list

    async def log(self, circle: str, since: int) -> Sequence[Step]:
        return self.lie(self.logs[circle])[since:]


async def told(*, lie: Callable[[list[Step]], list[Step]], known: int | None = None) -> str:
    """Which code stops Bea, who opens the circle on a new device while the server lies."""
    liar = Liar()
    town = Town(liar)
    anna, bea, _ = await town.circle("anna", "bea", "cees")
    await anna.invite()
    hashes = anna.circle.hashes
    liar.lie = lie
    with pytest.raises((Broken, CircleTrouble)) as found:
        await Membership.open(
            town.server, bea.reading.identity, town.clock, anna.circle.id, () if known is None else [hashes[known]]
        )
    return str(found.value)


def changed(step: Step, **other: Any) -> Step:
    """Another entry with the signature of this one."""
    return step._replace(signed=replace(step.signed, body=e.write(replace(e.read(step.signed.body), **other))))


def at(place: int, other: Callable[[Step], Step]) -> Callable[[list[Step]], list[Step]]:
    return lambda steps: [other(step) if n == place else step for n, step in enumerate(steps)]


def boxed(place: int, other: Callable[[tuple[e.Box, ...]], tuple[e.Box, ...]]) -> Callable[[list[Step]], list[Step]]:
    return at(place, lambda step: step._replace(boxes=other(step.boxes)))


def other_keys(step: Step) -> Step:
    """The newcomer's keys are swapped for the server's own, which sign for themselves."""
    mine = Town().person("server").first
    entry = e.read(step.signed.body)
    join: Any = entry.what
    proof = mine.sign(e.join_proof(join.invite, mine.keys))
    return Step(mine.signed(replace(entry, what=replace(join, keys=mine.keys, proof=proof))))


# The log: 0 found, 1 invite, 2 join (Bea), 3 admit, 4 invite, 5 join (Cees), 6 admit, 7 invite
@pytest.mark.parametrize(
    ("lie", "code"),
    [
        (at(5, other_keys), "signature"),
        (at(4, lambda step: changed(step, by="bea")), "signature"),
        (at(7, lambda step: changed(step, at=1)), "time"),
        (lambda steps: steps[:4] + steps[5:], "out-of-order"),
        (lambda steps: [*steps[:4], steps[5], steps[4], *steps[6:]], "out-of-order"),
        (lambda steps: [*steps, steps[-1]], "out-of-order"),
        (lambda steps: steps[1:], "not-first"),
        (lambda _: [], "entry-missing"),
        (boxed(6, lambda boxes: boxes[1:]), "boxes"),
        (boxed(6, lambda _: ()), "boxes"),
        (boxed(6, lambda boxes: (*boxes, boxes[0])), "boxes"),
        (boxed(6, lambda boxes: tuple(replace(box, sealed=boxes[0].sealed) for box in boxes)), "boxes"),
        (lambda steps: boxed(6, lambda _: steps[3].boxes)(steps), "boxes"),
        (lambda steps: boxed(7, lambda _: steps[3].boxes)(steps), "boxes"),
        (at(7, lambda step: changed(step, v=2)), "too-new"),
        (at(7, lambda step: step._replace(signed=replace(step.signed, body=b"{}"))), "unreadable"),
    ],
)
async def test_a_log_that_is_not_what_members_made_is_refused(
    lie: Callable[[list[Step]], list[Step]], code: str
) -> None:
    assert await told(lie=lie) == code


async def test_a_log_that_was_cut_short_is_found_out_by_what_the_device_pinned() -> None:
    assert await told(lie=lambda steps: steps[:6], known=7) == "entry-missing"


async def test_a_circle_is_not_another_one() -> None:
    liar = Liar()
    town = Town(liar)
    anna, other = await town.founded(), await town.founded("bea")
    steps = town.server.logs[other.circle.id]
    liar.lie = lambda _: steps
    with pytest.raises(Broken, match="entry-missing"):
        await Membership.open(town.server, anna.reading.identity, town.clock, anna.circle.id)


async def test_what_was_read_before_the_lie_stays_and_goes_on_after_it() -> None:
    liar = Liar()
    town = Town(liar)
    anna, bea = await town.circle("anna", "bea")
    before = bea.circle
    await anna.invite()
    liar.lie = lambda steps: [*steps[:-1], changed(steps[-1], by="bea")]
    with pytest.raises(Broken, match="signature"):
        await bea.refresh()
    assert bea.circle is before
    liar.lie = list
    await bea.refresh()
    assert bea.circle == anna.circle


async def test_two_histories_are_found_out_when_members_meet_and_then_nothing_is_sealed() -> None:
    town = Town()
    anna, bea, cees = await town.circle("anna", "bea", "cees")
    other = Keeper()
    other.logs = {circle: list(steps) for circle, steps in town.server.logs.items()}
    bea._server = other
    await anna.invite()
    await bea.invite()

    await anna.hear(cees.say())  # who is behind is no lie
    await cees.hear(anna.say())
    with pytest.raises(CircleTrouble, match="forked"):
        await anna.hear(bea.say())
    with pytest.raises(CircleTrouble, match="forked"):
        await anna.keep("note", "one", {"t": "hello"})
    with pytest.raises(CircleTrouble, match="forked"):
        await anna.invite()
    with pytest.raises(CircleTrouble, match="forked"):
        await anna.consent_to_remove("bea")


async def test_nobody_makes_up_what_another_has_read() -> None:
    town = Town()
    anna, bea = await town.circle("anna", "bea")
    said = bea.say()
    for lie in (said._replace(head="0" * 64), said._replace(n=9), said._replace(by="anna")):
        with pytest.raises(CircleTrouble, match="head-broken"):
            await anna.hear(lie)
    with pytest.raises(Broken, match="not-a-member"):
        await anna.hear(Heard("mallory", 0, anna.circle.head, b""))
    await anna.keep("note", "one", {"t": "a lie about others stops nobody"})


async def test_a_consent_is_not_used_again() -> None:
    town = Town()
    anna, bea, _ = await town.circle("anna", "bea", "cees")
    await bea.consent_to_remove("cees")
    await anna.remove("cees")
    old = town.server.waiting[anna.circle.id]
    assert old, "the server gives it again"
    cees = await town.asking(anna, "cees2")
    await bea.refresh()
    await bea.consent_to_admit("cees2")
    await anna.admit("cees2")
    await town.meet(bea, cees)
    with pytest.raises(Broken, match="consents-missing"):
        await anna.remove("cees2")


async def test_a_member_who_conspires_can_not_box_different_keys() -> None:
    town = Town()
    anna, bea, cees = await town.circle("anna", "bea", "cees")
    circle = anna.circle
    key, other = os.urandom(32), os.urandom(32)
    boxes = tuple(
        box_for(one, circle, circle.epoch.number + 1, other if one.id == "cees" else key) for one in circle.members
    )
    rekey = e.Rekey(e.Boxes(e.boxes_hash(boxes), hash_of(key, circle)))
    await anna._act(rekey, boxes)
    await bea.refresh()
    with pytest.raises(CircleTrouble, match="box-broken"):
        await cees.refresh()


async def test_what_is_kept_is_where_it_was_put_and_by_whom() -> None:
    town = Town()
    anna, _ = await town.circle("anna", "bea")
    one = await anna.keep("note", "one", {"t": "first"})
    two = await anna.keep("note", "two", {"t": "second"})
    for lie in (
        one._replace(id="two"), one._replace(by="bea"), one._replace(body=two.body), one._replace(wrap=two.wrap),
        one._replace(epoch=1), one._replace(wrap=b"short"),
    ):  # fmt: skip
        town.server.things[anna.circle.id] = {("note", lie.id): lie}
        with pytest.raises(CircleTrouble, match="item-broken"):
            await anna.kept("note")


async def test_a_lock_that_costs_less_to_try_is_not_tried() -> None:
    master = new_master()
    lock = locks.lock(master, "six words that nobody would guess", "passphrase", account="a", gen=1)
    head = msgspec.json.decode(lock.head)
    for cheaper in ({"memory": 8}, {"passes": 1}, {"memory": 2**30}):
        lie = replace(lock, head=msgspec.json.encode(head | cheaper))
        with pytest.raises(LockBroken, match="cheap"):
            locks.unlock(lie, "six words that nobody would guess", account="a", gen=1)


async def test_who_stands_between_has_one_try_at_the_check_by_voice() -> None:
    fellow = voice.Fellow("circle", "anna", head=bytes(32))
    fellow.receive(voice.Newcomer("circle", "bea", place="circle", shown=bytes(64)).begin())
    with pytest.raises(voice.CheckEnded):
        fellow.receive(voice.Newcomer("circle", "bea", place="circle", shown=bytes(64)).begin())
