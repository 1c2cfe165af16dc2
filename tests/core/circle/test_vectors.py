"""The vectors that every client is held against are what this fold makes, and meet all that it can say."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any, get_args

from kring.circle import Circle, entries, read
from kring.circle.acts import ACTS, Code

from . import vectors
from .people import verify

FILE = Path(__file__).parents[2] / "fixtures" / "keyring.json"
VECTORS: dict[str, Any] = json.loads(FILE.read_text("utf-8"))


def _codes(of: object) -> set[str]:
    """All that stand in a union of literals."""
    return {code for part in get_args(of) for code in ([part] if isinstance(part, str) else _codes(part))}


def _read(count: int) -> Circle:
    log = [entries.Signed(b64decode(row["body"]), b64decode(row["signature"])) for row in VECTORS["log"][:count]]
    return read(log, verify=verify, now=VECTORS["now"])


def test_vectors_file_is_what_the_script_makes() -> None:
    assert FILE.read_text("utf-8") == vectors.text()


def test_the_log_in_the_file_leads_to_what_stands_beside_it() -> None:
    for count, row in enumerate(VECTORS["log"], start=1):
        assert vectors.state(_read(count)) == row["then"]


def test_each_kind_of_entry_and_each_code_is_among_the_vectors() -> None:
    kinds = {kind.__struct_config__.tag for kind in ACTS} | {"found"}
    assert {row["kind"] for row in VECTORS["log"]} == kinds
    codes = {row["code"] for row in VECTORS["broken"]}
    assert codes == _codes(Code)
    assert {row["code"] for row in VECTORS["odd_boxes"]} == {"boxes"}
    assert {row["standing"] for row in VECTORS["compare"]} == {"same", "behind", "ahead", "forked", "unknown"}


def test_each_row_says_something_of_its_own() -> None:
    rows = [row["why"] for row in VECTORS["broken"]]
    assert len(rows) == len(set(rows))
