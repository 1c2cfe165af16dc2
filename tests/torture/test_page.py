"""The page about the torture says what the committed result says, and that is a run without a violation."""

from __future__ import annotations

from tests.torture import report


def test_the_page_is_made_from_the_result() -> None:
    text = report.PAGE.read_text(encoding="utf-8")
    assert report.page(report.kept(), text) == text


def test_the_result_has_no_violation() -> None:
    found = report.kept()
    assert found.violations == {}
    assert found.trouble == ()


def test_every_fault_of_the_result_has_its_recovery_time() -> None:
    found = report.kept()
    assert sum(row.times for row in found.rows if row.kind != "none") == found.faults
