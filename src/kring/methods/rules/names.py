"""Ids are there once, references lead somewhere, and what is defined is used."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from kring.methods.errors import Problem
from kring.methods.model import Method, Phase
from kring.methods.places import Path, Places
from kring.methods.remarks import guess, remark
from kring.methods.walk import ALWAYS, MOMENTS, Step, gives, main_steps, module_steps, runners, selectors, steps

_UNTIL = ("end", "close", "never")
_PLACED = frozenset({"owner", "participant"})


def check(method: Method, places: Places) -> Iterator[Problem]:
    """Yield ids that are double, unknown, reserved or unused."""
    yield from _phase_ids(method, places)
    yield from (_unknown(places, one) for one in _references(method) if one.word not in one.known)
    yield from _until(method, places)
    yield from _unused(method, places)


def _phase_ids(method: Method, places: Places) -> Iterator[Problem]:
    seen: dict[tuple[str | None, str], Path] = {}
    for step in (*main_steps(method), *module_steps(method)):
        path = (*step.path, "id")
        name = step.phase.id
        first = seen.get((step.module, name)) or seen.get((None, name))
        if first:
            yield places.problem(path, remark("phase-id-twice", phase=name, line=places.of(first)[0]))
        if name in _UNTIL:
            yield places.problem(path, remark("phase-id-reserved", phase=name))
        seen.setdefault((step.module, name), path)
    for role in method.roles:
        if role in ALWAYS | MOMENTS:
            yield places.problem(("roles", role), remark("role-reserved", role=role), key=True)


class _Reference(NamedTuple):
    """A word that names something: where it stands, and what it could name.

    ``code``: what is said when there is none. ``key``: it is a key itself.
    """

    path: Path
    word: str
    known: Collection[str]
    code: str
    key: bool = False


def _references(method: Method) -> Iterator[_Reference]:
    people = selectors(method)
    for step, number, give in gives(method):
        path = (*step.path, "gives", number)
        yield _Reference((*path, "who"), give.who, people, "unknown-role")
        yield _Reference((*path, "form"), give.form, method.forms, "unknown-form")
        if give.reply:
            yield _Reference((*path, "reply", "who"), give.reply.who, people, "unknown-role")
        if give.withheld:
            yield _Reference((*path, "withheld", "from"), give.withheld.from_, people, "unknown-role")
        if give.fields is not None:
            yield _Reference((*path, "fields"), give.fields, method.fields, "unknown-set")
    placed = _PLACED | method.roles.keys()
    for phase, path, *_ in steps(method):
        yield from (
            _Reference((*path, "prompts", who), who, people | MOMENTS, "unknown-role", key=True)
            for who in phase.prompts
        )
        yield from (
            _Reference((*path, "position", who), who, placed, "unknown-seat", key=True) for who in phase.position
        )
        yield from (
            _Reference((*path, "fills", n), role, method.roles, "unknown-role") for n, role in enumerate(phase.fills)
        )
        if phase.withheld:
            yield _Reference((*path, "withheld", "from"), phase.withheld.from_, people, "unknown-role")


def _unknown(places: Places, reference: _Reference) -> Problem:
    options = sorted(reference.known)
    there = remark("there-are", known=options) if options else remark("there-are-none")
    word = reference.word
    said = remark(reference.code, word=word, hint=guess(word, options), there=there)
    return places.problem(reference.path, said, key=reference.key)


def _until(method: Method, places: Places) -> Iterator[Problem]:
    for step in steps(method):
        own = [(("gives", index, "withheld"), give.withheld) for index, give in enumerate(step.phase.gives)]
        for keys, withheld in ((("withheld",), step.phase.withheld), *own):
            if withheld is not None and withheld.until not in _UNTIL:
                yield from _until_phase(method, places, step, (*step.path, *keys, "until"), withheld.until)


def _until_phase(method: Method, places: Places, step: Step, path: Path, until: str) -> Iterator[Problem]:
    """Whether a phase comes after this one every time."""
    later = [phase.id for phase in _later(method, step)]
    if until in later:
        return
    everywhere = [other.phase.id for other in steps(method)]
    if until in everywhere:
        yield places.problem(path, remark("not-always-later", phase=until, known=_UNTIL))
    else:
        yield _unknown(places, _Reference(path, until, (*later, *_UNTIL), "unknown-later-phase"))


def _later(method: Method, step: Step) -> Iterator[Phase]:
    """Phases that start for certain after this one. A phase with ``once`` is not there in later rounds."""
    main = list(main_steps(method))
    here = step
    if step.module is not None:
        yield from method.modules[step.module].phases[step.at + 1 :]
        here = next(iter([*runners(method)][::-1]), main[-1])
    sure = method.cases == 1 or step.phase.once or step.section == "opening"
    yield from (other.phase for other in main[main.index(here) + 1 :] if sure or not other.phase.once)


def _unused(method: Method, places: Places) -> Iterator[Problem]:
    forms = {give.form for _, _, give in gives(method)}
    sets = {give.fields for _, _, give in gives(method)}
    filled = {role for step in steps(method) for role in step.phase.fills}
    for name, role in method.roles.items():
        if role.holders.min > role.holders.max:
            said = remark("min-over-max", max=role.holders.max)
            yield places.problem(("roles", name, "holders", "min"), said)
    for name in method.forms:
        if name not in forms and ("forms", name) in places:
            yield places.problem(("forms", name), remark("form-unused", form=name), key=True)
    for name in method.fields:
        if name not in sets:
            yield places.problem(("fields", name), remark("set-unused", set=name), key=True)
    for name in method.roles.keys() - ALWAYS:
        if name not in filled:
            yield places.problem(("roles", name), remark("role-never-filled", role=name), key=True)
        elif not method.roles[name].apart and name not in _mentioned(method):
            yield places.problem(("roles", name), remark("role-idle", role=name), key=True)


def _mentioned(method: Method) -> set[str]:
    prompts = {who for step in steps(method) for who in step.phase.prompts}
    return prompts | {give.who for _, _, give in gives(method)}
