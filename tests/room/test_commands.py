"""Commands: answered once and for good, in order, also when many are under way and when the store fails."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from kring_room.store.port import StoreError, Write
from kring_room.store.sqlite.store import SqliteStore
from tests.room.support import UNBOUND, Running, all_at, new_id, quick, sealed


class FailingStore(SqliteStore):
    """Fails ``failing`` writes that are to come; ``silently``: after having written them."""

    failing = 0
    silently = False

    def append(self, write: Write) -> asyncio.Future[None]:
        if not self.failing:
            return super().append(write)
        self.failing -= 1
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self.silently:
            super().append(write).add_done_callback(lambda _: future.set_exception(StoreError("lost")))
        else:
            asyncio.get_running_loop().call_later(0.5, future.set_exception, StoreError("full"))
        return future


async def test_repeat_gets_the_first_answer(running_room: Running) -> None:
    noor, *_ = await running_room.started(running_room.open_meeting())

    first = await noor.give("case", content="mycontent", id="mycommand")
    again = await noor.do("pass", what="case", id="mycommand")
    refused = await noor.do("start", id="refused01")
    refused_again = await noor.do("ready", id="refused01")

    assert again == first
    assert refused_again == refused == {"type": "refused", "id": "refused01", "code": "already-started"}


async def test_repeat_gets_the_first_answer_after_a_restart(running_room: Running) -> None:
    noor, *_ = await running_room.started(running_room.open_meeting())
    first = await noor.give("case", content="mycontent", id="mycommand")
    await running_room.restart()

    await noor.hello(since=noor.seq)
    again = await noor.do("give", what="case", content="mycontent", bodies={"mycontent": sealed()}, id="mycommand")

    assert again == first


async def test_same_command_id_of_another_device_is_another_command(running_room: Running) -> None:
    noor, sam, *_ = await running_room.started(running_room.open_meeting())

    first = await noor.give("case", id="mycommand")
    second = await sam.give("case", id="mycommand")

    assert first["type"] == second["type"] == "done"
    assert second["seq"] > first["seq"]


async def test_many_commands_at_once_are_done_in_order(running_room: Running) -> None:
    noor = running_room.device(running_room.open_meeting())
    await noor.hello()

    await noor.ask("take-seat", id="command01", seat="noorsseat", name="noorsname", bodies={"noorsname": sealed()})
    await noor.ask("take-facilitation", id="command02")
    await noor.ask("start", id="command03")
    await noor.ask("close-doors", id="command04")
    await noor.ask("open-doors", id="command05")
    await noor.ask("close-doors", id="command05")
    answers: list[tuple[object, ...]] = []
    while len(answers) < 6:
        message = await noor.next()
        if message["type"] in ("done", "refused"):
            answers.append((message["id"], message["type"], message.get("seq", message.get("code"))))

    assert answers[:4] == [
        ("command01", "done", 2),
        ("command02", "done", 3),
        ("command03", "refused", "group-too-small"),
        ("command04", "done", 4),
    ]
    assert answers[4:] == [("command05", "done", 5)] * 2
    seqs = [message["seq"] for message in noor.heard if message["type"] == "facts"]
    assert seqs == [2, 3, 4, 5]


@pytest.mark.parametrize("silently", [False, True], ids=["lost", "written after all"])
async def test_failed_commit_takes_back_all_that_was_built_on_it(tmp_path: Path, *, silently: bool) -> None:
    room = Running(tmp_path)
    room.options["store"] = store = FailingStore(room.database)
    await room.start()
    noor, sam, *_ = await room.started(room.open_meeting())
    store.failing, store.silently = 1, silently

    await noor.ask("give", what="case", content="mycontent", id="mycommand", bodies={"mycontent": sealed()})
    await noor.ask("ready", id="onceready")
    answers = [await noor.hear("refused"), await noor.hear("refused")]

    assert [(one["id"], one["code"]) for one in answers] == [("mycommand", "try-again"), ("onceready", "try-again")]
    answer = {"code": "try-again"}
    while answer.get("code") == "try-again":
        await asyncio.sleep(0.05)
        answer = await noor.do("give", what="case", content="mycontent", id="mycommand", bodies={"mycontent": sealed()})
    assert answer["type"] == "done"
    assert [item["content"] for item in noor.view["items"]] == ["mycontent"]
    await all_at([sam], noor.seq)
    assert sum(slot["given"] for slot in sam.view["desk"]) == 1
    assert (await sam.give("case"))["type"] == "done"
    await room.close()


async def test_deadline_fires_once_for_everybody(running_room: Running) -> None:
    running_room.method = quick(running_room.method, 0.02)
    circle = await running_room.started(running_room.open_meeting())

    for device in circle:
        await device.until(lambda view: view["phase"]["ending"] is not None)

    fired = [m for m in circle[0].heard if m["type"] == "facts" and "phase-ending" in m["because"]]
    assert [m["because"] for m in fired] == [["phase-ending"]]


async def test_deadline_fires_after_a_restart_without_anybody_there(running_room: Running) -> None:
    running_room.method = quick(running_room.method, 0.02)
    noor, *_ = await running_room.started(running_room.open_meeting())
    before = noor.view["phase"]
    await running_room.stop()
    await asyncio.sleep(1.3)

    await running_room.start()
    await asyncio.sleep(1.8)  # one of many nodes leaves it to the others for a moment
    welcome = await noor.hello()

    assert before["id"] == "question"
    assert welcome["view"]["phase"]["id"] != "question"


async def test_slow_reader_is_let_go_and_nobody_else_waits(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "kring_room")
    room = await Running(tmp_path, buffer=50_000, **UNBOUND).start()
    meeting = room.open_meeting()
    big = sealed(b"x" * 12_000)
    circle = [room.device(meeting) for _ in range(4)]
    for device in circle:
        name = new_id("n")
        await device.hello()
        await device.do("take-seat", seat=new_id("s"), name=name, bodies={name: big})
    slow = room.device(meeting)
    await slow.hello()
    slow.socket.transport.pause_reading()

    for number in range(200):  # sitting down gives one everything anew; it is never read
        await slow.ask(
            "take-seat", seat=f"slowseat{number}", name=f"slowname{number}", bodies={f"slowname{number}": big}
        )
        await slow.ask("leave")
    noor = circle[0]
    await noor.say({"type": "ping", "n": 1})
    await noor.hear("pong", within=2)
    reasons: list[str] = []
    for _ in range(100):
        reasons = [record.__dict__["reason"] for record in caplog.records if "reason" in record.__dict__]
        if reasons:
            break
        await asyncio.sleep(0.05)

    assert reasons == ["too-slow"]
    assert (await noor.do("close-doors"))["type"] == "done"
    slow.socket.transport.abort()
    await room.close()


async def test_stop_lets_what_was_asked_finish_and_says_why(running_room: Running) -> None:
    noor, *_ = await running_room.started(running_room.open_meeting())

    await noor.ask("give", what="case", content="mycontent", id="mycommand", bodies={"mycontent": sealed()})
    await noor.hear("done")
    await running_room.stop()
    fate = await noor.fate()

    assert (fate.code, fate.reason) == (1012, "restarting")
    await running_room.start()
    assert "mycontent" in (await noor.hello())["bodies"]
