"""What stands in a circle's log: one entry for each thing that was done, and how it is read.

An entry is JSON, kept and signed as the exact bytes that its author made: nobody writes it anew. It names the circle, its place
in the log (``n``), the hash of the entry before it (``prev``), when it was made, by which member with which generation of keys,
and what was done. There is no free text in it and every id is random, so that deleting a person's account breaks no log, and no
two circles can be told to have somebody in common.

Sealed keys travel beside the log in boxes, one for each member and epoch: an entry that brings boxes signs their hash.

Rule 1: the first entry has no circle and no ``prev``, since a circle's id is the hash of that entry. Rule 2: an entry that says
more than is known here is refused, never read in part. Rule 3: what could be read in two ways is refused too: a name that comes
twice, a number with a point, an escape, a space, a default that is written out (``decoded``). The order of names is free.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Annotated, Final, Literal, TypeVar

import msgspec

from kring.circle import points

VERSION: Final = 1
_SIGNED: Final = b"kring/2 log\n"
_BOXES: Final = b"kring/2 boxes\n"
Whole = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
"""A number that every language counts exactly."""
MemberId = Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9_-]{1,64}\Z")]
"""A member's id, that they made up: nothing in it passes for the end of it where it is bound into something."""
Hash = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
"""SHA-256 in hexadecimal."""
HashOrNone = Annotated[str, msgspec.Meta(pattern=r"\A(?:[0-9a-f]{64})?\Z")]
"""The same, or nothing."""
Quorum = Literal["one", "majority", "all"]
"""How many of those who have a say must consent."""
PublicKey = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The base of all that stands in an entry; bytes are base64 in JSON."""


P = TypeVar("P", bound=Part)


class Keys(Part, frozen=True):
    """A member's public keys in this circle: Ed25519 to sign with, X25519 to seal to. 32 bytes each."""

    sign: PublicKey
    box: PublicKey

    def __post_init__(self) -> None:
        """Raises ``ValueError`` for what is no key, or one that does harm (``points``)."""
        if not (points.can_sign(self.sign) and points.can_be_sealed_to(self.box)):
            raise ValueError("keys")


class Agreed(Part, frozen=True):
    """What a circle asks before somebody is let in or removed: how many must consent."""

    admit: Quorum = "one"
    remove: Quorum = "majority"


class Boxes(Part, frozen=True):
    """Boxes that come with an entry. ``hash``: of all of them (``boxes_hash``).

    ``key``: the hash of the key of the epoch that the entry opens (``epoch_hash``), empty where it opens none; then the boxes
    are for every member. ``also``: the earlier epochs, with boxes for whoever the entry lets in.
    """

    hash: Hash
    key: HashOrNone = ""
    also: tuple[Whole, ...] = ()


class Consent(Part, frozen=True):
    """Somebody's consent to one thing, as the exact bytes that were signed (a ``consents.Wording``)."""

    body: bytes
    signature: bytes


class Found(Part, frozen=True, tag_field="kind", tag="found"):
    """A circle begins, with its first member. ``rules``: the hash of its house rules.

    ``after``: the entry of an earlier log, of which there were two, that the members chose to go on from.
    """

    keys: Keys
    rules: Hash
    agreed: Agreed
    boxes: Boxes
    after: HashOrNone = ""


class Invite(Part, frozen=True, tag_field="kind", tag="invite"):
    """One person may ask to join until ``until``. ``seed``: the public key of the seed in the link."""

    seed: PublicKey
    until: Whole

    def __post_init__(self) -> None:
        """Raises ``ValueError`` for what is no key, or one that does harm (``points``)."""
        if not points.can_sign(self.seed):
            raise ValueError("seed")


class Uninvite(Part, frozen=True, tag_field="kind", tag="uninvite"):
    """An invitation is taken back, or whoever asked to join is not let in; ``invite`` is the hash of that entry."""

    invite: Hash


class Join(Part, frozen=True, tag_field="kind", tag="join"):
    """Whoever has the link asks to join, and accepts the rules. ``proof``: the seed's signature of the keys (``join_proof``)."""

    invite: Hash
    keys: Keys
    rules: Hash
    proof: bytes


class Admit(Part, frozen=True, tag_field="kind", tag="admit"):
    """A member lets in whoever asked by the entry ``join``, with the consents that the circle asks for."""

    join: Hash
    consents: tuple[Consent, ...]
    boxes: Boxes


class Rekey(Part, frozen=True, tag_field="kind", tag="rekey"):
    """A new epoch, for all who are members now."""

    boxes: Boxes


class NewKeys(Part, frozen=True, tag_field="kind", tag="newkeys"):
    """A member has new keys, and signs so with the old ones. ``proof``: the new keys' signature (``keys_proof``)."""

    keys: Keys
    proof: bytes


class Readmit(Part, frozen=True, tag_field="kind", tag="readmit"):
    """A fellow vouches, after the check by voice, for the new keys of a member who lost everything."""

    member: MemberId
    keys: Keys
    proof: bytes
    boxes: Boxes


class Object(Part, frozen=True, tag_field="kind", tag="object"):
    """The old keys object to a readmission, named by the hash of its entry: they were not lost."""

    readmit: Hash


