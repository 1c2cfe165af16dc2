"""The logs say that it runs, never who, what or with which key."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest
from django.test import Client, RequestFactory
from django.urls import resolve

from kring_web.config import logs
from kring_web.config.logs import is_not_cancelled, logging_of, redact

KEY = "cAnAryKEYcAnAryKEYcAnAryKEYcAnAryKEYcAnAryK"


@pytest.mark.parametrize(
    "message",
    [
        f"GET /m/abc#k={KEY}",
        f"GET /api?ticket={KEY}",
        f"body {{'key': '{KEY}'}}",
        f'body {{"device_token": "{KEY}.x"}}',
        f"ticket={KEY}",
        f"GET /m/k7d2m5qw3xza4bcn6vhj%23k={KEY}",
        f"GET /m/k7d2m5qw3xza4bcn6vhj%2523k%253D{KEY}.",
        f"GET /m/k7d2m5qw3xza4bcn6vhj*k={KEY}__;Iw!!",
        f"GET /m/k7d2m5qw3xza4bcn6vhj/{KEY}",
        f"GET /m/k7d2m5qw3xza4bcn6vhjk{KEY}",
    ],
)
def test_what_looks_like_a_key_is_struck_out(message: str) -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "%s", (message,), None)
    assert redact(record)
    assert KEY not in record.getMessage()
    assert "[redacted]" in record.getMessage()


def test_ordinary_sentences_stay() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "Kring is at %s", ("http://localhost:8000",), None)
    redact(record)
    assert record.getMessage() == "Kring is at http://localhost:8000"


@pytest.mark.parametrize(("error", "line"), [(asyncio.CancelledError(), False), (ValueError("x"), True), (None, True)])
def test_only_work_that_was_given_up_leaves_no_line(error: BaseException | None, line: bool) -> None:
    raised = (type(error), error, None) if error else None
    assert is_not_cancelled(logging.LogRecord("asyncio", logging.ERROR, "", 0, "never retrieved", (), raised)) is line
    assert logging_of("info")["loggers"]["asyncio"]["filters"] == ["is-not-cancelled"]


def test_no_line_is_written_for_each_request() -> None:
    loggers = logging_of("debug")["loggers"]
    assert loggers["uvicorn.access"]["level"] == "ERROR"
    assert loggers["django.request"]["level"] == "ERROR"


def test_no_line_repeats_the_name_that_somebody_gave_the_server(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    assert Client(SERVER_NAME="canary.example").get("/").status_code == 400
    assert "canary" not in caplog.text


def test_a_whole_visit_leaves_no_secret_behind(
    visitor: Client, meeting: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    tickets = visitor.post(f"/api/meetings/{meeting}/tickets", "{}", content_type="application/json").json()
    again = {"device_token": tickets["device_token"]}
    visitor.post(f"/api/meetings/{meeting}/tickets", json.dumps(again), content_type="application/json")
    visitor.post(f"/api/meetings/{meeting}/tickets", json.dumps({"device_token": KEY}), content_type="application/json")
    visitor.get(f"/m/{meeting}")
    visitor.get(f"/m/{'a' * 20}?k={KEY}")
    for mangled in (f"/m/{meeting}%23k={KEY}", f"/m/{meeting}*k={KEY}", f"/{meeting}%23k={KEY}", f"/m/{meeting}/{KEY}"):
        page = visitor.get(mangled)
        assert KEY not in page.content.decode() + str(page.headers)
    out, err = capfd.readouterr()
    for secret in (KEY, tickets["ticket"], tickets["device_token"]):
        assert secret not in caplog.text + out + err


def test_a_line_about_a_request_holds_no_address() -> None:
    """Whoever has the address of a published method has the method, and a meeting's shows who met."""
    logger = logging.getLogger("django.request")
    for name in ("methods/abcdefghijklmnopqrst/method.pdf", "nowhere/abcdefghijklmnopqrst"):
        request = RequestFactory().get(f"/{name}")
        if name.startswith("methods"):
            request.resolver_match = resolve(f"/{name}")
        record = logger.makeRecord(
            "django.request", logging.ERROR, __file__, 1, "%s: %s", ("Unavailable", request.path), None,
            extra={"status_code": 503, "request": request},
        )  # fmt: skip
        assert logs.without_address(record)
        assert "abcdefghijklmnopqrst" not in record.getMessage()
        assert record.getMessage().startswith("503 at ")


def test_a_refused_call_leaves_a_line(visitor: Client, stranger: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    visitor.post("/api/meetings", '{"method": "no-such"}', content_type="application/json")
    stranger.post("/api/meetings", "{}", content_type="application/json")
    lines = [vars(record) for record in caplog.records if record.msg == "call refused"]
    said = [(line["reason"], line.get("kind", "")) for line in lines]
    assert said == [("unknown-method", "meetings"), ("other-origin", "")]
