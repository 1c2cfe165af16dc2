"""Every room of the house is shipped, typed and under contract: none can be forgotten in one of the lists."""

from __future__ import annotations

from tests.architecture import house


def packages() -> set[str]:
    return {path.parts[1] for path in house.python("src/")}


def test_every_package_is_in_the_wheel() -> None:
    assert set(house.pyproject()["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == {
        f"src/{name}" for name in packages()
    }


def test_every_package_is_under_the_import_contracts() -> None:
    assert set(house.pyproject()["tool"]["importlinter"]["root_packages"]) == packages()


def test_every_package_gives_its_types() -> None:
    assert {path.parts[1] for path in house.files() if path.match("src/*/py.typed")} == packages()


def test_every_folder_of_python_is_a_package() -> None:
    folders = {path.parent for path in house.python("src/")}
    assert [str(folder) for folder in folders if not (house.ROOT / folder / "__init__.py").exists()] == []
