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
from kring.methods import checker, reader, source_text
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


ENCODED = {
    "plain words": b"kring: 1\nid: a\n",
    "letters with accents": "naam: één – “ja” 😀\n".encode(),
    "a byte order mark": "\ufeffkring: 1\n".encode(),
    "nothing": b"",
    "Latin-1": "a: café\n".encode("latin-1"),
    "Latin-1 in a later line": "a: 1\nnaam: één 😀\n".encode() + b"b: \xfc\n",
    "a letter cut in two at the end": "a: één".encode()[:-2] + b"\xc3",
    "a letter too long": b"a: \xc0\xaf\n",
    "half of a pair": b"a: 1\nb: \xed\xa0\x80\n",
    "a byte that is in no letter": b"a: \xff",
    "UTF-16 with a mark": "kring: 1\n".encode("utf-16"),
    "UTF-16 the other way round": b"\xfe\xff" + "kring: 1\n".encode("utf-16-be"),
    "UTF-16 without a mark": "kring: 1\n".encode("utf-16-le"),
    "UTF-16 without a mark, the other way round": "kring: 1\n".encode("utf-16-be"),
    "UTF-32": "kring: 1\n".encode("utf-32"),
    "UTF-32 the other way round": b"\0\0\xfe\xff" + "kring: 1\n".encode("utf-32-be"),
}


def encodings() -> Iterator[dict[str, Any]]:
    """Files in many encodings: the text, or what is said of it."""
    for name, data in ENCODED.items():
        entry: dict[str, Any] = {"name": name, "hex": data.hex(), "text": None, "remark": None}
        try:
            entry["text"] = source_text.decoded(data, "golden.yaml")
        except MethodError as error:
            (one,) = error.problems
            entry["remark"] = {"line": one.line, "column": one.column, "code": one.remark.code, "args": one.remark.args}
        yield entry


FILES = {"schema_remarks.json": entries, "remark_sentences.json": sentences, "file_encodings.json": encodings}
FIXTURES = Path(__file__).parents[2] / "fixtures"

if __name__ == "__main__":
    for name, content in FILES.items():
        (FIXTURES / name).write_bytes(made(content()))
