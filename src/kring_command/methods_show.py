"""``kring methods show METHOD``: a method phase by phase with all shorthand written out, in the words of the file.

A phase tells everything that is not as it would be if it were left out, so that a new word of the language is told by itself; of
what is given, chosen or withheld all is told, because there the usual is worth knowing too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec.structs import fields, replace

from kring.methods.model import Method, Phase, Text
from kring.methods.reference import flow

_ELSEWHERE = frozenset({"id", "kind", "name", "minutes", "hours", "gives", "prompts", "hints"})
"""What is told on lines of its own, or is for people to read."""


def lines(method: Method, language: str) -> Iterator[str]:
    """Yield the method, line by line; names in ``language``, or in English where they are not there."""
    yield f"{_in(method.name, language)} ({method.id})"
    yield _in(method.summary, language)
    people = f"{method.group.min}-{method.group.max} people"
    span = f"{method.minutes_from:g}-{method.minutes:g}" if method.minutes_from else f"{method.minutes:g}"
    cap = f", at most {method.days} days in writing" if method.days else ""
    yield f"{people}, {span} minutes{cap}, advice: {method.advice}, cases: {method.cases}"
    for name, role in method.roles.items():
        yield f"role {name}: {_in(role.name, language)}{', apart' if role.apart else ''}"
    for title, phases in (("opening", method.opening), ("round", method.round), ("closing", method.closing)):
        if phases:
            yield from ("", title)
        for phase in phases:
            yield from _phase(method, phase, language)
    for name, module in method.modules.items():
        yield from ("", f"module {name}: {_in(module.name, language)}")
        for phase in module.phases:
            yield from _phase(method, phase, language)


def _phase(method: Method, phase: Phase, language: str) -> Iterator[str]:
    yield f"  {phase.id:<18} {phase.kind:<12} {phase.minutes:>4g} min  {_in(phase.name, language)}"
    if "written" in method.ways:
        yield f"      hours: {phase.hours}"
    for give in phase.gives:
        yield f"      gives: {flow(_full(replace(give, by='written') if phase.silence else give))}"
    told = msgspec.to_builtins(phase) | {"ends": list(phase.ends)}
    for field in fields(phase):
        if field.encode_name in told.keys() - _ELSEWHERE:
            yield f"      {field.encode_name}: {flow(_full(getattr(phase, field.name)))}"
    yield f"      prompts: {', '.join(phase.prompts)}"


def _full(value: Any) -> Any:  # noqa: ANN401 (any part of the model, as plain data)
    if not isinstance(value, msgspec.Struct):
        return value
    parts = ((field.encode_name, getattr(value, field.name)) for field in fields(value))
    return {name: _full(part) for name, part in parts if part is not None and part is not False}


def _in(text: Text, language: str) -> str:
    return text.get(language) or text["en"]
