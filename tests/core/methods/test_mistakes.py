"""What is wrong with a method file is told with its place and what to do, and never with a traceback."""

from __future__ import annotations

import time
from random import Random

import pytest
import yaml

from kring.methods import checker, reader, source_text, yaml_source
from kring.methods.errors import MOST_PROBLEMS, MethodError, Problem
from kring.methods.remarks import remark
from tests.core.methods.mistakes import GOOD, Mistake, mistakes
from tests.library import SEED, marked

MISTAKES = mistakes()
DRAWN = frozenset(Random(SEED).sample(sorted(MISTAKES), len(MISTAKES) // 2))
"""The half that the ordinary run takes."""
WHOLE_FILES = sorted(name for name in MISTAKES if name.endswith(".yaml"))


def problems(data: bytes) -> tuple[Problem, ...]:
    with pytest.raises(MethodError) as caught:
        checker.accept(data, "bad.yaml")
    return caught.value.problems


def assert_told(mistake: Mistake, *, only: bool) -> None:
    found = problems(mistake.data)
    assert mistake.expected
    for problem in found:
        assert problem.message.endswith((".", ".)"))
        assert "\n" not in problem.message
    for line, column, message in mistake.expected:
        there = [problem.message for problem in found if (problem.line, problem.column) == (line, column)]
        assert any(message in one for one in there), [problem.as_line() for problem in found]
    assert not only or len(found) == len(mistake.expected)


def test_small_circle_is_good() -> None:
    assert checker.check(*reader.parse(GOOD.encode(), "small-circle.yaml")) == ()


@pytest.mark.parametrize("name", [marked(name, slow=name not in DRAWN) for name in sorted(MISTAKES)])
def test_mistake_is_told_at_its_place(name: str) -> None:
    assert_told(MISTAKES[name], only=name.endswith(".edit"))


@pytest.mark.parametrize("name", WHOLE_FILES)
def test_mistake_is_told_without_libyaml_too(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_source, "_Loader", yaml.SafeLoader)
    found = problems(MISTAKES[name].data)
    assert [problem.line for problem in found][:1] == [MISTAKES[name].expected[0][0]]


def test_problem_as_line_reads_like_a_compiler() -> None:
    assert Problem("a.yaml", 3, 5, remark("anchor")).as_line("nl").startswith("a.yaml:3:5: Ankers (`&`) hebben")


def test_empty_file_is_refused() -> None:
    (problem,) = problems(b"")
    assert (problem.line, problem.column) == (1, 1)
    assert "empty" in problem.message


def test_huge_file_is_refused_unread() -> None:
    (problem,) = problems(b"a" * (source_text.MOST_BYTES + 1))
    assert "256 KiB" in problem.message


def test_largest_file_is_read() -> None:
    filler = b"#" * (source_text.MOST_BYTES - len(GOOD.encode()))
    assert reader.read(GOOD.encode() + filler, "large.yaml").id == "small-circle"


def test_non_utf8_is_told_at_its_place() -> None:
    (problem,) = problems(b"kring: 1\nid: caf\xe9\n")
    assert (problem.line, problem.column) == (2, 8)
    assert "UTF-8" in problem.message


def test_byte_order_mark_is_no_mistake() -> None:
    assert reader.read(b"\xef\xbb\xbf" + GOOD.encode(), "bom.yaml").id == "small-circle"


def test_utf16_is_refused() -> None:
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        (problem,) = problems(GOOD.encode(encoding))
        assert (problem.line, problem.column) == (1, 1)
        assert problem.message == f"The file is in UTF-{encoding[4:6]}; save it again with the encoding UTF-8."


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "&a [", "!t [", '"'])
def test_endless_nesting_is_refused_quickly(opening: str) -> None:
    before = time.monotonic()
    assert len(problems((opening * 40_000).encode())) == 1
    assert time.monotonic() - before < 2


def test_too_many_values_are_refused() -> None:
    (problem,) = problems(b"a: [" + b"1," * (yaml_source.MOST_VALUES + 1) + b"]")
    assert "values" in problem.message


def test_problems_are_no_more_than_anyone_reads() -> None:
    keys = "".join(f"key{number}: 1\n" for number in range(5_000))
    assert len(problems((GOOD + keys).encode())) == MOST_PROBLEMS


def test_alias_bomb_is_refused_before_it_grows() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
    )
    (problem,) = problems(bomb.encode())
    assert problem.line == 1
