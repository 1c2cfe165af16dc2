"""The methods in preparation hold together as the library's do."""

from pathlib import Path

import pytest

from kring.methods import checker

FILES = sorted((Path(__file__).parents[3] / "docs" / "methods-in-preparation").glob("*.yaml"))


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_method_in_preparation_is_accepted(path: Path) -> None:
    assert checker.accept(path.read_bytes(), path.name).id == path.stem


def test_there_are_methods_in_preparation() -> None:
    assert len(FILES) == 14
