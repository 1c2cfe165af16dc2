"""What lies between the devices and a node, where packets and connections get into trouble.

``Wire``: a wire between two network namespaces that delays, loses and stops packets (a TUN device at each end, joined here),
for whoever may make those; the kernels' TCP does the rest. ``Proxy``: the same for connections, in user space, where a lost
packet is one that comes late.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import shutil
import struct
import subprocess
from ipaddress import ip_network
from itertools import count
from random import Random
from typing import Protocol

from tests.torture.device import Place

_TUNSETIFF, _TUN, _NO_PI = 0x400454CA, 0x0001, 0x1000
_MTU = 1500
_CHUNK = 64 * 1024
_numbers = count(1)
_NETWORK = ip_network("198.18.0.0/15")


class Passage(Protocol):
    """``prefix`` starts a node at its far end, where it listens at ``inner``; devices reach it at ``outer``."""

    kind: str
    prefix: list[str]
    inner: Place
    outer: Place

    async def open(self) -> None:
        """Let traffic through."""

    def trouble(self, delay: float = 0, loss: float = 0) -> None:
        """From now on: so many seconds of delay, about, and such a part of the packets lost. Nothing: all is well."""

    def block(self, *, on: bool) -> None:
        """Let nothing through, or all again."""

    async def close(self) -> None:
        """Leave nothing behind."""


class Proxy:
    """Connections to ``outer`` are joined with connections to ``inner``."""

    kind = "a proxy in user space"

    def __init__(self, inner: Place, outer: Place, seed: str) -> None:
        self.prefix: list[str] = []
        self.inner, self.outer = inner, outer
        self._random = Random(seed)
        self._delay = self._loss = 0.0
        self._clear = asyncio.Event()
        self._clear.set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._join, self.outer.host, self.outer.port)

    def trouble(self, delay: float = 0, loss: float = 0) -> None:
        """As ``Passage`` says."""
        self._delay, self._loss = delay, loss

    def block(self, *, on: bool) -> None:
        """As ``Passage`` says."""
        (self._clear.clear if on else self._clear.set)()

    def cut(self) -> None:
        """End every connection that there is."""
        for task in self._tasks:
            task.cancel()

    async def close(self) -> None:
        """Listen no more."""
        self._server.close()
        self.cut()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        try:
            far_reader, far_writer = await asyncio.open_connection(*self.inner)
            try:
                async with asyncio.TaskGroup() as both:
                    both.create_task(self._pump(reader, far_writer))
                    both.create_task(self._pump(far_reader, writer))
            finally:
                far_writer.transport.abort()
        except (OSError, ExceptionGroup, asyncio.CancelledError):
            pass  # It ends here, and so at both sides.
        finally:
            writer.transport.abort()
            self._tasks.discard(task)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(_CHUNK):
            await self._clear.wait()
            if self._delay or self._loss:
                lost = 0.3 if self._random.random() < self._loss else 0
                await asyncio.sleep(self._delay * self._random.uniform(0.5, 1.5) + lost)
            writer.write(data)
            await writer.drain()
        with contextlib.suppress(OSError):
            writer.write_eof()


def wire_problem() -> str | None:
    """Why there can be no wire here."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if not shutil.which("ip"):
        return "there is no iproute2"
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        return "there is no /dev/net/tun"
    name = f"kring-try-{os.getpid()}"
    if subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False).returncode:
        return "network namespaces are not permitted"
    subprocess.run(["ip", "netns", "del", name], check=True)
    return None


class Wire:
    """From here to ``port`` of a node in a network namespace of its own; with ``back``, from that wire's node to ``port`` here.

    Addresses are of the range that is kept for such tests (RFC 2544), two for each wire.
    """

    kind = "packets between network namespaces"

    def __init__(self, port: int, seed: str, *, back: Wire | None = None) -> None:
        pid, number = os.getpid(), next(_numbers)
        first = (pid % 2048 * 16 + number) % 2**15 * 4
        near, far = (str(_NETWORK[first + end]) for end in (1, 2))
        self._owns = back is None
        self._name: str = back._name if back else f"kring{pid}n{number}"
        self.prefix = ["ip", "netns", "exec", self._name]
        self.inner = self.outer = Place(near if back else far, port)
        self._ends = {f"kr{pid % 1_000_000}a{number}": near, f"kr{pid % 1_000_000}b{number}": far}
        self._random = Random(seed)
        self._delay = self._loss = 0.0
        self._blocked = False
        self._fds: list[int] = []

    async def open(self) -> None:
        """Make both ends, put one into the namespace, carry packets."""
        near, far = self._ends
        if self._owns:
            _ip("netns", "add", self._name)
            _run(*self.prefix, "ip", "link", "set", "lo", "up")
        self._fds = [_tun(near), _tun(far)]
        _ip("link", "set", far, "netns", self._name)
        self._up(near, self._ends[near], self._ends[far])
        self._up(far, self._ends[far], self._ends[near], *self.prefix)
        loop = asyncio.get_running_loop()
        for fd, other in ((self._fds[0], self._fds[1]), (self._fds[1], self._fds[0])):
            loop.add_reader(fd, self._carry, fd, other)

    def trouble(self, delay: float = 0, loss: float = 0) -> None:
        """As ``Passage`` says."""
        self._delay, self._loss = delay, loss

    def block(self, *, on: bool) -> None:
        """As ``Passage`` says."""
        self._blocked = on

    async def close(self) -> None:
        """Take the wire away, and the namespace with its first one."""
        for fd in self._fds:
            asyncio.get_running_loop().remove_reader(fd)
            os.close(fd)
        self._fds = []
        if self._owns:
            _ip("netns", "del", self._name)

    def _up(self, end: str, address: str, peer: str, *prefix: str) -> None:
        for words in (
            ("addr", "add", address, "peer", peer, "dev", end),
            ("link", "set", end, "mtu", str(_MTU), "txqueuelen", "1000", "up"),
        ):
            _run(*prefix, "ip", *words)

    def _carry(self, fd: int, other: int) -> None:
        with contextlib.suppress(BlockingIOError):
            for _ in range(64):
                packet = os.read(fd, _MTU + 100)
                if self._blocked or (self._loss and self._random.random() < self._loss):
                    continue
                if self._delay:
                    late = self._delay * self._random.uniform(0.5, 1.5)
                    asyncio.get_running_loop().call_later(late, self._deliver, other, packet)
                else:
                    self._deliver(other, packet)

    def _deliver(self, fd: int, packet: bytes) -> None:
        if fd in self._fds:
            with contextlib.suppress(OSError):  # A full queue loses packets, as queues do.
                os.write(fd, packet)


def _ip(*words: str) -> None:
    _run("ip", *words)


def _run(*words: str) -> None:
    subprocess.run(words, check=True)


def _tun(name: str) -> int:
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(fd, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _TUN | _NO_PI))
    return fd
