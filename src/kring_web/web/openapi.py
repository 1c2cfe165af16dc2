"""The OpenAPI document of the JSON API, written from the endpoints as they are: their addresses, types and codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, get_args, get_origin

import msgspec
from django.urls import URLPattern, URLResolver

from kring_web.web.json_api import STATUS, Encoded, Operation, Yaml

Schema = dict[str, Any]
JSON: Final = "application/json"
EVERYWHERE: Final = ("wrong-method",)
"""What any endpoint may answer ..."""
CHANGING: Final = ("other-origin",)
"""... and any that changes something."""
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
_REFERENCE = "#/components/schemas/{name}"


def document(patterns: Iterable[URLPattern | URLResolver]) -> Schema:
    """The document of all endpoints below these addresses."""
    found = list(_endpoints(patterns))
    types = [
        kind for _, operation in found for kind in (operation.body, _encoded(operation.answers)) if kind is not None
    ]
    schemas, components = msgspec.json.schema_components(types, ref_template=_REFERENCE)
    shapes = dict(zip(map(repr, types), schemas, strict=True))
    paths: dict[str, Schema] = {}
    for pattern, operation in found:
        address = "/" + _PARAMETER.sub(r"{\1}", str(pattern.pattern))
        paths[address] = {
            operation.method.lower(): _operation(pattern, operation, shapes),
            **({"parameters": parameters} if (parameters := list(_parameters(pattern))) else {}),
        }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Kring", "version": "1", "description": "docs/http.md tells the same in words."},
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": dict(sorted(components.items()))},
    }


def _endpoints(
    patterns: Iterable[URLPattern | URLResolver], before: str = ""
) -> Iterator[tuple[URLPattern, Operation]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _endpoints(pattern.url_patterns, before + str(pattern.pattern))
        else:
            operation = getattr(pattern.callback, "operation", None)
            if isinstance(operation, Operation):
                yield pattern, operation


def _operation(pattern: URLPattern, operation: Operation, shapes: dict[str, Schema]) -> Schema:
    said: Schema = {"operationId": pattern.name, "summary": operation.summary}
    if operation.body is not None:
        content = {JSON: {"schema": shapes[repr(operation.body)]}}
        said["requestBody"] = {"required": True, "content": content}
    codes = {*operation.codes, *EVERYWHERE, *(CHANGING if operation.method == "POST" else ())}
    said["responses"] = {
        str(operation.status): {"description": "As asked.", "content": _content(operation, shapes)},
        **{str(status): _problem(status, codes) for status in sorted({STATUS[code] for code in codes})},
    }
    return said


def _content(operation: Operation, shapes: dict[str, Schema]) -> Schema:
    kind = _encoded(operation.answers)
    return (
        {"application/yaml": {"schema": {"type": "object"}}} if kind is None else {JSON: {"schema": shapes[repr(kind)]}}
    )


def _problem(status: int, codes: set[str]) -> Schema:
    known = sorted(code for code in codes if STATUS[code] == status)
    shape = {
        "type": "object",
        "properties": {"code": {"enum": known}},
        "required": ["code"],
        "additionalProperties": False,
    }
    return {"description": ", ".join(known), "content": {JSON: {"schema": shape}}}


def _parameters(pattern: URLPattern) -> Iterator[Schema]:
    for name, converter in pattern.pattern.converters.items():
        schema = {"type": "string", "pattern": f"^{converter.regex}$"}
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _encoded(answers: Any) -> Any:  # noqa: ANN401 -- a type, generic or not
    """The type of the JSON that is answered; ``None`` where it is none."""
    if answers is Yaml:
        return None
    return get_args(answers)[0] if get_origin(answers) is Encoded else answers
