"""The contract of the doors says what it should, of a graph made for it."""

from __future__ import annotations

from grimp import ImportGraph

from tests.architecture.doors_contract import faults


def graph(*imports: tuple[str, str]) -> ImportGraph:
    made = ImportGraph()
    for name in ("house", "house.hall", "house.hall.door", "house.cellar", "street"):
        made.add_module(name)
    for importer, imported in imports:
        made.add_import(importer=importer, imported=imported)
    return made


def test_others_come_in_by_a_door_and_the_house_itself_by_any() -> None:
    used = graph(("street", "house.hall.door"), ("house.hall", "house.cellar"))
    assert list(faults(used, "house", {"house.hall.door"})) == []


def test_whoever_goes_past_the_door_is_named() -> None:
    used = graph(("street", "house.hall.door"), ("street", "house.cellar"))
    assert list(faults(used, "house", {"house.hall.door"})) == [
        "street imports house.cellar, which is no door of house"
    ]


def test_door_that_nobody_uses_is_named() -> None:
    assert list(faults(graph(), "house", {"house.hall.door"})) == [
        "house.hall.door is a door of house that nobody uses"
    ]
