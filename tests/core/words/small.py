"""Small methods for a word of the language: phases as plain data, read and checked as files are, and rehearsed.

A phase is ``(id, kind, minutes, more)``. It has no texts of its own; whoever is not named in its prompts is told by ``everyone``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from kring.meeting import State, evolve
from kring.meeting import events as e
from kring.meeting.events import AnyEvent
from kring.meeting.state import INITIAL
from kring.methods import checker
from kring.methods.errors import MethodError
from kring.methods.model import PREVIOUS, Method
from kring.rehearsal.rehearsal import Plan, Rehearsal

TEXT = {"nl": "a", "en": "b", "de": "c"}
Sketch = tuple[str, str, float, dict[str, Any]]
BRING: list[Sketch] = [("bring", "collect", 3, {}), ("pick", "choose", 2, {})]
_ALL = 99
TELL: Sketch = ("tell", "tell", 5, {})


def give(who: str, what: str, least: int = 0, most: int = 9, **more: Any) -> dict[str, Any]:
    """One thing that is given."""
    return {"who": who, "what": what, "least": least, "most": most} | {
        key.rstrip("_").replace("_", "-"): value for key, value in more.items()
    }


def written(round_: list[Sketch], **more: Any) -> dict[str, Any]:
    """A method as plain data; its minutes are those of its phases."""
    opening, closing = more.pop("opening", BRING), more.pop("closing", [])
    roles = {name: {"name": TEXT} | role for name, role in more.pop("roles", {}).items()}
    low, high = more.pop("group", (3, 6))
    method: dict[str, Any] = {
        "kring": 1, "id": "small", "name": TEXT, "summary": TEXT, "source": [{"ref": "a sketch"}],
        "group": {"min": low, "max": high}, "level": ["reflection"], "advice": "free", "roles": roles,
        "opening": [_phase(one, roles) for one in opening],
        "round": [_phase(one, roles) for one in round_],
        "closing": [_phase(one, roles) for one in closing],
    }  # fmt: skip
    cases = more.get("cases", 1)
    rounds = low if cases == "everyone" else cases
    sums = {key: sum(one["minutes"] for one in method[key]) for key in ("opening", "round", "closing")}
    method["minutes"] = sums["opening"] + sums["round"] * rounds + sums["closing"]
    return method | more


def _phase(sketch: Sketch, roles: dict[str, Any]) -> dict[str, Any]:
    name, kind, minutes, more = sketch
    told = ("everyone", *roles, *((PREVIOUS,) if PREVIOUS in json.dumps(more) else ()))
    used = [who for who in told if who not in roles or f'"{who}"' in json.dumps(more.get("gives", []))]
    return {
        "id": name,
        "kind": kind,
        "name": TEXT,
        "minutes": minutes,
        "prompts": {who: {"do": TEXT} for who in used},
    } | more


def small(round_: list[Sketch], **more: Any) -> Method:
    """A method that can be run."""
    return checker.accept(json.dumps(written(round_, **more)).encode(), "small.yaml")


def remarks(round_: list[Sketch], **more: Any) -> list[str]:
    """What is wrong with one that cannot."""
    try:
        checker.accept(json.dumps(written(round_, **more)).encode(), "small.yaml")
    except MethodError as error:
        return [problem.message for problem in error.problems]
    return []


def rehearsed(method: Method, **plan: Any) -> Iterator[Rehearsal]:
    """Whole meetings of every size, with and without a facilitator, with chairs and with mishaps."""
    ways = [{"written": way == "written"} for way in method.ways]
    kinds: list[dict[str, Any]] = [{}, {"facilitator": False}, {"mishaps": 0.15}]
    for size in range(method.group.min, method.group.max + 1):
        chairs = [{"chairs": 1}] if size > 1 else []
        for how in (way | kind for way in ways for kind in (*kinds, *chairs)):
            yield played(method, people=size, seed=size, **how, **plan)


def played(method: Method, **plan: Any) -> Rehearsal:
    """One meeting, to its end."""
    rehearsal = Rehearsal(method, Plan(**plan))
    lines = list(rehearsal.play())
    assert lines[-1]["line"] == "end"
    return rehearsal


def log_of(method: Method, **plan: Any) -> list[AnyEvent]:
    """What happened in one meeting."""
    return played(method, **plan).log


def owed_and_done(log: list[AnyEvent]) -> tuple[Counter[tuple[str, str, str]], Counter[tuple[str, str, str]]]:
    """How much each owed in each phase, in all of its parts, and how much was given; who passed need give no more of it."""
    owed: Counter[tuple[str, str, str]] = Counter()
    done: Counter[tuple[str, str, str]] = Counter()
    state: State = INITIAL
    for event in log:
        key = state.phase.key if state.phase else ""
        if isinstance(event, e.ContributionGiven | e.TurnPassed):
            done[key, event.seat, event.what] += 1 if isinstance(event, e.ContributionGiven) else _ALL
        state = evolve(state, event)
        if isinstance(event, e.PhaseStarted | e.PartStarted) and state.phase and not state.phase.casting:
            for one in event.slots:
                owed[state.phase.key, one.seat, one.what] += one.least if one.what != "vote" else 0
    return owed, done
