"""What the fan-out carries, and what it says when it may have lost something."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from kring_room.cluster.redis_fanout import RedisFanout
from tests.cluster.services import Redis

Heard = list[tuple[str, bytes]]


class Node:
    """Somebody who listens."""

    def __init__(self, url: str) -> None:
        self.fanout = RedisFanout(url)
        self.heard: Heard = []
        self.restored = 0

    async def start(self) -> None:
        await self.fanout.start(lambda channel, message: self.heard.append((channel, message)), self._restored)
        await self.fanout.listen("nodes")

    def _restored(self) -> None:
        self.restored += 1


async def until(so: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not so():  # noqa: ASYNC110 - what is waited for comes from elsewhere
            await asyncio.sleep(0.01)


@pytest.fixture
async def pair(redis: Redis) -> AsyncIterator[tuple[Node, Node]]:
    one, other = Node(redis.url), Node(redis.url)
    for node in (one, other):
        await node.start()
    await until(lambda: one.restored and other.restored)
    yield one, other
    for node in (one, other):
        await node.fanout.stop()


async def test_what_is_said_on_a_channel_is_heard_by_all_who_listen_in_order(pair: tuple[Node, Node]) -> None:
    one, other = pair
    await other.fanout.listen("meeting")

    for number in range(1000):
        one.fanout.publish("meeting", b"%d" % number)
    one.fanout.publish("nodes", b"beat")
    await until(lambda: len(other.heard) == 1001 and one.heard)

    assert other.heard[:1000] == [("meeting", b"%d" % number) for number in range(1000)]
    assert one.heard == [("nodes", b"beat")], "it hears itself, and no channel that it did not ask for"


async def test_forgotten_channel_is_heard_no_longer(pair: tuple[Node, Node]) -> None:
    one, other = pair
    await other.fanout.listen("meeting")
    other.fanout.forget("meeting")

    one.fanout.publish("meeting", b"unheard")
    one.fanout.publish("nodes", b"heard")
    await until(lambda: other.heard)

    assert other.heard == [("nodes", b"heard")]


async def test_installations_in_other_databases_do_not_hear_each_other(redis: Redis, pair: tuple[Node, Node]) -> None:
    stranger = Node(redis.url.removesuffix("/0") + "/1")
    await stranger.start()
    await until(lambda: stranger.restored)

    stranger.fanout.publish("nodes", b"strange")
    pair[0].fanout.publish("nodes", b"own")
    await until(lambda: pair[1].heard and stranger.heard)

    assert pair[1].heard == [("nodes", b"own")]
    assert stranger.heard == [("nodes", b"strange")]
    await stranger.fanout.stop()


async def test_after_a_restart_it_hears_again_and_says_that_something_may_be_lost() -> None:
    server = Redis().start()
    late = Node(server.url)
    await late.start()
    await late.fanout.listen("meeting")
    await until(lambda: late.restored == 1)

    await asyncio.to_thread(server.kill)
    late.fanout.publish("meeting", b"lost")
    await late.fanout.listen("another")
    await asyncio.to_thread(server.start)
    await until(lambda: late.restored == 2)
    late.fanout.publish("another", b"back")
    await until(lambda: ("another", b"back") in late.heard)
    late.fanout.publish("meeting", b"again")
    await until(lambda: ("meeting", b"again") in late.heard)

    await late.fanout.stop()
    await asyncio.to_thread(server.close)


async def test_node_starts_and_stops_where_there_is_no_redis() -> None:
    node = Node("redis://127.0.0.1:1/0")
    await node.start()
    node.fanout.publish("nodes", b"into the wind")
    await node.fanout.listen("meeting")
    await asyncio.sleep(0.1)
    await node.fanout.stop()
    assert (node.heard, node.restored) == ([], 0)
