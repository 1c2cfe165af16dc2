"""The lines of the log: for people and for programs, with ids and never a word, through a whole meeting of a real server."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kring_client.client import Client, Refused
from kring_client.keys import LinkKeys
from kring_web.config.logs import FIELDS, JsonFormatter, LineFormatter, event_of, redact
from tests.ports import free_port
from tests.web.serving import ask, environment

ROOT = Path(__file__).parents[2]
KEY = b"cAnAryKEYcAnAryKEYcAnAryKEYcAnAr"
SAID = re.compile(r"\b_?log(?:ger)?\.(?:debug|info|warning|error|exception)\(\s*\"([^\"]+)\"")


def record(message: str, *args: object, name: str = "kring_room.live.room", error: Any = None, **extra: object) -> Any:
    made = logging.LogRecord(name, logging.WARNING, "", 0, message, args, error)
    vars(made).update(extra)
    assert redact(made)
    return made


def as_json(made: logging.LogRecord) -> dict[str, Any]:
    line = JsonFormatter().format(made)
    assert "\n" not in line
    found: dict[str, Any] = json.loads(line)
    return found


def test_an_event_of_ours_has_a_stable_name_and_known_fields_alone() -> None:
    found = as_json(record("connection closed", meeting="m1", device="d1", reason="too-slow", text="canary", seq=7))
    at = found.pop("at")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", at)
    assert found == {
        "level": "warning", "logger": "kring_room.live.room", "event": "connection-closed",
        "meeting": "m1", "device": "d1", "reason": "too-slow", "seq": 7,
    }  # fmt: skip


def test_what_libraries_say_is_one_line_without_a_name_of_its_own() -> None:
    found = as_json(record("Task %s was destroyed\nfuture: canary", "x", name="asyncio"))
    assert (found["event"], found["message"]) == ("library", "Task x was destroyed")


@pytest.mark.parametrize("formatter", [JsonFormatter(), LineFormatter()])
def test_an_exception_is_told_by_its_kind_and_place_and_not_by_its_words(formatter: logging.Formatter) -> None:
    line = ""
    try:
        int("canary of a case")
    except ValueError:
        line = formatter.format(record("command failed", error=sys.exc_info()))
    assert "ValueError" in line
    assert "test_log_lines.py:" in line
    assert "canary" not in line
    assert "\n" not in line


def test_a_line_for_people_has_its_fields_beside_it() -> None:
    line = LineFormatter().format(record("commit failed", meeting="m1", seq=3))
    assert line.endswith("WARNING kring_room.live.room: commit failed meeting=m1 seq=3")


def test_a_field_that_looks_like_a_key_is_struck_out() -> None:
    assert "cAnAry" not in json.dumps(as_json(record("odd", reason=f"#k={KEY.decode()}")))


def events_in_code() -> set[str]:
    paths = [*ROOT.glob("src/kring_room/**/*.py"), *ROOT.glob("src/kring_web/**/*.py")]
    found = {said for path in paths for said in SAID.findall(path.read_text(encoding="utf-8"))}
    return {event_of(record(said)) for said in found}


def test_the_document_knows_every_event_and_every_field() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z-]+)` \| (?:info|warning|error) \|", text, re.MULTILINE)) == events_in_code()
    assert [name for name in FIELDS if f"`{name}`" not in text] == []


async def meet(url: str) -> tuple[str, list[str]]:
    """A meeting with canaries in it, refusals, a flood and a forged hello; its id, and all that is secret in it."""
    opened = await asyncio.to_thread(ask, url, "/api/meetings", "POST", {"method": "linxx-9"})
    meeting: str = opened.json["meeting"]
    clients = [Client(url, meeting, LinkKeys(KEY)) for _ in range(4)]
    async with clients[0] as noor, clients[1], clients[2], clients[3]:
        for number, client in enumerate(clients):
            seat = f"seatnumber{number}"
            await client.act({"type": "take-seat", "seat": seat}, {"name": f"canary of a name {number}"})
        await noor.act({"type": "start"})
        for client in clients:
            await client.act({"type": "give", "what": "case"}, {"text": "canary of a case"})
        with pytest.raises(Refused):
            await noor.act({"type": "give", "what": "advice"}, {"text": "canary of an advice"})
        await asyncio.to_thread(ask, url, f"/m/{meeting}?k={KEY.decode()}")
        secrets = [str(client.device_token) for client in clients] + [
            body for one in clients for body in one.bodies.values()
        ]
    forged = await asyncio.to_thread(
        ask, url, f"/api/meetings/{meeting}/tickets", "POST", {"device_token": "canary.token"}
    )
    assert forged.status == 403
    return meeting, [*secrets, "canary", KEY.decode()]


@pytest.mark.parametrize("form", ["json", "line"])
def test_a_whole_meeting_leaves_no_word_in_the_log(tmp_path: Path, form: str) -> None:
    port = free_port()
    command = [sys.executable, "-W", "error", "-m", "kring_command", "serve", "--port", str(port)]
    more = environment(tmp_path, KRING_LOG_FORMAT=form, KRING_LOG_LEVEL="debug", KRING_METRICS_TOKEN="t" * 32)
    with subprocess.Popen(command, env=more, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert "Kring is at" in process.stdout.readline()
        try:
            meeting, secrets = asyncio.run(meet(f"http://127.0.0.1:{port}"))
        finally:
            process.terminate()
            _, said = process.communicate(timeout=20)

    assert [secret for secret in secrets if secret in said] == []
    assert "stopped" in said
    if form == "json":
        lines = [json.loads(line) for line in said.splitlines()]
        assert {"at", "level", "logger", "event"} <= set.intersection(*(set(line) for line in lines))
        assert all(set(line) <= {"at", "level", "logger", "event", "message", *FIELDS} for line in lines)
    assert meeting not in said or f"meeting={meeting}" in said or f'"meeting": "{meeting}"' in said
