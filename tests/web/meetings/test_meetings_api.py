"""The JSON API about meetings: as everyone else, by the wrong method, from another origin, with any rubbish."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kring.meeting import longest
from kring.meeting.events import MeetingOpened
from kring.meeting.upcasting import upcast
from kring.methods.library import load
from kring.methods.model import Method
from kring_room import tickets
from kring_room.counts import HTTP_REFUSALS
from kring_room.store.sqlite import rows
from kring_web.config.current import environment
from kring_web.meetings import services
from kring_web.web.json_api import MAX_BODY, STATUS

NOBODYS = "a" * 20
GOOD = {
    "/api/meetings": {"method": "linxx-9"},
    "/api/meetings/{meeting}/tickets": {},
    "/api/meetings/{practice}/colleagues": {"key": "A" * 43, "role": "owner", "language": "nl"},
}
BAD_SHAPES = {
    "/api/meetings": [
        {}, {"method": 9}, {"method": "x" * 65}, {"method": "linxx-9", "practice": "yes"},
        {"method": "linxx-9", "written": 1},
        {"method": "linxx-9", "language": "xx"}, {"method": "linxx-9", "more": 1}, [], None, "linxx-9",
    ],
    "/api/meetings/{meeting}/tickets": [
        {"as": "owner"}, {"as_": "device"}, {"device_token": 1}, {"device_token": "x" * 513}, {"seat": "s1"}, [],
    ],
    "/api/meetings/{practice}/colleagues": [
        {"key": "A" * 43, "role": "owner"}, {"key": "A" * 42, "role": "owner", "language": "nl"},
        {"key": "A" * 43 + "\n", "role": "owner", "language": "nl"},
        {"key": "A" * 43, "role": "organiser", "language": "nl"},
        {"key": "A" * 43, "role": "owner", "language": "xx"},
        {"key": "A" * 43, "role": "owner", "language": "nl", "seats": 99},
        {"key": "A" * 43, "role": "owner", "language": "nl", "url": "ws://elsewhere.example"},
    ],
}  # fmt: skip


def code(answer: Any) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/json"
    body = json.loads(answer.content)
    assert set(body) == {"code"}
    assert STATUS[body["code"]] == answer.status_code
    return answer.status_code, body["code"]


def post(client: Client, path: str, body: object) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


@pytest.fixture(params=GOOD)
def endpoint(request: pytest.FixtureRequest, meeting: str, practice: str) -> tuple[str, str]:
    """The path as written, and with a meeting in it."""
    return request.param, request.param.format(meeting=meeting, practice=practice)


def test_opening_makes_a_meeting_with_its_first_event(meeting: str) -> None:
    connection = rows.connect(environment().database)
    loaded = rows.load(connection, meeting, whole=True)
    connection.close()
    assert loaded is not None
    opened = upcast(loaded.events[0].version, loaded.events[0].body)
    assert isinstance(opened, MeetingOpened)
    assert (opened.meeting, opened.method, opened.practice) == (meeting, "linxx-9", False)
    assert loaded.row.expires_at - loaded.row.opened_at == 30 * 24 * 60 * 60 * 1000
    assert msgspec.json.decode(loaded.row.method, type=Method).id == "linxx-9"


def test_a_meeting_in_writing_opens_by_a_method_that_has_that_form(visitor: Client) -> None:
    meeting = post(visitor, "/api/meetings", {"method": "linxx-9", "written": True}).json()["meeting"]
    connection = rows.connect(environment().database)
    loaded = rows.load(connection, meeting, whole=True)
    connection.close()
    assert loaded is not None
    opened = upcast(loaded.events[0].version, loaded.events[0].body)
    assert isinstance(opened, MeetingOpened)
    assert opened.written
    # People gather, every step takes as long as it may, and only then do the thirty days begin.
    assert loaded.row.expires_at - loaded.row.opened_at == (30 + 14) * 24 * 60 * 60 * 1000 + longest(load("linxx-9"))


def test_a_meeting_opens_in_no_way_that_its_method_has_not(visitor: Client) -> None:
    assert code(post(visitor, "/api/meetings", {"method": "troika", "written": True})) == (422, "not-this-way")
    practised = {"method": "linxx-9", "practice": True, "written": True}
    assert code(post(visitor, "/api/meetings", practised)) == (422, "not-this-way")


def test_a_meeting_in_writing_is_no_flood_for_weeks(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is kept for longer than others; by its end date alone it would count as opened just now."""
    before = services._opened_recently()
    post(visitor, "/api/meetings", {"method": "linxx-9", "written": True})
    assert services._opened_recently() == before + 1
    now = services.now()
    monkeypatch.setattr(services, "now", lambda: now + 3 * 60 * 1000)
    assert services._opened_recently() == 0


