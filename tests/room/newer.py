"""A node of a release that does not exist yet: ``python tests/room/newer.py POSTGRES REDIS``, to run beside one of today.

Its events, snapshots and words to other nodes are of the next version; it reads today's, as every release reads older ones.
"""

from __future__ import annotations

import asyncio
import signal
import sys

from kring.meeting import snapshot, upcasting
from kring_room.cluster import nodes
from kring_room.server.serving import serve
from kring_room.settings import RoomSettings
from tests.room.support import SECRET


class Here(nodes.Here, frozen=True, tag="here"):
    """Its devices have become a list, with more to say of each."""

    devices: list[tuple[str, int, str]]  # type: ignore[assignment]  # that is what makes it another release


def be_newer() -> None:
    """Change what is written."""
    upcasting.UPCASTERS[upcasting.VERSION] = lambda event: event
    upcasting.VERSION += 1
    snapshot.FORMAT += 1
    snapshot._HEAD = b"kring state %d\n" % snapshot.FORMAT
    say = nodes._encoder.encode

    class Encoder:
        def encode(self, message: nodes.Message) -> bytes:
            if isinstance(message, nodes.Here):
                return say(Here(message.node, [(device, at, "") for device, at in message.devices.items()]))
            return say(message)

    nodes._encoder = Encoder()  # type: ignore[assignment]  # as above


async def run(postgres: str, redis: str) -> None:
    """Serve until told to stop."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    settings = RoomSettings(beat=0.1, presence_grace=0.3, takeover=0.2)
    await serve(
        host="127.0.0.1", port=0, database=postgres, fanout=redis, secret=SECRET, stop=stop, settings=settings,
        create_tables=False, ready=lambda taken: print(taken, flush=True),  # noqa: T201 - how the port is told
    )  # fmt: skip


if __name__ == "__main__":
    be_newer()
    asyncio.run(run(*sys.argv[1:]))
