"""What people type stays theirs: a whole meeting with a canary in every text, and a look into every corner for one.

The corners: the wire (every URL, request, answer and frame), the database with its write-ahead log, the data folder,
the logs at their most talkative, and the memory of the server's process.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import secrets
import shutil
import sqlite3
import time
import urllib.error
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from kring_client.client import Client
from kring_client.colleague import Colleague
from kring_client.encoding import decode, encode
from kring_client.keys import Keys, LinkKeys
from kring_client.sealing import Fields, Place
from kring_room.live.hub import Hub
from kring_room.store.sqlite import rows
from tests.e2e import circle
from tests.e2e.leaks import Needles, files, held_by, memory, slices
from tests.e2e.wire import Wire
from tests.room.support import Running, all_at, sealed

pytestmark = pytest.mark.slow
EVERYTHING = {
    "name", "case", "explanation", "hypothesis", "reformulation", "advice", "response", "insight", "remark", "action",
}  # fmt: skip


class Told(msgspec.Struct):
    """A meeting that was held, what is left of it, and what was seen of it on the way."""

    meeting: str
    key: bytes
    stem: bytes
    data: Path
    """The data folder of the server, which is off."""
    corners: dict[str, bytes]
    in_memory: set[bytes] | None
    """Of the secrets; ``None`` when this machine lets nobody look."""
    names_in_memory: int
    expected: set[str]
    opened: list[set[str]]
    kinds: set[str]
    sealed: dict[str, str]
    """By content id, as on the wire."""
    tokens: list[str]
    paths: list[str]

    @property
    def secrets(self) -> Needles:
        return Needles([self.stem, self.key, encode(self.key).encode()])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("canary")
    yield asyncio.run(hold_a_meeting(folder))
    shutil.rmtree(folder)


async def hold_a_meeting(folder: Path) -> Told:
    """All of linxx-9, by five people who leave a canary wherever they type something."""
    stem, key = f"canary{secrets.token_hex(8)}", secrets.token_bytes(32)
    texts = circle.CanaryTexts(stem)
    data, log = folder / "data", folder / "log"
    with circle.serving(data, log) as server:
        async with Wire(server.port) as wire:
            meeting = await circle.open_meeting(wire.url)
            for path in ("/", f"/m/{meeting}#k={encode(key)}", f"/m/{meeting}/table#k={encode(key)}"):
                await circle.ask(wire.url + path)
            people = circle.sit_down(wire.url, meeting, key, texts)
            assert await asyncio.gather(*(one.play() for one in people)) == ["done"] * circle.PEOPLE
            await circle.ask(f"{wire.url}/api/meetings/{meeting}/method")
        corners = {str(path.relative_to(folder)): path.read_bytes() for path in files(folder)}
        assert corners["data/kring.sqlite3-wal"]
        corners |= {"sent": wire.sent, "heard": wire.heard, "urls": "\n".join(wire.paths).encode()}
        told = _told(people, texts, data, meeting, key)
        told.in_memory, told.names_in_memory = _look_into_memory(server.process.pid, told)
    told.corners = corners | {"log": log.read_bytes()}
    told.paths = wire.paths
    return told


def _told(people: list[Colleague], texts: circle.CanaryTexts, data: Path, meeting: str, key: bytes) -> Told:
    state = circle.replayed(data / "kring.sqlite3", meeting)
    contents = circle.contents_of(state)
    bodies = {content: body for one in people for content, body in one.client.bodies.items()}
    return Told(
        meeting, key, texts.stem.encode(), data, {}, None, 0,
        expected=set().union(*(texts.written[content] for content in contents)),
        opened=[circle.opened(one.client) for one in people],
        kinds={"name"} | {item.what for item in state.items if item.content},
        sealed={content: bodies[content] for content in contents},
        tokens=[str(one.client.device_token) for one in people],
        paths=[],
    )  # fmt: skip


def _look_into_memory(process: int, told: Told) -> tuple[set[bytes] | None, int]:
    """The secrets that are in there; and how many sealed texts, which surely are."""
    try:
        everything = b"".join(memory(process))
    except PermissionError:
        return None, 0
    return told.secrets.found(everything), sum(body.encode() in everything for body in told.sealed.values())


@pytest.fixture
def copy(told: Told, tmp_path: Path) -> Path:
    """The data folder once more, to do something to it."""
    return shutil.copytree(told.data, tmp_path / "data")


@contextlib.asynccontextmanager
async def back_in(url: str, told: Told) -> AsyncIterator[list[Client]]:
    """Everybody comes back, each on their own device."""
    async with contextlib.AsyncExitStack() as stack:
        clients = []
        for token in told.tokens:
            client = Client(url, told.meeting, LinkKeys(told.key), patience=10)
            client.device_token = token
            clients.append(await stack.enter_async_context(client))
        yield clients


# -- what nobody but the circle can read -------------------------------------------------------------------------------


def test_members_read_all_that_was_written(told: Told) -> None:
    assert told.kinds == EVERYTHING
    assert len(told.expected) > 30
    assert all(one == told.expected for one in told.opened)


def test_no_text_and_no_key_is_on_the_wire_in_a_file_or_in_a_log(told: Told) -> None:
    found = {corner: told.secrets.found(content) for corner, content in told.corners.items()}
    assert {corner: secrets for corner, secrets in found.items() if secrets} == {}
    database = {f"data/kring.sqlite3{file}" for file in ("", "-wal", "-shm")}
    assert {*database, "log", "sent", "heard", "urls"} <= found.keys()


def test_no_text_and_no_key_is_in_the_memory_of_the_server(told: Told) -> None:
    if told.in_memory is None:
        pytest.skip("this machine lets nobody look into the memory of a process, not even of a child")
    assert told.in_memory == set()
    assert told.names_in_memory > circle.PEOPLE, "the search must have looked where sealed texts are"


def test_the_wire_was_read_to_the_end(told: Told) -> None:
    assert all(body.encode() in told.corners["sent"] for body in told.sealed.values())
    assert all(body.encode() in told.corners["heard"] for body in told.sealed.values())
    assert {f"/m/{told.meeting}", f"/m/{told.meeting}/table", f"/room/{told.meeting}"} <= set(told.paths)


def test_the_vault_holds_each_text_wrapped_once_more(told: Told) -> None:
    database = told.data / "kring.sqlite3"
    assert len(circle.vault(database, told.meeting).bodies) == len(told.sealed)
    with contextlib.closing(rows.connect(database)) as connection:
        found = rows.bodies(connection, told.meeting, told.sealed)
    assert {content: encode(body) for content, body in found.items()} == told.sealed
    assert not sealed_in(told).found(database.read_bytes())


# -- that the search would find it -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hide",
    [
        bytes,
        lambda canary: b"x" + canary.hex().encode(),
        lambda canary: encode(b'{"text":"' + canary + b' is"}').encode(),
        lambda canary: encode(b'{"texts":"' + canary + b' is"}').encode(),
        lambda canary: encode(b'{"a text":"' + canary + b' is"}').encode(),
        lambda canary: f"{canary.decode()} \u2602".encode("utf-16-le"),
        lambda canary: json.dumps({"text": f"{canary.decode()} \u2602"}).encode(),
    ],
)  # fmt: skip
def test_a_planted_canary_is_found_in_every_guise(hide: Callable[[bytes], bytes], tmp_path: Path) -> None:
    canary = f"canary{secrets.token_hex(8)}".encode()
    plant = tmp_path / "deep" / "plant"
    plant.parent.mkdir()
    plant.write_bytes(os.urandom(9999) + hide(canary) + os.urandom(9999))
    assert Needles([canary]).found_in_files(files(tmp_path)) == {canary}


def test_a_planted_canary_is_found_in_the_write_ahead_log(copy: Path, told: Told) -> None:
    with contextlib.closing(rows.connect(copy / "kring.sqlite3")) as connection:
        assert not told.secrets.found_in_files(files(copy))
        connection.execute("CREATE TABLE plant (leaf BLOB)")
        connection.execute("INSERT INTO plant VALUES (?)", (told.stem,))
        assert told.secrets.found((copy / "kring.sqlite3-wal").read_bytes()) == {told.stem}


def test_a_text_and_a_key_are_found_in_memory_that_holds_them(told: Told) -> None:
    try:
        found = told.secrets.found_in_memory("self")
    except PermissionError:
        pytest.skip("this machine lets nobody look into the memory of a process, not even its own")
    assert found == {told.stem, told.key, encode(told.key).encode()}


async def test_a_client_that_forgets_to_seal_is_caught(
    tmp_path: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    def careless(_keys: Keys, place: Place, fields: Fields, _form: int) -> str:
        return encode(b"\x01" + os.urandom(12) + json.dumps([fields, place]).encode())

    monkeypatch.setattr("kring_client.client.seal", careless)
    with circle.serving(tmp_path / "data", tmp_path / "log") as server:
        async with Wire(server.port) as wire:
            meeting = await circle.open_meeting(wire.url)
            await circle.ask(f"{wire.url}/m/{meeting}?k={encode(told.key)}")
            async with Client(wire.url, meeting, LinkKeys(told.key)) as client:
                await client.act({"type": "take-seat", "seat": "seat0careless"}, {"name": told.stem.decode()})
        key = {told.key, encode(told.key).encode()}
        assert told.secrets.found("".join(wire.paths).encode()) == key
        assert told.secrets.found(wire.sent) == {told.stem, *key}
        assert told.secrets.found(wire.heard) == {told.stem}
        in_memory, _ = _look_into_memory(server.process.pid, told)
        assert in_memory is None or told.stem in in_memory


# -- when content goes -------------------------------------------------------------------------------------------------


def sealed_in(told: Told, *more: bytes) -> Needles:
    """Parts of every sealed text, as bytes and as it goes over the wire."""
    both = [form for body in told.sealed.values() for form in (decode(body), body.encode())]
    return Needles([*more, *(part for form in both for part in slices(form))], guised=False)


def until(so: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def assert_gone(data: Path, told: Told, key: bytes) -> None:
    """Nothing sealed is in any file, what it was wrapped with is no more, and the log still tells the meeting."""
    database = data / "kring.sqlite3"
    assert any(key)
    assert not sealed_in(told, key).found_in_files(files(data))
    left = circle.vault(database, told.meeting)
    assert (left.bodies, any(left.key)) == ((), False)
    before, after = (circle.replayed(one, told.meeting) for one in (told.data / "kring.sqlite3", database))
    assert (before.info.burned, after.info.burned) == (False, True)
    assert (after.info.status, after.items, after.seats) == ("closed", before.items, before.seats)


def assert_not_in_memory(server: circle.Server, needles: Needles) -> None:
    """A server that started when it was all gone can't have it in its memory, whatever it looked at."""
    with contextlib.suppress(PermissionError):
        assert not needles.found_in_memory(server.process.pid)


