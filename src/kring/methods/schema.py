"""The JSON schema of a method *file*, made from the model, so that the two cannot differ.

``method.schema.json`` beside this module is its committed copy, for editors that complete and check while typing.
"""

from __future__ import annotations

import functools
import inspect
from typing import Any

import msgspec
from jsonschema import Draft202012Validator

from kring.languages import ISO_639_1
from kring.methods import meanings
from kring.methods.extending import DROP, NAMED, NAMED_IN_PHASE
from kring.methods.kinds import NO, SWITCHES
from kring.methods.model import LANGUAGES, Method

LONGEST_ID = 40
"""Characters of an id."""
ID = f"^[a-z][a-z0-9-]{{0,{LONGEST_ID - 1}}}$(?![\\s\\S])"
"""Ids of methods, phases, roles, forms and the like. (The last part refuses a trailing line break.)"""
_MOST_SEATS = 24
_BOUNDS: dict[str, dict[str, dict[str, Any]]] = {
    "Source": {"ref": {"minLength": 1, "maxLength": 500}},
    "Group": {"min": {"minimum": 1, "maximum": _MOST_SEATS}, "max": {"minimum": 1, "maximum": _MOST_SEATS}},
    "FormField": {"id": {"pattern": ID}, "words": {"minimum": 1, "maximum": 1000}},
    "Form": {"fields": {"minItems": 1, "maxItems": 12}},
    "Reply": {"who": {"pattern": ID}},
    "Holders": {"min": {"minimum": 1, "maximum": _MOST_SEATS}, "max": {"minimum": 1, "maximum": _MOST_SEATS}},
    "Give": {
        "who": {"pattern": ID}, "form": {"pattern": ID}, "fields": {"pattern": ID},
        "least": {"minimum": 0, "maximum": 9}, "most": {"minimum": 1, "maximum": 99},
        "together": {"minimum": 1, "maximum": 999},
    },
    "Choose": {"votes": {"minimum": 1, "maximum": 9}, "many": {"minimum": 1, "maximum": 9}},
    "Withheld": {"from": {"pattern": ID}, "until": {"pattern": ID}},
    "Extend": {"times": {"minimum": 0, "maximum": 9}, "minutes": {"minimum": 1, "maximum": 60}},
    "Overtime": {"minutes": {"exclusiveMinimum": 0, "maximum": 60}, "hours": {"minimum": 1, "maximum": 720}},
    "Phase": {
        "id": {"pattern": ID}, "minutes": {"exclusiveMinimum": 0, "maximum": 480},
        "minutes-from": {"exclusiveMinimum": 0, "maximum": 480},
        "hours": {"minimum": 1, "maximum": 1440},
        "gives": {"maxItems": 9}, "ends": {"minItems": 1, "uniqueItems": True}, "fills": {"uniqueItems": True},
        "hints": {"maxItems": 12}, "prompts": {"minProperties": 1},
    },
    "Module": {"phases": {"minItems": 1, "maxItems": 12}},
    "Method": {
        "id": {"pattern": ID}, "minutes": {"exclusiveMinimum": 0, "maximum": 1440},
        "minutes-from": {"exclusiveMinimum": 0, "maximum": 1440}, "days": {"minimum": 1, "maximum": 366},
        "source": {"minItems": 1, "maxItems": 12},
        "level": {"minItems": 1, "uniqueItems": True}, "round": {"minItems": 1, "maxItems": 40},
        "opening": {"maxItems": 40}, "closing": {"maxItems": 40},
        "roles": {"maxProperties": 12}, "forms": {"maxProperties": 24}, "fields": {"maxProperties": 12},
        "modules": {"maxProperties": 24}, "extends": {"pattern": ID},
        "ways": {"minItems": 1, "uniqueItems": True},
        "feedback": {"maxItems": 12}, "slow-down": {"maxItems": 12},
    },
}  # fmt: skip
_NAMED = {
    "Phase": ("position", "prompts"),
    "Method": ("roles", "forms", "fields", "modules"),
    "FormField": ("choices",),
}
"""The mappings whose keys people choose, so that these must look like ids."""


_ONE_TEXT = {"type": "string", "pattern": "\\S", "maxLength": 2000}
TEXT: dict[str, Any] = {
    "type": "object",
    "description": "One text in several languages.",
    "properties": dict.fromkeys(LANGUAGES, _ONE_TEXT),
    "required": list(LANGUAGES),
    "additionalProperties": _ONE_TEXT,
    "propertyNames": {"enum": sorted(ISO_639_1)},
}
"""One text: in every language that Kring speaks, and in others if one likes."""


def _adjusted(node: Any) -> Any:  # noqa: ANN401 (a schema is JSON of any shape)
    """Return the schema without ``null`` (files never say it), and with languages in every text."""
    if isinstance(node, list):
        return [_adjusted(part) for part in node]
    if not isinstance(node, dict):
        return node
    if node.get("type") == "object" and node.get("additionalProperties") == {"type": "string"}:
        return {"$ref": "#/$defs/Text"}
    if "anyOf" in node:
        kept = [part for part in node["anyOf"] if part.get("type") != "null"]
        if len(kept) == 1:
            return _adjusted(kept[0])
        node = node | {"anyOf": kept}
    if isinstance(told := node.get("description"), str):
        node = node | {"description": inspect.cleandoc(told)}
    return {key: _adjusted(part) for key, part in node.items() if not (key == "default" and part is None)}


