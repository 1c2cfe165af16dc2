"""The figures that documents and targets speak of, by name, from the JSON of one run. Pure: numbers in, numbers out."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]
_US, _KB, _PERCENT = 1e6, 1000, 100


class NotMeasured(Exception):
    """The run did not measure this: the short form leaves things out."""


def find(results: Json, path: str) -> float:
    """The number at ``section/key/key``."""
    at: Any = results
    for key in path.split("/"):
        if not isinstance(at, dict) or key not in at:
            raise NotMeasured(path)
        at = at[key]
    return float(at)


def figure(results: Json, name: str) -> float:
    """One figure by its name. Raises ``NotMeasured``, and ``KeyError`` for a name that nobody knows."""
    how = RECIPES[name]
    if isinstance(how, str):
        return find(results, how)
    kind, *paths = how
    if kind == "most":
        return max(_measured(results, paths))
    values = [figure(results, path) if path in RECIPES else find(results, path) for path in paths]
    match kind:
        case "ratio":
            return values[0] / values[1]
        case "less":
            return values[0] - values[1]
        case "us":
            return _US / values[0]
        case "kb":
            return values[0] / _KB
        case _:
            return values[0] * _PERCENT


def _measured(results: Json, names: Iterable[str]) -> list[float]:
    found = []
    for name in names:
        with contextlib.suppress(NotMeasured):
            found.append(figure(results, name))
    if not found:
        raise NotMeasured(", ".join(names))
    return found


def known(results: Json) -> dict[str, float]:
    """Every figure that was measured."""
    found = {}
    for name in RECIPES:
        try:
            found[name] = figure(results, name)
        except NotMeasured:
            continue
    return found


def shown(value: float) -> str:
    """A figure as documents show it: three digits that count, thousands with a comma."""
    if value == 0 or (isinstance(value, int) and abs(value) < 1000):  # noqa: PLR2004 - a thousand
        return f"{value:.0f}"
    size = abs(value)
    if size >= 1000:  # noqa: PLR2004 - a thousand
        digits = len(str(int(size)))
        return f"{round(value, 3 - digits):,.0f}"
    return f"{value:.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.2f}"  # noqa: PLR2004 - powers of ten


NAMES = {
    "kring": "Kring",
    "broadcast": "a: broadcast in C",
    "picows": "a: broadcast by picows",
    "websockets": "b: websockets, a row in groups",
    "channels": "c: Channels, Redis, ORM",
    "channels_few": "c: the same in few rooms",
}
"""Who is measured, as tables and pictures call them."""
_SATURATED = ("kring", "broadcast", "picows", "websockets", "channels", "channels_few")
RECIPES: dict[str, str | tuple[str, ...]] = {
    "bytes_per_delivery": "bytes_per_delivery",
    **{f"{name}_deliveries": f"saturation/{name}/deliveries_per_second" for name in _SATURATED},
    **{f"{name}_contributions": f"saturation/{name}/contributions_per_second" for name in _SATURATED},
    **{
        f"{name}_generator_busy": ("percent", f"saturation/{name}/generator_busy")
        for name in ("kring", "broadcast", "picows")
    },
    **{f"ratio_{name}": ("ratio", "kring_deliveries", f"{name}_deliveries") for name in _SATURATED if name != "kring"},
    "generator_busy_most": ("most", "broadcast_generator_busy", "picows_generator_busy"),
    "kring_us": ("us", "kring_contributions"),
    "broadcast_us": ("us", "broadcast_contributions"),
    "stored_bytes_per_event": "saturation/kring/stored_bytes_per_event",
    **{
        f"{name}_steady_{point}": f"steady/{name}/{point}_ms"
        for name in ("kring", "websockets")
        for point in ("p50", "p99")
    },
    "steady_above": ("less", "kring_steady_p99", "websockets_steady_p99"),
    **{f"{name}_highest": f"highest/{name}/highest" for name in ("kring", "websockets", "broadcast")},
    "ratio_highest": ("ratio", "kring_highest", "websockets_highest"),
    **{f"{name}_seat_kb": ("kb", f"memory/{name}/bytes_per_seat") for name in ("kring", "picows", "websockets")},
    "room_kb": ("kb", "memory/kring/bytes_per_room"),
    "empty_kb": ("kb", "memory/kring/empty/pss"),
    "seat_kb_above": ("less", "kring_seat_kb", "websockets_seat_kb"),
    "storm_seconds": "storm/seconds",
    "storm_seats": "storm/seats",
    "storm_missing": "storm/all_missing",
    **{
        f"cluster_{layout}_deliveries": f"cluster/{layout}/saturation/deliveries_per_second"
        for layout in ("one", "two_sharing", "two_apart")
    },
    **{
        f"cluster_{layout}_{point}": f"cluster/{layout}/steady/{point}_ms"
        for layout in ("one", "two_sharing", "two_apart")
        for point in ("p50", "p99")
    },
    "cluster_efficiency": ("ratio", "cluster_two_sharing_deliveries", "cluster_one_deliveries"),
    "cluster_apart_ratio": ("ratio", "cluster_two_apart_deliveries", "cluster_one_deliveries"),
    "cluster_added_p50": ("less", "cluster_two_sharing_p50", "cluster_one_p50"),
    "cluster_added_p99": ("less", "cluster_two_sharing_p99", "cluster_one_p99"),
    "decision_us": "alone/step_cost/median_us",
    "history_ratio": "alone/history/ratio",
    "open_ms": "alone/history/open_ms",
    "room_kb_events": "alone/meeting_memory/longest_kb",
    "room_kb_fullest": "alone/meeting_memory/fullest_kb",
}
"""Where each figure comes from: a place in the JSON, or a way to make it from other figures."""
