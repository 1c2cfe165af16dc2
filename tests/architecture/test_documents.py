"""What the documents say is there is there."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from tests.architecture import house

DOCUMENTS = ("README.md", "ARCHITECTURE.md", "GLOSSARY.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
DECISION = re.compile(r"(\d{4})-[a-z0-9-]+\.md")
LINK = re.compile(r"\]\(([^)\s]+)\)|<img[^>]+src=\"([^\"]+)\"")
MADE = re.compile(r"(?:`|^\s*)make ([a-z][a-z-]*)", re.MULTILINE)
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)


def pages() -> list[Path]:
    return [path for path in house.files() if path.suffix == ".md"]


def decisions() -> list[Path]:
    return [path for path in house.files() if path.parent == Path("docs/decisions")]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_of_the_house_is_there(name: str) -> None:
    assert house.text(Path(name)).startswith("# ")


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(TARGET.findall(house.text(Path("Makefile"))))
    named = {(str(path), target) for path in [*pages(), Path(".ci/run")] for target in MADE.findall(house.text(path))}
    assert ("README.md", "run") in named
    assert ("README.md", "test") in named
    assert {(path, target) for path, target in named if target not in targets} == set()


def test_every_link_between_documents_leads_somewhere() -> None:
    dead = []
    for page in pages():
        for link in ("".join(match) for match in LINK.findall(house.text(page))):
            place = link.split("#", maxsplit=1)[0]
            if place and "://" not in link and not (house.ROOT / page.parent / place).exists():
                dead.append(f"{page}: {link}")
    assert dead == []


def test_the_changelog_is_at_the_version_of_the_package() -> None:
    versions = re.findall(r"^## (\d+\.\d+\.\d+)", house.text(Path("CHANGELOG.md")), re.MULTILINE)
    assert versions[0] == house.pyproject()["project"]["version"]
    as_numbers = [tuple(map(int, version.split("."))) for version in versions]
    assert all(newer > older for newer, older in pairwise(as_numbers))


def test_decisions_are_numbered_without_gaps_and_say_their_number() -> None:
    matches = [DECISION.fullmatch(path.name) for path in decisions()]
    assert all(matches), [path.name for path in decisions()]
    numbers = [match.group(1) for match in matches if match]
    assert numbers == [f"{n:04}" for n in range(1, len(numbers) + 1)]
    for number, path in zip(numbers, decisions(), strict=True):
        assert house.text(path).startswith(f"# {number} "), path
