"""A real server process, and five people who write a canary in everything that they write, names included."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from random import Random

import msgspec

from kring.meeting import State, replay, upcasting
from kring.methods import library
from kring.methods.model import Method
from kring.rehearsal.behaviour import Behaviour, Manners, Writes
from kring_client.client import Client, new_id
from kring_client.colleague import Colleague, Company, Pace
from kring_client.keys import LinkKeys
from kring_client.sealing import Fields
from kring_client.texts import Scene, Texts
from tests.ports import free_port
from tests.stored import stored
from tests.web.serving import environment

PEOPLE = 5
METHOD = "linxx-9"
DAY_MS = 24 * 60 * 60 * 1000


class Server:
    """``kring serve`` as operators run it, with the most talkative logs; what it says goes to ``log``."""

    def __init__(self, data: Path, log: Path) -> None:
        self.data, self.log, self.port = data, log, free_port()
        self.database = data / "kring.sqlite3"
        arguments = [sys.executable, "-m", "kring_command", "serve", "--port", str(self.port)]
        with log.open("wb") as said:
            self.process = subprocess.Popen(
                arguments, env=environment(data, KRING_LOG_LEVEL="debug"), stdout=said, stderr=said
            )

    def until_ready(self) -> None:
        deadline = time.monotonic() + 40
        while b"Kring is at" not in self.log.read_bytes():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=20) == 0


@contextlib.contextmanager
def serving(data: Path, log: Path) -> Iterator[Server]:
    server = Server(data, log)
    try:
        server.until_ready()
        yield server
        server.stop()
    finally:
        server.process.kill()
        server.process.wait()


class CanaryTexts(Texts):
    """Writes the same forms as the colleagues do, with a canary wherever something is typed."""

    def __init__(self, stem: str) -> None:
        super().__init__("en", Random(1))
        self.stem = stem
        self.written: dict[str, set[str]] = {}
        """By content id."""

    def fill(self, writes: Writes, scene: Scene, method: Method) -> Fields:
        fields = super().fill(writes, scene, method)
        # The odd characters make Python hold the text in wider strings, as an umbrella in a case would.
        typed = {
            key: f"{self.stem} {secrets.token_hex(4)} é ☂" for key, value in fields.items() if isinstance(value, str)
        }
        self.written.setdefault(writes.content, set()).update(typed.values())
        return {**fields, **typed}


def sit_down(url: str, meeting: str, key: bytes, texts: Texts) -> list[Colleague]:
    """Five people who write all that may be written, quickly; the first one facilitates."""
    company = Company(newcomer=False)
    return [
        Colleague(
            Client(url, meeting, LinkKeys(key), patience=10),
            Behaviour(
                library.load(METHOD),
                Random(number),
                new_id,
                Manners(
                    facilitates=not number, hosts=not number, expects=PEOPLE, writes=1, passes=0, offers=1, wanders=0
                ),
            ),
            texts,
            Pace(Random(number), 0.002),
            person=number,
            company=company,
        )
        for number in range(PEOPLE)
    ]


async def ask(url: str, body: object = None) -> bytes:
    """What a browser gets at this address; a fragment stays at home, as it does in a browser."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, data=data, headers=headers)  # noqa: S310 -- our own server

    def get() -> bytes:
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 -- our own server
                found: bytes = answer.read()
        except urllib.error.HTTPError as error:
            error.close()
            raise
        return found

    return await asyncio.to_thread(get)


async def open_meeting(url: str) -> str:
    """A new meeting, not for practice."""
    meeting: str = json.loads(await ask(f"{url}/api/meetings", {"method": METHOD}))["meeting"]
    return meeting


def opened(client: Client) -> set[str]:
    """Every text that this device can read now."""
    view = client.view
    fields = [client.open(item["seat"], item["what"], item["content"]) for item in view["items"] if item["content"]]
    fields += [client.open(seat["id"], "name", seat["name"]) for seat in view["seats"]]
    return {value for filled in fields if filled for value in filled.values() if isinstance(value, str)}


def replayed(database: Path, meeting: str) -> State:
    """The meeting, told again from what the database still holds."""
    return replay(upcasting.upcast(version, body) for _, version, body in stored(database, meeting).events)


def contents_of(state: State) -> set[str]:
    """The ids of all that was written in a meeting."""
    return {item.content for item in state.items if item.content} | {seat.name for seat in state.seats}


class Vault(msgspec.Struct, frozen=True):
    """What a database holds of one meeting's content."""

    bodies: tuple[bytes, ...]
    key: bytes


def vault(database: Path, meeting: str) -> Vault:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        (key,) = connection.execute("SELECT key FROM vault_key WHERE meeting = ?", (meeting,)).fetchone()
    return Vault(tuple(stored(database, meeting).bodies.values()), bytes(key))


def forget(data: Path, now: int) -> int:
    """Run the sweep by hand, on a server that is off, as if it were ``now``."""
    program = "import sys, django; django.setup(); from kring_web.vault.services import expire; print(expire(int(sys.argv[1])))"
    variables = environment(data, DJANGO_SETTINGS_MODULE="kring_web.config.settings")
    done = subprocess.run(
        [sys.executable, "-c", program, str(now)], env=variables, capture_output=True, text=True, check=True, timeout=60
    )
    return int(done.stdout)
