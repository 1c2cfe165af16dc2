"""Names that tell where a thing belongs, and methods that no code knows by name."""

from __future__ import annotations

import re
from pathlib import Path

from tests.architecture import house

JUNK_DRAWERS = {"common", "helper", "helpers", "misc", "shared", "util", "utils"}


def junk_drawers(path: Path) -> set[str]:
    return {Path(part).stem.lower() for part in path.parts} & JUNK_DRAWERS


def method_ids() -> list[str]:
    return [path.stem for path in house.files() if path.match("src/kring/methods/library/*.yaml")]


def naming(ids: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, ids))})(?![\w-])", re.IGNORECASE)


def test_no_file_or_folder_is_a_junk_drawer() -> None:
    assert [str(path) for path in house.code() if junk_drawers(path)] == []


def test_a_junk_drawer_is_seen() -> None:
    assert junk_drawers(Path("src/kring/utils.py")) == {"utils"}
    assert junk_drawers(Path("client/src/helpers/time.ts")) == {"helpers"}
    assert not junk_drawers(Path("src/kring/meeting/utility_vehicle.py"))


def test_no_code_names_a_method() -> None:
    ids = method_ids()
    assert ids, "the library is empty or has moved"
    paths = [path for path in house.code("src/", "client/src/") if not house.is_example(path)]
    assert house.lines_with(naming(ids), paths) == []


def test_a_named_method_is_seen() -> None:
    pattern = naming(["linxx-9", "troika"])
    assert pattern.search('if method.id == "linxx-9":')
    assert pattern.search("class Troika:")
    assert not pattern.search("linxx-90")
