"""Files that say only what differs from a method of the library: laying one mapping over another, before the schema.

Rule 1: what the file says wins as a whole; of ``roles``, ``forms``, ``fields``, ``modules``, ``prompts`` and ``position``
each entry by itself. Rule 2: a section as a list replaces that section; as a mapping it changes phases by their ids, and puts
phases ``before`` and ``after`` them. Rule 3: the word ``drop`` takes away what the other file says. Rule 4: what nothing
needs any more after that (a role, a form, a set of fields) goes along.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from kring.methods.errors import MethodError, Problem
from kring.methods.kinds import FORMS, NO
from kring.methods.places import Origin, Path, Place, Places
from kring.methods.remarks import guess, remark
from kring.methods.walk import SECTIONS

DROP = "drop"
NAMED = ("roles", "forms", "fields", "modules")
"""Keys of a method whose entries are laid over one by one."""
NAMED_IN_PHASE = ("prompts", "position")
"""Keys of a phase whose entries are laid over one by one."""
_AROUND = ("before", "after")

Raw = dict[str, Any]


class Base(NamedTuple):
    """A method to build upon: its id, what its file says (in plain data, shorthand as it is) and where."""

    id: str
    raw: Raw
    places: Places

    def where(self, path: Path) -> Origin:
        """Return file and line of a value."""
        return Origin(self.places.file, self.places.of(path)[0])


def extend(raw: Raw, places: Places, base: Base) -> tuple[Raw, Places]:
    """Return the whole method in plain data, and where each value stands; raise ``MethodError`` for a change of nothing.

    ``raw`` has the shape of the schema's ``Extension``.
    """
    layer = _Layer(places, base)
    whole = layer.method(raw)
    if layer.problems:
        raise MethodError(layer.problems)
    _prune(whole, raw)
    return whole, layer.places()


class _Layer:
    """Lays one file over another, and notes where everything went and came from."""

    def __init__(self, places: Places, base: Base) -> None:
        self.base = base
        self.inherited: dict[Path, Origin] = {}
        self.problems: list[Problem] = []
        self._places = places
        self._moved: dict[Path, Path] = {}

    def method(self, raw: Raw) -> Raw:
        """Return the whole method."""
        parts = (*NAMED, *SECTIONS)
        base, said = ({key: one[key] for key in one if key not in parts} for one in (self.base.raw, raw))
        whole = self._over(base, said, (), ())
        for key in NAMED:
            whole[key] = self._entries(self.base.raw.get(key, {}), raw.get(key, {}), (key,), (key,))
        for key in SECTIONS:
            whole[key] = self._section(key, raw.get(key, {}))
        return {key: value for key, value in whole.items() if value or key not in parts}

    def _over(self, base: Raw, said: Raw, path: Path, at: Path) -> Raw:
        """Lay keys over keys; ``path`` leads to them in the base, ``at`` in what is made."""
        for key in base.keys() - said.keys():
            self.inherited[*at, key] = self.base.where((*path, key))
        for key in (key for key in said if said[key] == DROP and key not in base):
            self._nothing_to_drop((*at, key), key, base)
        return {key: value for key, value in (base | said).items() if value != DROP}

    def _entries(self, base: Raw, said: Any, path: Path, at: Path) -> Raw:  # noqa: ANN401 (plain data)
        return self._over(base, {} if said == DROP else said, path, at) if said != DROP else {}

    def _section(self, section: str, said: object) -> list[Any]:
        base: list[Raw] = self.base.raw.get(section, [])
        if isinstance(said, list) or said == DROP:
            return said if isinstance(said, list) else []
        changes: Mapping[str, Any] = said if isinstance(said, dict) else {}
        ids = [phase["id"] for phase in base]
        self.problems += [self._unknown((section, name), name, ids) for name in changes if name not in ids]
        made: list[Any] = []
        for index, phase in enumerate(base):
            change = changes.get(phase["id"], {})
            around = {side: change.get(side, []) if isinstance(change, dict) else [] for side in _AROUND}
            where = (section, phase["id"])
            self._insert(made, section, (*where, "before"), around["before"])
            if change != DROP:
                at = (section, len(made))
                self._moved[where] = at
                made.append(self._phase(phase, change, (section, index), at))
            self._insert(made, section, (*where, "after"), around["after"])
        return made

    def _insert(self, made: list[Any], section: str, path: Path, phases: list[Any]) -> None:
        for index, phase in enumerate(phases):
            self._moved[*path, index] = (section, len(made))
            made.append(phase)

    def _phase(self, base: Raw, change: Raw, path: Path, at: Path) -> Raw:
        said = {key: value for key, value in change.items() if key not in _AROUND}
        if not said:
            self.inherited[at] = self.base.where(path)
            return base
        whole = self._over(base, {key: value for key, value in said.items() if key not in NAMED_IN_PHASE}, path, at)
        for key in (key for key in NAMED_IN_PHASE if key in said):
            self.inherited.pop((*at, key), None)
            there = base.get(key, {})
            whole[key] = (
                NO
                if said[key] == NO
                else self._entries({} if there == NO else there, said[key], (*path, key), (*at, key))
            )
        return whole

    def _unknown(self, path: Path, name: str, ids: list[str]) -> Problem:
        there = remark("there-are", known=ids) if ids else remark("none-there")
        hint, section = guess(name, ids), str(path[0])
        said = remark("unknown-phase-of-base", phase=name, section=section, base=self.base.id, hint=hint, there=there)
        return self._places.problem(path, said, key=True)

    def _nothing_to_drop(self, at: Path, key: str, base: Raw) -> None:
        said = remark("nothing-to-drop", key=key, base=self.base.id, hint=guess(key, base))
        self.problems.append(self._places.problem(self._back(at), said, key=True))

    def _back(self, at: Path) -> Path:
        """Return where the file itself says what stands at ``at`` in the whole."""
        return next((was + at[len(to) :] for was, to in self._moved.items() if at[: len(to)] == to), at)

    # -- places --------------------------------------------------------------------------------------------------

    def places(self) -> Places:
        """Where everything of this file stands, by its path in the whole."""
        mine = self._places
        values, keys, comments = (dict(self._mapped(part)) for part in (mine.values, mine.keys, mine.comments))
        return Places(mine.file, values, keys, self.inherited, comments)

    def _mapped(self, places: Mapping[Path, Place]) -> Iterator[tuple[Path, Place]]:
        for path, place in places.items():
            for length in (4, 2):  # a phase put before or after another, a phase that is changed
                if path[:length] in self._moved:
                    yield self._moved[path[:length]] + path[length:], place
                    break
            else:
                yield path, place


def _prune(whole: Raw, raw: Raw) -> None:
    """Take away what the base had for phases that are gone: roles that nobody fills, forms, fields and modules unused."""
    phases = [phase for section in SECTIONS for phase in whole.get(section, [])]
    if not any(phase.get("runs") for phase in phases):
        _keep(whole, raw, "modules", set())
    modules = [phase for module in whole.get("modules", {}).values() for phase in module.get("phases", [])]
    giving = [phase["gives"] for phase in (*phases, *modules) if phase.get("gives", NO) != NO]
    gives = [give for several in giving for give in several]
    _keep(whole, raw, "forms", FORMS.keys() | {give.get("form") for give in gives})
    _keep(whole, raw, "fields", {give.get("fields") for give in gives})
    _keep(whole, raw, "roles", {role for phase in (*phases, *modules) for role in phase.get("fills", [])})


def _keep(whole: Raw, raw: Raw, key: str, used: set[Any]) -> None:
    mine = raw.get(key, {})
    if key in whole:
        whole[key] = {name: value for name, value in whole[key].items() if name in used or name in mine}
