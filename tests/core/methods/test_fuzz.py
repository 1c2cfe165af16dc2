"""Whatever the bytes, reading them gives a method or a ``MethodError``, never anything else."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kring.methods import checker, library
from kring.methods.errors import MethodError, Problem
from kring.methods.kinds import KINDS
from tests.core.methods.mistakes import GOOD

WORDS = st.sampled_from([
    "kring", "id", "name", "round", "opening", "closing", "modules", "forms", "fields", "roles", "gives", "who", "what",
    "kind", "prompts", "owner", "participant", "everyone", "case", "advice", "done", "time", "module", "least", "most",
    "choose", "runs", "withheld", "until", "from", "position", "out", "nl", "en", "de", "cases", *KINDS,
])  # fmt: skip
VALUES: st.SearchStrategy[Any] = st.recursive(
    WORDS | st.text(max_size=8) | st.integers(-9, 99) | st.floats(0, 9) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=5), inner, max_size=5),
    max_leaves=25,
)
FEWER = settings(max_examples=max(25, settings().max_examples // 4))
"""These read a whole method each time."""
GOOD_DATA = yaml.safe_load(GOOD)


def read(data: bytes) -> None:
    problems: tuple[Problem, ...] | None = None
    try:
        checker.accept(data, "fuzz.yaml")
    except MethodError as error:
        problems = error.problems
    if problems is not None:
        assert problems
        assert all(problem.line >= 1 and problem.column >= 1 and problem.message for problem in problems)


@given(st.binary(max_size=300))
@example(b"\x00")
@example(b"%")
@example(b"? ")
@example(b"\xef\xbb\xbf")
@example(b"--- !<tag> x")
@example(b"a: !!null\n")
@example("\u2028: \u2029".encode())
@example("\ufeff\ufeffa: b".encode())
def test_random_bytes(data: bytes) -> None:
    read(data)


@given(st.text(alphabet=" \n\t-:[]{}?&*!|>'\"%@`#,.~<ab1é\u0085\u2028\U0001f600", max_size=120))
def test_random_marks(text: str) -> None:
    read(text.encode())


@given(VALUES)
def test_random_yaml(value: Any) -> None:
    read(yaml.safe_dump(value, allow_unicode=True).encode())


@pytest.mark.slow
@FEWER
@given(st.data())
def test_good_method_with_one_value_changed(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(PATHS))
    value = data.draw(VALUES)
    read(yaml.safe_dump(changed(GOOD_DATA, path, value), allow_unicode=True).encode())


@pytest.mark.slow
@FEWER
@given(st.data())
def test_variant_with_one_value_changed(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(VARIANTS)))
    path = data.draw(st.sampled_from(paths(VARIANTS[name])))
    value = data.draw(VALUES | st.sampled_from(["drop", "tien-stappen", {"drop": "drop"}, {"before": "drop"}, []]))
    read(yaml.safe_dump(changed(VARIANTS[name], path, value), allow_unicode=True).encode())


@pytest.mark.slow
@FEWER
@given(st.data())
def test_library_file_with_bytes_changed(data: st.DataObject) -> None:
    source = library.source(data.draw(st.sampled_from(library.names())))
    start = data.draw(st.integers(0, len(source)))
    length = data.draw(st.integers(0, 60))
    new = data.draw(st.binary(max_size=6) | st.text(alphabet="-:[]{} \n&*!'\"", max_size=6).map(str.encode))
    read(source[:start] + new + source[start + length :])


@pytest.mark.slow
@FEWER
@given(st.data())
def test_library_file_with_lines_moved(data: st.DataObject) -> None:
    lines = library.source(data.draw(st.sampled_from(library.names()))).splitlines(keepends=True)
    start = data.draw(st.integers(0, len(lines) - 1))
    length = data.draw(st.integers(1, 40))
    to = data.draw(st.integers(0, len(lines)))
    cut = lines[start : start + length]
    kept = lines[:start] + lines[start + length :]
    read(b"".join(kept[:to] + (cut if data.draw(st.booleans()) else []) + kept[to:]))


def paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(deeper for key, part in inner for deeper in paths(part, (*path, key)))]


PATHS = paths(GOOD_DATA)
VARIANTS = {
    name: yaml.safe_load(library.source(name)) for name in library.names() if b"\nextends: " in library.source(name)
}


def changed(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    if not path:
        return new
    key: Any = path[0]
    copy = value.copy()
    copy[key] = changed(value[key], path[1:], new)
    return copy
