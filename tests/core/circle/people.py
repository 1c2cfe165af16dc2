"""People with real keys, who keep a log together."""

from __future__ import annotations

import hashlib
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kring.circle import Broken, Circle, begin, consents, follow
from kring.circle import entries as e
from kring.circle.state import DAY

START = 1_700_000_000_000
NOW = START + 400 * DAY


def hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


RULES = hashed("what is said here stays here")


def verify(key: bytes, signature: bytes, signed: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


class Person:
    """Somebody with keys of a generation. ``name``: their id, too."""

    def __init__(self, name: str, gen: int = 1, *, lost: int = 0) -> None:
        self.id, self.gen = name, gen
        seed = hashlib.sha256(f"{name} {gen} {lost}".encode()).digest()
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        box = X25519PrivateKey.from_private_bytes(hashlib.sha256(b"box" + seed).digest())
        self.keys = e.Keys(self._key.public_key().public_bytes_raw(), box.public_key().public_bytes_raw())

    def sign(self, what: bytes) -> bytes:
        return self._key.sign(what)

    def consent(self, now: Circle, kind: consents.Kind, subject: str, **more: Any) -> e.Consent:
        until = more.pop("until", now.at + DAY)
        said = {"circle": now.id, "by": self.id, "gen": self.gen, "rules": now.rules, "until": until} | more
        body = consents.write(consents.Wording(kind=kind, subject=subject, **said))
        return e.Consent(body, self.sign(consents.to_sign(body)))


def boxes(circle: Circle | None, *, opens: bool = True, also: tuple[int, ...] = (), hash_: str = "0" * 64) -> e.Boxes:
    """What an entry says of boxes; those of a new epoch have a key that no other has."""
    number = circle.epoch.number + 1 if circle else 1
    return e.Boxes(hash_, hashed(f"key {number}") if opens else "", also)


class Log:
    """A log that somebody founded. ``at``: milliseconds, a day later with each entry."""

    def __init__(self, founder: Person, agreed: e.Agreed | None = None, opened: e.Boxes | None = None) -> None:
        found = e.Found(founder.keys, RULES, agreed or e.Agreed(), opened or boxes(None))
        self.at = START
        self.signed = [signed(founder, e.Entry(e.VERSION, "", 0, "", self.at, founder.id, 1, found))]
        self.circle = begin(self.signed[0], verify=verify, now=NOW)

    def entry(self, by: Person, what: e.What, **other: Any) -> e.Signed:
        """An entry that would come next."""
        said: dict[str, Any] = {
            "v": e.VERSION, "circle": self.circle.id, "n": len(self.signed), "prev": self.circle.head,
            "at": self.at, "by": by.id, "gen": by.gen, "what": what,
        }  # fmt: skip
        return signed(by, e.Entry(**said | other))

    def add(self, by: Person, what: e.What, *, days: float = 1, **other: Any) -> e.Signed:
        """Add an entry that is good."""
        self.at += int(days * DAY)
        one = self.entry(by, what, **other)
        self.circle = follow(self.circle, one, verify=verify, now=NOW)
        self.signed.append(one)
        return one

    def invite(self, by: Person, seed: Person, *, until: int | None = None) -> e.Signed:
        return self.add(by, e.Invite(seed.keys.sign, until or self.at + 5 * DAY))

    def join(self, newcomer: Person, by: Person, seed: Person | None = None) -> e.Signed:
        """Invited by somebody, and asking to join."""
        seed = seed or Person(f"seed of {newcomer.id}")
        invite = self.invite(by, seed).hash
        return self.add(newcomer, self.asking(newcomer, invite, seed))

    @staticmethod
    def asking(newcomer: Person, invite: str, seed: Person, rules: str = RULES) -> e.Join:
        return e.Join(invite, newcomer.keys, rules, seed.sign(e.join_proof(invite, newcomer.keys)))

    def admit(self, newcomer: Person, by: Person, *others: Person, also: tuple[int, ...] = ()) -> e.Signed:
        """Invite, ask, and let in with the consents of these."""
        join = self.join(newcomer, by).hash
        return self.add(by, self.admitting(join, newcomer, *others, also=also))

    def admitting(self, join: str, newcomer: Person, *others: Person, also: tuple[int, ...] = ()) -> e.Admit:
        said = {"key": newcomer.keys.sign, "epochs": also, "until": self.at + 3 * DAY}
        given = tuple(one.consent(self.circle, "admit", join, **said) for one in others)
        return e.Admit(join, given, boxes(self.circle, opens=not also, also=also))


def signed(by: Person, entry: e.Entry) -> e.Signed:
    body = e.write(entry)
    return e.Signed(body, by.sign(e.to_sign(body)))


def code_of(log: Log, one: e.Signed, *, now: int = NOW) -> str:
    """Why this entry is refused."""
    before = log.circle
    try:
        follow(log.circle, one, verify=verify, now=now)
    except Broken as broken:
        assert log.circle is before
        return broken.code
    return "taken"


def refusal(log: Log, by: Person, what: e.What, **other: Any) -> str:
    """Why an entry that would come next is refused."""
    return code_of(log, log.entry(by, what, **other))


def circle_of(*people: Person, agreed: e.Agreed | None = None) -> Log:
    """A circle of these, each let in by the first with the consent of all who were in it."""
    first, *others = people
    log = Log(first, agreed)
    inside: list[Person] = []
    for one in others:
        log.admit(one, first, *inside)
        inside.append(one)
    return log


def settled(log: Log) -> bool:
    """Whether anything may be sealed now."""
    return log.circle.settled
