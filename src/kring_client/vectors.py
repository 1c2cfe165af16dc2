"""The test vectors of sealing, for every client: ``python -m kring_client.vectors > tests/fixtures/sealing.json``.

Deterministic, so that a change of the format shows as a change of the file. Keys and nonces are made from
labels and protect nothing.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from typing import Any

from kring_client.sealing import NONCE_BYTES, Fields, Place, decode, encode, seal, seal_bytes

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


def _opens() -> Iterator[dict[str, Any]]:
    for kind, content, plain in _PLAINS:
        place = Place(_MEETING, _SEAT, kind, content)
        nonce = _bytes(f"nonce of {content}", NONCE_BYTES)
        yield _row(_KEY, place, seal(_KEY, place, plain, nonce)) | {"nonce": encode(nonce), "plain": plain}


def _changed(sealed: bytes, at: int) -> bytes:
    return sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]


def _fails() -> Iterator[dict[str, Any]]:
    place = Place(_MEETING, _SEAT, "hypothesis", _ID)
    nonce = _bytes("nonce of the failing", NONCE_BYTES)
    text = seal(_KEY, place, {"text": "Misschien wil ze vooral gezien worden."}, nonce)
    whole = decode(text)
    raw = whole[: 1 + NONCE_BYTES]
    moved: tuple[tuple[str, bytes, Place, str], ...] = (
        ("another key", _WRONG_KEY, place, text),
        ("another meeting", _KEY, place._replace(meeting=_ELSEWHERE), text),
        ("another author", _KEY, place._replace(seat=_NEIGHBOUR), text),
        ("another kind", _KEY, place._replace(kind="advice"), text),
        ("another content id", _KEY, place._replace(id="c0ntent1d099"), text),
        ("kind and id joined differently", _KEY, place._replace(kind=f"hypothesis\n{_ID}", id=""), text),
        ("first byte of the ciphertext flipped", _KEY, place, encode(_changed(whole, len(raw)))),
        ("last byte of the tag flipped", _KEY, place, encode(_changed(whole, len(whole) - 1))),
        ("nonce flipped", _KEY, place, encode(_changed(whole, 1))),
        ("one byte short", _KEY, place, encode(whole[:-1])),
        ("cut before the ciphertext", _KEY, place, encode(raw)),
        ("version 2", _KEY, place, encode(bytes([2]) + whole[1:])),
        ("version 0", _KEY, place, encode(bytes([0]) + whole[1:])),
        ("empty", _KEY, place, ""),
        ("padded base64", _KEY, place, text + "="),
        ("base64 of the other alphabet", _KEY, place, "+/" + text[2:]),
        ("not JSON inside", _KEY, place, seal_bytes(_KEY, place, b"text".ljust(256), nonce)),
        ("a list inside", _KEY, place, seal_bytes(_KEY, place, b'["text"]'.ljust(256), nonce)),
        ("an object in a field", _KEY, place, seal_bytes(_KEY, place, b'{"text":{}}'.ljust(256), nonce)),
    )  # fmt: skip
    for why, key, where, sealed in moved:
        yield {"why": why} | _row(key, where, sealed)


def vectors() -> dict[str, list[dict[str, Any]]]:
    """All vectors: those that must open to ``plain``, and those that must not open, with ``why``."""
    return {"opens": list(_opens()), "fails": list(_fails())}


def text() -> str:
    """The file as it is kept."""
    return json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(text().encode())
