"""What a browser has to fetch before the room is there: little, and from our own server alone."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest

from kring.languages import SCREENS
from kring_web.web import assets

SCRIPT_BOUND = 88_000
"""Bytes of script, compressed: the promise."""
ADDRESS = re.compile(r"(?:https?:|wss?:)?//[\w-]+(?:\.[\w-]+)+[^\s\"'`)]*")
NAMES = (
    "http://www.w3.org/1999/xhtml",
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/1998/Math/MathML",
    "https://github.com/cfworker",
)
"""Names that look like addresses, of languages and of what a schema counts its parts from: nobody fetches them."""
IN_ERRORS = re.compile(r"https://svelte\.dev/e/\w+")
"""Where Svelte's own error messages tell one to read on; text of an ``Error``, nothing that is fetched."""
TEXTS = re.compile(r"[/.]([a-z]{2})\.(?:ts|json)$")
"""The language of a file with texts."""
LOADS = re.compile(r"(?:@import|url\()\s*[\"']?([^\"')\s]+)")

pytestmark = pytest.mark.skipif(not assets.read_manifest(assets.BUILT), reason="the client is not built")


def chunks(entry: str, language: str = "") -> list[dict[str, Any]]:
    """The entry and all that it needs before it shows anything, each once; of the texts, those in one language, or in all."""
    manifest = assets.read_manifest(assets.BUILT)
    (first,) = (key for key, chunk in manifest.items() if chunk.get("isEntry") and chunk["name"] == entry)
    found, waiting = {first}, [first]
    while waiting:
        chunk = manifest[waiting.pop()]
        texts = {key for key in chunk.get("dynamicImports", ()) if TEXTS.search(key)}
        new = {*chunk.get("imports", ()), *texts} - found
        found |= new
        waiting += new
    speaks = {key: spoken[1] for key in found if (spoken := TEXTS.search(key))}
    return [manifest[key] for key in found if not language or speaks.get(key, language) == language]


def compressed(names: set[str]) -> int:
    return sum(len(gzip.compress((assets.BUILT / name).read_bytes(), 9)) for name in names)


def built() -> list[Path]:
    return [path for path in assets.BUILT.rglob("*") if path.is_file()]


@pytest.mark.parametrize("language", SCREENS)
def test_the_script_of_the_room_is_small(language: str) -> None:
    scripts = {chunk["file"] for chunk in chunks("room", language)}
    assert 20_000 < compressed(scripts) < SCRIPT_BOUND
    assert len(scripts) == len({chunk["file"] for chunk in chunks("room")}) - 2 * (len(SCREENS) - 1)


def test_the_style_of_the_room_is_small_too() -> None:
    assert compressed({name for chunk in chunks("room") for name in chunk.get("css", ())}) < 10_000


def test_the_script_of_the_start_page_is_a_trifle() -> None:
    assert compressed({chunk["file"] for chunk in chunks("start")}) < 8_000


def test_no_built_file_names_another_host() -> None:
    scripts = [path for path in built() if path.suffix in {".js", ".css", ".html", ".svg"}]
    assert scripts
    found = [
        f"{path.name}: {address}"
        for path in scripts
        for address in ADDRESS.findall(IN_ERRORS.sub("", path.read_text(encoding="utf-8")))
        if address not in NAMES
    ]
    assert found == []


def test_styles_load_nothing_from_elsewhere_and_nothing_inline() -> None:
    loaded = [name for path in built() if path.suffix == ".css" for name in LOADS.findall(path.read_text("utf-8"))]
    assert [name for name in loaded if name.startswith(("data:", "//", "http"))] == []


def test_no_source_map_is_shipped() -> None:
    assert [path.name for path in built() if path.suffix == ".map"] == []
    assert [
        path.name for path in built() if path.suffix == ".js" and "sourceMappingURL" in path.read_text("utf-8")
    ] == []


def test_another_host_would_be_seen() -> None:
    text = 'a="https://cdn.example.org/x.js";b=url(//fonts.example/a);c="http://www.w3.org/2000/svg"'
    assert [address for address in ADDRESS.findall(text) if address not in NAMES] == [
        "https://cdn.example.org/x.js",
        "//fonts.example/a",
    ]
