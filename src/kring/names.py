"""What a name must be for others to know somebody by it. Pure, and told once: ``make generate`` writes the client's half of it.

Names are sealed in the browser, so a server can't judge them: whoever makes one does, and whoever shows one cleans it again. The
rule speaks of kinds of characters of Unicode, by ranges of code points rather than by its properties, so that every version of
Python and every browser finds the same:

* ``INVISIBLE``: default-ignorable, format and control characters, and fillers. They show nothing, or turn the text round them, and
  are left out wherever they stand.
* ``JOINING``: the joiners and variation selectors that scripts and pictures need inside a name. By themselves they show nothing.
* ``BLANK``: looks like a space. Spaces and blanks become one space, and none at the ends.

A name shows something if more is left than marks (Unicode category M), joiners and spaces.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST: Final = 40
"""Code points of a name, once it is clean."""
INVISIBLE: Final = (
    (0x00, 0x08), (0x0E, 0x1F), (0x7F, 0x84), (0x86, 0x9F), (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160),
    (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200B), (0x200E, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F),
    (0x3164, 0x3164), (0xD800, 0xDFFF), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB), (0x16FE4, 0x16FE4),
    (0x1BCA0, 0x1BCA3), (0x1D159, 0x1D159), (0x1D173, 0x1D17A), (0xE0000, 0xE00FF), (0xE01F0, 0xE0FFF),
)  # fmt: skip
JOINING: Final = ((0x200C, 0x200D), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
BLANK: Final = (
    (0x09, 0x0D), (0x20, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029),
    (0x202F, 0x202F), (0x205F, 0x205F), (0x2800, 0x2800), (0x3000, 0x3000),
)  # fmt: skip


def _any(ranges: tuple[tuple[int, int], ...], more: str = "") -> re.Pattern[str]:
    return re.compile(f"[{''.join(f'{chr(first)}-{chr(last)}' for first, last in ranges)}]{more}")


_INVISIBLE: Final = _any(INVISIBLE)
_JOINING: Final = _any(JOINING)
_BLANK: Final = _any(BLANK, "+")


def clean(name: str) -> str:
    """The name as others see it: composed (NFC), without what shows nothing or turns text round, one space between words."""
    return _BLANK.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", name))).strip(" ")


def shows(name: str) -> bool:
    """Whether there is something to see of it."""
    return any(not unicodedata.category(char).startswith("M") and char != " " for char in _JOINING.sub("", clean(name)))


def alike(one: str, other: str) -> bool:
    """Whether people would take the one for the other: case, width and spaces count for nothing."""
    return _key(one) == _key(other)


def apart(name: str, others: list[str]) -> str:
    """The name, with the first number behind it that tells it from the names of others; none where none is needed."""
    number, found = 1, name
    while any(alike(found, other) for other in others):
        number += 1
        found = f"{name} {number}"
    return found


def _key(name: str) -> str:
    return _JOINING.sub("", unicodedata.normalize("NFKC", clean(name)).lower()).replace(" ", "")
