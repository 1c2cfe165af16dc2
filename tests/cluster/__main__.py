"""``make cluster``: a cluster to play with, until Ctrl+C."""

from __future__ import annotations

import argparse
import signal
import sys
import threading

from tests.cluster.cluster import Cluster
from tests.cluster.services import CannotStart


def main() -> int:
    """Start it, say where everything is, wait."""
    parser = argparse.ArgumentParser(prog="make cluster", description="A Kring of many nodes on this machine.")
    parser.add_argument("--nodes", type=int, default=2, help="how many (2)")
    arguments = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        with Cluster(arguments.nodes, settings={"KRING_PRACTICE": "on"}) as cluster:
            lines = [
                f"Kring is at {cluster.url}",
                *(
                    f"  node {node.number}: {node.url} (process {node.pid}, log {node.folder / 'log'})"
                    for node in cluster.nodes
                ),
                f"  PostgreSQL: {cluster.postgres.url} (process {cluster.postgres.pid})",
                f"  Redis: {cluster.redis.url} (process {cluster.redis.pid})",
                "Stop a node and go on talking. Ctrl+C ends it all; nothing is kept.",
            ]
            print("\n".join(lines), flush=True)  # noqa: T201 - it speaks to a person
            stop.wait()
    except CannotStart as why:
        print(f"kring: {why}", file=sys.stderr)  # noqa: T201 - as above
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
