"""What pages may do, which cookies there are, and that nobody gets one without need."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from kring_web.config.security import FEATURES, permit
from tests.web.serving import environment

BLANKS = {"method": "linxx-9", "template": "sign-in", "circle": "0" * 64, "since": "0"}

PERSONAL = ("/api/circles", "/api/keyring")
"""Where the addresses begin that are for whoever is signed in."""


def patterns(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Every address, with its blanks as ``%(name)s``."""
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route
        else:
            yield from patterns(one, route)


def addresses(meeting: str) -> Iterator[str]:
    """Every address, filled in."""
    for route in patterns(get_resolver()):
        parts = []
        for part in route.split("<"):
            name, end, rest = part.rpartition(">")
            known = name.rpartition(":")[2]
            parts.append((meeting if known == "meeting" else BLANKS.get(known, "something")) + rest if end else part)
        yield "/" + "".join(parts)


def cookies(answer: Any) -> SimpleCookie:
    found: SimpleCookie = answer.cookies
    return found


@pytest.mark.usefixtures("built_client")
@pytest.mark.parametrize("verb", ["get", "head", "post", "options"])
def test_no_address_gives_a_stranger_a_cookie(verb: str, meeting: str, expired: str) -> None:
    walked = {*addresses(meeting), *addresses(expired), "/nowhere", "/static/nowhere.css", "/m/short"}
    assert {"/", "/workbench", f"/m/{meeting}", "/api/meetings", "/language"} <= walked
    statuses = set()
    for path in walked:
        stranger = Client(SERVER_NAME="kring.example", headers={"x-forwarded-proto": "https"})
        answer = getattr(stranger, verb)(path)
        statuses.add(answer.status_code)
        assert not cookies(answer), path
        signed_in = answer.status_code == 401  # what is for those with an account asks who it is
        assert signed_in == path.startswith(PERSONAL) or answer.status_code in {400, 405, 415}, path
        assert ("Cookie" in answer.get("Vary", "")) == signed_in, path  # nobody else's session was looked at
        # A link that was mangled on its way may hold the key.
        assert answer["Referrer-Policy"] == (
            "no-referrer" if path == "/m/short" and verb in {"get", "head"} else "same-origin"
        )
    assert statuses > ({200, 404, 410} if verb == "get" else set())
    assert Session.objects.count() == 0


def test_the_one_cookie_of_a_stranger_is_the_language_that_was_asked_for(visitor: Client) -> None:
    answer = visitor.post("/language", {"language": "nl"})
    assert set(cookies(answer)) == {"__Host-kring_language"}


def set_cookies(answer: Any) -> dict[str, str]:
    """The headers as they are sent."""
    assert isinstance(answer, HttpResponse)
    return {name: morsel.OutputString() for name, morsel in answer.cookies.items()}


@override_settings(ROOT_URLCONF="tests.web.config.probing_urls")
def test_who_is_signed_in_is_known_by_a_cookie_that_no_script_and_no_neighbour_gets_at(visitor: Client) -> None:
    (text,) = set_cookies(visitor.get("/sign-in")).values()
    said = {part.strip() for part in text.split(";")}
    assert text.startswith("__Host-kring_session=")
    assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/"} <= said
    assert not any(part.startswith("Domain") for part in said)
    Session.objects.all().delete()


@override_settings(ROOT_URLCONF="tests.web.config.probing_urls")
def test_who_is_signed_in_says_where_a_request_comes_from() -> None:
    browser = Client(SERVER_NAME="kring.example", headers={"x-forwarded-proto": "https"})
    browser.get("/sign-in")
    body = {"method": "linxx-9"}
    ways: list[tuple[dict[str, str], int]] = [
        ({}, 403),
        ({"origin": "https://elsewhere.example"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "https://kring.example"}, 201),
        ({"sec-fetch-site": "same-origin"}, 201),
    ]
    for headers, status in ways:
        answer = browser.post("/api/meetings", body, content_type="application/json", headers=headers)
        assert answer.status_code == status, headers
    program = Client(SERVER_NAME="kring.example")
    assert program.post("/api/meetings", body, content_type="application/json").status_code == 201
    Session.objects.all().delete()


NAMES = (
    "import json; from kring_web.config import settings as s;"
    "print(json.dumps([s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.LANGUAGE_COOKIE_NAME, s.LANGUAGE_COOKIE_SECURE]))"
)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://kring.example", ["__Host-kring_session", True, "__Host-kring_language", True]),
        ("http://localhost:8000", ["kring_session", False, "kring_language", False]),
    ],
)
def test_over_http_on_this_machine_cookies_have_plain_names(tmp_path: Path, url: str, expected: list[object]) -> None:
    known = environment(tmp_path, KRING_PUBLIC_URL=url)
    said = subprocess.run([sys.executable, "-c", NAMES], env=known, capture_output=True, text=True, check=True)
    assert json.loads(said.stdout) == expected


def policy(answer: Any) -> dict[str, str]:
    return dict(part.strip().split("=", 1) for part in answer["Permissions-Policy"].split(","))


@pytest.mark.usefixtures("built_client")
def test_no_page_may_use_what_it_does_not_need(visitor: Client, meeting: str) -> None:
    for path in addresses(meeting):
        allowed = {feature for feature, to in policy(visitor.get(path)).items() if to != "()"}
        assert allowed == ({"screen-wake-lock"} if path in (f"/m/{meeting}", f"/m/{meeting}/table") else set()), path
    assert set(policy(visitor.get("/"))) == set(FEATURES) >= {"camera", "microphone", "geolocation", "payment", "usb"}


@override_settings(ROOT_URLCONF="tests.web.config.probing_urls")
def test_a_view_says_itself_what_its_page_needs_more(visitor: Client) -> None:
    page = visitor.get("/voice")
    assert {feature for feature, to in policy(page).items() if to != "()"} == {"camera", "microphone"}
    assert set(policy(page).values()) == {"()", "(self)"}
    assert "media-src 'self'" in page["Content-Security-Policy"]
    assert "media-src" not in visitor.get("/")["Content-Security-Policy"]
    assert "object-src 'none'" in page["Content-Security-Policy"]


def test_a_feature_that_browsers_do_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="No such features: telepathy"):
        permit("camera", "telepathy")


def test_the_language_cookie_of_pages_and_client_is_one() -> None:
    client = Path(__file__).parents[3] / "client" / "src" / "design" / "language.svelte.ts"
    assert '`${location.protocol === "https:" ? "__Host-" : ""}kring_language`' in client.read_text("utf-8")
    assert settings.LANGUAGE_COOKIE_NAME == "__Host-kring_language"
