"""Judges one meeting from the histories of its devices and a copy of its log. Pure: it asks no server anything.

``judge`` gives every broken promise. ``ledger`` compares what people were told with what is written down, ``sight``
what each device heard with what it may know. ``test_checker`` breaks each promise on purpose, and looks that it is seen.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kring.meeting import State, due, events, evolve
from kring.meeting.state import INITIAL
from tests.torture import ledger, sight
from tests.torture.history import Evidence, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

PROMISES = {
    "lost": "what was acknowledged is in the log",
    "doubled": "nothing is in the log twice",
    "reordered": "the log has the order in which it was acknowledged",
    "refused-present": "nothing refused is in the log",
    "unasked": "each step of the log is what the room makes of a command that was sent, or of time and presence",
    "answer-changed": "a repeat gets the first answer",
    "gap": "no change is passed over",
    "stale": "what a device heard folds to a fresh view",
    "went-back": "nobody hears of what is not durable, nor goes back behind what they know",
    "leak": "nothing reaches an audience that may not have it",
    "body": "a body arrives with what names it, as its author sealed it",
    "deadline-doubled": "a deadline fires once, and not before its time",
    "deadline-missed": "a deadline fires",
}
SLACK = 5_000
"""Milliseconds after which a deadline that passed with nothing else to do is missed."""


def judge(evidence: Evidence) -> list[Violation]:
    """Every promise that was broken in this meeting."""
    states = _states(evidence.log)
    return [
        *ledger.judge(evidence, states),
        *_deadlines(evidence, states),
        *sight.judge(evidence, states),
    ]


def _states(log: tuple[events.AnyEvent, ...]) -> list[State]:
    """The state before the first event, and after each."""
    states = [INITIAL]
    for event in log:
        states.append(evolve(states[-1], event))
    return states


def _deadlines(evidence: Evidence, states: list[State]) -> Iterator[Violation]:
    """A deadline fires by a signal or, where there is none, by the end of its phase. A phase ends once."""
    fired: Counter[tuple[str, int | None]] = Counter()
    for seq, event in enumerate(evidence.log, 1):
        phase, at = states[seq - 1].phase, due(states[seq - 1])
        keys: list[tuple[str, int | None]] = []
        if isinstance(event, events.PhaseSignalled):
            keys.append((phase.key if phase else "", at))
        elif isinstance(event, events.PhaseEnded):
            keys.append((event.key, None))
            if event.because == "time" and phase and not phase.signalled:
                keys.append((event.key, at))
        fired.update(keys)
        for key, when in keys:
            early = len(keys) > 1 or isinstance(event, events.PhaseSignalled)
            if fired[key, when] > 1 or (early and (at is None or event.at < at)):
                yield Violation("deadline-doubled", "", seq, f"{key}, due at {at}")
    last = due(states[-1])
    if last is not None and evidence.now - last > SLACK:
        yield Violation("deadline-missed", "", len(evidence.log), f"by {evidence.now - last} ms")
