"""From outside the room: whether the doors are open as of the last thing that was acknowledged."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from kring.meeting import snapshot
from kring.methods import library
from kring_room.meetings import Meetings
from tests.room.support import Running


async def are_open(room: Running, meeting: str) -> bool:
    return await asyncio.to_thread(room.meetings.doors_open, meeting)


async def test_what_was_acknowledged_is_known_outside_at_once(running_room: Running) -> None:
    meeting = running_room.open_meeting()
    noor, *_ = await running_room.started(meeting)
    for _ in range(4):
        assert (await noor.do("close-doors"))["type"] == "done"
        assert not await are_open(running_room, meeting)
        assert (await noor.do("open-doors"))["type"] == "done"
        assert await are_open(running_room, meeting)

    assert (await noor.do("take-facilitation"))["type"] == "done"
    assert (await noor.do("close-meeting"))["type"] == "done"

    assert not await are_open(running_room, meeting)


async def test_it_is_known_from_a_snapshot_and_from_one_of_another_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await Running(tmp_path, snapshot_every=4).start()
    meeting = room.open_meeting()
    noor, *_ = await room.circle(meeting, 3)
    assert (await noor.do("close-doors"))["type"] == "done"
    assert not await are_open(room, meeting)
    with monkeypatch.context() as other_release:
        other_release.setattr(snapshot, "_HEAD", b"kring state 99\n")
        assert not await are_open(room, meeting)
    await room.close()
    assert not room.meetings.doors_open(meeting)


def test_doors_of_no_meeting_are_closed_and_those_of_a_new_one_open(tmp_path: Path) -> None:
    meetings = Meetings(tmp_path / "kring.db")
    meetings.create_tables()
    assert not meetings.doors_open("a" * 20)
    assert meetings.doors_open(meetings.open_meeting(library.load("linxx-9")))
