"""Reads the mistakes in ``bad/``: what is wrong, and where and how it must be told.

``*.yaml`` are whole files; ``*.edit`` say what to replace in ``small-circle.yaml``, a good method. Both tell with
``# expect LINE:COLUMN part of the message`` what must be found.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
GOOD = (HERE / "small-circle.yaml").read_text("utf-8")
_EXPECT = "# expect "


class Mistake(NamedTuple):
    """A file with a mistake, and the problems that must be found: line, column and part of the message."""

    data: bytes
    expected: list[tuple[int, int, str]]


def mistakes() -> dict[str, Mistake]:
    """Every mistake by the name of its file."""
    files = sorted((HERE / "bad").iterdir())
    return {file.name: read(file) for file in files if file.suffix in {".yaml", ".edit"}}


def read(file: Path) -> Mistake:
    """Read one mistake."""
    data = file.read_bytes()
    text = data.decode("utf-8", "replace")
    expected = []
    for line in text.splitlines():
        if line.startswith(_EXPECT):
            place, message = line.removeprefix(_EXPECT).split(" ", 1)
            row, column = place.split(":")
            expected.append((int(row), int(column), message))
    return Mistake(edited(GOOD, text).encode() if file.suffix == ".edit" else data, expected)


def edited(good: str, edit: str) -> str:
    """Replace each ``<<< old === new >>>`` of an edit; what it replaces must be there once."""
    for part in edit.split("<<<\n")[1:]:
        old, rest = part.split("===\n", 1)
        new = rest.split(">>>", 1)[0]
        assert good.count(old) == 1, f"not there once: {old}"
        good = good.replace(old, new)
    return good
