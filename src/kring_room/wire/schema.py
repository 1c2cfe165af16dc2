"""The protocol as JSON Schema, made from the messages themselves: ``python -m kring_room.wire.schema > FILE``."""

from __future__ import annotations

import sys
from typing import Any

import msgspec

from kring.meeting.refusals import Code
from kring.meeting.views import View
from kring_room.wire.messages import CLOSE_CODES, WIRE_REFUSALS, Received, Sent

_REF = "#/$defs/{name}"


def schema() -> dict[str, Any]:
    """The whole protocol: what a device may send, what it may hear, and every code."""
    (received, sent, codes, _), definitions = msgspec.json.schema_components(
        (Received, Sent, Code, View), ref_template=_REF
    )
    # On the way out, sections are bytes made beforehand; what is in them is sections of the view.
    sections = {name: part for name, part in definitions["View"]["properties"].items() if name != "items"}
    definitions["FactsOut"]["properties"]["set"] = {
        "type": "object",
        "description": "Sections of the view, each whole.",
        "properties": sections,
        "additionalProperties": False,
        "default": {},
    }
    definitions |= {
        "Received": {"description": "What a device may send.", **received},
        "Sent": {"description": "What a device may receive.", **sent},
        "Refusal": {"description": "Why a command was refused.", "enum": [*codes["enum"], *WIRE_REFUSALS]},
        "CloseReason": {
            "description": "Why the room closes a connection: reason and code of the close frame.",
            "oneOf": [{"const": reason, "x-close-code": code} for reason, code in CLOSE_CODES.items()],
        },
    }
    definitions["Refused"]["properties"]["code"] = {"$ref": _REF.format(name="Refusal")}
    definitions["Trouble"]["properties"]["code"] = {"$ref": _REF.format(name="CloseReason")}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Kring: the protocol of the live room, kring.1",
        "oneOf": [{"$ref": _REF.format(name="Received")}, {"$ref": _REF.format(name="Sent")}],
        "$defs": dict(sorted(definitions.items())),
    }


def text() -> str:
    """The schema as it is kept in ``docs/protocol.schema.json``."""
    return msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode() + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
