"""How the queue of a phase and the desk change by what its turns come to: part of ``evolve``, and as free of rules.

A turn that is passed takes along the deeper ones that hang on it; when a whole loop of offers was passed, those that are left
fall away. A turn of somebody who is absent moves to the end with all that hangs on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from msgspec.structs import replace

from kring.meeting import events as e
from kring.meeting.asked import Turn
from kring.meeting.state import Desk, State, desk

Queue = tuple[Turn, ...]


def turn_is(state: State, seat: str, what: str) -> bool:
    """Whether it is the turn of this seat to give this."""
    return bool(state.queue) and state.queue[0].seat == seat and state.queue[0].what == what


def passed(state: State, event: e.TurnPassed) -> dict[str, Any]:
    """The fields that a pass changes."""
    if not turn_is(state, event.seat, event.what):
        return {"desk": tuple(_waive(state, event.seat, event.what, 0, passed=True))}
    turn, *rest = state.queue
    while rest and (rest[0].depth > turn.depth or _offered_again(turn, rest[0])):
        rest.pop(0)
    quiet = state.quiet if turn.owed else state.quiet + 1
    if quiet and quiet >= len({one.seat for one in rest} | {turn.seat}) and not any(one.owed for one in rest):
        rest = []  # a whole loop of offers was passed: nobody has more to add
    more = any((one.seat, one.what) == (turn.seat, turn.what) for one in rest)
    waived = tuple(_waive(state, turn.seat, turn.what, int(turn.owed), passed=not more))
    return {"queue": tuple(rest), "desk": waived, "quiet": quiet}


def _waive(state: State, seat: str, what: str, count: int, *, passed: bool) -> Iterator[Desk]:
    """The desk with so much passed by a seat, or all of it."""
    for one in state.desk:
        mine = one.slot.seat == seat and one.slot.what == what
        yield desk(one.slot, one.given, one.waived + count, passed=passed) if mine else one


def _offered_again(turn: Turn, following: Turn) -> bool:
    return not (turn.owed or following.owed) and (turn.seat, turn.what) == (following.seat, following.what)


def deferred(queue: Queue) -> Queue:
    """The queue with the first turn, and what hangs on it, at the end."""
    turn, *rest = queue
    moved = [replace(turn, deferred=True)]
    while rest and rest[0].depth > turn.depth:
        moved.append(rest.pop(0))
    return (*rest, *moved)


def last_word(queue: Queue) -> Queue:
    """The first turn alone, with what hangs on it."""
    if not queue:
        return queue
    turn, *rest = queue
    return (turn, *takewhile(lambda one: one.depth > turn.depth, rest))


def without_seat(queue: Queue, gone: str) -> Iterator[Turn]:
    """The turns that neither are of this seat nor hang on one of it."""
    asker = ""
    for turn in queue:
        asker = turn.seat if turn.depth == 0 else asker
        if gone not in (turn.seat, asker):
            yield turn
