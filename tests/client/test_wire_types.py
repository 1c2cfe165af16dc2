"""``wire.py`` says what the protocol's schema says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NotRequired, get_args, get_origin, get_type_hints

from kring_client import wire, wire_types
from kring_client.client import FINAL

SCHEMA = Path(__file__).parents[2] / "docs" / "protocol.schema.json"


def _kinds(message: Any) -> set[str]:
    return {get_args(get_type_hints(one)["type"])[0] for one in get_args(message)}


def test_the_types_are_those_of_the_schema() -> None:
    kept = Path(wire.__file__).read_text("utf-8")

    assert kept == wire_types.text(SCHEMA.read_text("utf-8")), "run: make protocol"


def test_every_definition_has_a_type_of_its_keys() -> None:
    for name, node in json.loads(SCHEMA.read_text("utf-8"))["$defs"].items():
        made = getattr(wire, name)
        if "properties" in node:
            hints = get_type_hints(made, include_extras=True)
            assert set(hints) == set(node["properties"])
            assert {key for key, hint in hints.items() if get_origin(hint) is not NotRequired} == set(node["required"])


def test_messages_and_codes_are_there_when_the_program_runs() -> None:
    assert _kinds(wire.Received) == {"hello", "do", "ping", "unsent"}
    assert _kinds(wire.Sent) == {"welcome", "facts", "done", "refused", "pong", "seal", "devices", "trouble"}
    assert len(_kinds(wire.DoCommand)) == len(get_args(wire.DoCommand))
    assert set(wire.CLOSE_CODES) == set(get_args(wire.CloseReason)) > FINAL
    assert "not-your-turn" in wire.REFUSALS


def test_what_the_schema_may_say_and_how_it_is_written() -> None:
    schema = {
        "$defs": {
            "Later": {
                "description": "First.\n\nSecond.",
                "type": "object",
                "properties": {"it": {"$ref": "#/$defs/Sooner"}, "from": {"type": ["integer", "null"]}},
                "required": ["it"],
            },
            "Sooner": {
                "type": "object",
                "properties": {"pair": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "number"}]}},
            },
            "Any": {"type": "object", "additionalProperties": {}},
            "One": {"const": "one"},
        }
    }

    _, blocks = wire_types.text(json.dumps(schema)).split("get_args\n")
    assert [line for line in blocks.splitlines() if line] == [
        "class Sooner(TypedDict):",
        '    """Without a name in the schema."""',
        "    pair: NotRequired[list[str | float]]",
        "Later = TypedDict(",
        '    "Later",',
        "    {",
        '        "it": Sooner,',
        '        "from": NotRequired[int | None],',
        "    },",
        ")",
        '"""First.',
        "Second.",
        '"""',
        "Any = dict[str, object]",
        'One = Literal["one"]',
    ]
