"""The mailbox page: there for whoever practises on this machine, and for nobody else."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from kring_web.config import current
from kring_web.config.values import Smtp
from kring_web.jobs import services as jobs
from kring_web.jobs.models import Job
from kring_web.mail import services
from kring_web.mail.models import Mail
from tests.web.serving import ask, asked_by_an_old_proxy, served

SMTP = Smtp("127.0.0.1", 2525, "", "", "none")


@pytest.fixture
def _local(monkeypatch: pytest.MonkeyPatch) -> None:
    """As under ``kring practice``: on this machine, without a mail server."""
    known = dataclasses.replace(settings.KRING, public_url="http://localhost:8000", host="127.0.0.1", proxies=0)
    be(monkeypatch, known, mailbox=True)


@pytest.fixture(autouse=True)
def _empty() -> Iterator[None]:
    yield
    Mail.objects.all().delete()
    Job.objects.all().delete()


def be(monkeypatch: pytest.MonkeyPatch, environment: Any, *, mailbox: bool) -> None:
    monkeypatch.setattr(settings, "KRING", environment)
    monkeypatch.setattr(current, "environment", lambda: environment)
    monkeypatch.setattr(current, "_local_mailbox", [True] if mailbox else [])


def here(**headers: str) -> Client:
    return Client(SERVER_NAME="localhost", SERVER_PORT="8000", REMOTE_ADDR="127.0.0.1", headers=headers)


def queued() -> str:
    mail = services.queue("test", "noor@example.org", "en", {"address": "<b>here</b>"})
    jobs.run_due("node", services._now)
    return mail


@pytest.mark.usefixtures("_local")
def test_what_would_be_mailed_is_read_on_this_machine() -> None:
    assert b"There is no mail yet." in here().get("/mailbox").content
    mail = queued()
    page = here().get("/mailbox").content
    assert b"Mail from Kring arrives" in page
    assert b"noor@example.org" in page
    text = here().get(f"/mailbox/{mail}").content
    assert b"&lt;b&gt;here&lt;/b&gt;" in text
    assert b"<b>" not in text


@pytest.mark.usefixtures("_local")
def test_no_page_of_it_is_kept_by_a_browser_or_changed_by_a_form() -> None:
    assert "no-store" in here().get("/mailbox").headers["Cache-Control"]
    assert here().post("/mailbox").status_code in (403, 405)


@pytest.mark.usefixtures("_local")
@pytest.mark.parametrize(
    "header",
    [
        "x-forwarded-for",
        "x-forwarded-proto",
        "x-forwarded-host",
        "x-forwarded",
        "forwarded",
        "via",
        "x-real-ip",
        "cf-connecting-ip",
        "true-client-ip",
        "fly-client-ip",
        "x-client-ip",
    ],
)
def test_what_a_proxy_passes_on_is_shown_nothing(header: str) -> None:
    mail = queued()
    for path in ("/mailbox", f"/mailbox/{mail}"):
        assert here(**{header: "127.0.0.1"}).get(path).status_code == 404


@pytest.mark.usefixtures("_local")
def test_another_machine_and_another_name_are_shown_nothing() -> None:
    assert Client(SERVER_NAME="localhost", REMOTE_ADDR="192.0.2.7").get("/mailbox").status_code == 404
    assert Client(SERVER_NAME="kring.example", REMOTE_ADDR="127.0.0.1").get("/mailbox").status_code in (400, 404)


@pytest.mark.usefixtures("_local")
def test_a_mail_that_is_not_there_is_not_found() -> None:
    assert here().get("/mailbox/nothing").status_code == 404


@pytest.mark.parametrize(
    ("changed", "mailbox"),
    [
        ({}, False),
        ({"smtp_url": SMTP, "mail_from": "kring@kring.example"}, True),
        ({"public_url": "https://kring.example"}, True),
        ({"host": "0.0.0.0"}, True),  # noqa: S104 -- what is refused
    ],
    ids=["by KRING_PRACTICE alone", "where mail really goes", "where others come", "where others may connect"],
)
def test_elsewhere_there_is_no_such_page(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any], *, mailbox: bool
) -> None:
    local: dict[str, Any] = {"public_url": "http://localhost:8000", "host": "127.0.0.1", "practice": True}
    be(monkeypatch, dataclasses.replace(settings.KRING, **local | changed), mailbox=mailbox)
    assert here().get("/mailbox").status_code == 404


def test_serving_with_practice_has_no_mailbox_and_practising_has_one(tmp_path: Path) -> None:
    with served(tmp_path / "a", "practice", "--no-open") as url:
        assert ask(url, "/mailbox").status == 200
        assert ask(url, "/mailbox", x_forwarded_for="127.0.0.1").status == 404
        assert asked_by_an_old_proxy(url, "/mailbox").startswith(b"HTTP/1.1 404 ")
        assert asked_by_an_old_proxy(url, "/").startswith(b"HTTP/1.1 200 ")
    with served(tmp_path / "b", "serve", KRING_PRACTICE="on") as url:
        assert ask(url, "/mailbox").status == 404
