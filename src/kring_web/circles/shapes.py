"""What goes over the wire about circles and keyrings. Bytes are base64; whatever is sealed or signed goes through as it is."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from kring_web.web.json_api import Body

Hash = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Name = Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9_-]{1,64}\Z")]
"""An id of somebody's making."""
Number = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
Time = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
Key = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
Signature = Annotated[bytes, msgspec.Meta(min_length=64, max_length=64)]
Sealed = Annotated[bytes, msgspec.Meta(min_length=1, max_length=1024)]
"""A lock, a wrap or a box: the key in it is short."""
Written = Annotated[bytes, msgspec.Meta(min_length=1, max_length=64 * 1024)]
"""An entry or a consent, as the exact bytes that were signed."""


class OneBox(Body):
    """The key of an epoch, sealed to a member."""

    epoch: Number
    member: Name
    gen: Number
    box: Annotated[bytes, msgspec.Meta(min_length=80, max_length=80)]


class OneEntry(Body):
    """An entry of the log, with the boxes that came with it."""

    entry: Written
    signature: Signature
    boxes: Annotated[tuple[OneBox, ...], msgspec.Meta(max_length=2000)] = ()


class OneItem(Body):
    """A sealed thing. ``version``: of the one that it takes the place of, 0 where there is none.

    ``body``: left out where only its key is wrapped anew, which any member may do for what all read.
    """

    kind: Name
    id: Name
    epoch: Number
    wrap: Sealed
    version: Number
    body: Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9_-]+\Z", max_length=64 * 1024)] | None = None


class Step(OneEntry):
    """An entry of the log, with its boxes, and the sealed things that change with it."""

    items: Annotated[tuple[OneItem, ...], msgspec.Meta(max_length=500)] = ()


class Appended(msgspec.Struct):
    """Where in the log of which circle an entry stands."""

    circle: str
    n: int


class Log(msgspec.Struct):
    """A part of a log. ``length``, ``head``: of the whole."""

    entries: list[OneEntry]
    length: int
    head: str


class Mine(msgspec.Struct):
    """A circle of mine. ``member``: who I am in it. ``length``, ``head``: of its log."""

    circle: str
    member: str
    state: Literal["asked", "member"]
    length: int
    head: str


class Circles(msgspec.Struct):
    """All circles of mine."""

    circles: list[Mine]


class Visiting(Body):
    """Shows that somebody has an invitation's link. ``signature``: of ``visit_text`` by the ``seed``; ``at``: their clock."""

    seed: Key
    at: Time
    signature: Signature


class Until(msgspec.Struct):
    """Until when something holds."""

    until: int


class OneConsent(Body):
    """A consent, as the exact bytes that were signed."""

    body: Written
    signature: Signature


class Withdrawn(Body):
    """A consent of mine that I take back."""

    body: Written


class Consents(msgspec.Struct):
    """The consents that wait."""

    consents: list[OneConsent]


class KeptItem(msgspec.Struct):
    """A sealed thing as it is kept. ``by``: the member who sealed it."""

    kind: str
    id: str
    by: str
    epoch: int
    wrap: bytes
    body: str
    version: int


class Which(Body):
    """Which thing."""

    kind: Name
    id: Name


class Items(msgspec.Struct):
    """What a circle keeps of a kind."""

    items: list[KeptItem]


class Version(msgspec.Struct):
    """The version that a thing has now."""

    version: int


class Done(msgspec.Struct):
    """It is done."""


Kind = Literal["passphrase", "recovery", "passkey", "device"]


class OneLock(Body):
    """A lock. ``sealed``: nonce and ciphertext. ``head``: what is bound into it, as its maker wrote it."""

    lock: Name
    kind: Kind
    head: Sealed
    sealed: Sealed


class KeptLock(msgspec.Struct):
    """A lock as it is kept, since ``created_at``. ``ends_at``: when it goes, if somebody gave notice of that."""

    lock: str
    kind: str
    head: bytes
    sealed: bytes
    created_at: int
    ends_at: int | None


class Earlier(msgspec.Struct):
    """A keyring that was given up without the signature of its key, which can put it back until ``until``."""

    generation: int
    sign: bytes
    former: bytes
    locks: list[KeptLock]
    until: int


class Keyring(msgspec.Struct):
    """The keyring of an account; its generation is 0 where there is none yet. ``former``: the master keys before, sealed."""

    account: str
    generation: int
    sign: bytes
    former: bytes
    locks: list[KeptLock]
    earlier: Earlier | None


class NewLock(OneLock):
    """A lock of the master key of this generation; the first makes the keyring. ``signature``: of ``lock_text`` by ``sign``."""

    generation: Number
    sign: Key
    signature: Signature


class Unlock(Body):
    """A lock to be taken out: at once where ``signature`` is that of ``unlock_text`` by the account's key, else in seven days.

    ``at``: the clock of whoever signed.
    """

    lock: Name
    at: Time = 0
    signature: Annotated[bytes, msgspec.Meta(max_length=64)] = b""


class Keep(Body):
    """A lock that is to stay after all."""

    lock: Name


class Renewal(Body):
    """Another master key: all locks at once. ``generation``: that of now.

    ``signature``: of ``renewal_text`` by the key of now; empty where that was lost. ``former``: the master keys before, sealed.
    """

    generation: Number
    sign: Key
    locks: Annotated[tuple[OneLock, ...], msgspec.Meta(min_length=1, max_length=16)]
    signature: Annotated[bytes, msgspec.Meta(max_length=64)] = b""
    former: Annotated[bytes, msgspec.Meta(max_length=4096)] = b""


class Restoring(Body):
    """The keyring of before is to hold again. ``generation``: that of now; ``signature``: of ``restoring_text`` by its key."""

    generation: Number
    signature: Signature
