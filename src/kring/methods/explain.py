"""From what the JSON schema finds to sentences that tell what to do, at the line and column where it is.

``explain`` goes by the keyword of the schema that failed (an unknown key, a missing one, a wrong type, a bound) and turns it into a
remark, with a guess at what was meant: the nearest key, "4.5, with a point", the code of a language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from jsonschema import ValidationError

from kring.languages import LANGUAGES
from kring.methods.errors import MOST_PROBLEMS, Problem
from kring.methods.places import Path, Places
from kring.methods.remarks import Remark, guess, remark, shown
from kring.methods.schema import LONGEST_ID, TEXT

_WANTED = {
    "object": remark("want-mapping"),
    "array": remark("want-list"),
    "string": remark("a-text"),
    "integer": remark("a-whole-number"),
    "number": remark("a-number"),
    "boolean": remark("true-or-false"),
}
_FOUND: dict[type, Remark] = {dict: remark("a-mapping"), list: remark("a-list"), str: remark("a-text")}
_BOUNDS = {
    "minimum": "at-least",
    "exclusiveMinimum": "more-than",
    "maximum": "at-most",
    "minItems": "too-few-entries",
    "minProperties": "too-few-entries",
    "maxItems": "too-many-entries",
    "maxProperties": "too-many-entries",
}
"""The code for what a keyword of the schema bounds."""
_LONG_ID = re.compile(rf"[a-z][a-z0-9-]{{{LONGEST_ID},}}")
_DECIMAL_COMMA = re.compile(r"([0-9]+),([0-9]+)")
_LANGUAGES = {
    **{word.lower(): code for code, one in LANGUAGES.items() for word in (one.name, one.own)},
    "dk": "da", "cz": "cs", "gr": "el", "jp": "ja", "cn": "zh", "ua": "uk", "at": "de", "gb": "en", "us": "en",
    "dut": "nl", "nld": "nl", "ned": "nl", "eng": "en", "ger": "de", "deu": "de", "fre": "fr", "fra": "fr",
}  # fmt: skip
"""Names, countries and longer codes, as people write them for languages."""


def explain(errors: Iterable[ValidationError], places: Places) -> Iterator[Problem]:
    """Yield a problem for each error of the schema, as many as anyone would read."""
    for error in islice(errors, MOST_PROBLEMS):
        path: Path = tuple(error.absolute_path)
        match error.validator:
            case "additionalProperties":
                yield from _unknown_keys(error, path, places)
            case "required":
                yield _missing(error, path, places)
            case "pattern" | "enum" if "propertyNames" in error.absolute_schema_path:
                yield places.problem((*path, str(error.instance)), _bad_key(error), key=True)
            case _:
                yield places.problem(path, _remark(error, path))


def _unknown_keys(error: ValidationError, path: Path, places: Places) -> Iterator[Problem]:
    schema: Any = error.schema
    instance: Any = error.instance
    known = sorted(schema["properties"])
    for key in islice((key for key in instance if key not in known), MOST_PROBLEMS):
        said = remark("unknown-key", key=key, hint=guess(key, known), known=known)
        yield places.problem((*path, key), said, key=True)


def _missing(error: ValidationError, path: Path, places: Places) -> Problem:
    required: Any = error.validator_value
    key = next(key for key in required if error.message.startswith(f"'{key}'"))
    if error.schema == TEXT:
        return places.problem(path, remark("missing-language", language=key))
    return places.problem(path, remark("missing-key", key=key))


def _bad_key(error: ValidationError) -> Remark:
    key = str(error.instance)
    if error.validator == "pattern":
        return _no_id(key)
    meant = _LANGUAGES.get(key.lower())
    hint = remark("did-you-mean", word=meant) if meant else guess(key.lower(), LANGUAGES)
    return remark("not-a-language", key=key, hint=hint)


def _text_in(path: Path) -> str:
    """Name a text and its language: ``do.nl``."""
    return ".".join([str(part) for part in path if isinstance(part, str)][-2:])


def _no_id(word: str) -> Remark:
    """What is wrong with an id: that it is too long, and by how many characters, where nothing else is."""
    if _LONG_ID.fullmatch(word):
        return remark("id-too-long", key=word, over=len(word) - LONGEST_ID, bound=LONGEST_ID)
    return remark("not-an-id", key=word)


def _remark(error: ValidationError, path: Path) -> Remark:
    key = next(str(part) for part in reversed(path) if isinstance(part, str))
    value: Any = error.instance
    bound: Any = error.validator_value
    match error.validator:
        case "type" if bound == "number" and isinstance(value, str) and (comma := _DECIMAL_COMMA.fullmatch(value)):
            return remark("decimal-comma", value=f"{comma[1]}.{comma[2]}")
        case "type" if key != "cases":
            code = "wrong-type" if path[-1:] == (key,) else "wrong-type-of-entry"
            found = _FOUND.get(type(value)) or remark("the-value", value=_written(value))
            return remark(code, key=key, wanted=_WANTED[bound], found=found)
        case "enum":
            known = [str(one) for one in bound]
            hint = guess(value, known) if isinstance(value, str) else ""
            return remark("not-possible", value=_written(value), key=key, hint=hint, known=known)
        case "pattern" if bound == "\\S":
            return remark("text-empty", key=key)
        case "pattern":
            return _no_id(str(value))
        case "minItems" if key == "ends":
            return remark("ends-empty")
        case "uniqueItems":
            return remark("entry-twice", key=key)
        case "minLength":
            return remark("too-short", key=key)
        case "maxLength":
            whole = _text_in(path) if error.schema == TEXT["additionalProperties"] else key
            return remark("too-long", key=whole, over=len(value) - bound, bound=bound)
        case str() as name if name in _BOUNDS:
            return remark(_BOUNDS[name], key=key, bound=bound)
        case _:
            return remark("cases-wrong")


def _written(value: object) -> str:
    """Return a value as it stands in the file."""
    return str(value).lower() if isinstance(value, bool) else shown(value)
