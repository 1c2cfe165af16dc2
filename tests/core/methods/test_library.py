"""What every method of the library says of itself, so that a group can choose it and a facilitator can lead it."""

from __future__ import annotations

import re

import pytest

from kring.methods import library
from kring.methods.walk import main_steps

EIGHTEEN = {
    "action-learning", "balint-group", "balint-nl-11", "codev-6", "consultancy", "fallberatung-hypothesen", "imi-8", "incident-7",
    "leading-org-7", "linxx-9", "roddel-5", "starr", "tien-stappen", "tietze-6", "troika", "vijf-stappen", "waarderend-4", "wandel",
}  # fmt: skip
VARIANTS = {
    "tien-stappen-socratisch": "tien-stappen", "incident-op-papier": "incident-7", "waarderend-lang": "waarderend-4",
    "leading-org-een-casus": "leading-org-7",
}  # fmt: skip
OWNED = re.compile(r"\b(WIAL|NSRF|Tietze|Buijssen|Linxx)\b")
"""Names that belong to somebody: they may stand in a source or a caution, not in the name of a method."""


def test_library_holds_the_eighteen_methods_and_four_variants() -> None:
    methods = {name: library.load(name).extends for name in library.names()}
    assert {name for name, extends in methods.items() if extends is None} == EIGHTEEN
    assert {name: extends for name, extends in methods.items() if extends} == VARIANTS


@pytest.mark.slow
@pytest.mark.parametrize("name", library.names())
def test_method_says_what_helps_to_choose_and_to_lead_it(name: str) -> None:
    method = library.load(name)
    assert all((method.prepare, method.choose_when, method.not_when, method.feedback, method.slow_down))
    assert all(source.ref for source in method.source)
    hints = [hint for step in main_steps(method) for hint in step.phase.hints]
    assert len(hints) >= 5
    assert not any(OWNED.search(text) for text in method.name.values())


def test_few_are_shown_first() -> None:
    assert 1 <= sum(library.load(name).featured for name in library.names()) <= 6
