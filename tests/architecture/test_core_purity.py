"""The core is pure: no clock, no chance, no disk, no network. Ruff bans the known ways; here is who may come in."""

from __future__ import annotations

import ast

import pytest

from tests.architecture import house

ALLOWED = {
    "__future__", "collections", "dataclasses", "decimal", "difflib", "enum", "fractions", "functools", "hashlib",
    "heapq", "hmac", "inspect", "itertools", "json", "math", "operator", "random", "re", "string", "types", "typing",
    "unicodedata", "jsonschema", "kring", "msgspec", "yaml",
}  # fmt: skip
PACKAGE_DATA = {"src/kring/methods/shelf.py", "src/kring/methods/sentences.py"}
"""The two that read what the package carries: the same bytes for everybody, so reading them is no I/O to speak of."""
IMPURE_CALLS = {"__import__", "breakpoint", "compile", "eval", "exec", "input", "open", "print"}


def imported(node: ast.AST) -> list[str]:
    match node:
        case ast.Import():
            return [alias.name for alias in node.names]
        case ast.ImportFrom(module=str(module), level=0):
            return [module] if module != "importlib" else [f"importlib.{alias.name}" for alias in node.names]
        case _:
            return []


def impurities(source: str, *, package_data: bool = False) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        for name in imported(node):
            reads_package = package_data and name == "importlib.resources"
            if name.split(".")[0] not in ALLOWED and not reads_package:
                found.append(f"{node.lineno}: imports {name}")  # type: ignore[attr-defined]  # an import has a line
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in IMPURE_CALLS:
                found.append(f"{node.lineno}: calls {called}")
            if called in {"Random", "random.Random"} and not node.args:
                found.append(f"{node.lineno}: takes chance without a seed")
    return found


def test_the_core_is_pure() -> None:
    paths = house.python("src/kring/")
    assert paths
    found = [
        f"{path}:{impurity}"
        for path in paths
        for impurity in impurities(house.text(path), package_data=path.as_posix() in PACKAGE_DATA)
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "import time",
        "from datetime import datetime",
        "import os.path",
        "from importlib import resources",
        "from kring_room import store",
        "from django.db import models",
        "open('log')",
        "print('here')",
        "from random import Random\nRandom().random()",
    ],
)
def test_an_impurity_is_seen(source: str) -> None:
    assert impurities(source)


def test_a_seeded_lot_and_package_data_are_pure() -> None:
    assert not impurities("from random import Random\nRandom(seed).random()")
    assert not impurities("from importlib import resources", package_data=True)


def says_how_it_works(source: str) -> bool:
    """Whether a module begins with a sentence and a paragraph."""
    return len((ast.get_docstring(ast.parse(source)) or "").split("\n\n")) > 1


def test_every_module_of_the_core_begins_with_how_it_works() -> None:
    # A rule is one sentence; `rules/__init__.py` says how they work.
    rules = [path for path in house.python("src/kring/methods/rules/") if path.name != "__init__.py"]
    paths = [path for path in house.python("src/kring/") if path not in rules]
    assert [str(path) for path in paths if not says_how_it_works(house.text(path))] == []


def test_a_module_that_does_not_say_how_it_works_is_seen() -> None:
    assert not says_how_it_works('"""One sentence."""\n')
    assert says_how_it_works('"""One sentence.\n\nA paragraph.\n"""\n')
