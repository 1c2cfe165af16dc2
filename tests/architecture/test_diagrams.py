"""The diagrams of ARCHITECTURE.md are those that the code draws."""

from __future__ import annotations

from tests.architecture import diagrams, house


def test_every_diagram_is_drawn_from_the_code_as_it_is() -> None:
    found = {name: body for _, name, body, _ in diagrams.MARKED.findall(house.text(diagrams.PAGE))}
    stale = [name for name, made in diagrams.MADE.items() if found[name] != made()]
    assert stale == [], "make generate draws them anew"


def test_every_diagram_has_its_place_in_the_page() -> None:
    assert {found[2] for found in diagrams.MARKED.finditer(house.text(diagrams.PAGE))} == set(diagrams.MADE)


def test_an_arrow_that_others_imply_is_left_out() -> None:
    drawn = {"top": frozenset({"middle", "leaf"}), "middle": frozenset({"leaf"}), "leaf": frozenset()}
    assert diagrams.needed(drawn) == drawn | {"top": frozenset({"middle"})}


def test_in_a_circle_every_arrow_is_drawn() -> None:
    drawn = {"one": frozenset({"two", "three"}), "two": frozenset({"one"}), "three": frozenset()}
    assert diagrams.needed(drawn) == drawn


def test_an_import_of_a_module_is_an_arrow_between_its_parts() -> None:
    drawn = diagrams.arrows(diagrams.packages())
    assert drawn["kring"] == frozenset()
    assert drawn["kring_room"] == {"kring"}
    assert "kring_web" in drawn["kring_command"]
