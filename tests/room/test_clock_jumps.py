"""What is destroyed can't be got back: a clock that jumps destroys nothing, over restarts and nodes; one that proves right does."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from kring_room.store import expiring
from kring_room.store.expiring import ClockLook, look, looked
from kring_room.store.memory import MemoryStore
from kring_room.store.port import MeetingRow
from tests.room.support import Running

MINUTE = 60_000
HOUR, DAY = 60 * MINUTE, 24 * 60 * MINUTE
NOW = 1_800_000_000_000


class Machine:
    """A process that looks at a clock every minute: ``ahead``, by how much that is wrong."""

    def __init__(self, store: MemoryStore, real: int = NOW) -> None:
        self.store, self.real, self.ahead = store, real, 0
        self.since: int | None = None

    async def run(self, minutes: int) -> int:
        """The time that was believed last."""
        found = 0
        for _ in range(minutes):
            self.real += MINUTE
            steady = None if self.since is None else self.real - self.since
            self.since = self.real
            found = (await looked(self.store, self.real + self.ahead, steady)).believed
        return found

    def restarted(self, off: int = 0) -> Machine:
        again = Machine(self.store, self.real + off)
        again.ahead = self.ahead
        return again


@pytest.fixture
async def machine() -> Machine:
    found = Machine(MemoryStore())
    assert await found.run(10) == found.real
    return found


@pytest.mark.parametrize("ahead", [HOUR, 3 * HOUR, DAY, 31 * DAY, 365 * DAY])
async def test_a_clock_that_is_ahead_for_a_while_is_not_believed(machine: Machine, ahead: int) -> None:
    machine.ahead = ahead
    for minutes in (1, 1, 7):
        assert abs(await machine.run(minutes) - machine.real) <= expiring.SLACK
    machine.ahead = 0
    assert await machine.run(1) == machine.real


async def test_restarts_do_not_make_it_right(machine: Machine) -> None:
    machine.ahead = 31 * DAY
    for _ in range(50):
        machine = machine.restarted()
        assert abs(await machine.run(2) - machine.real) <= HOUR
        machine.ahead += DAY  # nor does it by jumping on and on


async def test_other_nodes_that_look_at_the_same_clock_do_not_make_it_right(machine: Machine) -> None:
    machine.ahead = 31 * DAY
    others = [machine.restarted() for _ in range(8)]
    for _ in range(30):
        for one in (machine, *others):
            assert abs(await one.run(1) - one.real) <= HOUR


async def test_a_clock_that_goes_on_evenly_for_a_day_is_believed(machine: Machine) -> None:
    """The server was off for a month, or its clock had been behind."""
    again = machine.restarted(off=31 * DAY)
    assert await again.run(12 * 60) < machine.real + DAY
    again = again.restarted(off=5 * MINUTE)
    assert await again.run(11 * 60) < machine.real + 2 * DAY
    assert await again.run(2 * 60) == again.real


async def test_a_short_pause_is_no_jump(machine: Machine) -> None:
    again = machine.restarted(off=4 * MINUTE)
    assert await again.run(1) == again.real


async def test_a_laptop_that_sleeps_at_night_comes_round_in_a_quarter_of_that(machine: Machine) -> None:
    machine.real += 16 * HOUR
    machine.since = machine.real  # a steady clock stands still in its sleep
    assert await machine.run(2 * 60) < machine.real - 10 * HOUR
    assert await machine.run(3 * 60) == machine.real


async def test_a_clock_that_goes_back_is_believed(machine: Machine) -> None:
    machine.ahead = -31 * DAY
    assert await machine.run(1) == machine.real - 31 * DAY


async def test_the_first_look_of_all_is_held_against_the_newest_meeting() -> None:
    store = MemoryStore()
    await store.open(MeetingRow("m" * 20, "x", b"", practice=False, opened_at=NOW, expires_at=NOW + DAY), ())
    assert (await looked(store, NOW + 31 * DAY, None)).believed == NOW
    assert (await looked(MemoryStore(), NOW, None)).believed == NOW


def test_what_is_believed_is_never_ahead_of_the_clock() -> None:
    before = ClockLook(NOW, NOW)
    for said in range(NOW - DAY, NOW + 40 * DAY, 7 * HOUR):
        for steady in (None, 0, MINUTE, 50 * DAY):
            assert look(before, said, steady).believed <= max(said, NOW)


async def test_a_room_burns_nothing_by_a_clock_that_jumped(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    room = Running(tmp_path, sweep=0.1)
    ahead = 0
    room.options["clock"] = lambda: room.meetings.now() + ahead
    await room.start()
    meeting = room.open_meeting()
    noor = room.device(meeting)
    await noor.hello()
    await asyncio.sleep(0.3)

    ahead = 31 * DAY
    for _ in range(2):
        await asyncio.sleep(0.5)
        await room.restart()
        row = room.meetings.find(meeting)
        assert row is not None
        assert row.burned_at is None
    assert "clock jumped ahead" in caplog.text
    await room.close()
