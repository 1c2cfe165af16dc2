"""What a server counts, as Prometheus reads it. Nothing is done until somebody asks.

Labels have values from short lists that the protocol fixes: commands, refusals, close codes, reasons. Never a meeting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from kring_room.server.capacity import REASONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kring_room.counts import Histogram
    from kring_room.server.pulse import Pulse

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST


class Metrics:
    """The metrics of one server and of the process that it runs in."""

    def __init__(self, pulse: Pulse) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Room(pulse))
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        GCCollector(registry=self._registry)

    def text(self) -> bytes:
        """All of them now, in Prometheus' own words."""
        return generate_latest(self._registry)


class _Room(Collector):
    def __init__(self, pulse: Pulse) -> None:
        self._pulse = pulse

    def collect(self) -> Iterator[Metric]:
        yield from self._here()
        yield from self._done()
        yield from self._capacity()
        yield from self._store()

    def _here(self) -> Iterator[Metric]:
        hub = self._pulse.hub
        rooms, seats = hub.census()
        yield GaugeMetricFamily("kring_rooms", "Meetings in memory", rooms)
        yield GaugeMetricFamily("kring_running_rooms", "Meetings with somebody in them", len(hub.running()))
        yield GaugeMetricFamily("kring_seats_connected", "Devices at a seat that are connected", seats)
        yield GaugeMetricFamily("kring_connections", "Connections, seated or not", len(hub.connections))

    def _done(self) -> Iterator[Metric]:
        counts = self._pulse.hub.counts
        yield CounterMetricFamily("kring_deliveries", "Frames of facts written to devices", counts.deliveries)
        yield CounterMetricFamily("kring_sent_bytes", "Bytes of frames written to devices", counts.sent_bytes)
        commands = {str(kind.__struct_config__.tag): n for kind, n in counts.commands.items()}
        yield _by("kring_commands", "Commands that devices sent, by kind", "command", commands)
        yield _by("kring_refusals", "Commands that were refused, by code", "code", counts.refusals.copy())
        yield _by("kring_closed_connections", "Connections that ended, by why", "code", counts.closes)
        yield _by("kring_http_refusals", "HTTP requests not even passed on, by why", "code", counts.http_refusals)
        yield _histogram("kring_greeting_seconds", "From a device's hello to its welcome", counts.greetings)
        yield _histogram("kring_loop_lag_seconds", "How late the event loop was", counts.lags)

    def _capacity(self) -> Iterator[Metric]:
        full = self._pulse.full()
        why = {str(reason): int(full is not None and full.reason == reason) for reason in REASONS}
        metric = GaugeMetricFamily("kring_full", "1 while no new meeting is taken, by why", labels=("reason",))
        for reason, value in why.items():
            metric.add_metric((reason,), value)
        yield metric
        capacity = self._pulse.capacity
        yield GaugeMetricFamily(
            "kring_loop_busy_ratio",
            "The part of the time that loop or process work, lately",
            capacity.busy.value,
        )

    def _store(self) -> Iterator[Metric]:
        counts = self._pulse.hub.counts
        yield _histogram("kring_commit_seconds", "From asked to durable, of the oldest in a commit", counts.commits)
        yield _histogram("kring_commit_writes", "Writes in one commit", counts.batches)
        errors = {"read": counts.read_errors, "write": counts.write_errors}
        yield _by("kring_store_errors", "What the store could not do", "operation", errors)


def _by(name: str, meaning: str, label: str, values: Mapping[str, int]) -> Metric:
    metric = CounterMetricFamily(name, meaning, labels=(label,))
    for value, count in values.items():
        metric.add_metric((value,), count)
    return metric


def _histogram(name: str, meaning: str, histogram: Histogram) -> Metric:
    below, buckets = 0, []
    counted = tuple(histogram.buckets)
    for bound, count in zip((*map(str, histogram.bounds), "+Inf"), counted, strict=True):
        below += count
        buckets.append((bound, below))
    metric = HistogramMetricFamily(name, meaning)
    metric.add_metric((), buckets, histogram.sum)
    return metric
