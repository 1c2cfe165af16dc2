"""What changed when, so that a device that was away is sent what it missed rather than everything again.

No earlier state is kept: a section is sent whole if it changed since, and contributions are sent again rather than missed.
Whoever missed many is sent everything again.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING

from kring.meeting.projection import sees
from kring.meeting.sections import item_view
from kring.meeting.views import Facts

if TYPE_CHECKING:
    from kring.meeting import Projection, State, Transition


_MANY = 256
"""Contributions of which it is known at most when they were sent; of half as many at least."""


class Missed:
    """What changed in one meeting since its room was loaded, by ``seq``; of what came before nothing is known."""

    __slots__ = ("_changed", "_from", "_known", "_lifted", "_sent")

    def __init__(self, state: State) -> None:
        self._from = state.seq
        self._known = len(state.items)
        self._changed: dict[str, int] = {}
        self._lifted: dict[str, int] = {}
        self._sent = array("I")
        """For each contribution since the first ``_known``, as of when it is sent."""

    def note(self, step: Transition) -> None:
        """Something was sent to everybody."""
        after = step.after.state
        for section in step.change.sections:
            self._changed[section] = after.seq
        for phase in step.lifted:
            self._lifted[phase] = after.seq
        for _ in range(len(after.items) - self._known - len(self._sent)):
            self._sent.append(after.seq)
        if len(self._sent) >= _MANY:
            self._forget(_MANY // 2)

    def _forget(self, count: int) -> None:
        self._known += count
        self._from = self._sent[count - 1]
        self._sent = self._sent[count:]

    def facts(self, look: Projection, viewer: str, since: int) -> Facts | None:
        """What a seat or the table, the same as then, has to be sent after ``since``; ``None``: nobody knows any more."""
        if not self._from <= since <= look.state.seq:
            return None
        if since == look.state.seq:
            return Facts()
        names = [name for name, at in self._changed.items() if at > since]
        known = self._known + bisect_right(self._sent, since)
        lifted = {phase for phase, at in self._lifted.items() if at > since}
        new = [*(one for one in look.state.items.of_phases(lifted) if one.n < known), *look.state.items.since(known)]
        items = tuple(item_view(one) for one in new if sees(look.state, one, viewer))
        return Facts({name: look.section(name) for name in names} | {"mine": look.mine(viewer)}, items)
