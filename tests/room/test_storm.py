"""Chance against the room: many commands at once, commits that fail, connections that drop. All end up knowing the same."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from kring_room.store.port import StoreError, Write
from kring_room.store.sqlite.store import SqliteStore
from tests.room.support import UNBOUND, Closed, Device, Running, all_at, new_id, sealed

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
TURNS, ENOUGH = 8, 20
"""A storm has so many turns at most, and so many events at least."""


def written_after_all(done: asyncio.Future[None]) -> StoreError:
    """What is said of a write, whatever became of it."""
    return StoreError(f"written after all, or {done.exception()!r}")


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
            super().append(write).add_done_callback(lambda done: future.set_exception(written_after_all(done)))
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


def differences(device: Device, fresh: Device) -> dict[str, object]:
    """What this device does not know as a fresh one does: by section, both; and the bodies that never came."""
    found: dict[str, object] = {
        name: (device.view.get(name), fresh.view[name])
        for name in fresh.view
        if device.view.get(name) != fresh.view[name]
    }
    missing = sorted(fresh.bodies.keys() - device.bodies.keys())
    other = sorted(one for one, body in fresh.bodies.items() if device.bodies.get(one, body) != body)
    if device.seq != fresh.seq or found or missing or other:
        found |= {"seq": (device.seq, fresh.seq), "bodies missing": missing, "bodies changed": other}
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_everybody_knows_the_same_after_a_storm(tmp_path: Path, seed: int) -> None:
    room = Running(tmp_path, **UNBOUND)
    room.options["store"] = store = MoodyStore(room.database)
    store.chance, store.moody = random.Random(seed), False
    await room.start()
    meeting = room.open_meeting(practice=True)
    circle = await room.started(meeting, 5)

    store.moody = True
    for turn in range(TURNS):  # where commits are slow, less happens in one
        await asyncio.gather(*(live(device, seed * 100 + turn * 10 + number) for number, device in enumerate(circle)))
        if max(device.seq for device in circle) > ENOUGH:
            break
    store.moody = False
    # What a device has sent is decided in its order: so after these nothing is on its way any more, and the last word is last.
    for device in circle[1:]:
        await device.do("ready")
    answer = {"code": "try-again"}
    while answer.get("code") == "try-again":
        answer = await circle[0].do("leave")
    assert answer["type"] == "done"
    await all_at(circle[1:], circle[0].seq)

    for device in circle[1:]:
        fresh = Device(room, meeting, device=device.device)
        await fresh.hello()
        await fresh.leave()
        assert differences(device, fresh) == {}
    loaded = await store.load(meeting, whole=True)
    assert loaded is not None
    assert len(loaded.events) == circle[0].seq > ENOUGH
    await room.close()