class Leave(Part, frozen=True, tag_field="kind", tag="leave"):
    """A member leaves."""


class Remove(Part, frozen=True, tag_field="kind", tag="remove"):
    """A member is removed, with the consents that the circle asks for; the epoch that it opens is for those who stay."""

    member: MemberId
    consents: tuple[Consent, ...]
    boxes: Boxes


class NewRules(Part, frozen=True, tag_field="kind", tag="rules"):
    """Other house rules, or another agreement on what consents it takes. Everybody consents."""

    rules: Hash
    agreed: Agreed
    consents: tuple[Consent, ...]


class RulesAccepted(Part, frozen=True, tag_field="kind", tag="rules-accepted"):
    """A member accepts the house rules in person."""

    rules: Hash


class HandCare(Part, frozen=True, tag_field="kind", tag="hand-care"):
    """Whoever takes care of the circle hands that to another member."""

    to: MemberId


class ClaimCare(Part, frozen=True, tag_field="kind", tag="claim-care"):
    """A member gives notice of taking over the care, or takes it over once the notice is old enough."""


class Close(Part, frozen=True, tag_field="kind", tag="close"):
    """The circle is closed. Everybody consents."""

    consents: tuple[Consent, ...]


What = (
    Found
    | Invite
    | Uninvite
    | Join
    | Admit
    | Rekey
    | NewKeys
    | Readmit
    | Object
    | Leave
    | Remove
    | NewRules
    | RulesAccepted
    | HandCare
    | ClaimCare
    | Close
)
"""All that an entry can be about."""


class Entry(Part, frozen=True):
    """One entry. ``at``: milliseconds since the epoch; ``gen``: the generation of the keys that it is signed with."""

    v: Literal[1]
    circle: HashOrNone
    n: Whole
    prev: HashOrNone
    at: Whole
    by: MemberId
    gen: Whole
    what: What


class Signed(msgspec.Struct, frozen=True):
    """An entry as it is kept: the exact bytes, and the signature of ``to_sign`` of them."""

    body: bytes
    signature: bytes

    @property
    def hash(self) -> str:
        """What the next entry names it by: SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.body).hexdigest()


class Box(msgspec.Struct, frozen=True, order=True):
    """The key of one epoch, sealed to one member's keys of a generation."""

    epoch: int
    member: str
    gen: int
    sealed: bytes


_decoder: Final = msgspec.json.Decoder(Entry)
_encoder: Final = msgspec.json.Encoder()


def write(entry: Entry) -> bytes:
    """The bytes of an entry that is made now; they are signed and kept as they are."""
    return _encoder.encode(entry)


def read(body: bytes) -> Entry:
    """The entry in these bytes. Raises ``ValueError`` on any other."""
    return decoded(_decoder, body)


def decoded(decoder: msgspec.json.Decoder[P], body: bytes) -> P:
    """What these bytes say, if no client can take them for anything else. Raises ``ValueError`` otherwise."""
    part = decoder.decode(body)
    if not body.isascii() or b"\\" in body:
        raise msgspec.DecodeError("escapes")
    said = json.loads(body)
    plain = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    if plain != body or said != msgspec.json.decode(_encoder.encode(part)):
        raise msgspec.DecodeError("another spelling")
    return part


def is_newer(body: bytes) -> bool:
    """Whether this is an entry of a later version, which a later client can read."""
    try:
        said = json.loads(body.decode())
    except (ValueError, RecursionError):
        return False
    version = said.get("v") if isinstance(said, dict) else None
    return isinstance(version, int | float) and version > VERSION


def to_sign(body: bytes) -> bytes:
    """What an entry's signature is of."""
    return _SIGNED + body


def join_proof(invite: str, keys: Keys) -> bytes:
    """What the seed of an invitation signs: that these keys may ask to join by it."""
    return b"kring/2 join\n" + joined(invite.encode(), keys.sign, keys.box)


def keys_proof(circle: str, member: str, gen: int, keys: Keys) -> bytes:
    """What new keys sign themselves, so that nobody puts in another's."""
    return b"kring/2 keys\n" + joined(circle.encode(), member.encode(), b"%d" % gen, keys.sign, keys.box)


def boxes_hash(boxes: Iterable[Box]) -> str:
    """The hash of boxes, in whatever order they come."""
    digest = hashlib.sha256(_BOXES)
    for box in sorted(boxes):
        digest.update(joined(b"%d" % box.epoch, box.member.encode(), b"%d" % box.gen, box.sealed))
    return digest.hexdigest()


def epoch_hash(circle: str, epoch: int, key: bytes) -> str:
    """What each recipient holds the key in its box against, so that all have the same one.

    Of the first epoch ``circle`` is empty: the circle's id is the hash of the entry in which this stands.
    """
    return hashlib.sha256(b"kring/2 epoch key\n" + joined(circle.encode(), b"%d" % epoch, key)).hexdigest()


def rules_hash(salt: bytes, text: str) -> str:
    """What the log says of house rules. ``salt``, random, keeps whoever has the log from trying well-known ones."""
    return hashlib.sha256(b"kring/2 rules\n" + joined(salt, text.encode())).hexdigest()


def joined(*parts: bytes) -> bytes:
    """Parts side by side, each after its length in four bytes, so that none can pass for two."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)
