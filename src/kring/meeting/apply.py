"""The fold of a client: a view and the facts since give the view now.

A device that knows nothing of the rules stays up to date with these ten lines: sections are replaced by name, contributions
by number, entries of the desk by seat and kind. They stand in TypeScript too (``client/src/room/state/fold.ts``), and here so that
tests and rehearsals can hold a folded view against a fresh one.
"""

from __future__ import annotations

from msgspec.structs import replace

from kring.meeting.views import Facts, View


def apply(view: View, facts: Facts) -> View:
    """The view after the facts: sections replaced by name, items by ``n``, places of the desk by seat and kind."""
    known = () if facts.fresh else view.items
    items = {item.n: item for item in (*known, *facts.items)}
    places = {(slot.seat, slot.what): slot for slot in facts.desk}
    desk = tuple(places.get((slot.seat, slot.what), slot) for slot in view.desk)
    sections = {"desk": desk, **facts.set}
    return replace(view, **sections, items=tuple(items[n] for n in sorted(items)))
