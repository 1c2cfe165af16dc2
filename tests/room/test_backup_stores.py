"""A copy of one store goes into the other, and back, and says the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from kring.methods import library
from kring_room import adapters
from kring_room.meetings import Meetings
from kring_room.store import backup
from kring_room.store.backup import BackupError
from kring_room.store.port import Answer, Body, Device, Loaded, Write
from tests.cluster.services import Postgres

SEALED = b"\x01" + b"sealed" * 10


async def filled(where: Path | str) -> list[str]:
    """Three meetings; in the first, bodies, a device and an answer, in the second, what was burned."""
    meetings = Meetings(where)
    meetings.create_tables()
    opened = [meetings.open_meeting(library.load("troika"), practice=number == 1) for number in range(3)]
    store = adapters.store_of(where, create=False)
    await store.start()
    body, table = Body("content1", "seat0001", SEALED), Device("device01", table=True)
    await store.append(Write(opened[0], 1, bodies=(body,), devices=(table,), answer=Answer("device01", "command1")))
    await store.append(Write(opened[1], 1, bodies=(body,)))
    await store.append(Write(opened[1], 1, burn_at=7))
    await store.stop()
    return opened


async def seen(where: Path | str, meetings: list[str]) -> list[tuple[Loaded | None, dict[str, bytes]]]:
    store = adapters.store_of(where, create=False)
    await store.start()
    found = [(await store.load(one, whole=True), await store.bodies(one, ["content1"])) for one in meetings]
    await store.stop()
    return found


@pytest.mark.parametrize(
    ("first", "second"), [("sqlite", "postgres"), ("postgres", "sqlite"), ("postgres", "postgres")]
)
async def test_a_copy_of_one_store_goes_into_the_other(
    tmp_path: Path, postgres: Postgres, first: str, second: str
) -> None:
    here, there = (
        postgres.new_database() if kind == "postgres" else tmp_path / f"{at}.db"
        for at, kind in enumerate((first, second))
    )
    meetings = await filled(here)
    adapters.create_tables(there)

    backup.copy(here, tmp_path / "copy")
    tally = backup.check(tmp_path / "copy")
    backup.restore(tmp_path / "copy", there, replace=False)

    assert (tally.meetings, tally.events, tally.bodies, tally.burned) == (3, 3, 1, 1)
    assert await seen(there, meetings) == await seen(here, meetings)
    with pytest.raises(BackupError, match="3 meetings already"):
        backup.restore(tmp_path / "copy", there, replace=False)
    other = await filled(there)
    backup.restore(tmp_path / "copy", there, replace=True)
    assert await seen(there, meetings) == await seen(here, meetings)
    assert [found for found, _ in await seen(there, other) if found] == []
    assert (await filled(there))[0]  # and it takes new ones


async def test_a_database_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="cannot be copied"):
        backup.copy("postgresql://127.0.0.1:1/nobody", tmp_path / "copy")
