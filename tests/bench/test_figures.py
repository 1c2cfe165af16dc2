"""Figures by name, targets and what was reached, from the JSON of a run."""

from __future__ import annotations

import re

import pytest

from bench import documents, figures, tables, targets
from bench.figures import NotMeasured

RESULTS = {
    "saturation": {
        "kring": {"deliveries_per_second": 40_000, "contributions_per_second": 5714.3, "generator_busy": 0.4},
        "broadcast": {"deliveries_per_second": 100_000, "contributions_per_second": 14_285.7, "generator_busy": 0.6},
    },
    "steady": {"kring": {"p50_ms": 1.5, "p99_ms": 4.25}, "websockets": {"p50_ms": 1.2, "p99_ms": 2.0}},
    "storm": {"seconds": 2.5, "seats": 3500, "all_missing": 0},
}
NAMES_OF_TARGETS = [target.figure for target in targets.TARGETS]


def test_a_figure_is_found_or_made_from_others() -> None:
    assert figures.figure(RESULTS, "kring_deliveries") == 40_000
    assert figures.figure(RESULTS, "ratio_broadcast") == 0.4
    assert figures.figure(RESULTS, "steady_above") == 2.25
    assert figures.figure(RESULTS, "generator_busy_most") == 60


def test_a_figure_that_was_not_measured_is_said_to_be_so() -> None:
    with pytest.raises(NotMeasured):
        figures.figure(RESULTS, "ratio_channels")
    with pytest.raises(KeyError):
        figures.figure(RESULTS, "no-such-figure")


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.4, "0.40"), (12.34, "12.3"), (123.4, "123"), (1234.5, "1,230"), (98_765, "98,800"), (-2.5, "-2.50")],
)
def test_three_digits_are_shown(value: float, text: str) -> None:
    assert figures.shown(value) == text


def test_a_missed_target_is_listed_with_what_was_reached() -> None:
    verdicts = {one.target.figure: one.verdict for one in targets.reached(RESULTS)}
    assert list(verdicts) == NAMES_OF_TARGETS
    assert verdicts["ratio_broadcast"] == "missed"
    assert verdicts["storm_seconds"] == "reached"
    assert verdicts["open_ms"] == "not measured"
    assert any("0.40x" in row and "missed" in row for row in targets.rows(RESULTS))


def test_a_page_gets_its_figures_and_keeps_the_rest() -> None:
    page = "Kring: <!-- figure: kring_deliveries -->?<!-- /figure -->/s,\n<!-- table: targets -->\n<!-- /table -->\nend"
    filled = documents.filled(page, RESULTS)
    assert "-->40,000<!--" in filled
    assert tables.table(RESULTS, "targets") in filled
    assert filled.endswith("\nend")
    assert documents.filled(filled, RESULTS) == filled


def test_every_target_has_a_figure_that_is_known() -> None:
    assert set(NAMES_OF_TARGETS) <= set(figures.RECIPES)
    assert not any(re.search(r"\s$", target.says) for target in targets.TARGETS)
