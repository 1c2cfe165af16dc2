"""A cluster that may be tortured: two nodes over PostgreSQL and Redis, every line of it through a passage of its own."""

from __future__ import annotations

import asyncio
import contextlib
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import psycopg
import redis

from kring.meeting import upcasting
from tests.cluster.services import CannotStart, Postgres, Redis, Service
from tests.ports import free_port
from tests.torture.device import Place
from tests.torture.faults import COMMON, Kind, Over, Site
from tests.torture.history import Answered, Evidence, History
from tests.torture.installation import Ballast, Node, clock_problem, open_meeting
from tests.torture.passage import Passage, Proxy, Wire, wire_problem

if TYPE_CHECKING:
    from kring.methods.model import Method

NODES = 2
DISK = 400
"""Megabytes of PostgreSQL's small disk: what it begins with, and what it writes between two restarts."""
SECRET = "the secret of a cluster that is tortured and of no other"


def cluster_problem() -> str | None:
    """Why there can be no cluster here."""
    try:
        for service in (Postgres(), Redis()):
            service.close()
    except CannotStart as error:
        return str(error)
    return None


class Cluster:
    """The nodes share what is in PostgreSQL; a device comes to either of them."""

    def __init__(self, name: str, folder: Path, seed: str) -> None:
        self.name = name
        self.lacks: dict[str, str] = {}
        self._random = Random(seed)
        self.postgres, self.redis = Postgres(), Redis()
        self._ballast = Ballast(self.postgres.folder, DISK)
        if self._ballast.problem:
            self.lacks["disk-full"] = self._ballast.problem
        if no_clock := clock_problem():
            self.lacks["clock"] = no_clock
        problem = wire_problem()
        self._wires = problem is None
        self.nodes: list[Node] = []
        self.passages: list[Passage] = []
        for number in range(NODES):
            self.nodes.append(self._node(folder / f"{name}{number}", f"{seed} {number}"))
        why = f", since {problem}" if problem else ""
        self.wire = f"{self.passages[0].kind}{why}; between devices and nodes, and between nodes, PostgreSQL and Redis"

    @property
    def kinds(self) -> dict[str, Kind]:
        """What can be done here."""
        return {name: kind for name, kind in {**COMMON, **SERVICES}.items() if name not in self.lacks}

    def _node(self, folder: Path, seed: str) -> Node:
        folder.mkdir()
        _, store, fanout = passages = self._to(free_port(), self.postgres.port, self.redis.port, seed)
        self.passages += passages
        environment = {
            "KRING_SECRET_KEY": SECRET,
            "KRING_DATABASE_URL": f"postgresql://kring@{store.outer.host}:{store.outer.port}/kring",
            "KRING_REDIS_URL": f"redis://{fanout.outer.host}:{fanout.outer.port}/0",
        }
        return Node(folder, passages, **environment)

    def _to(self, node: int, postgres: int, redis: int, seed: str) -> list[Passage]:
        """From devices to the node, and from it to PostgreSQL and Redis."""
        if not self._wires:
            return [
                Proxy(Place("127.0.0.1", port), Place("127.0.0.1", free_port()), f"{seed} {port}")
                for port in (node, postgres, redis)
            ]
        devices = Wire(node, f"{seed} devices")
        store, fanout = (Wire(port, f"{seed} {port}", back=devices) for port in (postgres, redis))
        self.postgres.addresses.append(store.outer.host)
        self.redis.addresses.append(fanout.outer.host)
        return [devices, store, fanout]

    async def start(self) -> None:
        """What lies between, the services, the nodes."""
        for passage in self.passages:
            await passage.open()
        await asyncio.to_thread(self.postgres.start)
        await asyncio.to_thread(self.redis.start)
        for node in self.nodes:
            await node.process.start()

    async def stop(self) -> None:
        """All of it, in the other order."""
        for node in self.nodes:
            await node.process.stop()
        for service in (self.redis, self.postgres):
            await asyncio.to_thread(service.stop)
        for passage in reversed(self.passages):
            await passage.close()
        self._ballast.unmount()
        for service in (self.redis, self.postgres):
            service.close()

    def place(self) -> Place:
        """Any node: people of one meeting sit on different ones."""
        return self._random.choice(self.nodes).passages[0].outer

    async def open_meeting(self, method: str) -> str:
        """By the public API of any node."""
        return await open_meeting(self.place, self.postgres.url, method)

    async def evidence(self, meeting: str, method: Method, histories: tuple[History, ...]) -> Evidence:
        """Read from PostgreSQL, beside the nodes; what counts as now is what the machine says."""
        now = time.time_ns() // 1_000_000
        return await asyncio.to_thread(read, self.postgres.url, meeting, method, histories, now)

    def fill(self) -> None:
        """Leave PostgreSQL no room."""
        self._ballast.fill()

    def free(self) -> None:
        """Give the room back, and start PostgreSQL again where it gave up."""
        self._ballast.free()
        deadline = time.monotonic() + 2
        while self.postgres.running and time.monotonic() < deadline:
            if self.postgres.ready():
                return
            time.sleep(0.05)
        self.postgres.kill()
        self.postgres.start()


def read(url: str, meeting: str, method: Method, histories: tuple[History, ...], now: int) -> Evidence:
    """What PostgreSQL has of a meeting, as of one moment."""
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        events = connection.execute("SELECT version, body FROM room_event WHERE meeting = %s ORDER BY seq", (meeting,))
        log = tuple(upcasting.upcast(version, bytes(body)) for version, body in events)
        answers = connection.execute("SELECT device, command, seq FROM room_answer WHERE meeting = %s", (meeting,))
        answered = tuple(Answered(*row) for row in answers)
        bodies = connection.execute("SELECT content FROM vault_body WHERE meeting = %s", (meeting,))
        return Evidence(method, log, answered, frozenset(content for (content,) in bodies), histories, now)


# -- what can only be done to a cluster


async def _again(site: Site, service: Service, *, kill: bool) -> Over:
    await asyncio.to_thread(service.kill if kill else service.stop)
    await site.wait(0, 1)
    over = time.monotonic()
    await asyncio.to_thread(service.start)
    return Over(over, site.meetings)


async def postgres_restart(site: Site) -> Over:
    """PostgreSQL is stopped and started, as an update does it. Over when it is started again."""
    return await _again(site, _cluster(site).postgres, kill=False)


async def postgres_kill(site: Site) -> Over:
    """PostgreSQL falls, with all its workers. Over when it is started again."""
    return await _again(site, _cluster(site).postgres, kill=True)


async def redis_restart(site: Site) -> Over:
    """Redis is stopped or killed, and comes back with nothing. Over when it is started again."""
    return await _again(site, _cluster(site).redis, kill=site.random.random() < 0.5)


async def redis_flush(site: Site) -> Over:
    """Redis forgets everything, and every connection to it ends."""
    with contextlib.closing(redis.Redis.from_url(_cluster(site).redis.url)) as client:
        await asyncio.to_thread(client.flushall)
        await asyncio.to_thread(client.client_kill_filter, skipme=True)
    return Over(time.monotonic(), site.meetings)


def _cluster(site: Site) -> Cluster:
    assert isinstance(site.installation, Cluster)
    return site.installation


SERVICES: dict[str, Kind] = {
    "postgres-restart": Kind(postgres_restart, 4),
    "postgres-kill": Kind(postgres_kill, 4),
    "redis-restart": Kind(redis_restart, 6),
    "redis-flush": Kind(redis_flush, 12),
}
