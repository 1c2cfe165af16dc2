"""Simulated colleagues: who may invite them, what their process is told, and that none outlives the server."""

from __future__ import annotations

import base64
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kring.methods.model import Group
from kring_room.meetings import new_meeting_id
from kring_web.practice import api, colleagues
from kring_web.practice.colleagues import Colleagues
from kring_web.web import quotas
from kring_web.web.quotas import Quota
from tests.web.meetings.test_admission import wanted

KEY = "cAnAryKEYcAnAryKEYcAnAryKEYcAnAryKEYcAnAryK"
INVITE = {"key": KEY, "role": "participant", "language": "nl", "seats": 5}
# What a colleague's process does here: keep its config, then sit there.
SITS = "import sys, time; open(sys.argv[1], 'w').write(sys.stdin.readline()); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """Where the fake process keeps what it was told."""
    return tmp_path / "config.json"


@pytest.fixture(autouse=True)
def group(monkeypatch: pytest.MonkeyPatch, told: Path) -> Iterator[Colleagues]:
    """The server's colleagues, played by a process that only listens."""
    found = Colleagues((sys.executable, "-c", SITS, str(told)))
    monkeypatch.setattr("kring_web.practice.api.COLLEAGUES", found)
    yield found
    found.stop()


def invite(client: Client, meeting: str, body: object = INVITE) -> Any:
    return client.post(f"/api/meetings/{meeting}/colleagues", json.dumps(body), content_type="application/json")


def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def config(role: str = "participant") -> colleagues.Config:
    return colleagues.Config("ws://127.0.0.1:1", "a" * 20, KEY, "nl", 5, role, 1)


def test_colleagues_are_told_all_they_need_and_no_more(visitor: Client, practice: str, told: Path) -> None:
    answer = invite(visitor, practice)
    assert (answer.status_code, answer.json()) == (202, {"seats": 5})
    until(lambda: told.is_file() and told.read_text().endswith("\n"))
    found = json.loads(told.read_text())
    seed = found.pop("seed")
    assert 0 <= seed < 2**31
    assert found == {
        "url": "ws://127.0.0.1:8000", "meeting": practice, "key": KEY, "language": "nl", "seats": 5,
        "newcomer": "participant",
    }  # fmt: skip


def test_the_key_goes_to_no_log_no_argument_and_no_answer(
    visitor: Client, practice: str, group: Colleagues, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    answer = invite(visitor, practice)
    refused = invite(visitor, practice, {**INVITE, "role": KEY})
    assert KEY not in caplog.text
    assert KEY not in answer.content.decode() + refused.content.decode()
    assert all(KEY not in str(one.process.args) for one in group._groups.values())


def test_a_real_meeting_gets_no_simulated_colleagues(visitor: Client, meeting: str, group: Colleagues) -> None:
    answer = invite(visitor, meeting)
    assert (answer.status_code, answer.json()) == (409, {"code": "not-practice"})
    assert group.count() == 0


def test_colleagues_come_for_whoever_has_the_key_and_not_with_the_address_alone(
    program: Client, visitor: Client, group: Colleagues
) -> None:
    meeting = new_meeting_id()
    opened = visitor.post(
        "/api/meetings", json.dumps({**wanted(meeting), "practice": True}), content_type="application/json"
    )
    assert opened.status_code == 201
    answer = invite(program, meeting)
    assert (answer.status_code, answer.json()) == (403, {"code": "wrong-key"})
    assert group.count() == 0
    key = base64.urlsafe_b64encode(b"k" * 32).decode().rstrip("=")
    assert invite(program, meeting, {**INVITE, "key": key}).status_code == 202
    assert group.count() == 1


def test_keys_that_are_tried_are_counted(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "FAILURES", Quota(2, 3600))
    meeting = new_meeting_id()
    body = json.dumps({**wanted(meeting), "practice": True})
    visitor.post("/api/meetings", body, content_type="application/json")
    tried = [
        visitor.post(
            f"/api/meetings/{meeting}/colleagues", json.dumps(INVITE), content_type="application/json",
            headers={"x-forwarded-for": "203.0.113.7"},
        ).status_code
        for _ in range(3)
    ]  # fmt: skip
    assert tried == [403, 403, 429]


def test_colleagues_come_once(visitor: Client, practice: str) -> None:
    assert invite(visitor, practice).status_code == 202
    again = invite(visitor, practice)
    assert (again.status_code, again.json()) == (409, {"code": "already-practising"})


def test_a_machine_carries_so_many_groups(visitor: Client, practice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(colleagues, "MAX_GROUPS", 0)
    answer = invite(visitor, practice)
    assert (answer.status_code, answer.json()) == (429, {"code": "too-many"})


def test_whoever_has_finished_makes_room() -> None:
    quick = Colleagues((sys.executable, "-c", "pass"))
    quick.start(config())
    until(lambda: quick.count() == 0)
    quick.start(config())
    quick.stop()


def test_whoever_stays_too_long_is_sent_home(group: Colleagues, monkeypatch: pytest.MonkeyPatch) -> None:
    group.start(config())
    assert group.count() == 1
    monkeypatch.setattr(colleagues, "MAX_LIFETIME_S", 0)
    assert group.count() == 0


def test_nobody_outlives_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(colleagues, "GRACE_S", 0.2)
    stubborn = Colleagues((sys.executable, "-c", STUBBORN))
    stubborn.start(config())
    process = next(iter(stubborn._groups.values())).process
    time.sleep(0.3)
    stubborn.stop()
    assert process.poll() is not None


def test_a_process_that_does_not_start_is_no_failure_of_ours(caplog: pytest.LogCaptureFixture) -> None:
    gone = Colleagues((sys.executable, "-c", "import os; os.close(0)"))
    gone.start(config())
    until(lambda: gone.count() == 0)
    assert KEY not in caplog.text


@pytest.mark.parametrize(("smallest", "largest", "come"), [(3, 4, 3), (4, 9, 5), (7, 9, 6), (3, 3, 2)])
def test_as_many_come_as_the_method_takes(smallest: int, largest: int, come: int) -> None:
    assert api._seats_for(Group(smallest, largest), 5) == come
