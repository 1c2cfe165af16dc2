"""What is in the store as the engine has it: a snapshot and the events after it, folded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kring.meeting import INITIAL, evolve, snapshot, upcasting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kring.meeting import State, events
    from kring_room.store.port import Loaded, StoredEvent


def state_of(loaded: Loaded) -> State | None:
    """The state that a snapshot and the log after it lead to; ``None``: another release made that snapshot."""
    state = snapshot.decode(loaded.snapshot.body) if loaded.snapshot else INITIAL
    return None if state is None else folded(state, loaded.events)[0]


def folded(state: State, stored: Iterable[StoredEvent]) -> tuple[State, tuple[events.AnyEvent, ...]]:
    """The state after these events, and what happened, as this release says it."""
    happened = tuple(upcasting.upcast(one.version, one.body) for one in stored)
    for event in happened:
        state = evolve(state, event)
    return state, happened
