"""The page on the language tells all of it, and its example works."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest

from kring.methods import checker, kinds, model, schema

EXAMPLE = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def page(request: pytest.FixtureRequest) -> str:
    return (request.config.rootpath / "docs/method-language.md").read_text("utf-8")


def test_example_can_be_run(page: str) -> None:
    (example,) = EXAMPLE.findall(page)
    assert checker.accept(example.encode(), "half-hour.yaml").id == "half-hour"


def test_every_key_is_told(page: str) -> None:
    parts: dict[str, Any] = schema.make()["$defs"]
    keys = {key for name, part in parts.items() if name != "Text" for key in part["properties"]}
    assert [
        key for key in sorted(keys) if f"`{key}`" not in page and f"{{{key}" not in page and f", {key}" not in page
    ] == []


@pytest.mark.parametrize("words", [model.Kind, model.What, model.Position])
def test_every_word_is_told(page: str, words: Any) -> None:
    assert [word for word in get_args(words) if f"`{word}`" not in page] == []


def test_every_form_that_comes_along_is_told(page: str) -> None:
    assert [form for form in kinds.FORMS if f"`{form}`" not in page] == []
