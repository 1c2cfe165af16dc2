"""What the reader says of each mistake in ``bad/`` that the schema finds, and every remark as a sentence in each language.

The workbench must say the same. ``PYTHONPATH=src:. python -m tests.core.methods.golden_remarks`` writes both files again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from kring.languages import LANGUAGES
from kring.methods import checker, reader
from kring.methods.errors import MethodError, Problem, in_order
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
    problems = in_order(explain(form.iter_errors(raw), places))
    return [
        {"line": one.line, "column": one.column, "code": one.remark.code, "args": one.remark.args} for one in problems
    ]


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


def sentences() -> Iterator[dict[str, Any]]:
    """One remark of each code that a mistake leads to, and what is said; of notes one will do."""
    seen: set[str] = set()
    for problem in (problem for mistake in mistakes().values() for problem in told(mistake.data)):
        code, args, notes = problem.remark.code, problem.remark.args, problem.notes
        if code in seen:
            continue
        whole = problem if "notes" not in seen else replace(problem, notes=())
        seen |= {code, "notes"} if notes else {code}
        remark = {"code": code, "args": args, "notes": whole.notes}
        yield {"remark": remark, "said": {language: whole.sentence(language) for language in LANGUAGES}}


def told(data: bytes) -> tuple[Problem, ...]:
    """Everything that is wrong with a file."""
    try:
        checker.accept(data, "golden.yaml")
    except MethodError as error:
        return error.problems
    return ()


def made(entries: Iterable[dict[str, Any]]) -> bytes:
    """A file, one entry a line."""
    lines = (msgspec.json.encode(entry).decode() for entry in entries)
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()


FILES = {"schema_remarks.json": entries, "remark_sentences.json": sentences}
FIXTURES = Path(__file__).parents[2] / "fixtures"

if __name__ == "__main__":
    for name, content in FILES.items():
        (FIXTURES / name).write_bytes(made(content()))
