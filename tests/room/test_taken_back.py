"""What is taken back, because its write failed, is done and answered in the order in which it was asked."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from kring_room.store.port import Conflict, Repeated, Write
from kring_room.store.sqlite.store import SqliteStore
from tests.room.support import Running, all_at


class Unclear(SqliteStore):
    """While ``unclear``, the first write is durable and nobody hears of it, and those upon it are not done."""

    unclear = False

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.unheard: list[asyncio.Future[None]] = []

    def append(self, write: Write) -> asyncio.Future[None]:
        if not self.unclear:
            return super().append(write)
        if not self.unheard:
            super().append(write)
        self.unheard.append(asyncio.get_running_loop().create_future())
        return self.unheard[-1]


async def test_what_failed_last_to_first_is_answered_first_to_last(tmp_path: Path) -> None:
    room = Running(tmp_path)
    room.options["store"] = store = Unclear(room.database)
    await room.start()
    noor, sam, *others = await room.started(room.open_meeting())
    store.unclear = True
    asked = ["firstask", "secondask", "thirdask"]
    for number, name in enumerate(asked):
        await noor.ask("ready", id=name, ready=number % 2 == 0)
    while len(store.unheard) < len(asked):  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0.01)
    store.unclear = False

    first, *upon_it = store.unheard
    for one in reversed(upon_it):
        one.set_exception(Conflict())
        await asyncio.sleep(0.01)
    first.set_exception(Repeated())

    answers = [await noor.hear("done") for _ in asked]
    assert [one["id"] for one in answers] == asked
    assert [one["seq"] for one in answers] == sorted(one["seq"] for one in answers)
    await all_at([noor, sam, *others], answers[-1]["seq"])
    await room.close()


async def test_whoever_has_to_be_written_down_is_told_to_come_again_while_the_store_does_not_answer(
    tmp_path: Path,
) -> None:
    """On a full disk a hello got no answer at all."""
    room = Running(tmp_path, admit_within=0.3)
    room.options["store"] = store = Unclear(room.database)
    await room.start()
    noor, *_ = await room.started(room.open_meeting())
    store.unclear = True
    screen, visitor = room.device(noor.meeting, table=True), room.device(noor.meeting)
    await screen.open()
    await screen.say({"type": "hello", "ticket": screen.ticket()})

    assert (await screen.fate()).reason == "restarting"
    assert (await visitor.hello())["seat"] is None, "who leaves nothing in the store need not wait for it"
    store.unclear = False
    for one in store.unheard:
        one.set_exception(Repeated())
    assert (await screen.hello())["table"]
    await room.close()