def test_the_openers_language_is_kept(visitor: Client) -> None:
    for language in ("nl", "de", None):
        meeting = post(visitor, "/api/meetings", {"method": "linxx-9", "language": language}).json()["meeting"]
        assert services.language_of(meeting) == language


def test_an_unknown_method_opens_nothing(visitor: Client) -> None:
    assert code(post(visitor, "/api/meetings", {"method": "no-such"})) == (404, "unknown-method")
    assert code(post(visitor, "/api/meetings", {"method": "../library"})) == (404, "unknown-method")


@pytest.mark.parametrize("name", ["a\0b", "\uffff", "Linxx-9", "a" * 19, "a" * 20 + "\n"])
def test_a_name_that_no_method_can_have_is_asked_of_no_database(visitor: Client, name: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert code(post(visitor, "/api/meetings", {"method": name})) == (404, "unknown-method")
    assert not asked.captured_queries


def test_a_flood_of_meetings_is_held_back(visitor: Client, meeting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lately = services._opened_recently()
    assert lately >= 1
    monkeypatch.setattr(services, "MAX_PER_MINUTE", lately)
    assert code(post(visitor, "/api/meetings", {"method": "linxx-9"})) == (429, "too-many")
    monkeypatch.setattr(services, "now", lambda: 2**50)
    assert services._opened_recently() == 0
    assert meeting


def test_practice_needs_a_server_that_offers_it(
    visitor: Client, practice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kring_web.meetings.services.settings", _without_practice())
    monkeypatch.setattr("kring_web.practice.api.settings", _without_practice())
    assert code(post(visitor, "/api/meetings", {"method": "linxx-9", "practice": True})) == (404, "practice-off")
    path = f"/api/meetings/{practice}/colleagues"
    assert code(post(visitor, path, GOOD["/api/meetings/{practice}/colleagues"])) == (404, "practice-off")


def test_a_ticket_opens_the_room_for_a_minute(visitor: Client, meeting: str) -> None:
    answer = post(visitor, f"/api/meetings/{meeting}/tickets", {}).json()
    secret = _secret()
    device = tickets.open_device(secret, answer["device_token"], meeting=meeting)
    ticket = tickets.open_ticket(secret, answer["ticket"], meeting=meeting, now=0)
    assert ticket.device == device
    assert not ticket.table
    assert answer["room"] == f"/room/{meeting}"


def test_a_known_device_stays_the_same_device(visitor: Client, meeting: str) -> None:
    first = post(visitor, f"/api/meetings/{meeting}/tickets", {}).json()
    again = post(visitor, f"/api/meetings/{meeting}/tickets", {"device_token": first["device_token"]}).json()
    new = post(visitor, f"/api/meetings/{meeting}/tickets", {"device_token": None, "as": "table"}).json()
    devices = [tickets.open_device(_secret(), one["device_token"], meeting=meeting) for one in (first, again, new)]
    assert devices[0] == devices[1] != devices[2]
    assert tickets.open_ticket(_secret(), new["ticket"], meeting=meeting, now=0).table


def test_a_device_of_another_meeting_is_no_device_here(visitor: Client, meeting: str, practice: str) -> None:
    other = post(visitor, f"/api/meetings/{practice}/tickets", {}).json()
    path = f"/api/meetings/{meeting}/tickets"
    for token in (other["device_token"], other["ticket"], "rubbish", "", "é.é"):
        assert code(post(visitor, path, {"device_token": token})) == (403, "bad-token")


@pytest.mark.parametrize("what", ["tickets", "colleagues"])
def test_no_meeting_and_an_expired_one_have_their_codes(visitor: Client, expired: str, what: str) -> None:
    body = {} if what == "tickets" else GOOD["/api/meetings/{practice}/colleagues"]
    assert code(post(visitor, f"/api/meetings/{NOBODYS}/{what}", body)) == (404, "unknown-meeting")
    assert code(post(visitor, f"/api/meetings/{expired}/{what}", body)) == (410, "expired")


def test_the_method_of_a_meeting_is_that_of_its_opening(visitor: Client, meeting: str, expired: str) -> None:
    of_meeting = visitor.get(f"/api/meetings/{meeting}/method")
    assert of_meeting.content == visitor.get("/methods/linxx-9.json").content
    assert msgspec.json.decode(of_meeting.content, type=Method).id == "linxx-9"
    assert code(visitor.get(f"/api/meetings/{NOBODYS}/method")) == (404, "unknown-meeting")
    assert code(visitor.get(f"/api/meetings/{expired}/method")) == (410, "expired")
    assert code(visitor.get("/methods/no-such.json")) == (404, "unknown-method")


def test_the_list_of_methods_says_what_helps_to_choose(visitor: Client) -> None:
    listed = visitor.get("/api/methods").json()
    assert {one["id"] for one in listed} >= {"linxx-9", "leading-org-7"}
    assert all(
        set(one) == {"id", "name", "summary", "minutes", "group", "advice", "cases", "ways", "featured"}
        for one in listed
    )


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "head", "options"])
def test_the_wrong_method_is_refused(visitor: Client, endpoint: tuple[str, str], method: str) -> None:
    answer = getattr(visitor, method)(endpoint[1])
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"


@pytest.mark.parametrize("path", ["/api/methods", "/methods/linxx-9.json", "/api/meetings/{meeting}/method"])
def test_reading_endpoints_take_no_post(visitor: Client, meeting: str, path: str) -> None:
    assert code(post(visitor, path.format(meeting=meeting), {})) == (405, "wrong-method")


def test_another_sites_page_is_refused(stranger: Client, endpoint: tuple[str, str]) -> None:
    template, path = endpoint
    assert code(post(stranger, path, GOOD[template])) == (403, "other-origin")
    for headers in (
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"sec-fetch-site": "same-site", "origin": "https://kring.example"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "https://elsewhere.example"},
        {"origin": "http://["},
        {"origin": "http://[x]:y"},
        {"origin": "https://kring.example/"},
        {"origin": "ftp://kring.example"},
    ):
        answer = Client(SERVER_NAME="kring.example", headers=headers).post(path, "{}", content_type="application/json")
        assert code(answer) == (403, "other-origin"), headers


