"""Whether a method can be run: rules on what is written, then a walk through meetings of every size."""

from __future__ import annotations

from kring.methods import reader
from kring.methods.errors import MethodError, Problem, in_order
from kring.methods.explorer import explore
from kring.methods.model import Method
from kring.methods.places import Places
from kring.methods.rules import advice, choosing, ending, forms, giving, minutes, names, prompts

_RULES = (names, forms, minutes, ending, giving, choosing, advice, prompts)


def check(method: Method, places: Places) -> tuple[Problem, ...]:
    """Return all that is wrong with a method, sorted by place in its file; nothing when it can be run."""
    if found := in_order(problem for rule in _RULES for problem in rule.check(method, places)):
        return found
    return in_order(explore(method, places))


def accept(data: bytes, name: str) -> Method:
    """Read and check a file at once: return a method that can be run, or raise ``MethodError``."""
    method, places = reader.parse(data, name)
    if problems := check(method, places):
        raise MethodError(problems)
    return method
