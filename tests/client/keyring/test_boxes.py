"""People with a master key each found a circle, let each other in, and open what is theirs; others and elsewhere nothing opens."""

from __future__ import annotations

import hashlib

import pytest
from msgspec.structs import replace

from kring.circle import Circle, begin, check_boxes, follow
from kring.circle import entries as e
from kring.circle.state import DAY, Member
from kring_client.encoding import SealBroken
from kring_client.keyring import MemberKeys, box_for, hash_of, new_master, open_box, verify

START = 1_700_000_000_000
NOW = START + DAY
RULES = hashlib.sha256(b"rules").hexdigest()


class Person:
    """Somebody with a master key, in one circle."""

    def __init__(self, name: str) -> None:
        self.id, self.master = name, new_master()
        self.mine = MemberKeys.of(self.master, name, 1)

    def member(self) -> Member:
        return Member(self.id, self.mine.keys, RULES)

    def entry(self, circle: Circle | None, what: e.What) -> e.Signed:
        said = (circle.id, len(circle.hashes), circle.head) if circle else ("", 0, "")
        return self.mine.signed(e.Entry(e.VERSION, *said, START, self.id, 1, what))


def founded(anna: Person, key: bytes) -> tuple[Circle, e.Box]:
    box = box_for(anna.member(), None, 1, key)
    boxes = e.Boxes(e.boxes_hash([box]), hash_of(key, None))
    signed = anna.entry(None, e.Found(anna.mine.keys, RULES, e.Agreed(), boxes))
    return begin(signed, verify=verify, now=NOW), box


def after(circle: Circle, signed: e.Signed) -> Circle:
    return follow(circle, signed, verify=verify, now=NOW)


def asked(circle: Circle, anna: Person, bea: Person) -> tuple[Circle, str]:
    """Bea was invited, and asks to join."""
    seed = MemberKeys.of(new_master(), "seed", 1)
    invite = anna.entry(circle, e.Invite(seed.keys.sign, START + DAY))
    circle = after(circle, invite)
    proof = seed.sign(e.join_proof(invite.hash, bea.mine.keys))
    join = bea.entry(circle, e.Join(invite.hash, bea.mine.keys, RULES, proof))
    return after(circle, join), join.hash


def test_the_founder_opens_what_they_sealed() -> None:
    anna, key = Person("anna"), new_master()
    circle, box = founded(anna, key)
    assert len(box.sealed) == 80
    assert open_box(box, anna.mine, circle, prev="") == key


def test_a_newcomer_from_now_on_opens_the_new_epoch_and_not_the_one_before() -> None:
    anna, bea, first, second = Person("anna"), Person("bea"), new_master(), new_master()
    circle, old = founded(anna, first)
    before, join = asked(circle, anna, bea)
    sent = [box_for(one.member(), before, 2, second) for one in (anna, bea)]
    admit = anna.entry(before, e.Admit(join, (), e.Boxes(e.boxes_hash(sent), hash_of(second, before))))
    circle = after(before, admit)
    check_boxes(circle, e.read(admit.body), sent)
    assert [open_box(one, who.mine, circle, prev=before.head) for one, who in zip(sent, (anna, bea), strict=True)] == [
        second
    ] * 2
    for box, prev in ((old, ""), (sent[0], before.head)):
        with pytest.raises(SealBroken):
            open_box(box, bea.mine, circle, prev=prev)


def test_a_newcomer_also_before_opens_the_first_epoch() -> None:
    anna, bea, first = Person("anna"), Person("bea"), new_master()
    before, join = asked(founded(anna, first)[0], anna, bea)
    box = box_for(bea.member(), before, 1, first)
    admit = anna.entry(before, e.Admit(join, (), e.Boxes(e.boxes_hash([box]), also=(1,))))
    circle = after(before, admit)
    check_boxes(circle, e.read(admit.body), [box])
    assert open_box(box, bea.mine, circle, prev=before.head) == first


def test_a_box_elsewhere_or_with_another_key_does_not_open() -> None:
    anna, bea, key = Person("anna"), Person("bea"), new_master()
    circle, _ = founded(anna, key)
    before, join = asked(circle, anna, bea)
    honest = box_for(anna.member(), before, 2, key)
    other = box_for(bea.member(), before, 2, new_master())  # another key than everybody else's
    admit = anna.entry(before, e.Admit(join, (), e.Boxes(e.boxes_hash([honest, other]), hash_of(key, before))))
    circle, prev = after(before, admit), before.head
    assert open_box(honest, anna.mine, circle, prev=prev) == key
    wrong = [
        (other, bea, prev),
        (honest, bea, prev),
        (replace(honest, member="bea"), anna, prev),
        (replace(honest, gen=2), anna, prev),
        (replace(honest, epoch=1), anna, prev),
        (replace(honest, epoch=9), anna, prev),
        (replace(honest, sealed=b"short"), anna, prev),
        (honest, anna, circle.head),
        (honest, anna, ""),
    ]
    for box, who, where in wrong:
        with pytest.raises(SealBroken):
            open_box(box, who.mine, circle, prev=where)


def test_keys_follow_from_the_master_key_and_differ_by_member_and_generation() -> None:
    master = new_master()
    keys = MemberKeys.of(master, "m", 1).keys
    assert keys == MemberKeys.of(master, "m", 1).keys
    others = [
        MemberKeys.of(master, "n", 1).keys,
        MemberKeys.of(master, "m", 2).keys,
        MemberKeys.of(new_master(), "m", 1).keys,
    ]
    halves = [half for one in (keys, *others) for half in (one.sign, one.box)]
    assert len(set(halves)) == len(halves)


def test_what_is_no_key_verifies_nothing() -> None:
    assert not verify(b"short", b"", b"")
