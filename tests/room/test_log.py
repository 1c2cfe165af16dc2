"""What the server logs: what went wrong and where, never a word of what people said, nor what opens a door."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from kring.meeting import execute
from tests.room.support import Running, sealed


async def test_log_holds_no_body_ticket_or_secret(running_room: Running, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    noor, sam, *_ = await running_room.started(running_room.open_meeting())
    body = sealed(b"canary in a body")
    await noor.give("case", body)
    await noor.do("give", what="canarywhat", content="canarycont", bodies={"canarycont": body})
    await sam.say('{"type":"canarytype"}')
    await sam.fate()
    await sam.hello()

    ours = [record for record in caplog.records if record.name != "websockets.client"]  # the device's own
    said = "".join(str(record.__dict__) for record in ours)

    assert "unknown-type" in said
    for secret in (body, body[:20], "canary", sam.ticket()[:40]):
        assert secret not in said


async def test_fault_in_the_engine_refuses_one_command_and_is_logged_without_words(
    running_room: Running, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    noor, sam, *_ = await running_room.started(running_room.open_meeting())

    def faulty(state: Any, command: Any, **rest: Any) -> Any:
        if "canary" in str(command):
            raise ValueError(str(command))
        return execute(state, command, **rest)

    monkeypatch.setattr("kring_room.live.deciding.execute", faulty)

    answer = await noor.do("pass", what="canary")

    assert answer["type"] == "refused"
    assert (await sam.give("case"))["type"] == "done"
    assert "command failed" in caplog.text
    told = [record.__dict__ for record in caplog.records if not record.name.startswith("websockets.client")]
    assert "canary" not in str(told)  # what the test's own client logs is its own affair
