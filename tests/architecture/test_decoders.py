"""A decoder is made where its module is imported: what msgspec learns of a type at its first use, only one thread may."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.architecture import house

FIRST_USE = """
import sys, threading
import msgspec
sys.setswitchinterval(1e-6)
for n in range(300):
    inner = [msgspec.defstruct(f"Inner{n}x{k}", [(f"f{i}", "int | None | str", None) for i in range(6)]) for k in range(3)]
    outer = msgspec.defstruct(f"Outer{n}", list(zip("abc", inner)))
    decoder = msgspec.json.Decoder(outer)
    together = threading.Barrier(4)
    def go():
        together.wait()
        decoder.decode(b'{"c": {"f5": 3}, "b": {"f0": 1, "f1": 2}, "a": {}}')
    threads = [threading.Thread(target=go) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
"""


def late(source: str) -> list[int]:
    """The lines that decode by a type which is looked at only then."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "decode"
        and ast.unparse(node.func.value).startswith("msgspec.")
        and any(keyword.arg == "type" for keyword in node.keywords)
    ]


def within(source: str) -> list[int]:
    """The lines that make a decoder within a function that threads may call."""
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    return [
        node.lineno
        for function in functions
        if function.name != "main"
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Decoder")
    ]


@pytest.mark.parametrize("look", [late, within])
def test_every_decoder_is_made_before_there_are_threads(look: Callable[[str], list[int]]) -> None:
    found = [f"{path}:{line}" for path in house.code("src") if path.suffix == ".py" for line in look(house.text(path))]
    assert found == []


def test_a_late_look_at_a_type_is_seen() -> None:
    assert late("import msgspec\nmsgspec.json.decode(raw, type=Shape)") == [2]
    assert late("import msgspec\nmsgspec.json.decode(raw)\n_decoder.decode(raw)") == []
    assert within("def read():\n    return msgspec.json.Decoder(Shape).decode(raw)") == [2]
    assert within("_decoder = msgspec.json.Decoder(Shape)") == []


def test_a_decoder_made_before_lets_threads_come_first_together() -> None:
    run = subprocess.run([sys.executable, "-c", FIRST_USE], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
