"""The workbench's editor tells the schema's mistakes as the reader does: both are held against one file."""

from __future__ import annotations

import msgspec
import pytest

from tests.core.methods import golden_remarks
from tests.core.methods.mistakes import GOOD, mistakes

COMMITTED = golden_remarks.FIXTURES / "schema_remarks.json"


@pytest.mark.parametrize("name", golden_remarks.FILES)
def test_committed_remarks_are_those_of_the_reader(name: str) -> None:
    assert (golden_remarks.FIXTURES / name).read_bytes() == golden_remarks.made(golden_remarks.FILES[name]()), (
        "write them again: PYTHONPATH=src:. python -m tests.core.methods.golden_remarks"
    )


def test_every_text_can_be_made_again_from_the_good_one() -> None:
    entries = msgspec.json.decode(COMMITTED.read_bytes())
    known = mistakes()
    for entry in entries:
        text = GOOD[: entry["from"]] + entry["put"] + GOOD[entry["to"] :]
        assert text.encode() == known[entry["name"]].data
    assert sum(bool(entry["remarks"]) for entry in entries) > 25
