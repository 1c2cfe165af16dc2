"""What changed between two versions of a method, as a list of facts that a screen can put into words.

``changes`` compares what the methods *do*, not how their files are written: comments, order of keys and shorthand
make no difference. Phases are known by their ids, wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

import msgspec

from kring.methods.model import Give, Method, Phase
from kring.methods.walk import parts

Code = Literal[
    "setting", "texts", "phase-added", "phase-removed", "phase-moved", "phase-setting", "phase-texts", "position",
    "given", "no-longer-given", "given-otherwise", "prompt",
]  # fmt: skip
_METHOD_TEXTS = ("name", "summary", "prepare", "choose_when", "not_when", "caution", "feedback", "slow_down")
_PHASE_TEXTS = ("name", "hints")
_COMPARED_APART = frozenset({"gives", "position", "prompts", *_PHASE_TEXTS})
_PARTS = frozenset({"opening", "round", "closing", "modules", *_METHOD_TEXTS})


class Change(msgspec.Struct, frozen=True, rename="kebab", omit_defaults=True):
    """One thing that changed. ``number``: the phase's place among all phases, from 1, in the version that has it.

    ``who``: the selector it is about; ``what``: the setting, the text or the contribution. ``before`` and ``after`` are
    plain values as in the method's JSON; for texts they are left out, since one looks at those rather than reads them.
    """

    code: Code
    phase: str = ""
    number: int = 0
    who: str = ""
    what: str = ""
    before: Any = None
    after: Any = None


def changes(before: Method, after: Method) -> tuple[Change, ...]:
    """What differs: first the method as a whole, then phase by phase as ``after`` has them, then what is gone."""
    return (*_whole(before, after), *_phases(before, after))


def phases_of(method: Method) -> dict[str, Phase]:
    """All phases by id, in the order in which a meeting comes by them; those of sub-protocols last."""
    modules = (phase for module in method.modules.values() for phase in module.phases)
    return {phase.id: phase for phase in (*method.opening, *method.round, *method.closing, *modules)}


def _whole(before: Method, after: Method) -> Iterator[Change]:
    for name in _fields(Method):
        old, new = getattr(before, name), getattr(after, name)
        if old == new or name in _PARTS - set(_METHOD_TEXTS):
            continue
        if name in _METHOD_TEXTS:
            yield Change("texts", what=_kebab(name))
        else:
            yield Change("setting", what=_kebab(name), before=_plain(old), after=_plain(new))
    if _titles(before) != _titles(after):
        yield Change("texts", what="modules")


def _titles(method: Method) -> dict[str, Any]:
    return {name: (module.name, module.summary) for name, module in method.modules.items()}


def _phases(before: Method, after: Method) -> Iterator[Change]:
    old, new = phases_of(before), phases_of(after)
    sections = _sections(before), _sections(after)
    kept = [phase for phase in new if phase in old]
    stayed = _in_order(kept, list(old))
    for number, (name, phase) in enumerate(new.items(), 1):
        if name not in old:
            yield Change("phase-added", name, number, after=phase.minutes)
            continue
        if name not in stayed or sections[0][name] != sections[1][name]:
            yield Change("phase-moved", name, number, before=list(old).index(name) + 1, after=number)
        yield from (msgspec.structs.replace(one, phase=name, number=number) for one in _phase(old[name], phase))
    for number, (name, phase) in enumerate(old.items(), 1):
        if name not in new:
            yield Change("phase-removed", name, number, before=phase.minutes)


def _phase(before: Phase, after: Phase) -> Iterator[Change]:
    for name in _fields(Phase):
        old, new = getattr(before, name), getattr(after, name)
        if old == new or name in _COMPARED_APART:
            continue
        yield Change("phase-setting", what=_kebab(name), before=_plain(old), after=_plain(new))
    for who in _either(before.position, after.position):
        places = before.position.get(who, "in"), after.position.get(who, "in")
        if places[0] != places[1]:
            yield Change("position", who=who, before=places[0], after=places[1])
    yield from _gives(before, after)
    for name in _PHASE_TEXTS:
        if getattr(before, name) != getattr(after, name):
            yield Change("phase-texts", what=name)
    for who in _either(before.prompts, after.prompts):
        if before.prompts.get(who) != after.prompts.get(who):
            yield Change("prompt", who=who)


def _gives(before: Phase, after: Phase) -> Iterator[Change]:
    """What is given otherwise. The same may be asked once in each part of a phase: the parts are compared in their order."""
    old, new = _by_part(before), _by_part(after)
    for about in _either(old, new):
        one, other = old.get(about), new.get(about)
        _, who, what = about
        if one is None:
            yield Change("given", who=who, what=what, after=_plain(other))
        elif other is None:
            yield Change("no-longer-given", who=who, what=what, before=_plain(one))
        elif one != other:
            yield Change("given-otherwise", who=who, what=what, before=_plain(one), after=_plain(other))


def _by_part(phase: Phase) -> dict[tuple[int, str, str], Give]:
    gives = ((part, phase.gives[index]) for part, indexes in enumerate(parts(phase)) for index in indexes)
    return {(part, give.who, give.what): give for part, give in gives}


def _sections(method: Method) -> dict[str, str]:
    parts = {"opening": method.opening, "round": method.round, "closing": method.closing}
    parts |= {f"module {name}": module.phases for name, module in method.modules.items()}
    return {phase.id: section for section, phases in parts.items() for phase in phases}


def _in_order(names: list[str], known: list[str]) -> frozenset[str]:
    """As many of ``names`` as possible that stand in the order of ``known``: the others are what was moved."""
    place = {name: number for number, name in enumerate(known)}
    chains: list[tuple[str, ...]] = [()]
    for name in names:
        before = [chain for chain in chains if not chain or place[chain[-1]] < place[name]]
        chain = max(before, key=len)
        chains.append((*chain, name))
    longest = max(chains, key=len)
    return frozenset(longest)


def _either(old: Iterable[Any], new: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys((*new, *old)))


def _fields(kind: type[msgspec.Struct]) -> Iterator[str]:
    return iter(kind.__struct_fields__)


def _kebab(name: str) -> str:
    return name.replace("_", "-")


def _plain(value: object) -> Any:  # noqa: ANN401 -- whatever JSON can hold
    return msgspec.to_builtins(value)
