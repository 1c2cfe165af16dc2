"""The cluster against one node: what spreading meetings over two nodes costs, and what it adds to latency.

A machine with two cores can't give each of two nodes a core and have one left for the load. So the nodes *share* the
server's core, while PostgreSQL, Redis and the generator have the other: then the ratio of two nodes to one says what the
work of spreading costs, and two real cores would carry twice that ratio. *Apart*, the second node competes with all the
rest for the generator's core: a lower bound.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.contenders import Played, plan
from bench.generator import Generator, generator
from bench.processes import GENERATOR_CORE, SERVER_CORE, Json, on_core, python, said
from bench.sections import STEADY_GAP, Form
from tests.cluster.services import Postgres, Redis

LAYOUTS = {
    "one": (SERVER_CORE,),
    "two_sharing": (SERVER_CORE, SERVER_CORE),
    "two_apart": (SERVER_CORE, GENERATOR_CORE),
}
"""The core of each node. The seats of every meeting are dealt out over the nodes."""
ROOMS = 200
"""At a time, and as many that stand by."""


def cluster(played: Played, form: Form) -> Json:
    """Deliveries at saturation and latency at people's pace, by layout."""
    form = form._replace(rooms=ROOMS, standby=ROOMS)
    found: Json = {}
    for name, cores in LAYOUTS.items():
        with nodes(played, cores, rooms=form.rooms, standby=form.standby) as playing:
            playing.fill()
            steady = playing.play(rate=form.rooms / STEADY_GAP, warm=2, seconds=form.steady_seconds / 2)
            playing.fill()
            found[name] = {"steady": steady, "saturation": playing.play(warm=1, seconds=form.seconds)}
    return found


@contextlib.contextmanager
def nodes(played: Played, cores: Sequence[int], *, rooms: int, standby: int) -> Iterator[Generator]:
    """Nodes over a PostgreSQL and a Redis of their own, and the generator before them."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        postgres, redis = Postgres().start(), Redis().start()
        stack.callback(postgres.close)
        stack.callback(redis.close)
        pids, ports, meetings = [], [], []
        for core, count in zip(cores, (rooms + 2 * standby, *[0] * len(cores)), strict=False):
            where = ("--database", postgres.url, "--fanout", redis.url)
            node = stack.enter_context(on_core(core, python("bench.server", folder, str(count), *where)))
            there = said(node)  # one after the other: the first makes the tables
            pids.append(node.pid)
            ports.append(there["port"])
            meetings += there["meetings"]
        file = plan(Path(folder), played, meetings, rules=True)
        yield stack.enter_context(generator(ports, file, servers=pids, rooms=rooms, standby=standby))
