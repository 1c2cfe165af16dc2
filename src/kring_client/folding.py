"""The view that a device holds, and how facts change it. Plain JSON, as it comes over the wire."""

from __future__ import annotations

from kring_client.wire import FactsOut, View


def fold(view: View, facts: FactsOut) -> View:
    """The view after these facts: sections are replaced whole, items are added or replaced by ``n``."""
    known = [] if facts.get("fresh") else view["items"]
    items = {item["n"]: item for item in (*known, *facts.get("items", ()))}
    return {**view, **facts.get("set", {}), "items": [items[n] for n in sorted(items)]}
