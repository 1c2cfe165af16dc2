"""Every exception to a rule carries its reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture import house

MARKED = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma:\s*no\s*cover)\b.*")
REASONED = (
    re.compile(r"# noqa: [A-Z]+\d+(?:, ?[A-Z]+\d+)*\s+\W*\w.*"),
    re.compile(r"# type: ignore\[[a-z-]+(?:, ?[a-z-]+)*\]\s+\W*\w.*"),
    re.compile(r"# pragma: no cover\s+\W*\w.*"),
)


def unreasoned(line: str) -> list[str]:
    return [mark for mark in MARKED.findall(line) if not any(pattern.match(mark) for pattern in REASONED)]


def test_every_mark_in_the_code_says_why() -> None:
    paths = [path for path in house.python() if path.name != Path(__file__).name]
    found = [
        f"{path}:{number}: {mark}"
        for path in paths
        for number, line in enumerate(house.text(path).splitlines(), start=1)
        for mark in unreasoned(line)
    ]
    assert found == []


def test_every_ignored_rule_says_why() -> None:
    lines = house.text(Path("pyproject.toml")).splitlines()
    rules = [line for line in lines if re.match(r'\s+"[A-Z]+\d*",', line)]
    assert len(rules) > len(house.pyproject()["tool"]["ruff"]["lint"]["ignore"])
    assert [line for line in rules if not re.search(r"# \S.{8,}", line)] == []


@pytest.mark.parametrize(
    "mark", ["# noqa", "# noqa: S101", "# type: ignore", "# type: ignore[misc]", "# pragma: no cover"]
)
def test_a_mark_without_a_reason_is_seen(mark: str) -> None:
    assert unreasoned(f"x = 1  {mark}")
    if ":" in mark.removeprefix("# type:").removeprefix("# pragma:") or "[" in mark:
        assert not unreasoned(f"x = 1  {mark}  because it is so")
