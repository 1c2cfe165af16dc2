"""From the bytes of a method file to text that is what its writer saw: UTF-8, and nothing in it that cannot be seen.

What goes wrong here goes wrong in the whole file at once (it has another encoding, or was read with one and saved with another), so
the first place is told and no more. Marks that turn the direction of writing are refused wherever they stand: with them a file
can read otherwise than it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NoReturn

from kring.methods.errors import MethodError, Problem
from kring.methods.places import Place
from kring.methods.remarks import Remark, remark

MOST_BYTES = 256 * 1024

_CONTROL = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_DIRECTION = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
"""Embeddings, overrides and isolates. Marks of a single letter's direction (U+200E, U+200F) belong to Hebrew and Arabic."""
_LOST = re.compile("\ufffd")
_INDENTED_BY = re.compile(r"^[ \t]*(?:- *)*([\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff])", re.MULTILINE)
"""Spaces of other kinds before the first word of a line: YAML takes them for a part of the word."""

_AS_SHOWN = {chr(byte): byte for byte in range(0x80, 0xC0)} | {
    bytes([byte]).decode("cp1252"): byte for byte in range(0x80, 0xA0) if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
"""What the bytes that follow a first byte of UTF-8 look like to a program that takes them for Latin-1, or for that of Windows."""
_FOLLOWING = f"[{''.join(_AS_SHOWN)}]"
_TWICE = re.compile(
    f"Â(?!\u00a0){_FOLLOWING}|Ã{_FOLLOWING}|â[\x80€\x82‚\x84„\x86†]{_FOLLOWING}|ð[\x9fŸ]{_FOLLOWING}{{2}}"
)
"""Letters with accents, quotes and dashes, and emoji that were saved twice. Other such pairs also occur in good texts."""
_ELSEWHERE = {
    letter.encode().decode(codec): letter
    for codec in ("mac-roman", "cp850")
    for letter in "“”„‘’–—…€«»" + "".join(map(chr, range(0xC0, 0x100)))
}
"""The same as old programs of Apple and of DOS show it."""
_TWICE_ELSEWHERE = re.compile("|".join(map(re.escape, _ELSEWHERE)))


def decoded(data: bytes, name: str) -> str:
    """Return the text of the file ``name``; raise ``MethodError`` when it is not as one would see it."""
    if len(data) > MOST_BYTES:
        over = -(-(len(data) - MOST_BYTES) // 1024)
        refuse(name, (1, 1), remark("file-too-large", over=over, most=MOST_BYTES // 1024))
    if encoding := _other_encoding(data):
        refuse(name, (1, 1), remark("other-encoding", encoding=encoding))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        refuse(name, _end_of(before), remark("not-utf-8"))
    if unseen := min(_unseen(text), key=lambda one: one[0], default=None):
        refuse(name, _end_of(text[: unseen[0]]), unseen[1])
    return text


def refuse(name: str, place: Place, said: Remark) -> NoReturn:
    """Say that a file is no method, for one reason."""
    raise MethodError([Problem(name, *place, said)])


def _other_encoding(data: bytes) -> str:
    """Return the encoding that the first bytes give away, where it is another than UTF-8."""
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "UTF-32"
    # Without a mark before it, half of the bytes of plain words are zero.
    return "UTF-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[1:4:2] + data[0:3:2] else ""


def _unseen(text: str) -> Iterator[tuple[int, Remark]]:
    """Yield what is not as it looks, with its offset."""
    for pattern, code in ((_CONTROL, "control-character"), (_DIRECTION, "directional-mark")):
        if found := pattern.search(text):
            yield found.start(), remark(code, mark=_number(found.group()))
    if found := _LOST.search(text):
        yield found.start(), remark("lost-character")
    if found := _TWICE.search(text):
        meant = bytes(_AS_SHOWN.get(mark, ord(mark)) for mark in found.group()).decode()
        yield found.start(), remark("double-encoding", seen=found.group(), meant=meant)
    if found := _TWICE_ELSEWHERE.search(text):
        yield found.start(), remark("double-encoding", seen=found.group(), meant=_ELSEWHERE[found.group()])
    if found := _INDENTED_BY.search(text):
        yield found.start(1), remark("odd-space", mark=_number(found.group(1)))


def _number(mark: str) -> str:
    return f"U+{ord(mark):04X}"


def _end_of(text: str) -> Place:
    return text.count("\n") + 1, len(text) - (text.rfind("\n") + 1) + 1
