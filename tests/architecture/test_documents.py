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
FILE = re.compile(r"`([\w./-]+\.(?:py|ts|svelte|css|sql|html))`")
MODULE = re.compile(r"`((?:kring|kring_\w+|bench|tests)(?:\.\w+)+)`")
SUPERSEDED = re.compile(r"^Superseded by", re.MULTILINE)
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


def missing(page: str, there: set[str]) -> list[str]:
    """The files and modules that a document names and that are none of ours."""
    files = [
        name for name in FILE.findall(page) if not any(f"/{path}".endswith(f"/{name.lstrip('./')}") for path in there)
    ]
    modules = []
    for name in MODULE.findall(page):
        path = name.replace(".", "/")
        places = [f"{root}{part}" for root in ("", "src/") for part in (path, path.rpartition("/")[0])]
        if not any(f"{place}{ending}" in there for place in places for ending in (".py", "/__init__.py")):
            modules.append(name)
    return files + modules


def test_every_file_and_module_that_is_named_exists() -> None:
    there = {path.as_posix() for path in house.files()}
    found = {str(page): missing(house.text(page), there) for page in pages() if not SUPERSEDED.search(house.text(page))}
    assert {page: names for page, names in found.items() if names} == {}


def test_a_name_that_leads_nowhere_is_seen() -> None:
    there = {"src/kring/meeting/state.py", "client/src/site/start.ts"}
    assert missing("`state.py`, `site/start.ts`, `kring.meeting.state` and `kring.meeting.state.State`", there) == []
    assert missing("`gone.py`, `meetings/state.py` and `kring.meeting.gone.Gone`", there) == [
        "gone.py", "meetings/state.py", "kring.meeting.gone.Gone",
    ]  # fmt: skip


def test_the_asvs_table_names_tests_that_are_there() -> None:
    text = house.text(Path("docs/asvs.md"))
    named = set(re.findall(r"`(tests/[^`]+)`", text))
    assert len(named) > 30
    assert [one for one in sorted(named) if not (house.ROOT / one).exists()] == []
    chapters = re.findall(r"^## V(\d+) ", text, re.MULTILINE)
    assert chapters == [str(number) for number in range(1, 18)]
