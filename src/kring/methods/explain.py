"""From what the JSON schema finds to sentences that tell what to do, at the line and column where it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from jsonschema import ValidationError

from kring.methods.errors import MOST_PROBLEMS, Problem, guess, listed, shown
from kring.methods.places import Path, Places
from kring.methods.schema import TEXT

_TYPES = {
    "object": "a mapping (`key: value` lines)",
    "array": "a list (lines that start with `-`)",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "`true` or `false`",
}
_PYTHON: dict[type, str] = {dict: "a mapping", list: "a list", str: "a text"}
_ID_RULE = "use small letters, digits and hyphens, a letter first, 40 at most."
_CASES = "`cases` is a whole number from 1 to 9, or the word `everyone`."
_BOUNDS = {
    "minimum": "`{key}` must be at least {bound}.",
    "exclusiveMinimum": "`{key}` must be more than {bound}.",
    "maximum": "`{key}` must be at most {bound}.",
    "minItems": "`{key}` is empty; it needs at least {bound}.",
    "minProperties": "`{key}` is empty; it needs at least {bound}.",
    "maxItems": "`{key}` has more than {bound}; leave some out.",
    "maxProperties": "`{key}` has more than {bound}; leave some out.",
    "uniqueItems": "`{key}` says something twice; say it once.",
    "minLength": "`{key}` is empty; write something.",
    "maxLength": "`{key}` is longer than {bound} characters; make it shorter.",
}


def explain(errors: Iterable[ValidationError], places: Places) -> Iterator[Problem]:
    """Yield a problem for each error of the schema, as many as anyone would read."""
    for error in islice(errors, MOST_PROBLEMS):
        path: Path = tuple(error.absolute_path)
        match error.validator:
            case "additionalProperties":
                yield from _unknown_keys(error, path, places)
            case "required":
                yield _missing(error, path, places)
            case "pattern" if "propertyNames" in error.absolute_schema_path:
                yield places.problem((*path, str(error.instance)), _bad_key(error), key=True)
            case _:
                yield places.problem(path, _sentence(error, path))


def _unknown_keys(error: ValidationError, path: Path, places: Places) -> Iterator[Problem]:
    schema: Any = error.schema
    instance: Any = error.instance
    known = sorted(schema["properties"])
    for key in islice((key for key in instance if key not in known), MOST_PROBLEMS):
        message = f"`{shown(key)}` is not a key that is known here.{guess(key, known)} Known are {listed(known)}."
        yield places.problem((*path, key), message, key=True)


def _missing(error: ValidationError, path: Path, places: Places) -> Problem:
    required: Any = error.validator_value
    key = next(key for key in required if error.message.startswith(f"'{key}'"))
    if error.schema == TEXT:
        return places.problem(path, f"The text is missing in `{key}`; every text is there in nl, en and de.")
    return places.problem(path, f"`{key}` is missing here; add a line `{key}: ...`.")


def _bad_key(error: ValidationError) -> str:
    key = shown(error.instance)
    if "{2}" in str(error.validator_value):
        return f"`{key}` is not a language; write two small letters, such as `nl`, `en`, `de` or `fr`."
    return f"`{key}` cannot be an id; {_ID_RULE}"


def _sentence(error: ValidationError, path: Path) -> str:
    key = next((str(part) for part in reversed(path) if isinstance(part, str)), "the file")
    value: Any = error.instance
    bound: Any = error.validator_value
    match error.validator:
        case "type" if key != "cases":
            subject = f"`{key}`" if path[-1:] == (key,) else f"Each entry of `{key}`"
            return f"{subject} must be {_TYPES[bound]}, not {_PYTHON.get(type(value), f'`{shown(value)}`')}."
        case "enum":
            hint = guess(value, map(str, bound)) if isinstance(value, str) else ""
            return f"`{shown(value)}` is not possible for `{key}`.{hint} Possible are {listed(map(str, bound))}."
        case "pattern" if bound == "\\S":
            return f"The text of `{key}` is empty; write it, or leave the whole text out."
        case "pattern":
            return f"`{shown(value)}` cannot be an id; {_ID_RULE}"
        case "minItems" if key == "ends":
            return "A phase must be able to end: list at least one of `done`, `time` or `agreed` in `ends`."
        case str() as name if name in _BOUNDS:
            return _BOUNDS[name].format(key=key, bound=bound)
        case _:
            return _CASES
