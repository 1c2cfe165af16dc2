"""How a real server says how it is: to whoever asks, and its numbers to who shows the token."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from kring_client.client import Client
from kring_client.keys import LinkKeys
from tests.web.serving import Answer, ask, running, until

TOKEN = "a token that nobody guesses, of 40 chars"
KEYS = LinkKeys(b"k" * 32)
WELL = {"ready": True, "store": True, "stopping": False, "overloaded": False}
NEW = {"method": "linxx-9"}
Server = tuple[str, subprocess.Popen[str], Path]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path, "serve", KRING_METRICS_TOKEN=TOKEN) as (url, process):
        yield url, process, tmp_path


def opened(url: str) -> str:
    answer = ask(url, "/api/meetings", "POST", NEW)
    assert answer.status == 201, answer
    meeting: str = answer.json["meeting"]
    return meeting


def refused(answer: Answer) -> tuple[int, str, str]:
    return answer.status, answer.json["code"], answer.headers["retry-after"]


async def sit(client: Client, name: str) -> None:
    await client.act({"type": "take-seat", "seat": name * 8}, {"name": f"canary {name}"})


def test_a_server_that_is_well_says_so_by_any_name(server: Server) -> None:
    url = server[0]
    for host in ("127.0.0.1", "kring.example", "10.1.2.3:8000"):
        alive, ready = ask(url, "/healthz", host=host), ask(url, "/readyz", host=host)
        assert (alive.status, alive.json) == (200, {"alive": True})
        assert (ready.status, ready.json) == (200, WELL)
        for answer in (alive, ready):
            assert answer.headers["content-type"] == "application/json"
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
            assert "set-cookie" not in answer.headers
    head = ask(url, "/readyz", "HEAD")
    assert (head.status, head.body) == (200, b"")
    wrong = ask(url, "/readyz", "POST", {})
    assert (wrong.status, wrong.json, wrong.headers["allow"]) == (405, {"code": "wrong-method"}, "GET")


def test_a_full_disk_is_told_refuses_new_meetings_and_keeps_running_ones_open(server: Server) -> None:
    url, process, _ = server
    meeting = opened(url)
    _, hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1024, hard))

    assert refused(ask(url, "/api/meetings", "POST", NEW)) == (503, "store-trouble", "120")
    ready = ask(url, "/readyz")
    assert (ready.status, ready.json) == (503, {**WELL, "ready": False, "store": False})
    assert ask(url, "/healthz").status == 200
    assert asyncio.run(looks_in(url, meeting)) == meeting

    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (hard, hard))
    assert (ask(url, "/readyz").status, ask(url, "/readyz").json) == (200, WELL)
    opened(url)


async def looks_in(url: str, meeting: str) -> str:
    async with Client(url, meeting, KEYS) as client:
        return client.view["meeting"]["id"]


def test_a_database_that_is_gone_is_told(server: Server) -> None:
    url, _, folder = server
    database = folder / "kring.sqlite3"
    kept = database.rename(folder / "elsewhere")

    until(lambda: ask(url, "/readyz").status == 503)
    assert ask(url, "/readyz").json == {**WELL, "ready": False, "store": False}
    assert refused(ask(url, "/api/meetings", "POST", NEW)) == (503, "store-trouble", "120")
    assert ask(url, "/readyz").status == 503  # also with the empty file that a look at it may have made

    kept.rename(database)
    until(lambda: ask(url, "/readyz").status == 200)


def test_a_server_that_stops_says_so_and_takes_nothing_new(server: Server) -> None:
    url, process, folder = server
    asyncio.run(stops(url, process, folder))


async def stops(url: str, process: subprocess.Popen[str], folder: Path) -> None:
    meeting = await asyncio.to_thread(opened, url)
    writes = sqlite3.connect(folder / "kring.sqlite3", isolation_level=None)
    async with Client(url, meeting, KEYS, patience=0.1) as client:
        await sit(client, "a")
        writes.execute("BEGIN IMMEDIATE")  # what is asked now can't become durable yet, so the server waits for it
        asked = asyncio.create_task(client.act({"type": "close-doors"}))
        await asyncio.sleep(0.2)
        process.terminate()
        await asyncio.sleep(0.2)
        ready, new = await asyncio.gather(
            asyncio.to_thread(ask, url, "/readyz"), asyncio.to_thread(ask, url, "/api/meetings", "POST", NEW)
        )
        writes.execute("ROLLBACK")
        writes.close()
        assert (ready.status, ready.json["stopping"], ready.json["ready"]) == (503, True, False)
        assert refused(new) == (503, "restarting", "120")
        assert await asked > 0


def test_the_numbers_are_for_who_shows_the_token(server: Server, tmp_path: Path) -> None:
    url = server[0]
    for headers in ({}, {"authorization": TOKEN}, {"authorization": "Bearer "}, {"authorization": f"Bearer {TOKEN}x"},
                    {"authorization": f"Basic {TOKEN}"}, {"authorization": "Bearer é"}):  # fmt: skip
        answer = ask(url, "/metrics", **headers)
        assert (answer.status, answer.json) == (401, {"code": "token-needed"}), headers
        assert answer.headers["www-authenticate"] == "Bearer"
    assert ask(url, f"/metrics?token={TOKEN.replace(' ', '+')}").status == 401
    assert ask(url, "/metrics", "POST", {}, authorization=f"Bearer {TOKEN}").status == 405
    assert ask(url, "/metrics", authorization=f"Bearer {TOKEN}").status == 200
    assert ask(url, "/metrics", authorization=f"bearer {TOKEN}").headers["content-type"].startswith("text/plain")
    with running(tmp_path / "without", "serve") as (other, _process):
        for headers in ({}, {"authorization": f"Bearer {TOKEN}"}, {"authorization": "Bearer "}):
            answer = ask(other, "/metrics", **headers)
            assert (answer.status, answer.json) == (404, {"code": "metrics-off"})


def test_the_numbers_tell_what_happened_and_never_where(server: Server) -> None:
    asyncio.run(counted(server[0]))


async def counted(url: str) -> None:
    meeting = await asyncio.to_thread(opened, url)
    async with Client(url, meeting, KEYS) as noor, Client(url, meeting, KEYS) as amal, Client(url, meeting, KEYS):
        await sit(noor, "a")
        await sit(amal, "b")
        with pytest.raises(Exception, match="already-seated"):
            await sit(amal, "c")
        await asyncio.sleep(0.5)  # a few samples of the loop's lag
        answer = await asyncio.to_thread(ask, url, "/metrics", authorization=f"Bearer {TOKEN}")
        said = answer.body.decode()
        found = values(said)
        seen = (meeting, str(noor.view["seats"][0]["id"]), str(noor.device_token), "canary")
    assert [one for one in seen if one in said] == []
    assert found["kring_rooms"] == found["kring_running_rooms"] == 1
    assert (found["kring_seats_connected"], found["kring_connections"]) == (2, 3)
    assert found["kring_commands_total", "take-seat"] == 3
    assert found["kring_refusals_total", "already-seated"] == 1
    assert found["kring_deliveries_total"] >= 6
    assert found["kring_sent_bytes_total"] > 1000
    assert found["kring_greeting_seconds_count"] == 3
    assert found["kring_commit_seconds_count"] == found["kring_commit_writes_count"] >= 2
    assert found["kring_loop_lag_seconds_count"] >= 1
    assert found["kring_closed_connections_total", "restarting"] == 0
    assert found["kring_http_refusals_total", "too-large"] == 0
    assert found["kring_store_errors_total", "write"] == 0
    assert found["kring_full", "rooms"] == 0
    assert found["process_resident_memory_bytes"] > 1e6
    assert found["process_open_fds"] > 3


def values(said: str) -> dict[Any, float]:
    """Each sample by its name, and by its name and its one label."""
    found: dict[Any, float] = {}
    for family in text_string_to_metric_families(said):
        for sample in family.samples:
            label = next(iter(sample.labels.values()), None)
            found[(sample.name, label) if label else sample.name] = sample.value
    return found
