"""The kinds of faults. Each does its harm, mends it, and says which meetings it touched and when it was over.

What it costs to wait is bounded by ``Limits``: the short form in CI waits less than the long one.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from random import Random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tests.torture.installation import Installation
    from tests.torture.meeting import Meeting

HOUR = 3600
CLOCK_SETS = 1.1
"""Seconds until a node that runs has its wall clock as it was set."""
FALLS_MEANWHILE = 0.4
"""Of the nodes whose clock is off, so many are killed and started with it."""


class Limits(NamedTuple):
    """Seconds that a node is frozen when it is for long, and that other faults may last at most."""

    frozen: float = 20
    usual: float = 3


class Site(NamedTuple):
    """Where a fault happens: an installation, what is played on it, and chance."""

    installation: Installation
    meetings: list[Meeting]
    random: Random
    limits: Limits

    def some(self) -> list[Meeting]:
        """One meeting or more."""
        return self.random.sample(self.meetings, self.random.randint(1, len(self.meetings)))

    async def wait(self, least: float = 0.1, most: float | None = None) -> None:
        """For as long as a fault usually lasts."""
        await asyncio.sleep(self.random.uniform(least, most or self.limits.usual))


class Over(NamedTuple):
    """When a fault was over, which meetings it touched, and what to wait for before the next one."""

    at: float
    meetings: list[Meeting]
    then: Callable[[], Awaitable[None]] | None = None


Fault = Callable[[Site], Awaitable[Over]]


async def nothing(site: Site) -> Over:
    """No fault: what the same measure says when all is well."""
    return Over(time.monotonic(), site.meetings)


async def kill(site: Site) -> Over:
    """SIGKILL of a node. Over when it is started again: its starting is a part of the recovery."""
    node = site.random.choice(site.installation.nodes)
    await node.process.kill()
    await site.wait(0, 1)
    over = time.monotonic()
    await node.process.start()
    return Over(over, site.meetings)


async def power(site: Site) -> Over:
    """A node's machine loses its power: nobody hears of it any more, not even that its connections ended."""
    node = site.random.choice(site.installation.nodes)
    for passage in node.passages:
        passage.block(on=True)
    await node.process.kill()
    await site.wait()
    for passage in node.passages:
        passage.block(on=False)
    over = time.monotonic()
    await node.process.start()
    return Over(over, site.meetings)


async def restart(site: Site) -> Over:
    """SIGTERM of a node, as an update does it, and a start. What it takes to stop counts, and whoever can goes elsewhere."""
    node = site.random.choice(site.installation.nodes)
    over = time.monotonic()
    await node.process.stop()
    await node.process.start(wait=False)
    return Over(over, site.meetings, node.process.started)


async def freeze(site: Site) -> Over:
    """SIGSTOP of a node: it is there, and does nothing. Over with SIGCONT."""
    return await _frozen(site, site.random.uniform(0.2, site.limits.usual))


async def long_freeze(site: Site) -> Over:
    """The same for so long that everybody has given it up."""
    return await _frozen(site, site.limits.frozen)


async def _frozen(site: Site, seconds: float) -> Over:
    node = site.random.choice(site.installation.nodes)
    node.process.send(signal.SIGSTOP)
    await asyncio.sleep(seconds)
    node.process.send(signal.SIGCONT)
    return Over(time.monotonic(), site.meetings)


async def clock(site: Site) -> Over:
    """A node's clock is an hour off, one way or the other; it may fall and start with it. Over when it is right again."""
    node = site.random.choice(site.installation.nodes)
    node.set_clock(site.random.choice((HOUR, -HOUR)))
    await asyncio.sleep(CLOCK_SETS)
    await site.wait()
    if site.random.random() < FALLS_MEANWHILE:
        await node.process.kill()
        await node.process.start()
        await site.wait()
    node.set_clock(0)
    await asyncio.sleep(CLOCK_SETS)
    return Over(time.monotonic(), site.meetings)


async def disk_full(site: Site) -> Over:
    """Not a byte is left where the store writes. Over when there is room again."""
    await asyncio.to_thread(site.installation.fill)
    await site.wait(0.3)
    await asyncio.to_thread(site.installation.free)
    return Over(time.monotonic(), site.meetings)


async def cut(site: Site) -> Over:
    """Some connections end at once, without a word."""
    meetings = site.some()
    for meeting in meetings:
        for device in meeting.devices:
            if site.random.random() < 0.7:
                device.cut()
    return Over(time.monotonic(), meetings)


async def partition(site: Site) -> Over:
    """Nothing passes between the devices and a node, and nobody is told. Over when things pass again."""
    passage = site.random.choice(site.installation.passages)
    passage.block(on=True)
    await site.wait()
    passage.block(on=False)
    return Over(time.monotonic(), site.meetings)


async def lossy(site: Site) -> Over:
    """Packets come late, and some don't come. Over when all is well again."""
    passage = site.random.choice(site.installation.passages)
    passage.trouble(delay=site.random.uniform(0.01, 0.25), loss=site.random.uniform(0.02, 0.3))
    await site.wait(0.5)
    passage.trouble()
    return Over(time.monotonic(), site.meetings)


async def slow_reader(site: Site) -> Over:
    """Some devices of a meeting stop reading. Over at once for the others; then they read on."""
    meeting = site.random.choice(site.meetings)
    slow = site.random.sample(meeting.devices, site.random.randint(1, len(meeting.devices) - 2))
    over = time.monotonic()
    for device in slow:
        device.read(on=False)
    await site.wait()
    for device in slow:
        device.read(on=True)
    return Over(over, [meeting])


async def herd(site: Site) -> Over:
    """Every device drops its connection and comes back, all at once, three times."""
    over = time.monotonic()
    for _ in range(3):
        for meeting in site.meetings:
            for device in meeting.devices:
                device.cut()
        over = time.monotonic()
        await site.wait(0.1, 0.4)
    return Over(over, site.meetings)


class Kind(NamedTuple):
    """How it is done, and how often, compared with the others: what takes long is rarer."""

    do: Fault
    weight: float


COMMON: dict[str, Kind] = {
    "none": Kind(nothing, 3),
    "kill": Kind(kill, 9),
    "restart": Kind(restart, 4),
    "power": Kind(power, 5),
    "freeze": Kind(freeze, 6),
    "long-freeze": Kind(long_freeze, 2),
    "clock": Kind(clock, 5),
    "disk-full": Kind(disk_full, 5),
    "cut": Kind(cut, 22),
    "partition": Kind(partition, 9),
    "lossy": Kind(lossy, 10),
    "slow-reader": Kind(slow_reader, 14),
    "herd": Kind(herd, 14),
}
