"""The check by voice: two people on the telephone make sure that their devices talk to each other, with nobody in between.

A *newcomer* has keys that nobody knows yet; a *fellow* is inside: of a meeting, whose key the newcomer is to get, or of a
circle. What they send goes through the server, which may change it all; what they say aloud does not:

1. The newcomer commits to a nonce and to keys: ``SHA-256(nonce || keys)``.
2. The fellow answers with a nonce of their own, and with what the check is bound to: a commitment to the meeting's key
   (``bound_to``), or the head of the circle's log.
3. The newcomer reveals. From here on both can reckon the transcript.
4. The newcomer reads nine digits of it aloud, the fellow *types* them; then the fellow reads out six others, which the
   newcomer types. People say yes to "is this the same?" without looking; whoever has to type looks.
5. The newcomer's device shows that they typed them, by a *receipt* of which the keys hold the hash; nobody else can. Only
   then is the meeting's key sealed to the newcomer (HPKE), and only if what comes out is what was committed to, it is taken.

Whoever stands between has one try in 10^9: they must choose their nonces before they know the other's. So anything that comes
twice or out of order ends the check for good, and so does the third wrong typing. ``tests/fixtures/voice.json`` fixes every
byte; ``client/src/crypto/voice.ts`` is the same in the browser. Keys, nonces and receipts serve once and are stored nowhere.

    keys       = X25519 public key (32 bytes) || SHA-256(receipt) || what else the newcomer shows (a circle: a signing key)
    transcript = every part with its length before it (4 bytes, big-endian):
                 "kring/2 voice", "meeting" or "circle", its id, "newcomer", id, "fellow", id, bound, nonce, keys,
                 nonce of the fellow
    digits     = the first 8 bytes of SHA-256(parts("kring/2 voice nine" or "six", SHA-256(transcript))) modulo 10^9 or 10^6
    box        = HPKE base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM: encapsulated key || ciphertext;
                 info = parts("kring/2 voice box", SHA-256(transcript)), nothing associated
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Callable, Mapping
from typing import Final, Literal, NamedTuple, NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from kring_client.encoding import SealBroken, decode, encode

Purpose = Literal["meeting", "circle"]
Typed = Literal["right", "wrong", "incomplete"]
Message = dict[str, str]
"""``what`` it is, and its parts as base64url, or, of ids, as they are. What they are called: ``_PARTS``."""
Chance = Callable[[int], bytes]
"""So many bytes that nobody can guess; another than the system's for test vectors only."""

BYTES: Final = 32
"""Of a nonce, a key, a receipt, a hash."""
TRIES: Final = 3
"""How often digits may be typed."""
_NINE: Final = 9
_SIX: Final = 6
_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_PARTS: Final = {
    "commit": ("newcomer", "commitment"),
    "answer": ("place", "fellow", "nonce", "bound"),
    "reveal": ("nonce", "keys"),
    "typed": ("receipt",),
    "box": ("box",),
    "end": (),
}
_PART: Final = re.compile(r"[A-Za-z0-9_-]{1,200}", re.ASCII)
"""An id, or bytes as base64url."""
_BOX: Final = BYTES + BYTES + 16
"""Bytes of an encapsulated key, a key and its tag."""


class CheckEnded(Exception):
    """The check is over, and nothing came of it. ``code``: why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Transcript(NamedTuple):
    """All that both sides must have seen alike."""

    purpose: Purpose
    place: str
    newcomer: str
    fellow: str
    bound: bytes
    nonce: bytes
    keys: bytes
    answer_nonce: bytes

    def hash(self) -> bytes:
        """SHA-256 of it: 32 bytes."""
        texts = ("kring/2 voice", self.purpose, self.place, "newcomer", self.newcomer, "fellow", self.fellow)
        return _hash(*(text.encode() for text in texts), self.bound, self.nonce, self.keys, self.answer_nonce)


def bound_to(meeting: str, key: bytes) -> bytes:
    """The commitment to a meeting's key: it gives nothing of it away, and no other key has it."""
    return _hash(b"kring/2 voice key", meeting.encode(), key)


def digits(transcript: bytes, count: Literal[9, 6]) -> str:
    """So many digits of the hash of a transcript."""
    label = b"kring/2 voice nine" if count == _NINE else b"kring/2 voice six"
    return f"{int.from_bytes(_hash(label, transcript)[:8], 'big') % 10**count:0{count}}"


def box_info(transcript: bytes) -> bytes:
    """What a box is bound to: the hash of one transcript."""
    return _parts(b"kring/2 voice box", transcript)


