"""Golden histories for the fold of the client: what some audiences of rehearsed meetings saw, and know in the end.

``PYTHONPATH=src python tests/client/golden_folds.py > tests/fixtures/folds.json``
"""

from __future__ import annotations

import sys
from typing import Any

import msgspec

from kring.methods.library import load
from kring.rehearsal.rehearsal import Plan, Rehearsal

_MEETINGS = (
    ("linxx-9", Plan(people=4, seed=7, chairs=1, mishaps=0.05), ("first", "table")),
    ("troika", Plan(people=3, seed=3, mishaps=0.05), ("last",)),
)
"""Which method, how it was rehearsed, and whose histories are kept."""


def _history(name: str, saw: list[dict[str, Any]], final: object) -> dict[str, Any]:
    """A welcome, the facts after it, and the view that they must add up to."""
    start = next(number for number, line in enumerate(saw) if "view" in line)
    facts = [{part: line[part] for part in ("set", "items", "desk")} for line in saw[start + 1 :]]
    return {"name": name, "welcome": saw[start]["view"], "facts": facts, "final": msgspec.to_builtins(final)}


def histories(method: str, plan: Plan, wanted: tuple[str, ...]) -> list[dict[str, Any]]:
    """What the wanted audiences of one rehearsal saw: the ``first`` or ``last`` seat, or the ``table``."""
    rehearsal = Rehearsal(load(method), plan)
    empty = None
    saw: dict[str, list[dict[str, Any]]] = {}
    for line in rehearsal.play():
        empty = empty or msgspec.to_builtins(rehearsal.views["table"])
        if line["line"] == "saw" and line["who"] is not None:
            saw.setdefault(line["who"], []).append(line)
    saw["table"].insert(0, {"view": empty})
    seats = [who for who in saw if who != "table"]
    named = {"first": seats[0], "last": seats[-1], "table": "table"}
    return [_history(f"{method}, {who}", saw[named[who]], rehearsal.views[named[who]]) for who in wanted]


if __name__ == "__main__":
    rows = [msgspec.json.encode(row) for meeting in _MEETINGS for row in histories(*meeting)]
    sys.stdout.buffer.write(b"[\n" + b",\n".join(rows) + b"\n]\n")