def make() -> dict[str, Any]:
    """Make the schema of the file form: shorthand may leave out all but a few keys of a phase.

    A file that ``extends`` another has a form of its own, in which everything may also be ``drop``.
    """
    return _with_head(
        {
            "if": {"type": "object", "required": ["extends"]},
            "then": {"$ref": "#/$defs/Extension"},
            "else": {"$ref": "#/$defs/Method"},
            "$defs": _defs(),
        }
    )


def _with_head(schema: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": Draft202012Validator.META_SCHEMA["$id"], "title": "A method of Kring"} | schema


@functools.cache
def _defs() -> dict[str, Any]:
    made: dict[str, Any] = _adjusted(msgspec.json.schema(Method))
    defs: dict[str, Any] = made["$defs"]
    for name, bounds in _BOUNDS.items():
        for key, bound in bounds.items():
            defs[name]["properties"][key].update(bound)
    for name, keys in _NAMED.items():
        for key in keys:
            defs[name]["properties"][key]["propertyNames"] = {"pattern": ID}
    defs["Method"]["properties"]["fields"]["additionalProperties"]["propertyNames"] = {"pattern": ID}
    cases = {
        "type": ["integer", "string"],
        "anyOf": [{"type": "integer", "minimum": 1, "maximum": 9}, {"const": "everyone"}],
    }
    defs["Method"]["properties"]["cases"] = cases | {"default": 1}
    for name, of_keys in meanings.of_keys().items():
        for key, meaning in of_keys.items():
            defs[name]["properties"][key] = {"description": meaning, **defs[name]["properties"][key]}
    defs |= {"Text": TEXT, "PhaseChange": _phase_change(defs["Phase"]), "Extension": _extension(defs["Method"])}
    for phase in (defs["Phase"], defs["PhaseChange"]):
        phase["properties"] |= {key: _or(NO, phase["properties"][key]) for key in SWITCHES}
    for name, meaning in meanings.of_parts().items():
        defs[name] = defs[name] | {"description": meaning}
    return defs


def _or(word: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A value, or this word in its place."""
    told = {"description": schema["description"]} if "description" in schema else {}
    return told | {"if": {"const": word}, "then": {}, "else": schema}


def _or_dropped(schema: dict[str, Any]) -> dict[str, Any]:
    return _or(DROP, schema)


def _changed(schema: dict[str, Any], named: tuple[str, ...]) -> dict[str, Any]:
    """The properties of a part, each of which may be dropped, and of the ``named`` ones each entry too."""
    properties = dict(schema["properties"])
    for key in named:
        entry = properties[key]["additionalProperties"]
        properties[key] = properties[key] | {"additionalProperties": _or_dropped(entry), "minProperties": 1}
    return {key: _or_dropped({k: v for k, v in one.items() if k != "default"}) for key, one in properties.items()}


def _phase_change(phase: dict[str, Any]) -> dict[str, Any]:
    properties = {key: one for key, one in _changed(phase, NAMED_IN_PHASE).items() if key != "id"}
    around = {"type": "array", "items": {"$ref": "#/$defs/Phase"}, "minItems": 1, "maxItems": 40}
    return {
        "type": "object",
        "properties": properties | {"before": around, "after": around},
        "additionalProperties": False,
        "minProperties": 1,
    }


def _extension(method: dict[str, Any]) -> dict[str, Any]:
    """A file that says only what differs from a method of the library."""
    same = ("kring", "id", "name", "summary", "extends")
    properties = _changed(method, NAMED) | {key: method["properties"][key] for key in same}
    for section in ("opening", "round", "closing"):
        phases = {key: one for key, one in method["properties"][section].items() if key != "default"}
        changes = {
            "type": "object",
            "propertyNames": {"pattern": ID},
            "additionalProperties": _or_dropped({"$ref": "#/$defs/PhaseChange"}),
        }
        properties[section] = _or_dropped({"if": {"type": "array"}, "then": phases, "else": changes})
    return {
        "description": "What differs from a method of the library; phases are changed by their ids.",
        "type": "object",
        "properties": properties,
        "required": list(same),
        "additionalProperties": False,
    }


@functools.cache
def validator() -> Draft202012Validator:
    """Return the one validator of whole methods."""
    return Draft202012Validator(_inlined(_defs()["Method"]))


@functools.cache
def extension_validator() -> Draft202012Validator:
    """Return the one validator of files that extend a method."""
    return Draft202012Validator(_inlined(_defs()["Extension"]))


def _inlined(node: Any) -> Any:  # noqa: ANN401 (a schema is JSON of any shape)
    """Return the schema with every reference written out: following them takes most of the time of a check."""
    if isinstance(node, list):
        return [_inlined(part) for part in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _inlined_part(node["$ref"].rpartition("/")[2])
    return {key: _inlined(part) for key, part in node.items()}


@functools.cache
def _inlined_part(name: str) -> Any:  # noqa: ANN401 (as above)
    return _inlined(_defs()[name])


def as_json() -> bytes:
    """Return the schema as it is committed: pretty, sorted, with a last line break."""
    return msgspec.json.format(msgspec.json.encode(make(), order="sorted"), indent=2) + b"\n"
