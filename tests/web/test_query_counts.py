"""How many queries each page and each endpoint asks of the database: so many, however many rows there are.

Who adds an address adds its line to ``COUNTS``; what the room writes through its own store is not counted here.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from django.db import connections
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from kring.methods import library
from kring.methods.encoded import encode
from kring_web.mail.models import SENT, Mail
from kring_web.meetings import services as meetings
from kring_web.meetings.models import Device
from kring_web.methods import services as methods
from kring_web.methods.models import Publication
from kring_web.practice.colleagues import Colleagues
from kring_web.web import assets

KEY = "k" * 43
TEXT = library.source("troika").decode()
METHOD = encode(library.load("troika"))
TICKET: dict[str, object] = {"as": "table"}


class Row(NamedTuple):
    """A request and how many queries it may take. ``{name}`` in ``path``: an address of the fixture ``there``."""

    path: str
    queries: int
    body: dict[str, object] | None = None
    status: int = 200


CIRCLE = "circles/" + "0" * 64
COUNTS: dict[str, tuple[Row, ...]] = {
    "start": (Row("/", 0), Row("/?method=linxx-9", 0)),
    "language": (Row("/language", 0, {"language": "nl"}, 302),),
    "help": (Row("/help", 0),),
    "privacy": (Row("/privacy", 0),),
    "robots": (Row("/robots.txt", 0),),
    "choose": (Row("/methods", 0),),
    "method-page": (Row("/methods/linxx-9", 0), Row("/methods/{published}", 1)),
    "method-sheet": (Row("/methods/linxx-9/sheet", 0), Row("/methods/{published}/sheet", 1)),
    "method-paper": (Row("/methods/linxx-9/method.pdf", 0), Row("/methods/{published}/method.pdf", 1)),
    "method-cards": (Row("/methods/linxx-9/cards.pdf", 0), Row("/methods/{published}/cards.pdf", 1)),
    "method": (Row("/methods/linxx-9.json", 0),),
    "methods": (Row("/api/methods", 0),),
    "method-source": (Row("/api/methods/linxx-9.yaml", 0), Row("/api/methods/{published}.yaml", 1)),
    "workbench": (Row("/workbench", 0),),
    "workbench-check": (Row("/api/workbench/check", 0, {"text": TEXT}),),
    "workbench-rehearse": (Row("/api/workbench/rehearse", 0, {"text": TEXT, "people": 4}),),
    "workbench-publish": (
        Row("/api/workbench/publish", 2, {"text": TEXT}, 201),
        Row("/api/workbench/publish", 3, {"text": TEXT, "id": "{published}", "key": "{key}"}, 201),
    ),
    "mailbox": (Row("/mailbox", 1),),
    "mailbox-message": (Row("/mailbox/{mail}", 1),),
    "room": (Row("/m/{meeting}", 2), Row("/m/" + "a" * 20, 1, status=404)),
    "mangled": (Row("/m/{meeting}%23k=" + KEY, 2), Row("/m/short", 0, status=404)),
    "table": (Row("/m/{meeting}/table", 2),),
    "room-sheet": (Row("/m/{meeting}/sheet", 1),),
    "meetings": (
        Row("/api/meetings", 1, {"method": "linxx-9"}, 201),
        Row("/api/meetings", 2, {"method": "linxx-9", "language": "nl"}, 201),
        Row("/api/meetings", 4, {"method": "{published}"}, 201),
        Row("/api/meetings", 4, {"method": "linxx-9", "meeting": "b" * 20, "admission": KEY}, 201),
    ),
    "tickets": (Row("/api/meetings/{meeting}/tickets", 2, TICKET),),
    "join-code": (Row("/api/meetings/{meeting}/code", 5, {"device_token": "{token}", "live": False}),),
    "knock": (Row("/api/knocks", 1, {"code": "000000", "message": {"what": "commit"}}, 404),),
    "knocking": (Row("/api/knocks/none", 1, {"secret": "x"}, 410),),
    "knocks": (Row("/api/meetings/{meeting}/knocks", 5, {"device_token": "{token}"}),),
    "answering": (Row("/api/meetings/{meeting}/knocks/none", 4, {"device_token": "{token}"}, 410),),
    "meeting-method": (Row("/api/meetings/{meeting}/method", 1),),
    # Nobody is signed in here; what members ask is counted in tests/web/circles.
    **{
        name: (Row(f"/api/{path}", 0, None, 401),)
        for name, path in {
            "circles": "circles",
            "keyring": "keyring",
            "circle-log": f"{CIRCLE}/log/0",
            "circle-consents": f"{CIRCLE}/consents",
            "circle-items": f"{CIRCLE}/items/about",
        }.items()
    },
    **{
        name: (Row(f"/api/{path}", 0, {}, 400),)
        for name, path in {
            "circle-found": "circles/found",
            "circle-append": f"{CIRCLE}/append",
            "circle-visit": f"{CIRCLE}/visit",
            "circle-consent": f"{CIRCLE}/consent",
            "circle-withdraw": f"{CIRCLE}/withdraw",
            "circle-item": f"{CIRCLE}/item",
            "circle-forget": f"{CIRCLE}/forget",
            "keyring-lock": "keyring/lock",
            "keyring-unlock": "keyring/unlock",
            "keyring-keep": "keyring/keep",
            "keyring-renew": "keyring/renew",
            "keyring-restore": "keyring/restore",
        }.items()
    },
    "colleagues": (Row("/api/meetings/{meeting}/colleagues", 3, {"key": KEY, "role": "owner", "language": "nl"}, 202),),
}


def names(patterns: list[URLPattern | URLResolver]) -> Iterator[str | None]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns)
        else:
            yield pattern.name


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """What the addresses lead to: a published method with its key, a practice meeting, a mail in the mailbox."""
    idle = Colleagues((sys.executable, "-c", "input()"))
    monkeypatch.setattr("kring_web.practice.api.COLLEAGUES", idle)
    monkeypatch.setattr("kring_web.methods.pdf_process.pdf_of", lambda _job: b"%PDF")
    monkeypatch.setattr(assets, "read_manifest", lambda _folder: {})
    made = methods.publish(TEXT, METHOD, of=None, key=None)
    monkeypatch.setattr("kring_web.mail.views._require_local", lambda _request: None)
    meeting = meetings.create(method="linxx-9", practice=True)
    admission = meetings.admit(meetings.require_open(meeting), device_token=None, table=False)
    device = meetings.device_of(meetings.require_open(meeting), admission.device_token)
    Device.objects.create(meeting=meeting, device=device, seat="s1")
    yield {
        "token": admission.device_token,
        "published": made.id,
        "key": made.key,
        "meeting": meeting,
        "mail": sent("mail00000000"),
    }
    idle.stop()
    Mail.objects.all().delete()


def sent(name: str) -> str:
    message = b"Subject: test\nDate: Sun, 29 Nov 2026 12:00:00 +0000\n\nIt arrives.\n"
    Mail.objects.create(
        id=name, key=name, kind="test", recipient="noor@kring.example", message=message,
        private=False, repeat=True, state=SENT, queued_at=1, expires_at=2,
    )  # fmt: skip
    return name


def grow(there: dict[str, str]) -> None:
    """Many more rows in every table that pages read."""
    for number in range(5):
        meetings.create(method="linxx-9", practice=False, language="nl")
        there["key"] = methods.publish(TEXT, METHOD, of=there["published"], key=there["key"]).key
        sent(f"{number}-{there['mail']}")
    (one,) = Publication.objects.filter(id=there["published"], version=1).values()
    Publication.objects.bulk_create(Publication(**one | {"id": f"other{n}{one['id'][:10]}"}) for n in range(100))


@contextlib.contextmanager
def counted() -> Iterator[list[str]]:
    """The queries of all databases; what opens and ends a transaction is none."""
    asked: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.split(maxsplit=1)[0] in {"SELECT", "INSERT", "UPDATE", "DELETE"}:
            asked.append(sql)
        return execute(sql, params, many, context)

    with contextlib.ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(note))
        yield asked


def asked_by(visitor: Client, row: Row, there: dict[str, str]) -> list[str]:
    path = row.path.format(**there)
    body = row.body and {name: there.get(str(value).strip("{}"), value) for name, value in row.body.items()}
    with counted() as asked:
        if body is None:
            answer = visitor.get(path)
        elif path == "/language":
            answer = visitor.post(path, body)
        else:
            answer = visitor.post(path, body, content_type="application/json")
    assert answer.status_code == row.status, answer.content
    return asked


def test_every_address_has_its_count() -> None:
    assert set(names(get_resolver().url_patterns)) == set(COUNTS)


@pytest.mark.parametrize("row", [row for rows in COUNTS.values() for row in rows], ids=lambda row: str(row.path))
def test_no_page_asks_more_when_there_is_more(visitor: Client, there: dict[str, str], row: Row) -> None:
    few = asked_by(visitor, row, there)
    assert len(few) == row.queries, few
    if not row.path.endswith("/colleagues"):  # they come once
        grow(there)
        assert len(asked_by(visitor, row, there)) <= row.queries
