"""The page around the room, and what is said where there is no room."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from msgspec.structs import replace

from kring.methods import library
from kring.methods.encoded import encode
from kring_web.meetings import services as meetings
from kring_web.methods import services as methods

KEY = "cAnAryKEYcAnAryKEYcAnAryKEYcAnAryKEYcAnAryK"

pytestmark = pytest.mark.usefixtures("built_client")


def test_the_room_is_an_island_with_its_entry(visitor: Client, practice: str) -> None:
    html = visitor.get(f"/m/{practice}").content.decode()
    assert f'<div id="room" data-meeting="{practice}"' in html
    assert 'data-practice="true" data-table="false" data-language="en" data-content-days="30"' in html
    tags = re.findall(r'<(?:script|link)[^>]*(?:src|href)="/static/kring/([^"]+)"', html)
    assert tags == [
        "assets/deep-AbCdEf12.js", "assets/seal-AbCdEf12.js", "assets/room-AbCdEf12.js",
    ] or tags[-1] == "assets/room-AbCdEf12.js"  # fmt: skip
    assert set(tags) >= {"assets/seal-x1.css", "assets/room-x1.css", "assets/deep-AbCdEf12.js"}
    assert 'data-table="true"' in visitor.get(f"/m/{practice}/table").content.decode()


def test_a_phones_keyboard_makes_the_room_smaller_and_covers_nothing(visitor: Client, meeting: str) -> None:
    viewport = '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover{}">'
    assert viewport.format(", interactive-widget=resizes-content") in visitor.get(f"/m/{meeting}").content.decode()
    assert viewport.format("") in visitor.get("/").content.decode()


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("nl", "Hier is geen bijeenkomst."),
        ("en", "There is no meeting here."),
        ("de", "Hier ist kein Treffen."),
        ("fr", "Il n’y a pas de séance ici."),
    ],
)
def test_no_meeting_is_told_kindly(visitor: Client, language: str, says: str) -> None:
    page = visitor.get("/m/" + "a" * 20, headers={"accept-language": language})
    assert page.status_code == 404
    assert says in page.content.decode()


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("nl", "Deze bijeenkomst is voorbij."),
        ("en", "This meeting is over."),
        ("de", "Dieses Treffen ist vorbei."),
        ("fr", "Cette séance est terminée."),
    ],
)
def test_an_expired_meeting_is_told_kindly(visitor: Client, expired: str, language: str, says: str) -> None:
    for path in (f"/m/{expired}", f"/m/{expired}/table"):
        page = visitor.get(path, headers={"accept-language": language})
        assert page.status_code == 410
        assert says in page.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/m/{id}%23k={key}", "/m/{id}%2523k%253D{key}", "/m/{id}*k={key}", "/m/{id}?k={key}", "/m/{id}/%23k={key}", "/m/{id}.",
        "/m/{id})", "/m/{id}/", "/M/{ID}", "/m/{id}/table%23k={key}", "/m/{id}&k={key}", "/https://kring.example/m/{id}%23k={key}",
    ],
)  # fmt: skip
def test_a_link_that_was_changed_on_its_way_is_met_with_a_page(visitor: Client, meeting: str, path: str) -> None:
    page = visitor.get(path.format(id=meeting, ID=meeting.upper(), key=KEY), headers={"accept-language": "nl"})
    html = page.content.decode()
    assert page.status_code == 200
    assert "Je link is onderweg veranderd." in html
    assert "link-AbCdEf12.js" in html
    assert page["Referrer-Policy"] == "no-referrer"
    assert KEY not in html
    assert "<form" not in html


@pytest.mark.parametrize(
    "path", ["/{id}%23k={key}", "/m/short%23k={key}", "/m/zzzzzzzzzzzzzzzzzzzz%23k={key}", "/{key}"]
)
def test_a_key_in_an_address_of_no_meeting_is_not_found_and_still_helped(
    visitor: Client, meeting: str, path: str
) -> None:
    for ask, length in ((visitor.get, None), (visitor.head, 0)):
        page = ask(path.format(id=meeting, key=KEY))
        assert (page.status_code, page["Referrer-Policy"]) == (404, "no-referrer")
        html = page.content.decode()
        assert len(html) == length if length is not None else "Your link was changed on its way." in html
        assert KEY not in html


def test_what_asks_for_options_gets_no_page(visitor: Client, meeting: str) -> None:
    assert visitor.options(f"/{meeting}%23k={KEY}").status_code == visitor.options("/nowhere").status_code == 404
    assert visitor.options(f"/m/{meeting}").status_code == visitor.options(f"/m/{meeting}%23k={KEY}").status_code == 405


def test_a_fresh_meeting_is_by_the_same_method(visitor: Client, meeting: str) -> None:
    assert 'href="/?method=linxx-9"' in visitor.get(f"/m/{meeting}%23k={KEY}").content.decode()


def test_a_fresh_meeting_is_by_no_other_method_of_the_same_name(visitor: Client) -> None:
    """A method that somebody published may be called as one of the library's."""
    text = library.source("troika").decode() + "\n# ours\n"
    method = replace(library.load("troika"), minutes=99)
    published = methods.publish(text, encode(method), of=None, key=None)
    made = meetings.create(method=published.id, practice=False)
    html = visitor.get(f"/m/{made}%23k={KEY}").content.decode()
    assert "method=" not in html
    assert 'href="/"' in html


def test_what_is_no_link_at_all_is_not_found(visitor: Client) -> None:
    assert (
        visitor.get("/m/").status_code
        == visitor.get("/m/abc").status_code
        == visitor.get("/nowhere").status_code
        == 404
    )


def test_the_room_knows_when_its_content_goes(visitor: Client, meeting: str) -> None:
    assert re.search(r'data-content-ends="1\d{12}"', visitor.get(f"/m/{meeting}").content.decode())
