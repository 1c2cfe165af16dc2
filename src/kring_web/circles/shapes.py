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
    box: Sealed


class OneEntry(Body):
    """An entry of the log, with the boxes that came with it."""

    entry: Written
    signature: Signature
    boxes: Annotated[tuple[OneBox, ...], msgspec.Meta(max_length=2000)] = ()


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
    """A circle of mine. ``member``: who I am in it."""

    circle: str
    member: str
    state: Literal["asked", "member"]


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


class OneItem(msgspec.Struct):
    """A sealed thing as it is kept."""

    kind: str
    id: str
    by: str
    epoch: int
    wrap: bytes
    body: str
    version: int


class NewItem(Body):
    """A sealed thing. ``version``: of the one that it takes the place of, 0 where there is none."""

    kind: Name
    id: Name
    epoch: Number
    wrap: Sealed
    body: Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9_-]+\Z", max_length=64 * 1024)]
    version: Number


class Which(Body):
    """Which thing."""

    kind: Name
    id: Name


class Items(msgspec.Struct):
    """What a circle keeps of a kind."""

    items: list[OneItem]


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
    """A lock as it is kept. ``ends_at``: when it goes, if somebody gave notice of that."""

    lock: str
    kind: str
    head: bytes
    sealed: bytes
    ends_at: int | None


class Keyring(msgspec.Struct):
    """The keyring of an account; its generation is 0 where there is none yet."""

    account: str
    generation: int
    sign: bytes
    locks: list[KeptLock]


class NewLock(OneLock):
    """A further lock of the master key of this generation; the first one makes the keyring. ``sign``: the account's public key."""

    generation: Number
    sign: Key


class Unlock(Body):
    """A lock to be taken out: at once where ``signature`` is that of ``unlock_text`` by the account's key, else in seven days."""

    lock: Name
    signature: Annotated[bytes, msgspec.Meta(max_length=64)] = b""


class Keep(Body):
    """A lock that is to stay after all."""

    lock: Name


class Renewal(Body):
    """Another master key: all locks at once. ``generation``: that of now; ``signature``: of ``renewal_text`` by the key of now."""

    generation: Number
    sign: Key
    signature: Signature
    locks: Annotated[tuple[OneLock, ...], msgspec.Meta(min_length=1, max_length=16)]
