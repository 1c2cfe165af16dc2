"""Chance against the room: many commands at once, commits that fail, connections that drop. All end up knowing the same."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from kring_room.settings import Rate
from kring_room.sqlite_store import SqliteStore
from kring_room.store import StoreError, Write
from tests.room.support import Closed, Device, Running, all_at, new_id, sealed

SIMPLE = (
    "pass",
    "ready",
    "take-floor",
    "release-floor",
    "take-facilitation",
    "hand-facilitation",
    "pause",
    "resume",
    "end-phase",
)


class MoodyStore(SqliteStore):
    """Refuses a write now and then, sometimes after having done it."""

    chance = random.Random(0)
    moody = True

    def append(self, write: Write) -> asyncio.Future[None]:
        mood = self.chance.random() if self.moody else 1
        if mood > 0.08:
            return super().append(write)
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if mood > 0.04:
            super().append(write).add_done_callback(lambda _: future.set_exception(StoreError("written after all")))
        else:
            asyncio.get_running_loop().call_soon(future.set_exception, StoreError("lost"))
        return future


async def act(device: Device, chance: random.Random) -> None:
    """One thing that may be done, or that may not."""
    allowed = [action for action in device.view["mine"]["permitted"] if action[0] in (*SIMPLE, "give", "vote")]
    kind, detail = chance.choice(allowed) if allowed and chance.random() < 0.9 else ("ready", "")
    if kind == "give":
        content = new_id("k")
        await device.ask(kind, what=detail, content=content, bodies={content: sealed(content.encode())})
    elif kind == "vote":
        await device.ask(kind, choices={chance.choice(device.view["choice"]["options"]): 1})
    elif kind == "pass":
        await device.ask(kind, what=detail)
    else:
        await device.ask(kind)


async def live(device: Device, seed: int) -> None:
    """Act, listen, and drop out of the line, at random."""
    chance = random.Random(seed)
    for _ in range(60):
        for _ in range(chance.randrange(4)):
            await act(device, chance)
        try:
            for _ in range(chance.randrange(6)):
                await device.next(0.01)
        except TimeoutError:
            pass
        if chance.random() < 0.1:
            await device.leave()
            try:
                while True:  # what was on its way is read, or lost: the room doesn't know which
                    await device.next()
            except Closed:
                await device.hello(since=chance.choice([device.seq, None]))


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_everybody_knows_the_same_after_a_storm(tmp_path: Path, seed: int) -> None:
    room = Running(tmp_path, commands=Rate(1e9, 1e9))
    room.options["store"] = store = MoodyStore(room.database)
    store.chance, store.moody = random.Random(seed), False
    await room.start()
    meeting = room.open_meeting(practice=True)
    circle = await room.started(meeting, 5)

    store.moody = True
    await asyncio.gather(*(live(device, seed * 100 + number) for number, device in enumerate(circle)))
    store.moody = False
    answer = {"code": "try-again"}
    while answer.get("code") == "try-again":
        answer = await circle[0].do("leave")
    assert answer["type"] == "done"
    await all_at(circle[1:], circle[0].seq)

    for device in circle[1:]:
        fresh = Device(room, meeting, device=device.device)
        await fresh.hello()
        await fresh.leave()
        assert device.view == fresh.view
        assert device.bodies.items() >= fresh.bodies.items()
    loaded = await store.load(meeting, whole=True)
    assert loaded is not None
    assert len(loaded.events) == circle[0].seq > 20
    await room.close()
