"""Sealed content: what people type, encrypted with a key of the circle (AES-256-GCM). The server never has the key.

There are two formats, and both are read. Format 1 is ``1 || nonce || ciphertext``; format 2 names what it was sealed with:
``2 || suite || key id || nonce || ciphertext``. The associated data binds a text to its meeting, author's seat, kind and
content id, and in format 2 to suite and key as well: moved elsewhere, it does not open. Devices tell the room the newest
format that they read, and format 2 is written once every seated device reads it. ``tests/fixtures/sealing.json`` fixes both;
the browser's client is tested with it too.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kring_client.encoding import SealBroken, decode, encode
from kring_client.keys import KEY_ID_BYTES, SUITE

if TYPE_CHECKING:
    from kring_client.keys import Key, Keys

NEWEST: Final = 2
"""The newest format that this client reads and writes; it reads the older ones too."""
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
BLOCK: Final = 256
"""Plaintexts are padded to a multiple of this, so that lengths say little about what was written."""

MAX_BODY: Final = 12 * 1024
"""Bytes of one sealed body that the room takes."""
MOST_BYTES: Final = (MAX_BODY - (2 + KEY_ID_BYTES + NONCE_BYTES + TAG_BYTES)) // BLOCK * BLOCK
"""Bytes of the text of all fields together, as JSON, that fit: whole blocks, whichever the format."""

Fields = dict[str, str | int | float]
"""A filled form: field ids to what was typed or chosen."""
Filled = Mapping[str, str] | Mapping[str, int] | Mapping[str, str | int | float]
"""The same, to read from."""


class Place(NamedTuple):
    """Where a sealed text belongs. ``kind``: the ``what`` of a contribution, or ``name``; ``id``: its content id."""

    meeting: str
    seat: str
    kind: str
    id: str


def format_for(read: int | None) -> int:
    """The format to write where every reader reads up to ``read``: what a room says, or nothing where it is an old one."""
    return NEWEST if (read or 1) >= NEWEST else 1


class TooLong(ValueError):
    """More than the room takes. ``excess``: how many characters, from the end of the longest field, are too many."""

    def __init__(self, excess: int) -> None:
        super().__init__(f"{excess} characters too many")
        self.excess = excess


def _text(fields: Filled) -> bytes:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _size(text: str) -> int:
    return len(_text({"t": text}))


def excess(fields: Filled) -> int:
    """How many characters, taken from the end of the longest field, are too many; 0 where everything fits."""
    over = len(_text(fields)) - MOST_BYTES
    if over <= 0:
        return 0
    texts = [str(value) for value in fields.values()]
    longest = max(texts, key=_size, default="")
    characters = list(longest)
    count = 0
    while over > 0 and characters:
        over -= _size(characters.pop()) - _size("")
        count += 1
    return count


def seal(keys: Keys, place: Place, fields: Filled, form: int, nonce: bytes | None = None) -> str:
    """Encrypt a filled form for its place, in format ``form``.

    ``nonce`` is for test vectors only; never use one twice with a key. Raises ``TooLong`` for more than the room takes.
    """
    plain = _text(fields)
    if len(plain) > MOST_BYTES:
        raise TooLong(excess(fields))
    return seal_bytes(keys, place, plain + b" " * (-len(plain) % BLOCK), form, nonce)


def seal_bytes(keys: Keys, place: Place, padded: bytes, form: int, nonce: bytes | None = None) -> str:
    """Encrypt bytes as they are; ``seal`` is what you want."""
    key = keys.current()
    nonce = os.urandom(NONCE_BYTES) if nonce is None else nonce
    head = bytes([form]) if form == 1 else bytes([form, SUITE]) + key.id
    return encode(head + nonce + AESGCM(key.secret).encrypt(nonce, padded, _associated(form, key, place)))


def unseal(keys: Keys, place: Place, sealed: str) -> Fields:
    """Decrypt what was sealed for this place, or raise ``SealBroken``."""
    data = decode(sealed)
    form, start, key_id = _parsed(data)
    if len(data) <= start + NONCE_BYTES + TAG_BYTES:
        raise SealBroken
    key = keys.find(key_id)
    nonce, ciphertext = data[start : start + NONCE_BYTES], data[start + NONCE_BYTES :]
    try:
        found = json.loads(AESGCM(key.secret).decrypt(nonce, ciphertext, _associated(form, key, place)))
    except (InvalidTag, ValueError, RecursionError) as error:
        raise SealBroken from error
    if not isinstance(found, dict) or not all(
        isinstance(v, str | int | float) and not isinstance(v, bool) for v in found.values()
    ):
        raise SealBroken
    return found


def _associated(form: int, key: Key, place: Place) -> bytes:
    ids = "" if form == 1 else f"{SUITE}\n{encode(key.id)}\n"
    return f"kring/{form}\n{ids}{place.meeting}\n{place.seat}\n{place.kind}\n{place.id}".encode()


def _parsed(data: bytes) -> tuple[int, int, bytes | None]:
    """The format, where the nonce begins, and the id of the key, where one is named."""
    if data[:1] == b"\x01":
        return 1, 1, None
    if data[:2] != bytes([2, SUITE]):
        raise SealBroken
    start = 2 + KEY_ID_BYTES
    return 2, start, data[2:start]
