"""The page about the torture says what the committed result says, and that is a run without a violation."""

from __future__ import annotations

from tests.torture import report
from tests.torture.cluster import SERVICES
from tests.torture.faults import COMMON


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


def test_the_result_has_a_thousand_faults_and_every_kind_on_both_installations() -> None:
    found = report.kept()
    assert found.faults >= 1000
    kinds = {"sqlite": set(COMMON), "cluster": {*COMMON, *SERVICES}}
    assert {name: {row.kind for row in found.rows if row.installation == name} for name in kinds} == kinds
    assert [place.lacks for place in found.places] == [{}, {}]