def _parts(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def _hash(*parts: bytes) -> bytes:
    return hashlib.sha256(_parts(*parts)).digest()


class _Side:
    """What both sides have: the messages that came, what was typed, and the end."""

    def __init__(self, purpose: Purpose, state: str) -> None:
        self.state = state
        self.why = ""
        """Why the check ended; empty while it goes on."""
        self._purpose: Purpose = purpose
        self._came: set[str] = set()
        self._tries = TRIES
        self._hash = b""

    def end(self, code: str = "ended") -> NoReturn:
        """End the check for good. Raises ``CheckEnded``."""
        self._alive()
        self.state, self.why = "ended", code
        self._forget()
        raise CheckEnded(code)

    def _forget(self) -> None:
        """Let go of what must not be used again."""
        self._hash = b""

    def _alive(self) -> None:
        if self.state == "ended":
            raise CheckEnded(self.why)

    def _read(self, message: Mapping[str, object], expected: str) -> dict[str, str]:
        """The parts of a message that must be of this kind, the first of it, and whole."""
        self._alive()
        what = message.get("what")
        names = _PARTS.get(what) if isinstance(what, str) else None
        found = {name: part for name, part in message.items() if isinstance(part, str) and _PART.fullmatch(part)}
        if names is None or set(found) != {"what", *names} or len(found) != len(message):
            self.end("bad-shape")
        if what == "end":
            self.end()
        repeated = found["what"] in self._came
        self._came.add(found["what"])
        if what != expected:
            self.end("repeated" if repeated else "out-of-order")
        return found

    def _bytes(self, text: str, least: int = BYTES, most: int = BYTES) -> bytes:
        try:
            found = decode(text)
        except SealBroken:
            self.end("bad-shape")
        if not least <= len(found) <= most or encode(found) != text:
            self.end("bad-shape")
        return found

    def _type(self, text: str, count: Literal[9, 6]) -> Typed:
        """What was typed, spaces and dashes apart. The third wrong one ends the check."""
        plain = "".join(character for character in text if not character.isspace() and character != "-")
        if len(plain) != count or not (plain.isascii() and plain.isdigit()):
            return "incomplete"
        if hmac.compare_digest(plain, digits(self._hash, count)):
            return "right"
        self._tries -= 1
        if self._tries == 0:
            self.end("wrong-digits")
        return "wrong"


class Newcomer(_Side):
    """Who wants in: ``new``, ``committed``, ``reading`` (the nine aloud, and typing the six), ``typed``, ``open``; or ``ended``.

    ``place``: where that is known beforehand, as a circle is; by a join code it is not. ``shown``: for a circle, what else the
    fellow is to know as this newcomer's.
    """

    def __init__(
        self, purpose: Purpose, newcomer: str, *, place: str = "", shown: bytes = b"", chance: Chance = os.urandom
    ) -> None:
        super().__init__(purpose, "new")
        self._id, self._place = newcomer, place
        self._nonce = chance(BYTES)
        self._private: X25519PrivateKey | None = X25519PrivateKey.from_private_bytes(chance(BYTES))
        self._receipt = chance(BYTES)
        self._keys = self._private.public_key().public_bytes_raw() + hashlib.sha256(self._receipt).digest() + shown
        self._bound = b""

    def begin(self) -> Message:
        """The first message; once."""
        self._alive()
        if self.state != "new":
            self.end("repeated")
        self.state = "committed"
        commitment = hashlib.sha256(self._nonce + self._keys).digest()
        return {"what": "commit", "newcomer": self._id, "commitment": encode(commitment)}

    @property
    def place(self) -> str:
        """Where the fellow is, once they answered."""
        return self._place

    @property
    def nine(self) -> str:
        """What to read aloud, from ``reading`` on; empty otherwise."""
        return digits(self._hash, _NINE) if self.state in {"reading", "typed"} else ""

    def receive(self, message: Mapping[str, object]) -> Message | bytes:
        """What the fellow sent: their answer gives the message to send back, the box the meeting's key. Raises ``CheckEnded``."""
        if self.state == "typed":
            return self._open(self._read(message, "box")["box"])
        parts = self._read(message, "answer" if self.state == "committed" else "")
        if self._place not in ("", parts["place"]):
            self.end("other-place")
        bound, answered = self._bytes(parts["bound"]), self._bytes(parts["nonce"])
        self._place, self._bound = parts["place"], bound
        seen = Transcript(
            self._purpose, self._place, self._id, parts["fellow"], self._bound, self._nonce, self._keys, answered
        )
        self._hash, self.state = seen.hash(), "reading"
        return {"what": "reveal", "nonce": encode(self._nonce), "keys": encode(self._keys)}

    def type(self, text: str) -> tuple[Typed, Message | None]:
        """The six digits that the fellow read out; the right ones give the message to send."""
        self._alive()
        if self.state != "reading":
            self.end("out-of-order")
        said = self._type(text, _SIX)
        if said != "right":
            return said, None
        self.state = "typed"
        return said, {"what": "typed", "receipt": encode(self._receipt)}

    def _open(self, text: str) -> bytes:
        """The meeting's key, out of its box."""
        box = self._bytes(text, _BOX, _BOX)
        assert self._private is not None  # noqa: S101 -- it goes with the end alone
        try:
            key = _SUITE.decrypt(box, self._private, box_info(self._hash))
        except (InvalidTag, ValueError):
            self.end("box-broken")
        if not hmac.compare_digest(bound_to(self._place, key), self._bound):
            self.end("other-key")
        self.state = "open"
        self._forget()
        return key

    def _forget(self) -> None:
        super()._forget()
        self._private, self._nonce, self._receipt, self._bound = None, b"", b"", b""


class Fellow(_Side):
    """Who is inside: ``waiting``, ``answered``, ``typing`` (the nine), ``reading`` (the six, aloud), ``confirmed``; or ``ended``.

    Give ``key``, a meeting's, or ``head``, of a circle's log. In a circle the check ends with ``newcomer_keys``: what is to
    be signed and boxed then, the circle's own formats say.
    """

    def __init__(
        self, place: str, fellow: str, *, key: bytes | None = None, head: bytes = b"", chance: Chance = os.urandom
    ) -> None:
        super().__init__("circle" if key is None else "meeting", "waiting")
        self._place, self._id, self._key = place, fellow, key
        self._bound = head if key is None else bound_to(place, key)
        if len(self._bound) != BYTES:
            raise ValueError(head)
        self._nonce = chance(BYTES)
        self._newcomer = ""
        self._commitment = self._keys = b""

    @property
    def six(self) -> str:
        """What to read aloud, once the nine were typed; empty otherwise."""
        return digits(self._hash, _SIX) if self.state == "reading" else ""

    @property
    def newcomer_keys(self) -> bytes:
        """The keys that are surely the newcomer's, once all is confirmed; empty otherwise."""
        return self._keys if self.state == "confirmed" else b""

    def receive(self, message: Mapping[str, object]) -> Message | None:
        """What the newcomer sent; the message to send back, where there is one. Raises ``CheckEnded``."""
        expected = {"waiting": "commit", "answered": "reveal", "reading": "typed"}.get(self.state, "")
        parts = self._read(message, expected)
        if expected == "commit":
            return self._answer(parts)
        if expected == "typed":
            return self._confirm(parts)
        self._revealed(parts)
        return None

    def type(self, text: str) -> Typed:
        """The nine digits that the newcomer read out; after the right ones ``six`` is there to be read back."""
        self._alive()
        if self.state != "typing":
            self.end("out-of-order")
        said = self._type(text, _NINE)
        if said == "right":
            self.state = "reading"
        return said

    def _answer(self, parts: Mapping[str, str]) -> Message:
        self._newcomer, self._commitment = parts["newcomer"], self._bytes(parts["commitment"])
        self.state = "answered"
        nonce, bound = encode(self._nonce), encode(self._bound)
        return {"what": "answer", "place": self._place, "fellow": self._id, "nonce": nonce, "bound": bound}

    def _revealed(self, parts: Mapping[str, str]) -> None:
        nonce, keys = self._bytes(parts["nonce"]), self._bytes(parts["keys"], 2 * BYTES, 4 * BYTES)
        if not hmac.compare_digest(hashlib.sha256(nonce + keys).digest(), self._commitment):
            self.end("wrong-reveal")
        self._keys = keys
        seen = Transcript(self._purpose, self._place, self._newcomer, self._id, self._bound, nonce, keys, self._nonce)
        self._hash, self.state = seen.hash(), "typing"

    def _confirm(self, parts: Mapping[str, str]) -> Message | None:
        receipt = hashlib.sha256(self._bytes(parts["receipt"])).digest()
        if not hmac.compare_digest(receipt, self._keys[BYTES : 2 * BYTES]):
            self.end("wrong-receipt")
        message = None if self._key is None else self._sealed(self._key)
        self.state = "confirmed"
        super()._forget()
        self._key = None
        return message

    def _sealed(self, key: bytes) -> Message:
        public = X25519PublicKey.from_public_bytes(self._keys[:BYTES])
        try:
            return {"what": "box", "box": encode(_SUITE.encrypt(key, public, box_info(self._hash)))}
        except ValueError:  # a point of low order: everybody would know what it is sealed with
            self.end("bad-key")

    def _forget(self) -> None:
        super()._forget()
        self._key, self._nonce, self._keys = None, b"", b""
