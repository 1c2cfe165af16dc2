"""Seeds mistakes into files of the library. Each kind of mistake says where it goes, and what must be told of it where.

A kind is a function from a file's plain data to all places where that mistake can be made. The mutant is written as JSON,
which is YAML, so that every value has a line of its own.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from kring.methods import yaml_source
from kring.methods.places import Path, Place

GONE = object()
"""In place of a new value: take the key away."""
SECTIONS = ("opening", "round", "closing")
Edits = dict[Path, Any]


class Mistake(NamedTuple):
    """What to change, where the mistake must be told (``key``: at the key, not at its value), and part of what is told."""

    edits: Edits
    path: Path
    message: str
    key: bool = False


class Mutant(NamedTuple):
    """A file with a mistake, and where it must be told."""

    file: bytes
    place: Place
    message: str


Kind = Callable[[dict[str, Any]], Iterator[Mistake]]
KINDS: dict[str, Kind] = {}


def kind(function: Kind) -> Kind:
    KINDS[function.__name__.replace("_", "-")] = function
    return function


def mutant(data: dict[str, Any], mistake: Mistake) -> Mutant:
    """Make the mistake."""
    whole = copy.deepcopy(data)
    for path, value in mistake.edits.items():
        part: Any = whole
        for step in path[:-1]:
            part = part.setdefault(step, {}) if isinstance(part, dict) else part[step]
        if value is GONE:
            del part[path[-1]]
        elif isinstance(part, list) and path[-1] == len(part):
            part.append(value)
        else:
            part[path[-1]] = value
    file = json.dumps(whole, indent=1, ensure_ascii=False).encode()
    _, places = yaml_source.parse(file, "mutant.yaml")
    place = places.of_key(mistake.path) if mistake.key else places.of(mistake.path)
    return Mutant(file, place, mistake.message)


def phases(data: dict[str, Any], *sections: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every phase of these sections (or of all) with its path."""
    for section in sections or SECTIONS:
        for index, phase in enumerate(data.get(section, [])):
            yield (section, index), phase


def gives(data: dict[str, Any], *sections: str) -> Iterator[tuple[Path, dict[str, Any], dict[str, Any]]]:
    """Everything that is given, with its path and its phase."""
    for path, phase in phases(data, *sections):
        for index, give in enumerate(phase.get("gives", [])):
            yield (*path, "gives", index), give, phase


def texts(part: Any, path: Path = ()) -> Iterator[Path]:
    """The paths of all texts."""
    if isinstance(part, dict) and {"nl", "en", "de"} <= part.keys():
        yield path
    elif isinstance(part, dict | list):
        for key, inner in part.items() if isinstance(part, dict) else enumerate(part):
            yield from texts(inner, (*path, key))


def put(path: Path, value: Any, message: str, *, key: bool = False) -> Mistake:
    """A wrong value, told where it stands."""
    return Mistake({path: value}, path, message, key)


def remove(path: Path, message: str, at: Path) -> Mistake:
    """Something that is missing, told at ``at``."""
    return Mistake({path: GONE}, at, message)
