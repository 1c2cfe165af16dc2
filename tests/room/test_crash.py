"""The server is killed at random moments of a running meeting: what was acknowledged is there, once, and all play on."""

from __future__ import annotations

import asyncio
import statistics
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any, cast

import msgspec
import pytest

from kring.meeting import due, evolve, replay, upcasting
from kring.meeting import events as e
from kring.meeting.state import INITIAL
from kring.methods import library
from kring_room.cluster.clock import wall_clock
from kring_room.meetings import Meetings
from tests.core.meeting.playing import Table
from tests.core.meeting.test_properties import check_order, check_owed
from tests.ports import free_port
from tests.room import crashing
from tests.room.crashing import Killable, Meeting, until
from tests.room.support import quick
from tests.stored import stored

LATE = 20_000
"""Milliseconds after which what was due must have been done, restarts included."""


@pytest.fixture
async def rooms(tmp_path: Path) -> AsyncIterator[Killable]:
    """Rooms and tickets alone."""
    database, port = tmp_path / "kring.db", free_port()
    Meetings(database).create_tables()
    server = await Killable([crashing.__file__, str(database), str(port)], port, database).start()
    yield server
    await server.stop()


@pytest.fixture
async def whole(tmp_path: Path) -> AsyncIterator[Killable]:
    """``kring serve``, as people start it."""
    port = free_port()
    arguments = ["-m", "kring_command", "serve", "--port", str(port), "--data", str(tmp_path)]
    server = await Killable(
        arguments, port, tmp_path / "kring.sqlite3", KRING_PRACTICE="on", KRING_LOG_LEVEL="error"
    ).start()
    yield server
    await server.stop()


async def kill_often(meeting: Meeting, random: Random, times: int) -> int:
    """Kill the server so many times while they play, mostly when all are back, now and then sooner; how often it was."""
    await meeting.begin()
    before = meeting.server.restarts
    while meeting.server.restarts - before < times and not meeting.over:
        await meeting.moment(random)
        if not meeting.over:
            await meeting.server.kill_and_restart(meeting.clients, wait=random.random() < 0.8)
    return meeting.server.restarts - before


def log_of(meeting: Meeting) -> tuple[list[e.AnyEvent], Counter[tuple[str, int]], set[str]]:
    """What is in the database: the events, the answers by command, the contents."""
    found = stored(meeting.server.database, meeting.meeting)
    events = [upcasting.upcast(version, body) for _, version, body in found.events]
    return events, Counter((command, seq) for _, command, seq in found.answers), set(found.bodies)


Deed = tuple[str, str, str, str]


def deeds(log: list[e.AnyEvent]) -> Counter[Deed]:
    """What people did, by seat."""
    found: Counter[Deed] = Counter()
    for event in log:
        match event:
            case e.ContributionGiven():
                found["give", event.seat, event.what, event.content or ""] += 1
            case e.TurnPassed(because="passed"):
                found["pass", event.seat, event.what, ""] += 1
            case e.VoteCast():
                found["vote", event.seat, "", ""] += 1
            case e.SeatTaken():
                found["take-seat", event.seat, "", event.name] += 1
            case e.FloorTaken():
                found["take-floor", event.seat, "", ""] += 1
    return found


def acknowledged(meeting: Meeting) -> Counter[Deed]:
    """The same, as people were told."""
    found: Counter[Deed] = Counter()
    for client in meeting.clients:
        for one in client.acked:
            command = cast("dict[str, Any]", one.command)  # Of any type: a field that it lacks is none.
            kind = command["type"]
            if kind in ("give", "pass", "vote", "take-seat", "take-floor"):
                content = command.get("content") or command.get("name") or ""
                found[kind, client.seat or "", command.get("what", ""), content] += 1
    return found


def lateness(log: list[e.AnyEvent]) -> int:
    """By how many milliseconds what was due was done too late, at worst."""
    state, worst = INITIAL, 0
    for event in log:
        worst = max(worst, event.at - (due(state) or event.at))
        state = evolve(state, event)
    return worst


