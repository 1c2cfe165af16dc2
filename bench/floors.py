"""What a room could cost at least, on one core: ``python -m bench.floors picows|websockets FOLDER BYTES``.

``picows``: every message is answered to all seven of its room with the same bytes, at once. ``websockets``: the same
after a row with the message is durable, in groups (SQLite, WAL, ``synchronous=FULL``). Neither knows any rule.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast
from websockets.asyncio.server import serve as serve_websockets
from websockets.exceptions import ConnectionClosed

WELCOME = b'{"type":"welcome"}'
HELLO = b'{"type":"hello"'
Row = tuple[str, bytes]


def facts(size: int) -> bytes:
    """A message of as many bytes as the facts of the real server, on average."""
    return b'{"type":"facts","x":"' + b"x" * (size - 23) + b'"}'


def say(port: int) -> None:
    """Tell where to come."""
    sys.stdout.write(json.dumps({"port": port, "meetings": []}) + "\n")
    sys.stdout.flush()


async def picows_floor(told: bytes, stop: asyncio.Event) -> None:
    """Broadcast, and nothing else."""
    import picows  # noqa: PLC0415 - only this floor needs it

    rooms: dict[str, set[Any]] = defaultdict(set)

    class Listener(picows.WSListener):
        def __init__(self, room: str) -> None:
            super().__init__()
            self.room = rooms[room]

        def on_ws_frame(self, transport: Any, frame: Any) -> None:  # noqa: ANN401 - as above
            if frame.msg_type == picows.WSMsgType.CLOSE:
                transport.disconnect()
            elif frame.get_payload_as_bytes().startswith(HELLO):
                self.room.add(transport)
                transport.send(picows.WSMsgType.TEXT, WELCOME)
            else:
                for one in self.room:
                    one.send(picows.WSMsgType.TEXT, told)

        def on_ws_disconnected(self, transport: Any) -> None:  # noqa: ANN401 - as above
            self.room.discard(transport)

    server = await picows.ws_create_server(lambda request: Listener(request.path.decode()), "127.0.0.1", 0)
    say(server.sockets[0].getsockname()[1])
    await stop.wait()


class Group:
    """One writer that commits what is pending together."""

    def __init__(self, database: Path) -> None:
        self._connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("CREATE TABLE said (id INTEGER PRIMARY KEY, room TEXT, body BLOB)")
        self._pending: list[tuple[Row, asyncio.Future[None]]] = []
        self._thread = ThreadPoolExecutor(1)
        self._writing = False

    async def commit(self, row: Row) -> None:
        """Return when the row is durable."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._pending.append((row, done))
        if not self._writing:
            self._writing = True
            asyncio.get_running_loop().call_soon(self._go)
        await done

    def _go(self) -> None:
        group, self._pending = self._pending, []
        writing = asyncio.get_running_loop().run_in_executor(self._thread, self._write, [row for row, _ in group])
        writing.add_done_callback(lambda _: self._written(group))

    def _write(self, rows: list[Row]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT INTO said (room, body) VALUES (?, ?)", rows)
        self._connection.execute("COMMIT")

    def _written(self, group: list[tuple[Row, asyncio.Future[None]]]) -> None:
        for _, done in group:
            if not done.done():
                done.set_result(None)
        self._writing = bool(self._pending)
        if self._writing:
            self._go()


async def websockets_floor(told: bytes, stop: asyncio.Event, database: Path) -> None:
    """A row, then broadcast."""
    rooms: dict[str, set[ServerConnection]] = defaultdict(set)
    group, text = Group(database), told.decode()

    async def handle(connection: ServerConnection) -> None:
        path = connection.request.path if connection.request else ""
        room = rooms[path]
        with contextlib.suppress(ConnectionClosed):
            async for message in connection:
                body = message if isinstance(message, bytes) else message.encode()
                if body.startswith(HELLO):
                    room.add(connection)
                    await connection.send(WELCOME, text=True)
                else:
                    await group.commit((path, body))
                    broadcast(room, text)
        room.discard(connection)

    async with serve_websockets(handle, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
        say(next(iter(server.sockets)).getsockname()[1])
        await stop.wait()


async def main() -> None:
    """Serve until standard input is closed."""
    which, folder, size = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    stop = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), stop.set)
    if which == "picows":
        await picows_floor(facts(size), stop)
    else:
        await websockets_floor(facts(size), stop, folder / "floor.sqlite3")


if __name__ == "__main__":
    uvloop.run(main())
