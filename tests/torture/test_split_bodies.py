"""The checker follows bodies that did not fit into one frame: what comes ahead of facts, and what is still to come."""

from __future__ import annotations

import msgspec
import pytest

from kring.meeting import INITIAL, evolve, view
from tests.torture.checker import judge
from tests.torture.history import Evidence, Heard, History, Json, Opened
from tests.torture.ledger import actors, asked_of
from tests.torture.test_checker import bodies_alone, found, frames, hiding, with_history


def returned(evidence: Evidence, since: int | None, **welcome: object) -> list[Opened | Heard]:
    """The third device comes back at the end, and hears this welcome."""
    first = next(frame for _, frame in frames(evidence.histories[2], "welcome"))
    frame = {**first, "view": None, "bodies": {}, **welcome}
    return [Opened(98.0, since), Heard(98.0, msgspec.json.encode(frame).decode())]


def at_last(evidence: Evidence) -> tuple[int, Json, Json]:
    """What the third device knows in the end: ``seq``, view, bodies."""
    states = [INITIAL]
    for event in evidence.log:
        states.append(evolve(states[-1], event))
    seat = actors(evidence)[evidence.histories[2].device][1].seat
    shown = msgspec.to_builtins(view(states[-1], seat, method=evidence.method))
    named = {one["name"] for one in shown["seats"]} | {one["content"] for one in shown["items"] if one["content"]}
    sealed = {name: body for asking in asked_of(evidence).values() for name, body in asking.bodies.items()}
    return len(evidence.log), shown, {name: sealed[name] for name in named}


def ends(evidence: Evidence, *entries: Opened | Heard) -> Evidence:
    history = evidence.histories[2]
    return with_history(evidence, 2, History(history.device, history.table, [*history.entries, *entries]))


def test_bodies_that_come_in_frames_of_their_own_are_no_violation() -> None:
    evidence = hiding()
    place, frame = next((n, one) for n, one in frames(evidence.histories[2], "facts") if one["bodies"])
    before = [one["seq"] for n, one in frames(evidence.histories[2], "facts") if n < place] or [1]
    history = evidence.histories[2]
    entries = [
        *history.entries[:place],
        bodies_alone(before[-1], frame["bodies"]),
        Heard(97.0, msgspec.json.encode({**frame, "bodies": {}}).decode()),
        *history.entries[place + 1 :],
    ]
    assert judge(with_history(evidence, 2, History(history.device, history.table, entries))) == []


@pytest.mark.parametrize("whole", [True, False])
def test_long_welcome_is_judged_when_it_is_whole(whole: bool) -> None:
    seq, shown, bodies = at_last(hiding())
    first, *rest = bodies.items()
    welcome = returned(hiding(), None, seq=0, view=shown, bodies=dict([first]))
    parts = [bodies_alone(0, dict(rest[:1]))]
    assert judge(ends(hiding(), *welcome, *parts)) == []
    again = returned(hiding(), 0, seq=0, view=shown, bodies=dict([first]))
    last = [bodies_alone(0, dict(rest[:1])), bodies_alone(seq, dict(rest[1:] if whole else rest[2:]))]
    assert found(ends(hiding(), *welcome, *parts, *again, *last)) == (set() if whole else {"body"})


def test_welcome_that_says_it_is_whole_and_is_not_is_seen() -> None:
    seq, shown, _ = at_last(hiding())
    assert found(ends(hiding(), *returned(hiding(), None, seq=seq, view=shown))) == {"body"}
