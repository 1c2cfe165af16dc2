"""Writing out the shorthand of a file: what the kind of each phase supplies, laid under what the file says of it.

Rule 1: a key that the file sets wins as a whole. Rule 2: the word ``no`` takes away what the kind supplies there, and is told
where the kind supplies nothing. This happens before the schema is asked, so it takes whatever a file may hold.
"""

from __future__ import annotations

from typing import Any

from kring.methods.errors import Problem
from kring.methods.kinds import KINDS, NO, SWITCHES
from kring.methods.places import Path, Places
from kring.methods.remarks import remark
from kring.methods.walk import SECTIONS

Raw = dict[str, Any]


class Shorthand:
    """Writes out one file. ``supplied``: every path that a kind filled, with that kind; ``problems``: what was in vain."""

    def __init__(self, places: Places) -> None:
        self.supplied: dict[Path, str] = {}
        self.problems: list[Problem] = []
        self._places = places

    def written_out(self, raw: Raw) -> Raw:
        """Return the whole method in plain data, without shorthand."""
        result = dict(raw)
        for section in SECTIONS:
            if section in result:
                result[section] = self._phases(result[section], (section,))
        if isinstance(modules := result.get("modules"), dict):
            result["modules"] = {name: self._module(module, name) for name, module in modules.items()}
        return result

    def _module(self, module: object, name: str) -> object:
        if not isinstance(module, dict) or "phases" not in module:
            return module
        return module | {"phases": self._phases(module["phases"], ("modules", name, "phases"))}

    def _phases(self, phases: object, path: Path) -> object:
        if not isinstance(phases, list):
            return phases
        return [self._phase(phase, (*path, index)) for index, phase in enumerate(phases)]

    def _phase(self, phase: object, path: Path) -> object:
        kind = phase.get("kind") if isinstance(phase, dict) else None
        if not isinstance(phase, dict) or not isinstance(kind, str):
            return phase
        shorthand = KINDS.get(kind, {})
        off = [key for key in SWITCHES if phase.get(key) == NO]
        for key in off:
            if key not in shorthand:
                self.problems.append(
                    self._places.problem((*path, key), remark("nothing-to-switch-off", key=key, kind=kind))
                )
        self.supplied |= {(*path, key): kind for key in shorthand.keys() - phase.keys()}
        return {key: value for key, value in (shorthand | phase).items() if key not in off}
