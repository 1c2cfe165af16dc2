"""Writes ``wire.py``, the types of all that goes over the wire, from the protocol's schema.

::

    python -m kring_client.wire_types < docs/protocol.schema.json > src/kring_client/wire.py

A filter on plain JSON: this client knows of the room no more than its schema, as a client in any language would.
Own and small, because the schema uses few words and the result is read by people.
"""

from __future__ import annotations

import json
import keyword
import sys
from collections.abc import Iterator
from typing import Any

Node = dict[str, Any]
_HEAD = '''"""All that goes over the wire: messages, commands, sections of the view, codes. Plain JSON, as it comes and goes.

Generated from ``docs/protocol.schema.json``; don't edit, but run: {command}
"""

from __future__ import annotations

from typing import Final, Literal, NotRequired, TypedDict, get_args
'''
_COMMAND = "make protocol"
_SIMPLE = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_NARROW = 100
"""Characters of a line beyond which a union or a list of literals gets a line for each."""


class Writer:
    """The definitions of a schema as Python, each after those that it needs."""

    def __init__(self, definitions: dict[str, Node]) -> None:
        self._definitions = definitions
        self._written: dict[str, str] = {}
        self._place = ""
        """Which definition and property we are in, to name what the schema leaves without a name."""

    def text(self) -> str:
        """The whole module."""
        for name in self._definitions:
            self._need(name)
        blocks = list(self._written.values())
        codes = [line for name, node in self._definitions.items() for line in _codes(name, node)]
        return "\n\n".join((_HEAD.format(command=_COMMAND), *blocks)) + "\n" + "\n".join(codes)

    def _need(self, name: str) -> str:
        if name not in self._written:
            place, self._place = self._place, name
            block = self._block(name, self._definitions[name])
            self._written[name], self._place = block, place
        return name

    def _block(self, name: str, node: Node) -> str:
        if "properties" in node:
            return self._typed_dict(name, node)
        found = _alias(name, self._type(node))
        return found + (_doc(node, "") if "description" in node else "")

    def _typed_dict(self, name: str, node: Node) -> str:
        required = node.get("required", ())
        fields: dict[str, str] = {}
        for key, part in node["properties"].items():
            self._place = f"{name}{_camel(key)}"
            found = self._type(part)
            fields[key] = found if key in required else f"NotRequired[{found}]"
        if all(key.isidentifier() and not keyword.iskeyword(key) for key in fields):
            lines = [f"    {key}: {found}\n" for key, found in fields.items()]
            doc = _doc(node, "    ") if "description" in node else '    """Without a name in the schema."""\n'
            return f"class {name}(TypedDict):\n{doc}\n{''.join(lines)}"
        # A key that is no Python name needs the other syntax.
        lines = [f'        "{key}": {found},\n' for key, found in fields.items()]
        return f'{name} = TypedDict(\n    "{name}",\n    {{\n{"".join(lines)}    }},\n)\n{_doc(node, "")}'

    def _type(self, node: Node) -> str:
        if "$ref" in node:
            return self._need(node["$ref"].rsplit("/", 1)[-1])
        if options := node.get("anyOf") or node.get("oneOf"):
            if all("const" in one for one in options):
                return _literal([one["const"] for one in options])
            found = " | ".join(dict.fromkeys(self._type(one) for one in options))
            return self._named(_alias(self._place, found)) if self._is_inner(node) else found
        if "enum" in node:
            return _literal(node["enum"])
        if "const" in node:
            return _literal([node["const"]])
        if isinstance(node.get("type"), list):
            return " | ".join(self._type({**node, "type": one}) for one in node["type"])
        return self._container(node) or _SIMPLE.get(node.get("type", ""), "object")

    def _container(self, node: Node) -> str:
        if node.get("type") == "array":
            items = node.get("prefixItems") or [node["items"]]
            return f"list[{' | '.join(dict.fromkeys(self._type(one) for one in items))}]"
        if node.get("type") == "object" and "properties" in node:
            return self._named(self._typed_dict(self._place, node))
        if node.get("type") == "object":
            return f"dict[str, {self._type(node.get('additionalProperties', {}))}]"
        return ""

    def _is_inner(self, node: Node) -> bool:
        """A choice between messages inside another one, long enough to want a name."""
        return "discriminator" in node and self._place not in self._definitions

    def _named(self, block: str) -> str:
        name = block.removeprefix("class ").replace("(", " ", 1).split(" ", 1)[0]
        self._written[name] = block
        return name


def _alias(name: str, found: str) -> str:
    if len(found) <= _NARROW:
        return f"{name} = {found}\n"
    if found.startswith("Literal["):
        lines = "".join(f"    {one},\n" for one in found[len("Literal[") : -1].split(", "))
        return f"{name} = Literal[\n{lines}]\n"
    lines = "\n    | ".join(found.split(" | "))
    return f"{name} = (\n    {lines}\n)\n"


def _literal(values: list[str]) -> str:
    return f"Literal[{', '.join(json.dumps(value) for value in values)}]"


def _camel(key: str) -> str:
    return "".join(part.capitalize() for part in key.split("-"))


def _doc(node: Node, indent: str) -> str:
    first, *rest = node["description"].splitlines()
    lines = [f"{indent}{line.strip()}".rstrip() + "\n" for line in rest]
    return f'{indent}"""{first}"""\n' if not rest else f'{indent}"""{first}\n{"".join(lines)}{indent}"""\n'


def _codes(name: str, node: Node) -> Iterator[str]:
    """What a program wants to look codes up in: types alone are gone when it runs."""
    if name == "CloseReason":
        numbers = "".join(f'    "{one["const"]}": {one["x-close-code"]},\n' for one in node["oneOf"])
        yield f'CLOSE_CODES: Final[dict[CloseReason, int]] = {{\n{numbers}}}\n"""The number of the close frame."""'
    if name == "Refusal":
        yield "REFUSALS: Final[tuple[Refusal, ...]] = get_args(Refusal)\n"


def text(schema: str) -> str:
    """The module for a schema."""
    return Writer(json.loads(schema)["$defs"]).text()


if __name__ == "__main__":
    sys.stdout.write(text(sys.stdin.read()))