async def check(meeting: Meeting) -> None:
    """Nothing acknowledged is missing, nothing is there twice, and everybody sees what there is."""
    log, answers, contents = log_of(meeting)
    state = replay(log)
    assert state.info.status == "closed"
    assert deeds(log) == acknowledged(meeting)
    for client in meeting.clients:
        for one in client.acked:
            assert answers[one.id, one.seq] == 1
    given = {event.content for event in log if isinstance(event, e.ContributionGiven) and event.content}
    assert contents == given | {seat.name for seat in state.seats}
    told = cast("Table", msgspec.defstruct("Told", [("log", list)])(log))
    check_order(told)
    check_owed(told)
    assert lateness(log) < LATE
    for client in meeting.clients:
        fresh = await meeting.fresh(client)
        assert client.view == fresh.view
        assert client.bodies == fresh.bodies
        for item in fresh.view["items"]:
            if item["content"]:
                assert client.open(item["seat"], item["what"], item["content"])


def report(server: Killable, meetings: list[Meeting]) -> None:
    acked = sum(len(client.acked) for meeting in meetings for client in meeting.clients)
    back = server.recovered
    late = max(lateness(log_of(meeting)[0]) for meeting in meetings)
    ended = Counter(
        event.because for meeting in meetings for event in log_of(meeting)[0] if isinstance(event, e.PhaseEnded)
    )
    print(  # noqa: T201 - the figures, for whoever runs this with -s
        f"\n{meetings[0].method.id}: {len(meetings)} meetings, {server.restarts} restarts "
        f"({server.midway} with a command under way), {acked} commands acknowledged; "
        f"all back after {statistics.median(back):.2f} s (median), {max(back):.2f} s (max); "
        f"phases ended {dict(ended)}, at most {late} ms late"
    )


@pytest.mark.slow
@pytest.mark.parametrize(("name", "kills"), [("linxx-9", 5), ("leading-org-7", 4), ("troika", 5)])
async def test_what_was_acknowledged_survives_kill_after_kill(rooms: Killable, name: str, kills: int) -> None:
    method = quick(library.load(name), 4)
    opened = Meetings(rooms.database)
    meetings: list[Meeting] = []
    random = Random(name)
    while rooms.restarts < kills:
        meeting = Meeting(rooms, opened.open_meeting(method, practice=True), method, seed=len(meetings))
        meetings.append(meeting)
        await kill_often(meeting, random, kills - rooms.restarts)
        assert set(await meeting.end()) == {"done"}
        await check(meeting)
    report(rooms, meetings)


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_whole_server_survives_kill_after_kill(whole: Killable) -> None:
    method = library.load("tietze-6")
    meetings: list[Meeting] = []
    while whole.restarts < 4:
        meeting = Meeting(whole, await whole.open_meeting(method.id), method, seed=len(meetings))
        meetings.append(meeting)
        await kill_often(meeting, Random(5), 4 - whole.restarts)
        assert set(await meeting.end()) == {"done"}
        await check(meeting)
    report(whole, meetings)


async def test_phase_whose_time_passed_while_the_server_was_dead_ends_at_once(rooms: Killable) -> None:
    """Nobody needs to be there: the room itself takes up what is due."""
    method = quick(library.load("linxx-9"), 1)
    meeting = Meeting(rooms, Meetings(rooms.database).open_meeting(method, practice=True), method, seed=1)
    await meeting.begin()
    await until(lambda: any(isinstance(event, e.PhaseStarted) for event in log_of(meeting)[0]))
    await rooms.kill()
    await meeting.abandon()
    log, _, _ = log_of(meeting)
    state = replay(log)
    deadline = due(state)
    assert deadline
    await asyncio.sleep(max(0, deadline - wall_clock()) / 1000 + 1)
    assert len(log_of(meeting)[0]) == len(log)

    started = wall_clock()
    await rooms.start()
    await until(lambda: len(log_of(meeting)[0]) > len(log))

    after = log_of(meeting)[0][len(log) :]
    ended = [event for event in after if isinstance(event, e.PhaseEnded | e.PhaseEnding | e.PhaseSignalled)]
    assert state.phase
    assert started <= ended[0].at
    assert not isinstance(ended[0], e.PhaseEnded) or (ended[0].key, ended[0].because) == (state.phase.key, "time")
    print(f"\nended {ended[0].at - started} ms after the server was started")  # noqa: T201 - as above
