"""A whole cluster on loopback: nodes, PostgreSQL, Redis, and nginx before them. For tests, torture, bench and people.

::

    with Cluster(nodes=2) as cluster:
        cluster.url                   # the proxy: pages, API and rooms, as people reach them
        cluster.nodes[0].url          # one node, past the proxy
        cluster.nodes[1].kill()       # SIGKILL; also stop() (SIGTERM), terminate(), freeze(), thaw(), start(), restart(), pid
        cluster.postgres.restart()    # the same for postgres, redis and proxy; redis.flush()
        cluster.meetings.open_meeting(method)

Each part has a port and temporary data of its own and is gone at the end. ``make cluster`` starts one to play with.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

from kring_room.meetings import Meetings
from kring_room.settings import RoomSettings
from tests.cluster.services import Postgres, Redis, Service, program
from tests.environment import clean_environment

SOURCE = Path(__file__).parents[2] / "src"


class Node(Service):
    """One ``kring serve``. ``more``: further environment variables, read at each start."""

    name = "node"

    def __init__(self, number: int, settings: dict[str, str]) -> None:
        super().__init__()
        self.number = number
        self.more: dict[str, str] = {}
        self.wrapper: list[str] = []
        """What to start it with, such as ``faketime``, ``taskset`` or ``ip netns exec``."""
        self._settings = settings

    @property
    def url(self) -> str:
        """This node, past the proxy."""
        return f"http://localhost:{self.port}"

    def command(self) -> list[str]:
        """As people start it."""
        return [*self.wrapper, sys.executable, "-m", "kring_command", "serve"]

    def prepare(self) -> None:
        """It makes its own folder."""

    def environment(self) -> dict[str, str]:
        """What it is told, and nothing that happens to be set for Kring here."""
        own = {"KRING_PORT": str(self.port), "KRING_DATA": str(self.folder / "data"), "PYTHONPATH": str(SOURCE)}
        return clean_environment(**{**self._settings, **own, **self.more})

    def ready(self) -> bool:
        """Whether it would take people in."""
        return answers(f"{self.url}/readyz")


class Proxy(Service):
    """nginx before the nodes: a node that does not answer is left out, and rooms are passed on as WebSockets."""

    name = "nginx"

    def __init__(self, nodes: list[Node]) -> None:
        super().__init__()
        self._nodes = nodes

    @property
    def url(self) -> str:
        """What people type."""
        return f"http://localhost:{self.port}"

    def user(self) -> str | None:
        """Its helpers would be nobody anyway, and could not read what root keeps."""
        return "nobody" if os.geteuid() == 0 else None

    def command(self) -> list[str]:
        """In this folder, in the foreground."""
        return [program("nginx", "nginx-light"), "-p", str(self.folder), "-c", "nginx.conf", "-e", "stderr"]

    def prepare(self) -> None:
        """Its configuration, as docs/cluster.md shows it."""
        servers = "".join(f"server 127.0.0.1:{node.port} max_fails=1 fail_timeout=1s; " for node in self._nodes)
        template = (Path(__file__).parent / "nginx.conf").read_text("utf-8")
        made = template.replace("@SERVERS@", servers).replace("@PORT@", str(self.port))
        (self.folder / "nginx.conf").write_text(made, "utf-8")
        self.folder.chmod(0o755)
        for name in ("body", "proxy", "fastcgi", "uwsgi", "scgi"):
            (self.folder / name).mkdir()
            (self.folder / name).chmod(0o777)


class Cluster:
    """``proxy=False``: without nginx. ``durable=False``: PostgreSQL does not wait for the disk. ``settings``: more variables."""

    def __init__(
        self, nodes: int = 2, *, proxy: bool = True, durable: bool = True, settings: dict[str, str] | None = None
    ) -> None:
        self._open = contextlib.ExitStack()
        self.secret_key = secrets.token_urlsafe(48)
        self.postgres = Postgres(durable=durable)
        self.redis = Redis()
        self._settings = {
            "KRING_DATABASE_URL": self.postgres.url,
            "KRING_REDIS_URL": self.redis.url,
            "KRING_SECRET_KEY": self.secret_key,
            "KRING_LOG_LEVEL": "info",
            **(settings or {}),
        }
        self.nodes = [Node(number, self._settings) for number in range(nodes)]
        self.proxy = Proxy(self.nodes) if proxy else None
        if self.proxy:
            self._settings["KRING_PUBLIC_URL"] = self.proxy.url
        self.meetings = Meetings(self.postgres.url, RoomSettings())

    @property
    def url(self) -> str:
        """Where people come in: the proxy, or the first node where there is none."""
        return self.proxy.url if self.proxy else self.nodes[0].url

    def __enter__(self) -> Self:
        """Start everything."""
        try:
            for service in (self.postgres, self.redis):
                self._open.callback(service.close)
                service.start()
            for node in self.nodes:
                self._open.callback(node.close)
                node.launch()
            for node in self.nodes:
                node.wait()
            if self.proxy:
                self._open.callback(self.proxy.close)
                self.proxy.start()
        except BaseException:
            self._open.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop everything, the proxy first."""
        self._open.close()


def answers(url: str) -> bool:
    """Whether something that is well answers there."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with contextlib.suppress(OSError), opener.open(url, timeout=2) as response:
        return bool(response.status == 200)
    return False
