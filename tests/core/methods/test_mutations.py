"""Every kind of mistake that one can make in a file of the library is caught, and told at its place."""

from __future__ import annotations

import itertools
from random import Random
from typing import Any

import pytest

from kring.methods import checker, library, yaml_source
from kring.methods.errors import MethodError, Problem
from tests.core.methods import mistakes_in_meetings, mistakes_on_paper
from tests.core.methods.mutating import KINDS, Mistake, Mutant, mutant
from tests.library import SEED, marked

_FILES: dict[str, dict[str, Any]] = {name: yaml_source.parse(library.source(name), name)[0] for name in library.names()}
DATA = {name: data for name, data in _FILES.items() if "extends" not in data}
WHOLE = sorted(DATA)
FILES_A_KIND = 8
"""In how many files the slow run makes a mistake of each kind, by the lot: another seed draws others."""
DRAWN = set(Random(SEED).sample(sorted(KINDS), 10))
"""The kinds that the ordinary run takes; the slow one takes all, in several files."""


def told(one: Mutant) -> tuple[Problem, ...]:
    try:
        checker.accept(one.file, "mutant.yaml")
    except MethodError as error:
        return error.problems
    return ()


def assert_caught(name: str, mistake: Mistake) -> None:
    one = mutant(DATA[name], mistake)
    found = told(one)
    there = [problem.message for problem in found if (problem.line, problem.column) == one.place]
    assert any(one.message in message for message in there), (name, mistake.path, one.place, found)


def ways_to_go_wrong(kind: str) -> list[tuple[str, Mistake]]:
    return [(name, mistake) for name in WHOLE for mistake in KINDS[kind](DATA[name])]


def test_there_are_many_kinds_of_mistakes() -> None:
    assert {function.__module__ for function in KINDS.values()} == {
        mistakes_on_paper.__name__,
        mistakes_in_meetings.__name__,
    }
    assert len(KINDS) >= 70


@pytest.mark.parametrize("kind", [marked(kind, slow=kind not in DRAWN) for kind in sorted(KINDS)])
def test_mistake_is_caught_somewhere(kind: str) -> None:
    ways = ways_to_go_wrong(kind)
    assert ways, "no file of the library gives an opportunity"
    assert_caught(*Random(f"{SEED} {kind}").choice(ways))


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_mistake_is_caught_in_several_files(kind: str) -> None:
    files = [(name, list(ways)) for name, ways in itertools.groupby(ways_to_go_wrong(kind), key=lambda way: way[0])]
    lot = Random(f"{SEED} {kind}")
    for name, ways in lot.sample(files, min(len(files), FILES_A_KIND)):
        assert_caught(name, lot.choice([mistake for _, mistake in ways]))


@pytest.mark.slow
@pytest.mark.parametrize("name", WHOLE)
def test_unmutated_file_is_good(name: str) -> None:
    assert told(mutant(DATA[name], Mistake({}, (), ""))) == ()
