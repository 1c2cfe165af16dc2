"""What the measurements are to show, and what was reached. Pure."""

from __future__ import annotations

from typing import Literal, NamedTuple

from bench.figures import Json, NotMeasured, figure, shown


class Target(NamedTuple):
    """A bound on a figure. ``says`` is the sentence for people."""

    figure: str
    side: Literal["at least", "at most"]
    bound: float
    unit: str
    says: str


class Reached(NamedTuple):
    """A target with what was measured; ``None``: not measured in this run."""

    target: Target
    value: float | None

    @property
    def met(self) -> bool:
        """Whether the bound holds."""
        if self.value is None:
            return False
        return self.value >= self.target.bound if self.target.side == "at least" else self.value <= self.target.bound

    @property
    def verdict(self) -> str:
        """In a word."""
        return "not measured" if self.value is None else "reached" if self.met else "missed"


TARGETS = (
    Target("ratio_broadcast", "at least", 0.5, "x", "Deliveries at saturation, against a raw broadcast in C"),
    Target("ratio_channels", "at least", 30, "x", "Deliveries at saturation, against Channels written by the tutorial"),
    Target("decision_us", "at most", 40, "µs", "An engine decision with its fold, views and encoding, median"),
    Target("steady_above", "at most", 3, "ms", "500 rooms, one contribution per 5 s: p99 above the floor with a row"),
    Target("ratio_highest", "at least", 0.5, "x", "Highest load with p99 within 50 ms, against the floor with a row"),
    Target("seat_kb_above", "at most", 40, "kB", "Memory of a connected seat, above the floor's connection"),
    Target("room_kb_events", "at most", 80, "kB", "Memory of an open meeting of 150 contributions and 2,000 events"),
    Target(
        "room_kb_fullest", "at most", 400, "kB", "Memory of an open meeting with the 1,000 contributions it may have"
    ),
    Target("history_ratio", "at most", 1.1, "x", "Cost of an event after 100,000 events, against after 1,000"),
    Target("open_ms", "at most", 50, "ms", "Opening a meeting of 100,000 events from its snapshot"),
    Target("storm_seconds", "at most", 5, "s", "3,500 seats drop at once: until all are back"),
    Target("storm_missing", "at most", 0, "seats", "Of those, seats to which something is missing"),
    Target("generator_busy_most", "at most", 80, "%", "The load generator's core, at saturation of the fastest floor"),
)


def reached(results: Json) -> list[Reached]:
    """Every target with its figure."""
    return [Reached(target, _value(results, target.figure)) for target in TARGETS]


def _value(results: Json, name: str) -> float | None:
    try:
        return figure(results, name)
    except NotMeasured:
        return None


def rows(results: Json) -> list[tuple[str, ...]]:
    """A line for each target, ready for a table."""
    return [
        (
            one.target.says,
            f"{one.target.side} {one.target.bound:g} {one.target.unit}".replace(" x", "x").replace(" %", "%"),
            "" if one.value is None else f"{shown(one.value)} {one.target.unit}".replace(" x", "x").replace(" %", "%"),
            one.verdict,
        )
        for one in reached(results)
    ]
