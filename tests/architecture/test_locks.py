"""What gets installed is pinned by hash, complete, and says nothing of where it came from."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.architecture import house

PLACE = re.compile(r".*(?:://|--(?:extra-|find-)?(?:index|links)|file:|@ ).*")
PINNED = re.compile(r"^[\w.-]+==", re.MULTILINE)
EXACT = re.compile(r"^[\w.-]+==\S+", re.MULTILINE)
HASHED = re.compile(r"^[\w.-]+==.*(?:\n +--hash=sha256:[0-9a-f]{64}.*)+", re.MULTILINE)


def python_locks() -> list[Path]:
    return [path for path in house.files() if path.match("requirements/*.txt")]


def client_lock() -> dict[str, dict[str, Any]]:
    packages: dict[str, dict[str, Any]] = json.loads(house.text(Path("client/package-lock.json")))["packages"]
    return {name: package for name, package in packages.items() if name}


def test_python_locks_name_no_place() -> None:
    assert {path.name for path in python_locks()} == {"bench.txt", "run.txt", "test.txt", "uv.txt"}
    assert house.lines_with(PLACE, python_locks()) == []


def test_python_locks_hash_every_package() -> None:
    for path in python_locks():
        assert PINNED.findall(house.text(path)), path
        assert len(PINNED.findall(house.text(path))) == len(HASHED.findall(house.text(path))), path


@pytest.mark.parametrize(("larger", "smaller"), [("test", "run"), ("bench", "test")])
def test_a_lock_holds_the_one_before_it(larger: str, smaller: str) -> None:
    whole, part = (set(EXACT.findall(house.text(Path(f"requirements/{name}.txt")))) for name in (larger, smaller))
    assert part
    assert part - whole == set()


def test_the_clients_lock_names_no_place_and_hashes_every_package() -> None:
    assert client_lock()
    assert {name for name, package in client_lock().items() if "resolved" in package} == set()
    assert {name for name, package in client_lock().items() if not package["integrity"].startswith("sha512-")} == set()


def test_the_clients_lock_is_whole_for_every_platform() -> None:
    """`npm ci` refuses a lock that lacks a package made for another platform than the one that wrote the lock."""
    locked = {name.rpartition("node_modules/")[2] for name in client_lock()}
    wanted = {other for package in client_lock().values() for other in package.get("optionalDependencies", {})}
    assert wanted - locked == set()