async def test_burned_by_a_majority_it_is_gone_names_and_all(told: Told, copy: Path, tmp_path: Path) -> None:
    key = circle.vault(copy / "kring.sqlite3", told.meeting).key
    with circle.serving(copy, tmp_path / "log") as server:
        async with back_in(f"http://127.0.0.1:{server.port}", told) as clients:
            assert all(circle.opened(client) == told.expected for client in clients)
            for client in clients[:3]:
                assert not client.view["meeting"]["burned"]
                await client.act({"type": "burn"})
            for client in clients:
                while not client.view["meeting"]["burned"]:
                    await client.changed(10)
                assert client.bodies == {}
            assert_gone(copy, told, key)
    assert_gone(copy, told, key)
    with circle.serving(copy, tmp_path / "log") as server:
        async with back_in(f"http://127.0.0.1:{server.port}", told) as clients:
            assert all(client.view["meeting"]["burned"] and not client.bodies for client in clients)
        assert_not_in_memory(server, sealed_in(told, key))


def test_at_its_end_date_it_is_gone_by_hand_too(told: Told, copy: Path) -> None:
    database = copy / "kring.sqlite3"
    key = circle.vault(database, told.meeting).key
    with contextlib.closing(rows.connect(database)) as connection:
        row = rows.find(connection, told.meeting)
    assert row is not None
    end = row.opened_at + 30 * circle.DAY_MS
    assert circle.forget(copy, end - 1) == 0
    assert circle.vault(database, told.meeting).key == key
    assert circle.forget(copy, end) == 1
    assert_gone(copy, told, key)


