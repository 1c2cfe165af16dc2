"""Names that others can see and tell apart; the client has the same rule and the same vectors."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.names import BLANK, INVISIBLE, JOINING, alike, apart, clean, shows

FIXTURE = Path(__file__).parents[1] / "fixtures" / "names.json"
VECTORS: dict[str, Any] = json.loads(FIXTURE.read_text("utf-8"))


@pytest.mark.parametrize(("typed", "shown"), VECTORS["clean"])
def test_a_name_is_cleaned_of_what_shows_nothing(typed: str, shown: str) -> None:
    assert clean(typed) == shown


@pytest.mark.parametrize("name", VECTORS["shows"])
def test_a_name_in_any_script_shows_something(name: str) -> None:
    assert shows(name)


@pytest.mark.parametrize("name", VECTORS["nothing"])
def test_a_name_that_shows_nothing_is_none(name: str) -> None:
    assert not shows(name)


@pytest.mark.parametrize(("one", "other"), VECTORS["alike"])
def test_names_that_look_alike_are_alike(one: str, other: str) -> None:
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(("one", "other"), VECTORS["different"])
def test_names_that_differ_are_not(one: str, other: str) -> None:
    assert not alike(one, other)


def test_a_number_tells_a_name_from_those_that_are_there() -> None:
    assert apart("Bram", []) == "Bram"
    assert apart("Bram", ["bram", "Bram 2"]) == "Bram 3"


def test_every_format_and_control_character_is_left_out_or_joins() -> None:
    known = {
        code for ranges in (INVISIBLE, JOINING, BLANK) for first, last in ranges for code in range(first, last + 1)
    }
    # Signs that Arabic and Kaithi put before or round a number: of the same category, and one sees them.
    seen = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD, *range(0x13430, 0x13440)}
    kinds = {
        code for code in range(0x110000) if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Zs", "Zl", "Zp")
    }
    assert kinds - known - seen == set()


@given(st.text())
def test_what_is_clean_stays_as_it_is(name: str) -> None:
    assert clean(clean(name)) == clean(name)
    assert alike(name, clean(name))
