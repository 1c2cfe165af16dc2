"""Files that one reads in a sitting, functions that one sees at a glance."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture import house

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
TEXTS = "client/src/*/texts/*.ts"
"""What the screens say is as long as there is to say."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


def too_long(source: str) -> list[str]:
    return [
        f"{node.lineno}: {node.name} has {length} lines"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, Function)
        for length in [(node.end_lineno or node.lineno) - node.lineno + 1]
        if length > LONGEST_FUNCTION
    ]


def lines(path: Path) -> int:
    return len(house.text(path).splitlines())


def test_files_stay_short() -> None:
    paths = [path for path in house.code() if not path.match(TEXTS)]
    assert [f"{path}: {lines(path)} lines" for path in paths if lines(path) > LONGEST_FILE] == []


def test_functions_stay_short() -> None:
    found = [f"{path}:{long}" for path in house.python() for long in too_long(house.text(path))]
    assert found == []


def test_a_long_function_is_seen() -> None:
    body = "    x = 1\n"
    assert too_long("def f():\n" + body * LONGEST_FUNCTION)
    assert not too_long("async def f():\n" + body * (LONGEST_FUNCTION - 1))
