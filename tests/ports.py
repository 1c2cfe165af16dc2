"""Ports for servers of the tests' own."""

from __future__ import annotations

import random
import socket

# Below those that Linux gives to whoever dials out (net.ipv4.ip_local_port_range begins at 32768). A server often begins to
# listen long after its port was chosen, and one of those would be somebody's line by then.
_RANGE = range(15_000, 32_000)


def free_port() -> int:
    """A port of this machine that nobody listens on at the moment."""
    while True:
        port = random.choice(_RANGE)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue
