"""The view that a device holds, and how facts change it. Plain JSON, as it comes over the wire."""

from __future__ import annotations

from kring_client.wire import FactsOut, View


def fold(view: View, facts: FactsOut) -> View:
    """The view after these facts: sections are replaced whole, items by ``n``, places of the desk by seat and kind."""
    known = [] if facts.get("fresh") else view["items"]
    items = {item["n"]: item for item in (*known, *facts.get("items", ()))}
    places = {(slot["seat"], slot["what"]): slot for slot in facts.get("desk", ())}
    desk = [places.get((slot["seat"], slot["what"]), slot) for slot in view["desk"]]
    return {**view, "desk": desk, **facts.get("set", {}), "items": [items[n] for n in sorted(items)]}
