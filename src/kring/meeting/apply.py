"""The fold of a client: a view and the facts since give the view now. The same ten lines stand in TypeScript."""

from __future__ import annotations

from msgspec.structs import replace

from kring.meeting.views import Facts, View


def apply(view: View, facts: Facts) -> View:
    """The view after the facts: sections replaced by name, items added or replaced by ``n``, or begun anew."""
    known = () if facts.fresh else view.items
    items = {item.n: item for item in (*known, *facts.items)}
    return replace(view, **facts.set, items=tuple(items[n] for n in sorted(items)))
