"""Of two states: whose actions may differ.

Contributions come often and touch few. ``affected`` looks at which fields of the state changed, and names the seats whose
permissions may be others than before, so that a projection works out the rest no second time.

Rule: a field that a permission reads is in none of the sets here, or read only as they say.
"""

from __future__ import annotations

from kring.meeting.ending import nothing_owed
from kring.meeting.permissions import voting_open
from kring.meeting.state import Choice, Desk, State

_UNREAD = frozenset(
    {
        "seq",
        "agenda",
        "last",
        "between",
        "quiet",
        "ready",
        "items",
        "veils",
        "chosen",
        "former_seats",
        "former_names",
        "video",
    }
)
"""Fields of the state that no permission depends on."""
_BEFOREHAND = frozenset({None, "case", "module"})
"""What may be chosen does not change any more when these can be: not so what is given while one chooses."""
_PERSONAL = frozenset({"queue", "desk", "choice"})
"""Fields of which a seat's permissions read its own part, and besides ``_conditions``."""
_LOCAL = _UNREAD | _PERSONAL


def affected(
    before: State, after: State, changed: frozenset[str], desks: list[tuple[Desk, Desk]] | None
) -> tuple[set[str], bool] | None:
    """Whom a change of these fields and places of the desk touches; ``None``: all that anybody may do may differ.

    The seats that may give, pass, choose or speak otherwise, and whether everybody may if the ``conditions`` changed.
    """
    unanimous = "ready" in changed and after.phase is not None and after.phase.unanimous
    if desks is None or unanimous or not changed <= _LOCAL:
        return None
    if after.phase is not None and after.phase.choosing not in _BEFOREHAND:
        return None
    if after.limits and any(now.slot.give is not None for _, now in desks):
        return None
    seats: set[str] = set()
    for_all = False
    if "queue" in changed:
        if not (before.queue and after.queue):
            return None
        seats |= {before.queue[0].seat, after.queue[0].seat}
        for_all = True
    if "choice" in changed:
        seats |= _voted(before.choice, after.choice)
        for_all = True
    for was, now in desks:
        settled = (not was.owed) != (not now.owed)
        if settled or (was.open, was.passed) != (now.open, now.passed):
            seats.add(now.slot.seat)
            for_all |= settled
    return seats, for_all


def _voted(before: Choice | None, after: Choice | None) -> set[str]:
    """The seats of which a vote came or changed."""
    were, are = (dict(choice.votes) if choice else {} for choice in (before, after))
    return {seat for seat in were | are if were.get(seat) != are.get(seat)}


Conditions = tuple[bool, bool, bool]


def conditions(state: State) -> Conditions:
    """What everybody's permissions ask of the whole queue and desk, and of the choice."""
    return nothing_owed(state), voting_open(state), bool(state.choice and state.choice.made)
