"""A walk through meetings by a method, for every group size and every way to be guided, on an abstract of the method.

The abstract knows seats with roles, but no times, texts or names. It finds what no rule on the text alone can see:
in a group of this size nobody is there to give what is owed, a role cannot be filled, a phase has no way out. It
searches breadth first, so that the steps that lead to a problem are as few as can be.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from kring.methods.errors import Problem
from kring.methods.model import PREVIOUS, SILENCED, Choose, Holders, Method, Module, Phase, Role
from kring.methods.places import Path, Places, Ways
from kring.methods.remarks import Remark, remark
from kring.methods.walk import SECTIONS, Section, phases_of, roles_needed

_ROUNDS = 2
"""The first round, and one that stands for all later ones: they differ in nothing but ``once``."""
_MOST_STATES = 50_000


class _Group(NamedTuple):
    """A group that meets: how many members there are, and who guides them."""

    size: int
    guide: str

    def way(self, trail: _Trail) -> Remark:
        """Return how a meeting of this group comes somewhere, phase by phase."""
        people = remark("one-person") if self.size == 1 else remark("people", count=self.size)
        return remark("found-with", group=remark(self.guide, people=people), steps=tuple(_steps(trail)))


class _Held(NamedTuple):
    """A role, and how many have it."""

    role: str
    people: int


class _State(NamedTuple):
    """Where a meeting is. ``given`` counts the things of this phase that all who owe them have given."""

    section: Section = "opening"
    at: int = 0
    round: int = 0
    module: str | None = None
    inside: int = 0
    filled: frozenset[_Held] = frozenset()
    proposed: int = 0
    given: int = 0
    decided: bool = False


class _Flaw(NamedTuple):
    """What went wrong in a state: where in the file, and what to do about it."""

    path: Path
    remark: Remark


class _Move(NamedTuple):
    """One thing that happens in a phase, and the state after it: ``None`` when the meeting is over."""

    phase: str
    move: Remark
    after: _State | None


_Trail = tuple[_Move, ...]
_Came = dict[_State, tuple[_State, _Move] | None]
"""From where, and by which move, each state was first reached."""


def explore(method: Method, places: Places) -> Iterator[Problem]:
    """Yield a problem for each flaw, with the smallest group and the fewest steps that show it."""
    seen: set[tuple[Path, str]] = set()
    states = 0
    for group in _groups(method):
        walk = _Walk(method, group)
        for flaw, trail in walk.flaws():
            if (known := (flaw.path, flaw.remark.sentence())) not in seen:
                seen.add(known)
                yield places.problem(flaw.path, flaw.remark, way=group.way(trail))
        states += len(walk.came)
        if states > _MOST_STATES:
            yield places.problem(("id",), remark("too-many-ways"))
            return


def ways(method: Method) -> Ways:
    """Return the shortest way of the smallest group to each phase; nothing for what is in no phase."""
    group = next(_groups(method), None)
    if group is None:
        return lambda _path: None
    walk = _Walk(method, group)
    found: dict[Path, Remark] = {}
    for state in walk.reached():
        found.setdefault(walk.phase_at(state)[1], group.way(walk.trail(state)))
    return lambda path: found.get(path[:4] if path[:1] == ("modules",) else path[:2])


def _steps(trail: _Trail) -> Iterator[Remark]:
    """Yield what happened, phase by phase."""
    if not trail:
        yield remark("at-once")
    for phase, moves in groupby(trail, key=lambda move: move.phase):
        yield remark("step", phase=phase, moves=tuple(move.move for move in moves))


def _groups(method: Method) -> Iterator[_Group]:
    guides = ["member-guides", "guest-guides"]
    if method.facilitator == "optional":
        guides.insert(0, "nobody-guides")
    for size in range(method.group.min, method.group.max + 1):
        yield from (_Group(size, guide) for guide in guides)


class _Walk:
    """All meetings of one group."""

    def __init__(self, method: Method, group: _Group) -> None:
        self.method = method
        self.group = group
        self.came: _Came = {}
        self.cases = group.size if method.cases == "everyone" else method.cases

    def flaws(self) -> Iterator[tuple[_Flaw, _Trail]]:
        """Yield each flaw with the steps that lead to it, the shortest way first."""
        first = self._enter(_State())
        queue = deque([first] if first else [])
        self.came = dict.fromkeys(queue)
        while queue and len(self.came) <= _MOST_STATES:
            state = queue.popleft()
            for move in self._moves(state):
                if isinstance(move, _Flaw):
                    yield move, self.trail(state)
                elif move.after is not None and move.after not in self.came:
                    self.came[move.after] = (state, move)
                    queue.append(move.after)

    def reached(self) -> tuple[_State, ...]:
        """Return every state, those with the shortest way first."""
        for _ in self.flaws():
            pass  # what is wrong is another question
        return tuple(self.came)

    def trail(self, state: _State) -> _Trail:
        """Return the moves that led to a state, by the shortest way."""
        moves: list[_Move] = []
        while came := self.came[state]:
            state, move = came
            moves.append(move)
        return tuple(reversed(moves))

    def _module(self, state: _State) -> Module | None:
        """Return the module that runs now, if this phase runs one."""
        runs = phases_of(self.method, state.section)[state.at].runs == "module"
        return self.method.modules[state.module] if runs and state.module is not None else None

    def phase_at(self, state: _State) -> tuple[Phase, Path]:
        """Return the phase of a state, and where it stands in the file."""
        if module := self._module(state):
            return module.phases[state.inside], ("modules", str(state.module), "phases", state.inside)
        return phases_of(self.method, state.section)[state.at], (state.section, state.at)

    def _moves(self, state: _State) -> Iterator[_Flaw | _Move]:
        """Yield what can happen next: a role taken, one thing given by all who owe it, a choice, the end."""
        phase, path = self.phase_at(state)
        known = {PREVIOUS, *(held.role for held in state.filled)}
        first = [role for role in roles_needed(phase) if role not in known]
        later = [role for role in phase.fills if role not in known]
        if phase.skip and not state.given and not state.decided:
            yield from self._end(state, phase, remark("left-out"))
        if first:
            yield from self._filling(state, phase, first[0])
        elif state.given < len(phase.gives):
            yield from self._giving(state, phase, path)
        elif later:
            yield from self._filling(state, phase, later[0])
        elif phase.choose and not state.decided:
            yield from self._choosing(state, phase, phase.choose, path)
        else:
            yield from self._end(state, phase, remark("ended", how=phase.ends[0]))

    def _end(self, state: _State, phase: Phase, how: Remark) -> Iterator[_Move]:
        """Yield the end of a phase. Where a round begins, somebody with a role may be its owner: then nobody has that role."""
        after = self._next(state)
        yield _Move(phase.id, how, after)
        if after is None or after.section != "round" or (state.section, state.round) == ("round", after.round):
            return
        for held in sorted(after.filled):
            fewer = {_Held(held.role, held.people - 1)} if held.people > self._held(held.role).min else set()
            vacated = after._replace(filled=after.filled - {held} | fewer)
            yield _Move(phase.id, remark("role-becomes-owner", how=how, role=held.role), vacated)

    def _held(self, role: str) -> Holders:
        return self.method.roles.get(role, Role({})).holders

    def _giving(self, state: _State, phase: Phase, path: Path) -> Iterator[_Flaw | _Move]:
        give = phase.gives[state.given]
        where = (*path, "gives", state.given)
        givers = self._givers(state, phase, give.who)
        if give.least and not givers and give.who != PREVIOUS:  # perhaps nobody was
            yield _Flaw((*where, "who"), remark("owed-by-nobody", what=give.what))
        elif givers and give.reply and not self._givers(state, phase, give.reply.who):
            yield _Flaw((*where, "reply"), remark("nobody-to-reply", who=give.reply.who))
        proposed = givers * give.least if give.what == "case" else 0
        after = state._replace(given=state.given + 1, proposed=state.proposed + proposed)
        yield _Move(phase.id, remark("gave", count=givers, what=give.what), after)

    def _filling(self, state: _State, phase: Phase, role: str) -> Iterator[_Flaw | _Move]:
        least, most = self._held(role).min, self._held(role).max
        left = self.group.size - 1 - sum(held.people for held in state.filled)
        if left < least:
            several = most > 1 or any(held.people > 1 for held in state.filled)
            yield _Flaw(("roles", role), remark("too-few-left" if several else "nobody-left", role=role))
        for count in sorted({least, max(least, min(most, left))}):
            took = remark("took-role", role=role) if count == 1 else remark("several-took-role", count=count, role=role)
            yield _Move(phase.id, took, state._replace(filled=state.filled | {_Held(role, count)}))

    def _choosing(self, state: _State, phase: Phase, choose: Choose, path: Path) -> Iterator[_Flaw | _Move]:
        if (choose.by == "facilitator" and not self._deciders(state, phase)) or (
            choose.by == "owner" and not self._givers(state, phase, "owner")
        ):
            yield _Flaw((*path, "choose"), remark("nobody-decides"))
        if choose.what == "module":
            for name in self.method.modules:
                yield _Move(phase.id, remark("chose-module", module=name), state._replace(module=name, decided=True))
            return
        if choose.what != "case":
            yield _Move(phase.id, remark("chose-cases", count=choose.many), state._replace(decided=True))
            return
        options = state.proposed or self.group.size
        if options < self.cases:
            yield _Flaw((*path, "choose"), remark("few-cases", cases=self.cases, proposed=options))
        yield _Move(phase.id, remark("chose-cases", count=min(options, self.cases)), state._replace(decided=True))

    def _next(self, state: _State) -> _State | None:
        """Return the state in which the next phase begins, or ``None`` when the meeting is over."""
        fresh = state._replace(given=0, decided=False)
        module = self._module(state)
        if module and state.inside + 1 < len(module.phases):
            return fresh._replace(inside=state.inside + 1)
        later = phases_of(self.method, state.section)[state.at + 1 :]
        runs_again = any(phase.runs == "module" for phase in later)
        return self._enter(fresh._replace(at=state.at + 1, inside=0, module=state.module if runs_again else None))

    def _enter(self, state: _State) -> _State | None:
        """Return the first phase from here on that really starts."""
        while True:
            phases = phases_of(self.method, state.section)
            if state.at < len(phases):
                if not (phases[state.at].once and state.round > 0):
                    return state
                state = state._replace(at=state.at + 1)
            elif state.section == "round" and state.round + 1 < min(self.cases, _ROUNDS):
                state = state._replace(at=0, round=state.round + 1)
            elif state.section == "closing":
                return None
            else:
                state = state._replace(section=SECTIONS[SECTIONS.index(state.section) + 1], at=0)

    def _givers(self, state: _State, phase: Phase, who: str) -> int:
        """Return how many seats a selector means now, without those who are silenced."""
        return sum(who in tags and not self._silenced(phase, tags) for tags in self._seats(state))

    def _deciders(self, state: _State, phase: Phase) -> bool:
        """Whether someone may decide: the facilitator, or anyone in the circle where nobody guides."""
        if self.group.guide == "guest-guides":
            return True
        guided = any("facilitator" in tags for tags in self._seats(state))
        return self._givers(state, phase, "facilitator" if guided else "everyone") > 0

    def _seats(self, state: _State) -> Iterator[frozenset[str]]:
        """Yield what each seat is: the owner first, then one seat for each role, then the rest."""
        roles = [held.role for held in sorted(state.filled) for _ in range(held.people)]
        for number in range(self.group.size):
            owner = number == 0 and state.section != "opening"
            tags = {"owner" if owner else "participant", "everyone"}
            role = roles[number - 1] if 0 < number <= len(roles) else None
            if role:
                tags = {role} if self.method.roles[role].apart else tags | {role}
            if number == self.group.size - 1 and not owner and self.group.guide == "member-guides":
                tags.add("facilitator")
            yield frozenset(tags)

    def _silenced(self, phase: Phase, tags: frozenset[str]) -> bool:
        position = phase.position.get("owner" if "owner" in tags else "participant")
        for role in tags & self.method.roles.keys():
            position = phase.position.get(role, position)
        return position in SILENCED
