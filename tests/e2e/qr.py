"""Reads a QR code as a phone does: only of the size that our links have here, and without mending damage."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from playwright.sync_api import Locator

_QUIET_ZONE = 4
_RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1h-\d+z")
_SIDE = 41
"""Version 6: up to 106 letters with the middle correction level, which spreads 108 bytes over 4 blocks."""
_BLOCKS, _BYTES = 4, 108
_MASKS: tuple[Callable[[int, int], int], ...] = (
    lambda row, column: (row + column) % 2,
    lambda row, _column: row % 2,
    lambda _row, column: column % 3,
    lambda row, column: (row + column) % 3,
    lambda row, column: (row // 2 + column // 3) % 2,
    lambda row, column: row * column % 2 + row * column % 3,
    lambda row, column: (row * column % 2 + row * column % 3) % 2,
    lambda row, column: ((row + column) % 2 + row * column % 3) % 2,
)


def read(code: Locator) -> str:
    """What the code on the screen says. ``code``: the drawing, of one square to a unit."""
    assert code.get_attribute("viewBox") == f"0 0 {_SIDE + 2 * _QUIET_ZONE} {_SIDE + 2 * _QUIET_ZONE}"
    dark = {
        (int(row) - _QUIET_ZONE, int(column) - _QUIET_ZONE + more)
        for column, row, width in _RUN.findall(code.locator("path").get_attribute("d") or "")
        for more in range(int(width))
    }
    kind = [(8, column) in dark for column in range(5)]
    assert kind[:2] == [True, False], "the middle correction level"
    # The rest of the kind is the mask, of which the first and last bit are always turned.
    mask = _MASKS[4 * (not kind[2]) + 2 * kind[3] + (not kind[4])]
    bits = [((row, column) in dark) != (mask(row, column) == 0) for row, column in _path()]
    words = [sum(bit << 7 - place for place, bit in enumerate(bits[at : at + 8])) for at in range(0, _BYTES * 8, 8)]
    return _text([word for block in range(_BLOCKS) for word in words[block::_BLOCKS]])


def _text(words: list[int]) -> str:
    """Four bits that say "bytes", eight that say how many, and those."""
    number = int.from_bytes(words, "big")
    stream = f"{number:0{8 * _BYTES}b}"
    assert stream[:4] == "0100"
    length = int(stream[4:12], 2)
    return bytes(int(stream[at : at + 8], 2) for at in range(12, 12 + 8 * length, 8)).decode("ascii")


def _path() -> Iterator[tuple[int, int]]:
    """The squares that carry data, in their order: up and down in columns of two, from the right."""
    up = True
    for pair in (*range(_SIDE - 1, 6, -2), 5, 3, 1):
        for row in range(_SIDE - 1, -1, -1) if up else range(_SIDE):
            yield from ((row, column) for column in (pair, pair - 1) if not _fixed(row, column))
        up = not up


def _fixed(row: int, column: int) -> bool:
    """The three large eyes with what is round them, the small eye, the two dotted lines."""
    end = _SIDE - 8
    eyes = (row < 9 and (column < 9 or column >= end)) or (row >= end and column < 9)
    small = abs(row - (_SIDE - 7)) <= 2 and abs(column - (_SIDE - 7)) <= 2
    return eyes or small or row == 6 or column == 6
