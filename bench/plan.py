"""What the generator plays, as the file that ``native/plan.c`` reads: scripts, and meetings to play them in.

All numbers are 32 bits, little endian; a text is its length and its bytes. A script is a list of lines: device,
listeners (a bit each), ``seq`` (0: whoever hears anything has heard it), payload. A meeting: script, first line that
counts, path, a ticket for each device.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.recording import Heard
from bench.script import SEATS

MARK = b"KRINGPL1"
_EVERYBODY = (1 << SEATS) - 1
_LATEST = 0.5
"""Meetings begin to count at a line of their own up to here, so that all phases are mixed."""


class Meeting(NamedTuple):
    """A meeting that may be played: which script, its path, a ticket for each device."""

    script: int
    path: str
    tickets: Sequence[str]


def write_plan(file: Path, scripts: Sequence[Sequence[Heard]], meetings: Iterable[Meeting], *, rules: bool) -> None:
    """Write the plan; without ``rules`` for a server that tells everything to everybody, and knows no ``seq``."""
    chance = random.Random(len(scripts))  # noqa: S311 - the same starts in every run, not a secret
    parts = [_script(one, rules=rules) for one in scripts]
    listed = list(meetings)
    for meeting in listed:
        lines = scripts[meeting.script]
        begun = next(n for n, heard in enumerate(lines) if b'"type":"start"' in heard.line.payload) + 1
        start = chance.randint(begun, round(len(lines) * _LATEST))
        parts.append(_number(meeting.script, start) + _text(meeting.path.encode()))
        parts += [_text(ticket.encode()) for ticket in meeting.tickets]
    file.write_bytes(MARK + _number(len(scripts), len(listed)) + b"".join(parts))


def _script(lines: Sequence[Heard], *, rules: bool) -> bytes:
    parts = [_number(len(lines))]
    for line, listeners, seq, _ in lines:
        parts.append(_number(line.device, *((listeners, seq) if rules else (_EVERYBODY, 0))) + _text(line.payload))
    return b"".join(parts)


def _number(*numbers: int) -> bytes:
    return struct.pack(f"<{len(numbers)}I", *numbers)


def _text(text: bytes) -> bytes:
    return _number(len(text)) + text


def bytes_of_a_delivery(scripts: Iterable[Sequence[Heard]]) -> int:
    """How long one message with facts is, on average."""
    sizes = [size for lines in scripts for heard in lines for size in heard.sizes]
    return round(sum(sizes) / len(sizes))
