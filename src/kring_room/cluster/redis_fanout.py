"""The fan-out over Redis' publish and subscribe. Nothing is kept there: what is lost on the way, the store still has.

One connection hears, one speaks. When Redis goes away they come back by themselves, and it is said that something may be
lost. What can't be said while it is away is forgotten.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from kring_room.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Callable

    from redis.asyncio.client import PubSub

_log = logging.getLogger(__name__)
_PAUSE: Final = 0.25
"""Seconds between two attempts to reach Redis."""
_SILENCE: Final = 10.0
"""Seconds without a word (a node's own beats come back, too) after which a line is dead."""
_TIMEOUT: Final = 2.0
"""Seconds for Redis to answer."""
_CLOSING_WITHIN: Final = 0.5
"""Seconds to end it."""
_MOST: Final = 10_000
"""Messages that may wait to be said."""
_AT_ONCE: Final = 500


class RedisFanout:
    """The adapter for Redis. Two installations may share one, if they use databases with different numbers."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._channels: set[str] = set()
        self._confirmed: dict[str, asyncio.Event] = {}
        self._waiting: deque[tuple[str, bytes]] = deque(maxlen=_MOST)
        self._wake = asyncio.Event()
        self._subscriber: PubSub | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._unsubscribing = Tasks()
        self._stopping = False

    async def start(self, received: Callable[[str, bytes], None], restored: Callable[[], None]) -> None:
        """Call ``received(channel, message)`` for what comes, one's own too; ``restored()`` when something may be lost."""
        self._received, self._restored = received, restored
        self._redis: Redis = Redis.from_url(
            self._url, retry=Retry(NoBackoff(), 0), socket_connect_timeout=_TIMEOUT, socket_keepalive=True
        )
        database = self._redis.connection_pool.connection_kwargs.get("db", 0)
        self._prefix = f"{database}:".encode()
        self._tasks = [asyncio.create_task(self._receive_forever()), asyncio.create_task(self._publish_forever())]

    async def stop(self) -> None:
        """Say what is left to say, then hear and say nothing more."""
        self._stopping = True
        self._wake.set()
        receiving, publishing = self._tasks
        receiving.cancel()
        # redis-py swallows a cancellation now and then, so nobody waits for it longer than for a dead Redis.
        await asyncio.wait({receiving, publishing}, timeout=_CLOSING_WITHIN)
        publishing.cancel()
        with contextlib.suppress(RedisError, OSError, TimeoutError):
            async with asyncio.timeout(_CLOSING_WITHIN):
                await self._redis.aclose()

    async def listen(self, channel: str) -> None:
        """Hear what is published on this channel from now on, if Redis can be reached."""
        self._channels.add(channel)
        confirmed = self._confirmed[channel] = asyncio.Event()
        if self._subscriber is None:
            return
        with contextlib.suppress(RedisError, OSError, TimeoutError):
            async with asyncio.timeout(_TIMEOUT):
                await self._subscriber.subscribe(self._prefix + channel.encode())
                await confirmed.wait()

    def forget(self, channel: str) -> None:
        """Hear this channel no longer."""
        self._channels.discard(channel)
        self._confirmed.pop(channel, None)
        if self._subscriber:
            self._unsubscribing.spawn(self._unsubscribe(channel))

    def publish(self, channel: str, message: bytes) -> None:
        """Tell everybody who listens, this node too."""
        self._waiting.append((channel, message))
        self._wake.set()

    # -- hearing

    async def _receive_forever(self) -> None:
        while not self._stopping:
            try:
                await self._receive()
            except (RedisError, OSError, TimeoutError) as error:
                _log.warning("fan-out lost", extra={"reason": type(error).__name__})
            await asyncio.sleep(_PAUSE)

    async def _receive(self) -> None:
        # A subscription is answered for each channel; until that is heard, something may be missed.
        connection: PubSub = self._redis.pubsub()
        try:
            channels = {self._prefix + channel.encode() for channel in self._channels}
            async with asyncio.timeout(_TIMEOUT):
                await connection.subscribe(*channels)
            self._subscriber = connection
            for channel in {self._prefix + channel.encode() for channel in self._channels} - channels:
                await connection.subscribe(channel)  # Asked for while the line was being made.
            self._restored()
            while True:
                message = await connection.get_message(timeout=_SILENCE)
                if message is None:
                    raise TimeoutError
                self._take(message)
        finally:
            self._subscriber = None
            with contextlib.suppress(RedisError, OSError):
                await connection.aclose()  # type: ignore[no-untyped-call]  # redis-py left this one without types

    def _take(self, message: dict[str, Any]) -> None:
        channel = message["channel"].removeprefix(self._prefix).decode()
        if message["type"] == "message" and channel in self._channels:
            self._received(channel, message["data"])
        elif message["type"] == "subscribe" and channel in self._confirmed:
            self._confirmed[channel].set()

    async def _unsubscribe(self, channel: str) -> None:
        connection = self._subscriber
        if connection and channel not in self._channels:
            with contextlib.suppress(RedisError, OSError):
                await connection.unsubscribe(self._prefix + channel.encode())

    # -- speaking

    async def _publish_forever(self) -> None:
        while self._waiting or not self._stopping:
            if not self._waiting:
                self._wake.clear()
                await self._wake.wait()
                continue
            batch = [self._waiting.popleft() for _ in range(min(_AT_ONCE, len(self._waiting)))]
            try:
                async with asyncio.timeout(_TIMEOUT):
                    connection = self._redis.pipeline(transaction=False)
                    for channel, message in batch:
                        connection.publish(self._prefix + channel.encode(), message)
                    await connection.execute()
            except (RedisError, OSError, TimeoutError) as error:
                _log.warning("fan-out failed", extra={"reason": type(error).__name__})
                if self._stopping:
                    return
                await asyncio.sleep(_PAUSE)
