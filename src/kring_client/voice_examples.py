"""What the vectors of the check by voice are made of: keys from labels, transcripts, messages, and a box sealed by hand."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kring_client.encoding import decode, encode
from kring_client.voice import BYTES, Message, Transcript, bound_to, box_info

MEETING: Final = "k7d2m5qw3xza4bcn6vhj"
CIRCLE: Final = "c1rcle-0f-v3ct0rs"
NEWCOMER: Final = "nknock7a2b9c"
FELLOW: Final = "snoor5v8k2qa"
_KEM: Final = b"KEM\x00\x20"
_HPKE: Final = b"HPKE\x00\x20\x00\x01\x00\x02"


def _bytes(label: str, length: int = BYTES) -> bytes:
    return hashlib.shake_256(label.encode()).digest(length)


KEY: Final = _bytes("key of the meeting")
OTHER: Final = _bytes("another key")
HEAD: Final = _bytes("head of the circle's log")
SIGNING: Final = _bytes("what is shown besides")
SECRETS: Final = {part: _bytes(f"{part} of the newcomer") for part in ("nonce", "private", "receipt")}
ANSWER: Final = _bytes("nonce of the fellow")


def keys_of(shown: bytes = b"") -> bytes:
    """The newcomer's keys."""
    public = X25519PrivateKey.from_private_bytes(SECRETS["private"]).public_key().public_bytes_raw()
    return public + hashlib.sha256(SECRETS["receipt"]).digest() + shown


def transcript(*, key: bytes = KEY, answer: bytes = ANSWER, keys: bytes | None = None) -> Transcript:
    """The check for a meeting's key; ``answer``: the nonce of the fellow."""
    bound = bound_to(MEETING, key)
    return Transcript(
        "meeting", MEETING, NEWCOMER, FELLOW, bound, SECRETS["nonce"], keys_of() if keys is None else keys, answer
    )


def of_circle() -> Transcript:
    """The check in a circle."""
    return Transcript("circle", CIRCLE, NEWCOMER, FELLOW, HEAD, SECRETS["nonce"], keys_of(SIGNING), ANSWER)


def answer_of(seen: Transcript) -> Message:
    """What the fellow answers."""
    return {
        "what": "answer", "place": seen.place, "fellow": seen.fellow, "nonce": encode(seen.answer_nonce),
        "bound": encode(seen.bound),
    }  # fmt: skip


def commit_of(seen: Transcript) -> Message:
    """What the newcomer begins with."""
    commitment = hashlib.sha256(seen.nonce + seen.keys).digest()
    return {"what": "commit", "newcomer": seen.newcomer, "commitment": encode(commitment)}


def reveal_of(seen: Transcript) -> Message:
    """What the newcomer reveals."""
    return {"what": "reveal", "nonce": encode(seen.nonce), "keys": encode(seen.keys)}


TYPED: Final[Message] = {"what": "typed", "receipt": encode(SECRETS["receipt"])}
END: Final[Message] = {"what": "end"}


def box_of(seen: Transcript, key: bytes = KEY) -> Message:
    """A box sealed step by step as RFC 9180 has it, so that it is the same each time."""
    public = X25519PublicKey.from_public_bytes(seen.keys[:BYTES])
    ephemeral = X25519PrivateKey.from_private_bytes(_bytes("ephemeral key of the box"))
    enc = ephemeral.public_key().public_bytes_raw()
    extracted = _extract(_KEM, b"", b"eae_prk", ephemeral.exchange(public))
    shared = _expand(_KEM, extracted, b"shared_secret", enc + public.public_bytes_raw(), BYTES)
    info = box_info(seen.hash())
    context = b"\x00" + _extract(_HPKE, b"", b"psk_id_hash", b"") + _extract(_HPKE, b"", b"info_hash", info)
    secret = _extract(_HPKE, shared, b"secret", b"")
    cipher = AESGCM(_expand(_HPKE, secret, b"key", context, BYTES))
    sealed = cipher.encrypt(_expand(_HPKE, secret, b"base_nonce", context, 12), key, None)
    return {"what": "box", "box": encode(enc + sealed)}


def _extract(suite: bytes, salt: bytes, label: bytes, data: bytes) -> bytes:
    return hmac.digest(salt or bytes(BYTES), b"HPKE-v1" + suite + label + data, "sha256")


def _expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """At most one block, which is all that is needed."""
    text = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(key, text + b"\x01", "sha256")[:length]


def flipped(message: Message, part: str, at: int) -> Message:
    """With one bit of one byte of a part changed."""
    data = bytearray(decode(message[part]))
    data[at] ^= 1
    return message | {part: encode(bytes(data))}


def shapes(message: Message, part: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is no message, or not quite this one. ``part``: one that is base64url."""
    yield "a part too much", message | {"more": "x"}
    yield "a part too little", {name: text for name, text in message.items() if name != part}
    yield "a number for a part", message | {part: 1}
    yield "a part that is empty", message | {part: ""}
    yield "one byte short", message | {part: encode(decode(message[part])[:-1])}
    yield "one byte too many", message | {part: encode(decode(message[part]) + b"x")}
    yield "padded base64", message | {part: message[part] + "="}
    yield "a part that is huge", message | {part: message[part] * 9}
    yield "of no known kind", message | {"what": "hello"}
    yield "of no kind", {name: text for name, text in message.items() if name != "what"}
