"""What one would write from a tutorial: ``python -m bench.tutorial FOLDER BYTES``, with a Redis at ``FOLDER/redis``.

Django Channels with Redis as channel layer, one ORM save per message, SQLite as Django sets it up. Under uvicorn.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path
from typing import Any

import django
import uvicorn
from django.conf import settings

FOLDER = Path(sys.argv[1])
settings.configure(
    SECRET_KEY="of this bench and no other",  # noqa: S106 - nothing is signed here
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "tutorial.sqlite3"}},
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {"hosts": [f"unix://{FOLDER / 'redis'}"]},
        }
    },
    USE_TZ=True,
)
django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402 - Django must be set up first
from django.db import connection, models  # noqa: E402 - Django must be set up first

from bench.floors import HELLO, WELCOME, facts, say  # noqa: E402 - as above

TOLD = facts(int(sys.argv[2])).decode()


class Said(models.Model):
    """A message."""

    room = models.CharField(max_length=100)
    body = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Of no app that Django would know."""

        app_label = "bench"

    def __str__(self) -> str:
        return f"{self.room} {self.at}"


class Room(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """One connection."""

    async def connect(self) -> None:
        """Join the room of this path."""
        self.group = self.scope["path"].replace("/", ".").strip(".")
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept("kring.1")

    async def disconnect(self, code: int) -> None:  # noqa: ARG002 - the parent's own signature
        """Leave it."""
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:  # noqa: ARG002 - the parent's own signature
        """Save a message and tell everybody."""
        if (text_data or "").startswith(HELLO.decode()):
            await self.send(text_data=WELCOME.decode())
            return
        await Said.objects.acreate(room=self.group, body=text_data)  # type: ignore[attr-defined]  # Django adds it
        await self.channel_layer.group_send(self.group, {"type": "said", "text": TOLD})

    async def said(self, event: dict[str, Any]) -> None:
        """Tell this device."""
        await self.send(text_data=event["text"])


async def main() -> None:
    """Serve until killed."""
    config = uvicorn.Config(Room.as_asgi(), port=0, log_config=None, lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event to wait for
        await asyncio.sleep(0.05)
    say(server.servers[0].sockets[0].getsockname()[1])
    await serving


if __name__ == "__main__":
    logging.disable()  # it complains when it is overrun, at length
    with connection.schema_editor() as editor:
        editor.create_model(Said)
    asyncio.run(main())
