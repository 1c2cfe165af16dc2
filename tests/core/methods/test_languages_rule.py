"""The rule about languages, where a text comes from elsewhere than the file."""

from __future__ import annotations

from msgspec.structs import replace

from kring.methods.library import load
from kring.methods.model import LANGUAGES
from kring.methods.places import Places
from kring.methods.remarks import remark
from kring.methods.rules import languages


def test_a_text_from_elsewhere_may_have_a_language_more() -> None:
    method = load("codev-6")
    assert "fr" in method.name
    without = replace(method, name={language: method.name[language] for language in LANGUAGES})
    assert list(languages.check(without, Places("child.yaml", {}, {}))) == []


def test_a_text_of_its_own_that_lacks_a_language_of_the_name_is_told() -> None:
    method = load("linxx-9")
    more = replace(method, name={**method.name, "es": "Intervisión"})
    remarks = list(languages.check(more, Places("linxx-9.yaml", {}, {})))
    assert remarks
    assert all(one.remark == remark("language-left-out", language="es") for one in remarks)
