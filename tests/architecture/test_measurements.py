"""The documents quote the committed measurements, and hide no target that was missed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench import documents, figures, targets
from tests.architecture import house

LARGEST_PICTURE = 150_000
QUOTING = ("docs/measurements.md", "docs/scale.md")
"""Those that must; any other page may."""


def pages() -> list[Path]:
    return [path.relative_to(house.ROOT) for path in documents.pages()]


def test_the_pages_on_measurements_quote_figures() -> None:
    assert set(map(Path, QUOTING)) <= set(pages())


@pytest.mark.parametrize("page", pages(), ids=str)
def test_a_page_quotes_the_committed_figures(page: Path) -> None:
    assert documents.filled(house.text(page), documents.committed()) == house.text(page), "make bench-keep"


def test_a_figure_that_somebody_changed_is_seen() -> None:
    page = house.text(Path("docs/measurements.md"))
    changed = re.sub(r"(<!-- figure: [\w-]+ -->)[^<]*", r"\g<1>much better", page)
    assert changed != page
    assert documents.filled(changed, documents.committed()) == page


def test_the_committed_run_is_a_full_one_of_committed_code() -> None:
    committed = documents.committed()
    assert committed["form"] == "full"
    assert re.fullmatch(r"[0-9a-f]{40}", committed["surroundings"]["commit"])
    assert {"machine", "versions", "load_before", "when"} <= set(committed["surroundings"])


def test_every_target_is_listed_with_what_was_reached() -> None:
    page = house.text(Path("docs/measurements.md"))
    for one in targets.reached(documents.committed()):
        assert one.value is not None, one.target.figure
        line = next(line for line in page.splitlines() if one.target.says in line)
        assert figures.shown(one.value) in line
        assert one.verdict in line


def test_the_pictures_of_the_bench_are_small() -> None:
    pictures = [path for path in house.files() if path.match("docs/pictures/bench-*.svg")]
    assert pictures
    assert {path: size for path in pictures if (size := (house.ROOT / path).stat().st_size) > LARGEST_PICTURE} == {}
