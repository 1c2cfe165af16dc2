"""Reading a method file: bytes, text, mapping, schema, frozen model.

``parse`` goes through five stages, and stops at the first that finds problems: YAML; the file that this one extends, laid
under it; what each kind of phase stands for, written out; the JSON schema; the frozen model. ``read`` says whether a file *is* a
method; whether the method can be *run* is up to ``kring.methods.checker``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import msgspec

from kring.methods import shelf, yaml_source
from kring.methods.encoded import from_plain
from kring.methods.errors import MethodError, Problem
from kring.methods.explain import explain
from kring.methods.extending import Base, Raw, extend
from kring.methods.kinds import FORMS
from kring.methods.model import Method
from kring.methods.places import Places
from kring.methods.remarks import guess, remark
from kring.methods.schema import extension_validator, validator
from kring.methods.shorthand import Shorthand

__all__ = ["MethodError", "Problem", "Reading", "parse", "read", "whole"]


class Reading(NamedTuple):
    """A method, and where in its file everything stands."""

    method: Method
    places: Places


def read(data: bytes, name: str) -> Method:
    """Return the method that the bytes of the file ``name`` hold, or raise ``MethodError``."""
    return parse(data, name).method


def parse(data: bytes, name: str) -> Reading:
    """Return the method with its places, for the checker; raise ``MethodError`` when it is none."""
    raw, places = _whole(*_mapping(data, name), ())
    shorthand = Shorthand(places)
    written_out = shorthand.written_out(raw)
    places = replace(places, supplied=shorthand.supplied)
    if problems := [*explain(validator().iter_errors(written_out), places), *shorthand.problems]:
        raise MethodError(problems)
    written_out["forms"] = FORMS | written_out.get("forms", {})
    try:
        return Reading(from_plain(written_out), places)
    except msgspec.ValidationError as error:
        raise MethodError([places.problem((), remark("not-a-method", reason=str(error)))]) from None


def whole(data: bytes, name: str) -> Raw:
    """Return what the file says in plain data, with what it extends laid under it; raise ``MethodError`` when it can't be."""
    raw, _ = _whole(*_mapping(data, name), ())
    return {key: value for key, value in raw.items() if key != "extends"}


def _mapping(data: bytes, name: str) -> tuple[Raw, Places]:
    raw, places = yaml_source.parse(data, name)
    if not isinstance(raw, dict):
        raise MethodError([places.problem((), remark("not-a-mapping"))])
    return raw, places


def _whole(raw: Raw, places: Places, chain: tuple[str, ...]) -> tuple[Raw, Places]:
    """Lay a file over the one that it extends, if it does. ``chain``: the files that led here, to see a circle."""
    if "extends" not in raw:
        return raw, places
    if problems := list(explain(extension_validator().iter_errors(raw), places)):
        raise MethodError(problems)
    wanted = raw["extends"]
    if wanted in chain:
        raise MethodError([places.problem(("extends",), remark("extends-circle", files=(*chain, wanted)))])
    if wanted not in shelf.names():
        said = remark("extends-unknown", method=wanted, hint=guess(wanted, shelf.names()))
        raise MethodError([places.problem(("extends",), said)])
    return extend(raw, places, _base(wanted, chain))


def _base(method_id: str, chain: tuple[str, ...]) -> Base:
    name = f"{method_id}{shelf.ENDING}"
    raw, places = _whole(*_mapping(shelf.source(method_id), name), (*chain, method_id))
    return Base(method_id, raw, places)
