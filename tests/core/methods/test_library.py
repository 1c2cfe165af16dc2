"""What every method of the library says of itself, so that a group can choose it and a facilitator can lead it."""

from __future__ import annotations

import re

import pytest

from kring.languages import SCREENS
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


@pytest.mark.parametrize("name", library.names())
def test_a_method_of_kring_is_told_in_every_language_of_the_screens(name: str) -> None:
    """All of its texts: where the name has a language, the checker asks it of the others."""
    assert set(SCREENS) <= library.load(name).name.keys()


@pytest.mark.slow
@pytest.mark.parametrize("name", library.names())
def test_method_says_what_helps_to_choose_and_to_lead_it(name: str) -> None:
    method = library.load(name)
    assert all((method.prepare, method.choose_when, method.not_when, method.feedback, method.slow_down))
    assert all(source.ref for source in method.source)
    hints = [hint for step in main_steps(method) for hint in step.phase.hints]
    assert len(hints) >= 5
    assert not any(OWNED.search(text) for text in method.name.values())


@pytest.mark.parametrize("name", library.names())
def test_who_comes_for_reflection_gets_no_advice(name: str) -> None:
    method = library.load(name)
    assert "reflection" not in method.level or method.advice == "never"


def test_there_are_methods_for_reflection() -> None:
    assert sum("reflection" in library.load(name).level for name in library.names()) >= 5


@pytest.mark.parametrize("name", library.names())
def test_what_is_ours_is_marked_as_ours(name: str) -> None:
    """What the head of the file tells its writers, the sources tell everybody."""
    method = library.load(name)
    head = library.source(name).decode().split("kring: 1", 1)[0]
    ours = [source.ref for source in method.source if source.status == "ours"]
    assert ours or not re.search(r"\bours\b|our spread", head)
    uncertain = [source.ref for source in method.source if source.status in {"ours", "unverified"}]
    minutes = any(step.phase.spread == "ours" for step in main_steps(method))
    assert not minutes or any(re.search(r"minute|hour|long", ref) for ref in uncertain)


@pytest.mark.parametrize("name", library.names())
def test_an_opening_that_no_source_has_is_told_among_the_sources(name: str) -> None:
    method = library.load(name)
    added = [phase for phase in method.opening if phase.id == "bring"]
    told = any("five minutes of ours before the found steps" in source.ref for source in method.source)
    assert told == bool(added)
    assert all((phase.minutes, phase.spread) == (5, "ours") for phase in added)


@pytest.mark.parametrize("phase", ["gossip", "advice"])
def test_in_the_nine_steps_gossip_and_advice_are_free(phase: str) -> None:
    """The source lets people talk and says that they "may now give advice": nobody owes any, and nothing ends it but time."""
    (give,) = next(one for one in library.load("linxx-9").round if one.id == phase).gives
    assert (give.least, give.turns) == (0, "free")
    assert give.most >= 20


@pytest.mark.parametrize("name", ["leading-org-7", "leading-org-een-casus"])
def test_in_the_seven_steps_the_one_sentence_is_said(name: str) -> None:
    choose = library.load(name).opening[0]
    (give,) = choose.gives
    assert (give.what, give.least, give.most, give.turns) == ("case", 1, 1, "circle")
    assert give.by in {"spoken", "either"}
    assert choose.hidden == "no"


def test_few_are_shown_first() -> None:
    assert 1 <= sum(library.load(name).featured for name in library.names()) <= 6
