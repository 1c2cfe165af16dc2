"""The test vectors of sealing, for every client: ``python -m kring_client.vectors > tests/fixtures/sealing.json``.

By format: what opens to what, and what does not open. Deterministic, so that a change of a format shows as a change of the
file. Keys and nonces are made from labels and protect nothing.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from typing import Any

from kring_client.encoding import decode, encode
from kring_client.keys import KEY_ID_BYTES, Key, LinkKeys
from kring_client.sealing import NONCE_BYTES, Fields, Place, seal, seal_bytes

_MEETING = "k7d2m5qw3xza4bcn6vhj"
_ELSEWHERE = "z2z3z4z5z6z7a2a3a4a5"
_SEAT = "snoor5v8k2qa"
_NEIGHBOUR = "sbram7t1m4wz"
_ID = "c0ntent1d001"


def _bytes(label: str, length: int) -> bytes:
    return hashlib.sha256(label.encode()).digest()[:length]


_KEY = _bytes("key of the vectors", 32)
_WRONG_KEY = _bytes("another key", 32)

_PLAINS: tuple[tuple[str, str, Fields], ...] = (
    ("case", _ID, {"text": "Hoe kan ik steviger staan als de familie boos is?"}),
    ("name", "n4me00000001", {"name": "Zoë Çelik-Łukasz"}),
    ("question", "c0ntent1d002", {"text": ""}),
    ("note", "c0ntent1d003", {}),
    ("hypothesis", "c0ntent1d004", {"text": 'Wat ze draagt 🧑🏽‍⚕️ is 愛 en سلام — “zwaar” \\ "en"\n\tméér €'}),
    ("explanation", "c0ntent1d005", {"text": "Een lange zin die terugkomt. " * 140}),
    ("tip", "c0ntent1d006", {"form": "start", "text": "Vraag eerst wat zij nodig heeft."}),
    ("rating", "c0ntent1d007", {"rating": 7}),
    ("remark", "c0ntent1d008", {"text": "x" * 245}),
    ("remark", "c0ntent1d009", {"text": "x" * 246}),
)  # fmt: skip
"""The last two fill a block to the last byte, and one byte more."""


def _row(key: bytes, place: Place, sealed: str) -> dict[str, Any]:
    return {"key": encode(key), **place._asdict(), "sealed": sealed}


def _opens(form: int) -> Iterator[dict[str, Any]]:
    for kind, content, plain in _PLAINS:
        place = Place(_MEETING, _SEAT, kind, content)
        nonce = _bytes(f"nonce of {content}", NONCE_BYTES)
        sealed = seal(LinkKeys(_KEY), place, plain, form, nonce)
        yield _row(_KEY, place, sealed) | {"nonce": encode(nonce), "plain": plain}


def _changed(sealed: bytes, at: int) -> bytes:
    return sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]


def _moved(place: Place, text: str) -> Iterator[tuple[str, bytes, Place, str]]:
    """What is whole, but for another key or place."""
    yield "another key", _WRONG_KEY, place, text
    yield "another meeting", _KEY, place._replace(meeting=_ELSEWHERE), text
    yield "another author", _KEY, place._replace(seat=_NEIGHBOUR), text
    yield "another kind", _KEY, place._replace(kind="advice"), text
    yield "another content id", _KEY, place._replace(id="c0ntent1d099"), text
    yield "kind and id joined differently", _KEY, place._replace(kind=f"hypothesis\n{_ID}", id=""), text


def _damaged(form: int, text: str, head: int) -> Iterator[tuple[str, str]]:
    """What was changed on its way. ``head``: bytes before the nonce."""
    whole = decode(text)
    raw = whole[: head + NONCE_BYTES]
    yield "first byte of the ciphertext flipped", encode(_changed(whole, len(raw)))
    yield "last byte of the tag flipped", encode(_changed(whole, len(whole) - 1))
    yield "nonce flipped", encode(_changed(whole, head))
    yield "one byte short", encode(whole[:-1])
    yield "cut before the ciphertext", encode(raw)
    yield f"version {3 - form}", encode(bytes([3 - form]) + whole[1:])
    yield "version 0", encode(bytes([0]) + whole[1:])
    yield "empty", ""
    yield "padded base64", text + "="
    yield "base64 of the other alphabet", "+/" + text[2:]


def _misnamed(text: str) -> Iterator[tuple[str, bytes, str]]:
    """Format 2 alone: another suite, or another key than the one it was sealed with."""
    whole = decode(text)
    another = Key.of(_WRONG_KEY).id
    yield "version 3", _KEY, encode(bytes([3]) + whole[1:])
    yield "another suite", _KEY, encode(_changed(whole, 1))
    yield "the id of no key", _KEY, encode(_changed(whole, 2))
    yield "the id of another key, which is there", _WRONG_KEY, encode(whole[:2] + another + whole[2 + KEY_ID_BYTES :])
    yield "cut within the id of the key", _KEY, encode(whole[: 1 + KEY_ID_BYTES])


def _fails(form: int) -> Iterator[dict[str, Any]]:
    place = Place(_MEETING, _SEAT, "hypothesis", _ID)
    nonce = _bytes("nonce of the failing", NONCE_BYTES)
    keys = LinkKeys(_KEY)
    text = seal(keys, place, {"text": "Misschien wil ze vooral gezien worden."}, form, nonce)
    for why, key, where, sealed in _moved(place, text):
        yield {"why": why} | _row(key, where, sealed)
    for why, sealed in _damaged(form, text, 1 if form == 1 else 2 + KEY_ID_BYTES):
        yield {"why": why} | _row(_KEY, place, sealed)
    for why, key, sealed in _misnamed(text) if form > 1 else ():
        yield {"why": why} | _row(key, place, sealed)
    for why, inside in (
        ("not JSON inside", b"text"),
        ("a list inside", b'["text"]'),
        ("an object in a field", b'{"text":{}}'),
    ):
        yield {"why": why} | _row(_KEY, place, seal_bytes(keys, place, inside.ljust(256), form, nonce))


def vectors() -> dict[str, dict[str, list[dict[str, Any]]]]:
    """By format, all vectors: those that must open to ``plain``, and those that must not open, with ``why``."""
    return {f"format {form}": {"opens": list(_opens(form)), "fails": list(_fails(form))} for form in (1, 2)}


def text() -> str:
    """The file as it is kept."""
    return json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(text().encode())