def test_a_program_may_call_the_api(program: Client, meeting: str) -> None:
    assert post(program, f"/api/meetings/{meeting}/tickets", {}).status_code == 200


def test_only_json_is_read(visitor: Client, endpoint: tuple[str, str]) -> None:
    path = endpoint[1]
    assert code(visitor.post(path, {"method": "linxx-9"})) == (415, "json-expected")
    assert code(visitor.post(path, "{}", content_type="text/plain")) == (415, "json-expected")


@pytest.mark.parametrize("raw", [b" ", b"{", b"\xff", b"{}{}", b"[" * 5000, b'{"method": NaN}', b"'method'"])
def test_invalid_json_is_refused(visitor: Client, endpoint: tuple[str, str], raw: bytes) -> None:
    status, found = code(visitor.post(endpoint[1], raw, content_type="application/json"))
    assert (status, found) in {(400, "bad-json"), (400, "bad-shape")}


def test_another_shape_is_refused(visitor: Client, endpoint: tuple[str, str]) -> None:
    template, path = endpoint
    for body in BAD_SHAPES[template]:
        assert code(post(visitor, path, body)) == (400, "bad-shape"), body


@pytest.mark.parametrize("size", [MAX_BODY + 1, 20 * 1024, 3 * 1024 * 1024])
def test_an_oversized_body_is_refused(visitor: Client, endpoint: tuple[str, str], size: int) -> None:
    assert code(post(visitor, endpoint[1], {"method": "x" * size})) == (413, "too-large")


def test_a_meeting_id_has_one_form_only(visitor: Client) -> None:
    for wrong in ("A" * 20, "a" * 19, "a" * 21, "1" * 20, "a" * 19 + "%0a"):
        assert visitor.get(f"/m/{wrong}").status_code == 404
        assert post(visitor, f"/api/meetings/{wrong}/tickets", {}).status_code == 404


def _secret() -> bytes:
    from django.conf import settings  # noqa: PLC0415 -- only after setup

    secret: bytes = settings.KRING_TICKET_SECRET
    return secret


def _without_practice() -> object:
    class Settings:
        KRING = environment().__class__(**{**vars(environment()), "practice": False})

    return Settings


def test_the_document_knows_every_code() -> None:
    text = (Path(__file__).parents[3] / "docs" / "http.md").read_text(encoding="utf-8")
    assert dict(re.findall(r"^\| `([a-z-]+)` \| (\d+) \|", text, re.MULTILINE)) == {
        code: str(status) for code, status in {**STATUS, **HTTP_REFUSALS}.items()
    }
