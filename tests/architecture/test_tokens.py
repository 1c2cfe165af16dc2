"""Colour and type are said in one file, and what is said there can be read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from kring_web.web import tokens
from tests.architecture import house

SOURCE: Final = Path("src/kring_web/web/static/web/tokens.css")
PICTURES: Final = {Path("src/kring_web/web/static/web/icon.svg")}
"""Stand alone, where no stylesheet reaches: they may only repeat a token's colour."""
FONTS: Final = {SOURCE, *(SOURCE.with_name(name) for name in ("fonts.css", "paper-fonts.css"))}
STYLED: Final = {".css", ".svelte", ".svg"}
HEX: Final = r"#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})\b"
CALL: Final = r"\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\("
NAMED: Final = r"(?<=[:\s])(?:black|white|gr[ae]y|silver|red|green|blue|orange|brown|yellow)(?=\s*[;,)])"
IN_STYLE: Final = re.compile(rf"(?<![&\w]){HEX}|{CALL}|{NAMED}")
IN_CODE: Final = re.compile(rf"(?<=[\"'`]){HEX}(?=[\"'`])|[\"'`]{CALL}")
"""In code a ``#`` may be anything: only a whole text that is a colour counts."""
DARK: Final = {**tokens.LIGHT, **tokens.DARK}
STILL: Final = {**tokens.LIGHT, **tokens.read(house.text(SOURCE), ":root[data-still] {")}


def screens() -> list[Path]:
    """What people see is made by these: code, styles, templates and pictures."""
    tops = ("client/src/", "src/kring_web/")
    written = [path for path in house.code(*tops) if not house.is_example(path)]
    pictures = [path for path in house.files() if path.suffix == ".svg" and path.as_posix().startswith(tops)]
    return [path for path in (*written, *pictures) if path != SOURCE]


def colours(path: Path) -> list[str]:
    return house.lines_with(IN_STYLE if path.suffix in STYLED else IN_CODE, [path])


def luminance(colour: str) -> float:
    """By WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def test_no_other_file_has_a_colour_of_its_own() -> None:
    assert [line for path in screens() if path not in PICTURES for line in colours(path)] == []


def test_a_picture_repeats_the_tokens() -> None:
    for path in PICTURES:
        assert set(re.findall(HEX, house.text(path))) <= {*tokens.LIGHT.values()}


def test_no_other_file_gives_a_token_another_value() -> None:
    names = "|".join(map(re.escape, (*tokens.LIGHT, *tokens.TYPE)))
    again = re.compile(rf"(?<![\w(-])--(?:{names})\s*:")
    assert house.lines_with(again, screens()) == []


def test_only_the_files_of_fonts_name_one() -> None:
    assert house.lines_with(re.compile("Atkinson Hyperlegible"), [one for one in screens() if one not in FONTS]) == []


def test_a_colour_is_seen() -> None:
    assert IN_STYLE.search("color: #fff;")
    assert IN_STYLE.search("background: rgb(10 15 20 / 35%)")
    assert IN_STYLE.search("fill: white;")
    assert not IN_STYLE.search("color: var(--ink); white-space: nowrap; grid-area: b1; &#8217;")
    assert IN_CODE.search('look = {"ink": "#22303c"}')
    assert IN_CODE.search('style.color = "rgb(1 2 3)"')
    assert not IN_CODE.search('this.#dead = "#k=abc"; url("#facade1")')


@pytest.mark.parametrize("scheme", [tokens.LIGHT, DARK, STILL], ids=["light", "dark", "still"])
def test_text_can_be_read(scheme: dict[str, str]) -> None:
    lies_on = {
        "ink": ("ground", "paper", "field", "table", "floor-wash", "owner-wash"),
        "soft": ("ground", "paper", "field"),
        "floor": ("ground", "paper", "field", "floor-wash"),
        "owner": ("ground", "paper", "field", "owner-wash"),
        "on-floor": ("floor",),
    }
    ratios = {(text, on): contrast(scheme[text], scheme[on]) for text, below in lies_on.items() for on in below}
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", [tokens.LIGHT, DARK, STILL], ids=["light", "dark", "still"])
def test_edges_can_be_seen(scheme: dict[str, str]) -> None:
    ratios = {on: contrast(scheme["edge"], scheme[on]) for on in ("ground", "paper", "field")}
    assert {on: ratio for on, ratio in ratios.items() if ratio < 3} == {}
