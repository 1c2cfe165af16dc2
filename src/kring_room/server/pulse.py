"""The pulse of a server: how late its event loop is, how much of the time it is at work, whether its store can write.

Ten times a second it takes a sample, once a second it looks what the samples come to. ``Capacity`` decides, here is the
clock. ``full``, ``took``, ``failed`` and ``store_fails`` may be asked from any thread.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from typing import TYPE_CHECKING

from kring_room.server.capacity import Bounds, Capacity, Full, Load
from kring_room.store.port import StoreError

if TYPE_CHECKING:
    from kring_room.live.hub import Hub

_log = logging.getLogger(__name__)
_EVERY = 0.1
"""Seconds between samples."""
_EVALUATE_EVERY = 10
"""Samples between two looks."""
_FRESH = 5.0
"""Seconds for which it is believed that the store can write, once it did."""
_PATIENCE = 2.0
"""Seconds for the store to show that it can write."""
_ARRIVE = 30.0
"""Seconds within which the people of a new meeting come in: so long it counts, though nobody is there."""
SCOPE = "kring.pulse"
"""Where the web finds the pulse of the server that it runs in, in the ASGI scope."""


class Pulse:
    """Of one hub. ``start`` it on the hub's event loop."""

    def __init__(self, hub: Hub, bounds: Bounds | None = None) -> None:
        self.hub = hub
        self.capacity = Capacity(bounds or Bounds())
        self._counts = hub.counts
        self._taken: dict[str, float] = {}
        self._lock = threading.Lock()
        self._running: frozenset[str] = frozenset()
        self._wrote_at = time.perf_counter()
        self._commits = 0
        self._logged: str | None = None
        self._ticks = 0
        self._timer: asyncio.TimerHandle | None = None
        self._probe: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to measure."""
        self._loop = asyncio.get_running_loop()
        self._at, self._cpu_time = time.perf_counter(), _cpu_time()
        self._timer = self._loop.call_later(_EVERY, self._tick)

    def stop(self) -> None:
        """Measure no more."""
        if self._timer:
            self._timer.cancel()
        if self._probe:
            self._probe.cancel()

    @property
    def store_fails(self) -> bool:
        """Whether the latest attempt to write something durable failed."""
        return self._counts.write_fails

    def full(self) -> Full | None:
        """Why no new meeting may begin now, or ``None`` when one may."""
        since = time.monotonic() - _ARRIVE
        with self._lock:
            rooms = len(self._running) + sum(at > since for at in self._taken.values())
        return self.capacity.full(
            Load(
                rooms=rooms,
                connections=len(self.hub.connections),
                stopping=self.hub.stopping,
                store_fails=self.store_fails,
            )
        )

    def took(self, meeting: str) -> None:
        """A new meeting was opened: there is room for one less, though nobody is there yet."""
        with self._lock:
            self._taken[meeting] = time.monotonic()

    def failed(self) -> None:
        """A new meeting could not be written down."""
        self._counts.write_failed()

    async def check_store(self) -> None:
        """See to it that ``store_fails`` is not older than a few seconds. Many may ask at once."""
        if self._fresh() and not self.store_fails:
            return
        if self._probe is None:
            self._probe = self._loop.create_task(self._try_to_write())
            self._probe.add_done_callback(self._probed)
        await asyncio.shield(self._probe)

    async def _try_to_write(self) -> None:
        try:
            async with asyncio.timeout(_PATIENCE):
                await self.hub.store.probe()
        except (StoreError, TimeoutError):
            self._counts.write_fails = True
        else:
            self._counts.write_fails = False
            self._wrote_at = time.perf_counter()

    def _probed(self, _probe: asyncio.Task[None]) -> None:
        self._probe = None

    def _fresh(self) -> bool:
        """Whether something was written a moment ago."""
        now, commits = time.perf_counter(), self._counts.commits.count
        if commits != self._commits:
            self._commits, self._wrote_at = commits, now
        return now - self._wrote_at < _FRESH

    def _tick(self) -> None:
        at, cpu_time, counts = time.perf_counter(), _cpu_time(), self._counts
        passed = at - self._at
        late = max(0.0, passed - _EVERY)
        since, slowest = counts.committing_since, counts.slowest_commit
        counts.slowest_commit = 0.0
        self.capacity.sample(
            lag=late,
            commit=max(slowest, at - since if since is not None else 0.0),
            busy=max((now - before) / passed for now, before in zip(cpu_time, self._cpu_time, strict=True)),
        )
        counts.lags.add(late)
        self._at, self._cpu_time = at, cpu_time
        self._ticks += 1
        if self._ticks % _EVALUATE_EVERY == 0:
            self._evaluate()
        self._timer = self._loop.call_later(_EVERY, self._tick)

    def _evaluate(self) -> None:
        since = time.monotonic() - _ARRIVE
        with self._lock:
            self._running = self.hub.running()
            # Who has come counts as running from now on, or has left again.
            self._taken = {one: at for one, at in self._taken.items() if at > since and not self.hub.has(one)}
        self.capacity.evaluate()
        self._fresh()
        self._log_change()
        if self.store_fails and self._probe is None and self._ticks % (2 * _EVALUATE_EVERY) == 0:
            self._probe = self._loop.create_task(self._try_to_write())  # so that it notices when it can again
            self._probe.add_done_callback(self._probed)

    def _log_change(self) -> None:
        """Tell the log when it begins, and when it ends, that no new meeting is taken."""
        full = self.full()
        reason = full.reason if full else None
        if reason == self._logged:
            return
        self._logged = reason
        if reason:
            _log.warning("no new meetings", extra={"reason": reason})
        else:
            _log.info("new meetings again")


def _cpu_time() -> tuple[float, float]:
    """Seconds that the event loop worked so far; and the whole process, for each core that it may use.

    Where there is but one, the store's writer and the pages take from what the loop could have.
    """
    return time.thread_time(), time.process_time() / _cores()


def _cores() -> int:
    asked = getattr(os, "sched_getaffinity", None)  # Linux alone
    return len(asked(0)) if asked else os.cpu_count() or 1
