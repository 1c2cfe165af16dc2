"""A circle whose members have real keys, from labels, and real boxes: what the vectors of keys are told with."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kring.circle import Circle, begin, check_boxes, consents, follow
from kring.circle import entries as e
from kring.circle.state import DAY, Member
from kring_client.keyring import MemberKeys, hash_of, seed_key, verify

from . import hpke

START: Final = 1_700_000_000_000
NOW: Final = START + 40 * DAY


def text(data: bytes) -> str:
    return b64encode(data).decode()


def secret(label: str, length: int = 32) -> bytes:
    return hashlib.shake_256(label.encode()).digest(length)


RULES: Final = e.rules_hash(secret("salt of the rules", 16), "Wat hier gezegd wordt, blijft hier.")


class Person:
    """Somebody with a master key, in one circle."""

    def __init__(self, name: str, gen: int = 1) -> None:
        self.id, self.gen, self.master = name, gen, secret(f"master key of {name}")
        self.mine = MemberKeys.of(self.master, name, gen)

    @property
    def member(self) -> Member:
        return Member(self.id, self.mine.keys, RULES, self.gen)


class Kept:
    """A log that grows, with the boxes that came with each entry, and a row for each box that says who opens it to what."""

    def __init__(self) -> None:
        self.circle: Circle | None = None
        self.log: list[dict[str, Any]] = []
        self.opens: list[dict[str, Any]] = []
        self.keys: dict[int, bytes] = {}

    def now(self) -> Circle:
        assert self.circle
        return self.circle

    def box(self, to: Person, epoch: int) -> e.Box:
        circle = self.circle
        name, prev = (circle.id, circle.head) if circle else ("", "")
        ephemeral = secret(f"ephemeral {epoch} {to.id} {prev}")
        info = f"kring/2 epoch\n{name}\n{epoch}\n{to.id}\n{to.gen}\n{prev}".encode()
        sealed = hpke.seal(to.mine.keys.box, info, self.keys[epoch], X25519PrivateKey.from_private_bytes(ephemeral))
        self.opens.append({
            "member": to.id, "gen": to.gen, "master": text(to.master), "epoch": epoch, "n": len(self.log), "prev": prev,
            "key": text(self.keys[epoch]), "ephemeral": text(ephemeral), "sealed": text(sealed),
        })  # fmt: skip
        return e.Box(epoch, to.id, to.gen, sealed)

    def opening(self, *members: Person) -> tuple[list[e.Box], e.Boxes]:
        """Those of a new epoch."""
        number = self.circle.epoch.number + 1 if self.circle else 1
        self.keys[number] = secret(f"key of epoch {number}")
        sent = [self.box(one, number) for one in members]
        return sent, e.Boxes(e.boxes_hash(sent), hash_of(self.keys[number], self.circle))

    def add(self, by: Person, what: e.What, sent: list[e.Box] | None = None) -> str:
        """Signed, folded, and written down; its hash."""
        circle = self.circle
        place = (circle.id, len(circle.hashes), circle.head) if circle else ("", 0, "")
        at = START + len(self.log) * DAY
        one = by.mine.signed(e.Entry(e.VERSION, *place, at, by.id, by.gen, what))
        if circle:
            self.circle = follow(circle, one, verify=verify, now=NOW)
        else:
            self.circle = begin(one, verify=verify, now=NOW)
        if sent:
            check_boxes(self.circle, e.read(one.body), sent)
        rows = [[box.epoch, box.member, box.gen, text(box.sealed)] for box in sent or ()]
        self.log.append({"body": text(one.body), "signature": text(one.signature), "boxes": rows})
        return one.hash

    def asked(self, by: Person, newcomer: Person) -> str:
        """Invited, and asking."""
        seed = seed_key(secret(f"seed of {newcomer.id}"))
        shown = seed.public_key().public_bytes_raw()
        invite = self.add(by, e.Invite(shown, START + len(self.log) * DAY + 5 * DAY))
        proof = seed.sign(e.join_proof(invite, newcomer.mine.keys))
        return self.add(newcomer, e.Join(invite, newcomer.mine.keys, RULES, proof))

    def consent(self, by: Person, kind: consents.Kind, subject: str, key: bytes = b"") -> e.Consent:
        circle = self.now()
        until = circle.at + 9 * DAY
        said = consents.Wording(circle.id, by.id, by.gen, kind, subject, circle.rules, until, key)
        body = consents.write(said)
        return e.Consent(body, by.mine.sign(consents.to_sign(body)))


def told() -> Kept:
    """A founding, a newcomer from now on, one also before, a new epoch, and one who is removed."""
    kept, anna, bea, cees = Kept(), Person("anna"), Person("bea"), Person("cees")
    sent, boxes = kept.opening(anna)
    kept.add(anna, e.Found(anna.mine.keys, RULES, e.Agreed(), boxes), sent)
    join = kept.asked(anna, bea)
    sent, boxes = kept.opening(anna, bea)
    kept.add(anna, e.Admit(join, (), boxes), sent)
    join = kept.asked(bea, cees)
    sent = [kept.box(cees, 2)]
    kept.add(bea, e.Admit(join, (), e.Boxes(e.boxes_hash(sent), also=(2,))), sent)
    sent, boxes = kept.opening(anna, bea, cees)
    kept.add(cees, e.Rekey(boxes), sent)
    given = kept.consent(anna, "remove", "cees", cees.mine.keys.sign)
    sent, boxes = kept.opening(anna, bea)
    kept.add(bea, e.Remove("cees", (given,), boxes), sent)
    return kept
