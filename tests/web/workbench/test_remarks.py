"""Every sentence of the checker is in the workbench's catalogue, and nothing that no checker says."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CORE = ROOT / "src/kring/methods"
CATALOGUE = ROOT / "client/src/workbench/texts/remarks.nl.ts"
APART = frozenset({"kinds.py", "meanings.py", "reference.py", "choosing.py", "flow.py"})
"""Texts of methods and documents: no remarks."""
SPOKEN = re.compile(r"[`{A-Z\w].*[.?!)]|.*\{\}.*[.?!]", re.DOTALL)
RULE = "use small letters, digits and hyphens, a letter first, 40 at most."
"""Stands at the end of a sentence that the catalogue has whole."""
NO_REMARKS = ("One text in several", "What differs", "`{}` cannot be an id; {}", RULE)
"""What the schema says of itself, and what the catalogue has in one piece."""


def sentences(path: Path) -> Iterator[str]:
    """What the code says, with ``{}`` where something is filled in; no documentation."""
    tree = ast.parse(path.read_text("utf-8"))
    quiet = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            quiet |= {id(part) for part in ast.walk(node)} - {id(node)}
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in quiet:
            yield re.sub(r"\{(key|bound)\}", "{}", node.value)


def said() -> set[str]:
    found = {
        text
        for path in CORE.rglob("*.py")
        if path.name not in APART
        for text in sentences(path)
        if len(text.split()) > 3 and text[-1] in ".?)" and SPOKEN.fullmatch(text)
    }
    return {text for text in found if not text.startswith(NO_REMARKS)}


@pytest.fixture(scope="module")
def catalogue() -> dict[str, str]:
    lines = re.findall(
        r'^  ("(?:[^"\\]|\\.)*"|\'[^\']*\'):\s+("(?:[^"\\]|\\.)*"),$', CATALOGUE.read_text("utf-8"), re.MULTILINE
    )
    return {json.loads(english): json.loads(dutch) for english, dutch in lines}


def bare(text: str) -> str:
    """Without the numbers of the blanks."""
    return re.sub(r"\{\d\}", "{}", text)


def test_catalogue_has_every_sentence_of_the_checker(catalogue: dict[str, str]) -> None:
    known = {bare(text) for text in catalogue}
    assert len(said()) > 80
    assert {text for text in said() if bare(text) not in known} == set()
    assert any(text.endswith(RULE) for text in catalogue)
