"""The real room server with meetings to play in: ``python -m bench.server FOLDER MEETINGS [--database URL --fanout URL]``.

Opens so many meetings, says on its first line, as JSON, its port and the meetings with the number of their method.
Started again in the same folder with 0, or with the same URLs, it knows those of before. Stops when its standard input
is closed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from pathlib import Path

import uvloop

from kring.meeting import unsent
from kring.methods.library import load
from kring_room.meetings import Meetings
from kring_room.server.serving import serve
from kring_room.settings import Rate, RoomSettings

SECRET = b"a secret of this bench and no other"
METHODS = ("linxx-9", "leading-org-7")
_NEVER = 10**9
"""Milliseconds that no run lasts."""
UNBOUND = Rate(1e9, 1e9)
"""People type slower than this; a generator that plays as fast as it can must not be taken for an attack."""


async def main(options: argparse.Namespace) -> None:
    """Serve until standard input is closed."""
    # A script goes on by itself from the outcome of a vote, however long it waited for its turn.
    unsent.OUTCOME = _NEVER
    database = options.database or options.folder / "bench.sqlite3"
    settings = RoomSettings(commands=UNBOUND, pings=UNBOUND, frames=UNBOUND, frame_bytes=UNBOUND)
    meetings = Meetings(database, settings)
    meetings.create_tables()
    methods = [load(name) for name in METHODS]
    opened = [(n % len(methods), meetings.open_meeting(methods[n % len(methods)])) for n in range(options.meetings)]
    stop = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), stop.set)

    def ready(port: int) -> None:
        sys.stdout.write(json.dumps({"port": port, "meetings": opened}) + "\n")
        sys.stdout.flush()

    await serve(
        host="127.0.0.1",
        port=0,
        database=database,
        fanout=options.fanout,
        secret=SECRET,
        settings=settings,
        ready=ready,
        stop=stop,
    )


def arguments() -> argparse.Namespace:
    """What may be chosen."""
    parser = argparse.ArgumentParser(description="The real room server with meetings to play in.")
    parser.add_argument("folder", type=Path, help="where its database is, unless --database names one")
    parser.add_argument("meetings", type=int, help="how many to open")
    parser.add_argument("--database", help="URL of a PostgreSQL database")
    parser.add_argument("--fanout", help="URL of a Redis, for more nodes than one")
    return parser.parse_args()


if __name__ == "__main__":
    logging.disable(logging.WARNING)  # that it is busy is the purpose
    uvloop.run(main(arguments()))
