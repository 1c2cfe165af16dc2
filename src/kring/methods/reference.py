"""The reference of the language as Markdown, made from the model: ``docs/method-language-reference.md``.

A table for each part of the model, with its keys in the order of ``meanings``: what a key may be and its default come from the
JSON schema, what it means from ``meanings``, kinds and forms from ``kinds``. A test compares the committed page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kring.methods import meanings, schema
from kring.methods.kinds import FORMS, KINDS

_HEAD = """\
# Reference of the method language

Made from the model with `kring methods reference`; don't edit it by hand. [method-language.md](method-language.md) tells how it
fits together, [write-your-own-method.md](write-your-own-method.md) makes a method step by step.
"""
_WORDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "a word",
    "integer": "a whole number",
    "number": "a number",
}
_BOUNDS = {"minimum": "from {}", "exclusiveMinimum": "more than {}", "maximum": "at most {}", "maxItems": "at most {}"}


def as_markdown() -> str:
    """Return the whole page, with a last line break."""
    return "\n".join([_HEAD, *_parts(), *_kinds(), *_forms()]) + "\n"


def _parts() -> Iterator[str]:
    defs: dict[str, Any] = schema.make()["$defs"]
    for name, of_keys in meanings.of_keys().items():
        part = defs[name]
        told_first = " ".join(part["description"].split("\n\n")[0].split()).replace("``", "`")
        yield f"## {name}\n\n{told_first}\n"
        yield "| key | what it means | what it may be | if left out |"
        yield "|---|---|---|---|"
        for key, meaning in of_keys.items():
            told = part["properties"][key]
            yield f"| `{key}` | {meaning} | {_may_be(told)} | {_default(key, told, part['required'])} |"
        yield ""


def _default(key: str, told: dict[str, Any], required: list[str]) -> str:
    if key in required:
        return "**must be there**"
    value = told.get("else", told).get("default")
    return "nothing" if value in (None, [], {}, ()) else f"`{flow(value)}`"


def _may_be(told: dict[str, Any]) -> str:
    """Return what a value may be, in words."""
    if "$ref" in told:
        return _linked(told)
    if "if" in told:
        rest = _may_be(told["else"])
        return rest if rest == "`true`, `false`" else f"{rest} or `{told['if']['const']}`"
    if "enum" in told:
        return ", ".join(f"`{word}`" for word in told["enum"])
    if "anyOf" in told:
        return " or ".join(_may_be(one) if "const" not in one else f"`{one['const']}`" for one in told["anyOf"])
    match told["type"]:
        case "boolean":
            return "`true`, `false`"
        case "array":
            return _bounded(f"a list: {_may_be(told['items'])}", told)
        case "object":
            return f"by id: {_may_be(told['additionalProperties'])}"
        case "string" if "pattern" in told:
            return "an id"
        case kind:
            return _bounded(_WORDS[kind], told)


def _linked(told: dict[str, Any]) -> str:
    name = told["$ref"].rpartition("/")[2]
    return "a text" if name == "Text" else f"[{name}](#{name.lower()})"


def _bounded(words: str, told: dict[str, Any]) -> str:
    bounds = [text.format(told[key]) for key, text in _BOUNDS.items() if key in told]
    return f"{words}, {', '.join(bounds)}" if bounds else words


def _kinds() -> Iterator[str]:
    yield "## Kinds\n\nWhat each kind of phase supplies; what the file says itself wins, key by key as a whole.\n"
    yield "| kind | supplies |"
    yield "|---|---|"
    for kind, settings in KINDS.items():
        yield f"| `{kind}` | {', '.join(f'`{key}: {flow(value)}`' for key, value in settings.items())} |"
    yield ""


def flow(value: object) -> str:
    """Return a value as one writes it in a file, on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _forms() -> Iterator[str]:
    yield "## Forms that come along\n\nA method may name these without defining them; a form of its own with such a name wins.\n"
    yield "| form | fields |"
    yield "|---|---|"
    for name, form in FORMS.items():
        fields = (f"`{field['id']}` ({field.get('kind', 'text')}: {field['name']['en']})" for field in form["fields"])
        yield f"| `{name}` | {', '.join(fields)} |"
