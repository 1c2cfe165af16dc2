"""Every device is asked for a sign of life once in each interval, and never thousands in the same moment."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from kring_room.live.hub import Hub
from kring_room.settings import RoomSettings
from kring_room.store.memory import MemoryStore

DEVICES = 3500


class Asked:
    """A connection that counts how often it was asked."""

    def __init__(self) -> None:
        self.times = 0

    def keep_alive(self, _now: float) -> None:
        self.times += 1


async def test_each_is_asked_once_in_an_interval_and_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    hub = Hub(MemoryStore(), b"secret", RoomSettings(keepalive=20))
    hub._loop = asyncio.get_running_loop()
    devices = [Asked() for _ in range(DEVICES)]
    hub.connections = set(devices)  # type: ignore[arg-type] # enough of them to be asked
    slept: list[float] = []
    asked: list[int] = []
    beat = asyncio.sleep

    async def sleep(seconds: float, *_: Any) -> None:
        slept.append(seconds)
        asked.append(sum(one.times for one in devices) - sum(asked))
        await beat(0)
        if sum(slept) >= hub.settings.keepalive - 0.001:
            raise asyncio.CancelledError

    monkeypatch.setattr("kring_room.live.hub.asyncio.sleep", sleep)
    with pytest.raises(asyncio.CancelledError):
        await hub._keep_alive()
    assert Counter(one.times for one in devices) == {1: DEVICES}
    assert max(asked) <= DEVICES / 100
