"""Consents: what several must agree to, and how an entry shows that they did.

A consent is a text of its own, signed as the exact bytes: who consents, in which circle, to what kind of thing, about whom or what,
with which keys, for which epochs, under which house rules, until when. It is good for fourteen days and counts once. Entries
carry the consents that they rest upon, so that every member counts them, and nobody has to believe a server that did.

Rule 1: whoever signs the entry consents by that. Rule 2: nobody is removed by one alone, whatever was agreed; nobody consents about
themselves, nor while their old keys may still object to their new ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Final, Literal

import msgspec

from kring.circle.entries import Consent, Hash, MemberId, Part, Quorum, Whole, decoded
from kring.circle.state import DAY, Circle

GOOD_FOR: Final = 14 * DAY
"""Milliseconds for which a consent is good at most."""
_LEAST_TO_REMOVE: Final = 2
_SIGNED: Final = b"kring/2 consent\n"
Kind = Literal["admit", "remove", "rules", "close"]
Verify = Callable[[bytes, bytes, bytes], bool]
"""Whether an Ed25519 public key made this signature of these bytes: key, signature, signed bytes."""
Problem = Literal["consent-broken", "consent-other", "consent-old", "consent-twice", "consents-missing"]


class Wording(Part, frozen=True):
    """What somebody consents to.

    ``subject``: for ``admit`` the hash of the entry that asked to join, for ``remove`` the member, for ``rules`` what
    ``rules_subject`` says, for ``close`` nothing. ``key``: the signing key of whom it is about, if it is about somebody;
    ``epochs``: of a newcomer, those before that may be read; ``rules``: the house rules that hold now; ``until``: when it ends.
    """

    circle: Hash
    by: MemberId
    gen: Whole
    kind: Kind
    subject: str
    rules: Hash
    until: Whole
    key: bytes = b""
    epochs: tuple[Whole, ...] = ()


_decoder: Final = msgspec.json.Decoder(Wording)
_encoder: Final = msgspec.json.Encoder()


def write(wording: Wording) -> bytes:
    """The bytes of a consent that is given now; they are signed and kept as they are."""
    return _encoder.encode(wording)


def to_sign(body: bytes) -> bytes:
    """What a consent's signature is of."""
    return _SIGNED + body


def needed(quorum: Quorum, having: int) -> int:
    """How many of so many must consent."""
    return {"one": 1, "majority": having // 2 + 1, "all": having}[quorum]


def needed_to_remove(quorum: Quorum, having: int) -> int:
    """The same where somebody is to be removed: never one alone. ``having``: without that one."""
    return max(_LEAST_TO_REMOVE, needed(quorum, having))


class Asked(msgspec.Struct, frozen=True):
    """What an entry needs consents for. ``by``: who signs it; ``having``: who has a say; ``least``: how many of them."""

    kind: Kind
    subject: str
    by: str
    having: tuple[str, ...]
    least: int
    key: bytes = b""
    epochs: tuple[int, ...] = ()


def count(
    circle: Circle, asked: Asked, consents: Iterable[Consent], at: int, verify: Verify
) -> frozenset[str] | Problem:
    """The hashes of the consents that were counted, or why they don't suffice. ``at``: when the entry was made."""
    agree = {asked.by} & set(asked.having)
    counted: set[str] = set()
    for consent in consents:
        wording = _wording(circle, asked, consent, at, verify)
        if not isinstance(wording, Wording):
            return wording
        name = hashlib.sha256(consent.body).hexdigest()
        if name in circle.used or wording.by in agree:
            return "consent-twice"
        counted.add(name)
        agree.add(wording.by)
    return frozenset(counted) if len(agree) >= asked.least else "consents-missing"


def _wording(circle: Circle, asked: Asked, consent: Consent, at: int, verify: Verify) -> Wording | Problem:
    """What this consent says, if it is to what is asked; else what is wrong with it."""
    try:
        wording = decoded(_decoder, consent.body)
    except ValueError:
        return "consent-broken"
    member = circle.member(wording.by)
    if member is None or wording.by not in asked.having or wording.gen != member.gen:
        return "consent-other"
    if not verify(member.keys.sign, consent.signature, to_sign(consent.body)):
        return "consent-broken"
    said = (wording.circle, wording.kind, wording.subject, wording.key, wording.epochs, wording.rules)
    if said != (circle.id, asked.kind, asked.subject, asked.key, asked.epochs, circle.rules):
        return "consent-other"
    return wording if at <= wording.until <= at + GOOD_FOR else "consent-old"
