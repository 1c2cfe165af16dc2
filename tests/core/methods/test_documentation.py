"""The pages on the language tell all of it, and their examples work."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest

from kring.languages import LANGUAGES
from kring.methods import checker, kinds, meanings, model, reference, schema
from kring.methods.sentences import sentences

EXAMPLE = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DOCS = Path(__file__).parents[3] / "docs"


def test_examples_can_be_run() -> None:
    whole, variant = EXAMPLE.findall((DOCS / "method-language.md").read_text("utf-8"))
    assert checker.accept(whole.encode(), "half-hour.yaml").id == "half-hour"
    method = checker.accept(variant.encode(), "our-ten-steps.yaml")
    assert (method.id, method.advice) == ("our-ten-steps", "never")


def test_reference_is_the_one_that_the_model_makes() -> None:
    committed = (DOCS / "method-language-reference.md").read_text("utf-8")
    assert committed == reference.as_markdown(), (
        "write it again: kring methods reference > docs/method-language-reference.md"
    )


def test_every_key_has_a_meaning() -> None:
    parts: dict[str, Any] = schema.make()["$defs"]
    known = meanings.of_keys()
    told = {name: set(part["properties"]) for name, part in parts.items() if name in known}
    assert told == {name: set(of_keys) for name, of_keys in known.items()}
    assert set(parts) - set(told) == {"Text", "Extension", "PhaseChange"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_meaning_is_there_in_every_language(language: str) -> None:
    """Words of the language stay as they are; one may name more of them than the other."""
    told, english = sentences("meanings", language), sentences("meanings", "en")
    assert list(told) == list(english)
    for name, meaning in told.items():
        assert meaning.endswith("."), name
        assert set(english[name].split("`")[1::2]) - set(meaning.split("`")[1::2]) <= {"owner"}, name


def test_parts_that_have_names_are_told() -> None:
    """Whoever points at the name of a role is told what a role is."""
    parts: dict[str, Any] = schema.make()["$defs"]
    assert {name: parts[name]["description"] for name in meanings.of_parts()} == meanings.of_parts()


@pytest.mark.parametrize("words", [model.Kind, model.What, model.Position])
def test_every_word_is_told(words: Any) -> None:
    assert [word for word in get_args(words) if f"`{word}`" not in reference.as_markdown()] == []


def test_every_form_that_comes_along_is_told() -> None:
    page = (DOCS / "method-language.md").read_text("utf-8")
    assert [form for form in kinds.FORMS if f"`{form}`" not in page] == []
