"""The contract of Django's apps says yes to what is right and no to each way of going wrong."""

from __future__ import annotations

import grimp
import pytest

from tests.architecture.app_contract import Rules

RULES = Rules(
    "web",
    (frozenset({"urls"}), frozenset({"views", "api"}), frozenset({"services", "queries"}), frozenset({"models"})),
    frozenset({"services", "queries"}),
    frozenset({"management"}),
)
MODULES = ("urls", "views", "api", "services", "models", "words", "management", "management.expire")


def faults(importer: str, imported: str) -> list[str]:
    graph = grimp.ImportGraph()
    for module in ("web", *(f"web.{app}" for app in ("a", "b")), *(f"web.{a}.{m}" for a in "ab" for m in MODULES)):
        graph.add_module(module)
    graph.add_import(importer=f"web.{importer}", imported=f"web.{imported}")
    return list(RULES.faults(graph))


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("a.urls", "a.views"),
        ("a.views", "a.services"),
        ("a.views", "a.words"),
        ("a.services", "a.models"),
        ("a.services", "b.services"),
        ("a.views", "b.words"),
        ("a.models", "a.words"),
        ("a.management.expire", "a.models"),
    ],
)
def test_what_is_right_is_kept(importer: str, imported: str) -> None:
    assert faults(importer, imported) == []


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("a.services", "a.views"),
        ("a.models", "a.services"),
        ("a.views", "a.api"),
        ("a.views", "a.models"),
        ("a.words", "a.models"),
        ("a.words", "a.views"),
        ("a.services", "b.models"),
        ("a.views", "b.views"),
        ("a.management.expire", "b.models"),
        ("a", "b.models"),
    ],
)
def test_what_is_wrong_is_told(importer: str, imported: str) -> None:
    assert any(f"web.{imported}" in fault and f"web.{importer}" in fault for fault in faults(importer, imported))


def test_a_way_round_by_others_is_told() -> None:
    graph = grimp.ImportGraph()
    for module in ("web", "web.a", "web.a.services", "web.a.models", "web.a.words"):
        graph.add_module(module)
    graph.add_import(importer="web.a.models", imported="web.a.words")
    graph.add_import(importer="web.a.words", imported="web.a.services")
    assert any("web.a.models" in fault for fault in RULES.faults(graph))
