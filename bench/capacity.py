"""How much so many seats need: a model on paper, made from what was measured. Pure; ``docs/scale.md`` tells the story.

It is linear on purpose: every part of a contribution costs what it cost in the measurement, on one core. What can't be
measured on one machine is an assumption, and stands here with its value.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from bench.figures import Json, find

SIZES = (10_000, 100_000, 1_000_000)
SEATS = 7
SECONDS_BETWEEN = 5.0
"""Between two contributions in one meeting."""
BUSY = 0.6
"""Of a core may be used: beyond that latency grows, and a lost node's seats need a place."""
NODES_OF_A_MEETING = 2
"""On which the seats of one meeting are, when nobody steers where they connect."""
ROWS_PER_SECOND = 25_000
"""That one PostgreSQL commits in groups: half of what a bare insert reached here."""
PUBLISHED_PER_SECOND = 40_000
"""That one Redis passes on, of this size: half of what is usual on one core."""
HOURS_A_DAY = 8
_REPEATED = ("deciding and folding", "views, facts, encoding")
"""Parts of a contribution's time that every node with a seat of the meeting spends again."""


class Inputs(NamedTuple):
    """What was measured: microseconds and bytes."""

    contribution_us: float
    repeated_us: float
    """Of it, what another node that shows the meeting spends as well."""
    seat_bytes: float
    room_bytes: float
    empty_bytes: float
    delivery_bytes: float
    stored_bytes: float


class Need(NamedTuple):
    """What so many seats need at the same time."""

    meetings: float
    contributions: float
    deliveries: float
    cores: float
    nodes: int
    memory_gb: float
    network_mbit: float
    rows: float
    databases: int
    redis: int
    stored_gb_a_day: float


LABELS = {
    "meetings": "meetings at the same time",
    "contributions": "contributions per second",
    "deliveries": "deliveries per second",
    "cores": "cores for rooms, busy to 60%",
    "nodes": "nodes of one core, with one to spare",
    "memory_gb": "memory of the nodes, GB",
    "network_mbit": "to the browsers, Mbit/s",
    "rows": "contributions committed per second",
    "databases": "PostgreSQL servers, by meeting",
    "redis": "Redis servers, by meeting",
    "stored_gb_a_day": "stored in 8 hours, GB",
}
"""What tables call the fields of ``Need``."""


def inputs(results: Json) -> Inputs:
    """From the JSON of one run."""
    parts: dict[str, float] = results.get("stages", {}).get("parts_us", {})
    return Inputs(
        contribution_us=1e6 / find(results, "saturation/kring/contributions_per_second"),
        repeated_us=sum(parts.get(part, 0.0) for part in _REPEATED),
        seat_bytes=max(0.0, find(results, "memory/kring/bytes_per_seat")),
        room_bytes=max(0.0, find(results, "memory/kring/bytes_per_room")),
        empty_bytes=find(results, "memory/kring/empty/pss"),
        delivery_bytes=find(results, "bytes_per_delivery"),
        stored_bytes=find(results, "saturation/kring/stored_bytes_per_event"),
    )


def spread_us(measured: Inputs, nodes: int) -> float:
    """Microseconds of all nodes together for a contribution in a meeting whose seats are on so many nodes."""
    return measured.contribution_us + (nodes - 1) * measured.repeated_us


def speedup(measured: Inputs, nodes: int) -> float:
    """How many times as much so many nodes carry as one, when every meeting is spread over all of them."""
    return nodes * measured.contribution_us / spread_us(measured, nodes)


def need(measured: Inputs, seats: int) -> Need:
    """What ``seats`` seats in meetings at people's pace need."""
    meetings = seats / SEATS
    contributions = meetings / SECONDS_BETWEEN
    deliveries = contributions * SEATS
    cores = contributions * spread_us(measured, NODES_OF_A_MEETING) / 1e6 / BUSY
    nodes = math.ceil(cores) + 1
    memory = seats * measured.seat_bytes + meetings * NODES_OF_A_MEETING * measured.room_bytes
    return Need(
        meetings=meetings,
        contributions=contributions,
        deliveries=deliveries,
        cores=cores,
        nodes=nodes,
        memory_gb=(memory + nodes * measured.empty_bytes) / 1e9,
        network_mbit=deliveries * measured.delivery_bytes * 8 / 1e6,
        rows=contributions,
        databases=math.ceil(contributions / ROWS_PER_SECOND),
        redis=math.ceil(contributions / PUBLISHED_PER_SECOND),
        stored_gb_a_day=contributions * HOURS_A_DAY * 3600 * measured.stored_bytes / 1e9,
    )


def quoted(results: Json, name: str) -> float:
    """A figure of the model as documents name it, ``cores_10000`` for one of ``Need``. Raises ``KeyError`` and ``NotMeasured``."""
    measured = inputs(results)
    if name == "repeated_us":
        return measured.repeated_us
    if name == "model_efficiency":
        return speedup(measured, NODES_OF_A_MEETING) / NODES_OF_A_MEETING
    field, _, seats = name.rpartition("_")
    if field not in Need._fields or not seats.isdigit():
        raise KeyError(name)
    value: float = getattr(need(measured, int(seats)), field)
    return value
