"""The rule about languages, where a text comes from elsewhere than the file."""

from __future__ import annotations

from msgspec.structs import replace

from kring.methods.library import load
from kring.methods.model import LANGUAGES
from kring.methods.places import Places
from kring.methods.rules import languages


def test_a_text_from_elsewhere_may_have_a_language_more() -> None:
    method = load("codev-6")
    assert "fr" in method.name
    without = replace(method, name={language: method.name[language] for language in LANGUAGES})
    assert list(languages.check(without, Places("child.yaml", {}, {}))) == []
