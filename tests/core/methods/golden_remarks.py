"""What the reader says of each mistake in ``bad/`` that the schema finds; the workbench's editor must say the same.

``PYTHONPATH=src:. python -m tests.core.methods.golden_remarks > tests/fixtures/schema_remarks.json``
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import msgspec

from kring.methods import reader
from kring.methods.errors import MethodError
from kring.methods.explain import explain
from kring.methods.schema import extension_validator, validator
from tests.core.methods.mistakes import GOOD, mistakes


def found(data: bytes) -> list[dict[str, Any]] | None:
    """What the schema finds, or nothing where the text is not even YAML as the reader takes it."""
    try:
        raw, places = reader._mapping(data, "golden.yaml")
    except MethodError:
        return None
    form = extension_validator() if "extends" in raw else validator()
    problems = sorted(set(explain(form.iter_errors(raw), places)))
    return [{"line": one.line, "column": one.column, "message": one.message} for one in problems]


def changed(text: str) -> dict[str, Any]:
    """How the text differs from the good one: what is put in place of the characters ``from`` to ``to``."""
    start = _alike(GOOD, text)
    end = _alike(GOOD[start:][::-1], text[start:][::-1])
    return {"from": start, "to": len(GOOD) - end, "put": text[start : len(text) - end]}


def _alike(one: str, other: str) -> int:
    """With how many characters both begin."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (here, there) in pairs if here != there), min(len(one), len(other)))


def entries() -> Iterator[dict[str, Any]]:
    """One for each mistake; those that only the checker can see have no remarks."""
    for name, mistake in mistakes().items():
        if (remarks := found(mistake.data)) is not None:
            yield {"name": name, **changed(mistake.data.decode()), "remarks": remarks}


def made() -> bytes:
    """The file, one mistake a line."""
    lines = (msgspec.json.encode(entry).decode() for entry in entries())
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()


if __name__ == "__main__":
    sys.stdout.buffer.write(made())
