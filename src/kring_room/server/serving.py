"""``serve``: pages, API and rooms on one port, until told to stop; then everybody hears why, after what was asked is done."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from typing import TYPE_CHECKING, Any

import uvicorn

from kring_room.adapters import fanout_of, store_of
from kring_room.cluster.clock import shared_clock
from kring_room.counts import Counts
from kring_room.live.hub import Hub
from kring_room.server.gc_tuning import tuned_gc
from kring_room.server.http import http_class
from kring_room.server.probes import Probes
from kring_room.server.pulse import Pulse
from kring_room.server.transport import socket_class
from kring_room.settings import RoomSettings

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
    from pathlib import Path

    from kring_room.server.capacity import Bounds
    from kring_room.store.erasures import Ledger
    from kring_room.store.port import Store

    AsgiApp = Callable[[Any, Any, Any], Awaitable[None]]

_log = logging.getLogger(__name__)
_BACKLOG = 2048


class _Server(uvicorn.Server):
    """Uvicorn without signal handlers of its own: who calls ``serve`` decides when to stop."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave signals alone."""
        yield


async def serve(  # noqa: PLR0913 - all that a server is made of
    *,
    host: str,
    port: int,
    database: Path | str,
    secret: bytes,
    fanout: str | None = None,
    asgi_app: AsgiApp | None = None,
    settings: RoomSettings | None = None,
    ready: Callable[[int], None] | None = None,
    stop: asyncio.Event | None = None,
    create_tables: bool = True,
    clock: Callable[[], int] | None = None,
    store: Store | None = None,
    bounds: Bounds | None = None,
    metrics_token: str | None = None,
    ledger: Ledger | None = None,
) -> None:
    """Serve until ``stop`` is set or the task is cancelled. ``ready`` is called with the port; ``port=0`` takes any.

    Raises ``OSError`` when the port can't be had. ``database``: an SQLite file, or a PostgreSQL URL; ``fanout``: the URL of a
    Redis, for more nodes than this one. ``clock`` and ``store`` are for tests. ``bounds``: how much is too much for new
    meetings. ``metrics_token``: who shows it may read the metrics; without it nobody may. ``ledger``: of what is destroyed;
    it is whole before anybody may come.
    """
    counts = Counts()
    settings = settings or RoomSettings()
    store = store or store_of(database, create=create_tables, counts=counts, ledger=ledger)
    listening = _listen(host, port)
    try:
        await store.start()
        hub = Hub(store, secret, settings, clock or shared_clock(database), counts, fanout_of(fanout))
        async with _at_work(hub, bounds) as pulse:
            app = Probes(asgi_app or _nothing_here, pulse, metrics_token)
            with tuned_gc():
                await _run(hub, listening, app, ready, stop or asyncio.Event(), lifespan=asgi_app is not None)
    finally:
        listening.close()


@contextlib.asynccontextmanager
async def _at_work(hub: Hub, bounds: Bounds | None) -> AsyncGenerator[Pulse, None]:
    """The hub with its pulse; at the end its store is closed, too, and so it is when the hub can't start."""
    pulse = Pulse(hub, bounds)
    async with contextlib.AsyncExitStack() as ends:
        ends.push_async_callback(hub.store.stop)
        await hub.start()
        ends.push_async_callback(hub.stop)
        pulse.start()
        ends.callback(pulse.stop)
        yield pulse


async def _run(
    hub: Hub,
    listening: socket.socket,
    app: AsgiApp,
    ready: Callable[[int], None] | None,
    stop: asyncio.Event,
    *,
    lifespan: bool,
) -> None:
    config = uvicorn.Config(
        app,
        http=http_class(hub.settings, hub.counts),
        ws=socket_class(hub),
        lifespan="auto" if lifespan else "off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the application knows who its proxies are
        timeout_graceful_shutdown=max(1, round(hub.settings.stop_within)),
        backlog=_BACKLOG,
    )
    port: int = listening.getsockname()[1]
    _log.info("serving", extra={"port": port})
    server = _Server(config, lambda: ready(port) if ready else None)
    serving = asyncio.create_task(server.serve([listening]))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        _log.info("stopping")
        await hub.stop()
        server.should_exit = True
        await serving
        _log.info("stopped")


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    both = host == "::" and socket.has_dualstack_ipv6()  # else it would be IPv6 alone, on most systems
    listening = socket.create_server((host, port), family=family, backlog=_BACKLOG, dualstack_ipv6=both)
    # Connections inherit it. Without it what follows `facts` waits some 40 ms for the other side's acknowledgement; asyncio
    # sets it by itself only on sockets that name their protocol, and those of `create_server` don't.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listening.setblocking(False)  # noqa: FBT003 - the standard library's own signature
    return listening


async def _nothing_here(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401, ARG001 - ASGI's own signature
    """What answers when there is no web app: rooms only."""
    await send({"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"Only rooms here.\n"})
