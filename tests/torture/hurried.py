"""Rooms alone, for devices that are in a hurry: ``python -m tests.torture.hurried DATABASE PORT``.

No bound on how fast a device may talk, so that a reader is slow soon. Why a connection was closed goes to standard error.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

from kring_room.server.serving import serve
from kring_room.settings import Rate, RoomSettings
from tests.room.support import SECRET

UNBOUND = Rate(1e9, 1e9)


async def run(database: str, port: str) -> None:
    """Serve until killed."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s: %(reason)s", defaults={"reason": "-"}))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    await serve(
        host="127.0.0.1", port=int(port), database=Path(database), secret=SECRET,
        settings=RoomSettings(commands=UNBOUND, pings=UNBOUND, frames=UNBOUND, frame_bytes=UNBOUND),
        ready=lambda taken: print(taken, flush=True),  # noqa: T201 - how one knows that it has started
    )  # fmt: skip


if __name__ == "__main__":
    asyncio.run(run(*sys.argv[1:]))
