"""``docs/protocol.md`` and its schema say what the code does: no code without a sentence, no sentence without a code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest

from kring.meeting.refusals import Code
from kring_room.wire import schema
from kring_room.wire.messages import CLOSE_CODES, WIRE_REFUSALS, Received, Sent
from tests.room.support import Running

DOCS = Path(__file__).parents[2] / "docs"


def table(heading: str) -> list[list[str]]:
    """The rows of the first table under a heading, without backticks."""
    text = (DOCS / "protocol.md").read_text("utf-8")
    section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip().strip("`") for cell in row] for row in rows[2:]]


def test_every_refusal_has_a_sentence() -> None:
    rows = table("Refusals")

    assert [row[0] for row in rows] == [*get_args(Code), *WIRE_REFUSALS]
    assert all(re.fullmatch(r"[A-Z].+\.", row[1]) for row in rows)


def test_every_close_code_has_its_number_and_a_sentence() -> None:
    rows = table("Why a connection ends")

    assert {row[0]: int(row[1]) for row in rows} == CLOSE_CODES
    assert all(re.fullmatch(r"[A-Z].+\.", row[2]) and row[3] for row in rows)


@pytest.mark.parametrize(
    ("heading", "messages"), [("What a device may send", Received), ("What a device receives", Sent)]
)
def test_every_message_is_told(heading: str, messages: Any) -> None:
    assert [row[0] for row in table(heading)] == [one.__struct_config__.tag for one in get_args(messages)]


def test_schema_is_the_one_that_the_messages_make() -> None:
    kept = (DOCS / "protocol.schema.json").read_text("utf-8")

    assert kept == schema.text(), "run: python -m kring_room.wire.schema > docs/protocol.schema.json"


async def test_what_is_heard_in_a_meeting_fits_the_schema(running_room: Running) -> None:
    validator = jsonschema.Draft202012Validator({"$ref": "#/$defs/Sent", "$defs": schema.schema()["$defs"]})
    running_room.reads = 2
    circle = await running_room.started(running_room.open_meeting())
    for device in circle:
        await device.give("case")
    await circle[0].do("start")
    visitor = running_room.device(circle[0].meeting)
    await visitor.hello()
    await circle[0].count(1)
    await circle[0].say({"type": "ping", "n": 3})
    await circle[0].hear("pong")
    await circle[0].say("nonsense")
    await circle[0].fate()

    heard = [message for device in circle for message in (*device.heard, *device.counts)]
    assert {message["type"] for message in heard} == {one.__struct_config__.tag for one in get_args(Sent)}
    for message in heard:
        validator.validate(message)
