"""Nothing in the house depends on a host or a machine: no registry, no other site, nobody's folders."""

from __future__ import annotations

import re

import pytest

from tests.architecture import house

MACHINE_PATH = re.compile(r"(?<![\w.~}-])/(?:home|root|work|Users)/[\w.]+")
REGISTRY = re.compile(r"\b(?:registry|deb|files|ftp|mirrors?|npm|pypi|test)[\w-]*\.[\w.-]*\b(?:com|dev|io|net|org)\b")
NAMESPACES = ("http://www.w3.org/",)
"""Names that look like addresses: an SVG element says which language it is written in, and fetches nothing."""
OURS = re.compile(r"(?:https?|wss?)://(?:localhost|127\.0\.0\.1)(?::[\w{}$.]+)?(?:/.*)?$")
IN_TEXT = re.compile(r"""["'`(=]\s*((?:(?:https?|wss?):)?//[\w\[][^\s"'`)>]*)""")


def elsewhere(line: str) -> list[str]:
    """The addresses of other hosts in a line of a page, a style or a script; ``// a comment`` is none."""
    found = IN_TEXT.findall(line)
    return [address for address in found if not address.startswith(NAMESPACES) and not OURS.match(address)]


def test_no_file_names_a_machines_folder() -> None:
    assert house.lines_with(MACHINE_PATH, house.files()) == []


def test_no_file_names_a_registry() -> None:
    assert house.lines_with(REGISTRY, house.files()) == []


def test_pages_and_scripts_ask_nothing_of_another_host() -> None:
    paths = [path for path in house.code("client/src/", "src/kring_web/") if not house.is_example(path)]
    found = [
        f"{path}: {place}" for path in paths for line in house.text(path).splitlines() for place in elsewhere(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    ['<script src="https://cdn.example/x.js">', "@import url(//fonts.example/a.css)", "fetch('http://example.org/')"],
)
def test_another_host_is_seen(line: str) -> None:
    assert elsewhere(line)


@pytest.mark.parametrize(
    "line",
    [
        "// a comment",
        '<svg xmlns="http://www.w3.org/2000/svg">',
        'const page = "http://localhost:8000"',
        'a = "b" // c',
    ],
)
def test_our_own_host_is_none(line: str) -> None:
    assert not elsewhere(line)


def test_a_registry_and_a_folder_are_seen() -> None:
    assert REGISTRY.search("https://registry." + "example.org/x")
    assert MACHINE_PATH.search("see /home" + "/noor/kring")
    assert not MACHINE_PATH.search("https://kring.example/m/abc")