async def test_at_its_end_date_a_running_server_forgets_it(told: Told, copy: Path, tmp_path: Path) -> None:
    database = copy / "kring.sqlite3"
    key = circle.vault(database, told.meeting).key
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE room_meeting SET expires_at = opened_at + 1")
    with circle.serving(copy, tmp_path / "log") as server:
        until(lambda: not any(circle.vault(database, told.meeting).key))
        assert_gone(copy, told, key)
        with pytest.raises(urllib.error.HTTPError, match="410"):
            await circle.ask(f"http://127.0.0.1:{server.port}/api/meetings/{told.meeting}/tickets", {})
    with circle.serving(copy, tmp_path / "log") as server:
        assert_not_in_memory(server, sealed_in(told, key))


async def test_after_a_burn_no_object_of_the_room_holds_what_was_burned(tmp_path: Path) -> None:
    room = await Running(tmp_path).start()
    circle_of_four = await room.started(room.open_meeting())
    bodies = [sealed(secrets.token_bytes(300)) for _ in circle_of_four]
    for device, body in zip(circle_of_four, bodies, strict=True):
        await device.give("case", body)
        await all_at(circle_of_four, device.seq)
    bodies += [sealed(device.device.encode()) for device in circle_of_four]
    assert _left(bodies)  # something could be left

    for device in circle_of_four[:3]:
        await device.do("burn")
        await all_at(circle_of_four, device.seq)
    for device in circle_of_four:
        # The line of a device keeps the last frame that it read until the next one; browsers ping all the time.
        await device.say({"type": "ping", "n": 1})
        await device.hear("pong")

    assert not _left(bodies)
    await room.close()


def _left(bodies: list[str]) -> bool:
    """Whether the hub holds one of these, as it comes over the wire or as it is stored."""
    held = _held_by_the_hub()
    return any(form in held for body in bodies for form in (body.encode(), decode(body)))


def _held_by_the_hub() -> bytes:
    # ``serve`` keeps its hub to itself. By type: ``isinstance`` would also ask the proxies of objects that are gone.
    gc.unfreeze()  # while it serves, the collector looks past what was there at the start; so would this list
    hubs = [one for one in gc.get_objects() if type(one) is Hub]
    assert hubs
    return b"\n".join(held_by(hub) for hub in hubs)
