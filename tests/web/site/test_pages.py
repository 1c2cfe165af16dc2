"""The pages: what they say, in whose language, and what they never load."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from kring.languages import SCREENS
from kring.methods import shelf
from kring_web.methods.catalogue import summaries

OTHER_HOST = re.compile(r"""(?:src|href|action|url\()\s*=?\s*["']?\s*(?:[a-z]+:)?//""", re.IGNORECASE)
PAGES = (
    "/", "/help", "/privacy", "/m/{meeting}", "/m/{meeting}/table", "/m/" + "a" * 20, "/m/{expired}", "/nowhere",
    "/methods", "/methods/linxx-9", "/methods/linxx-9/sheet", "/m/{meeting}/sheet",
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("built_client")


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest, visitor: Client, meeting: str, expired: str) -> Any:
    return visitor.get(request.param.format(meeting=meeting, expired=expired))


def test_every_page_keeps_to_itself(page: Any) -> None:
    policy = dict(part.strip().split(" ", 1) for part in page["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    for kind in ("script-src", "style-src", "font-src", "connect-src", "img-src", "form-action", "manifest-src"):
        assert policy[kind] == "'self'"
    assert "unsafe" not in page["Content-Security-Policy"]
    assert page["Referrer-Policy"] == "same-origin"
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["Cross-Origin-Opener-Policy"] == "same-origin"
    assert page["Cross-Origin-Resource-Policy"] == "same-origin"
    assert page["Cache-Control"] == "no-store"
    assert "microphone=()" in page["Permissions-Policy"]
    assert page["Strict-Transport-Security"].startswith("max-age=31536000")


def test_no_page_breaks_its_own_policy(page: Any) -> None:
    html = page.content.decode()
    assert not OTHER_HOST.search(html)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|data:", html)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html))


def test_no_stylesheet_loads_from_another_host(visitor: Client) -> None:
    for name in ("site.css", "fonts.css"):
        css = visitor.get(f"/static/web/{name}").content.decode()
        assert css
        assert not re.search(r"@import|url\(\s*[\"']?(?:[a-z]+:)?//", css)


@pytest.mark.parametrize(
    ("accepted", "language", "says"),
    [
        ("nl-BE,nl;q=0.9,en;q=0.5", "nl", "Kies een methode"),
        ("en-GB", "en", "Choose a method"),
        ("de-CH,en;q=0.4", "de", "Wähle eine Methode"),
        ("fr,de;q=0.4", "fr", "Choisis une méthode"),
        ("pt,es;q=0.4", "en", "Choose a method"),
        ("", "en", "Choose a method"),
    ],
)
def test_the_start_page_speaks_the_browsers_language(visitor: Client, accepted: str, language: str, says: str) -> None:
    page = visitor.get("/", headers={"accept-language": accepted})
    assert f'<html lang="{language}">' in page.content.decode()
    assert says in page.content.decode()


def test_the_start_page_offers_the_same_methods_in_every_language(visitor: Client) -> None:
    def offered(language: str) -> list[str]:
        html = visitor.get("/", headers={"accept-language": language}).content.decode()
        return re.findall(r'type="radio" name="method" value="([^"]+)"', html)

    featured = [one.id for one in summaries() if one.featured]
    assert all(offered(language) == featured for language in SCREENS)


def test_methods_are_told_in_the_language_of_the_page(visitor: Client) -> None:
    dutch = visitor.get("/", headers={"accept-language": "nl"}).content.decode()
    english = visitor.get("/", headers={"accept-language": "en"}).content.decode()
    assert "Roddelmethode in negen stappen" in dutch
    assert "Nine-step gossip method" in english
    assert "4 tot 9 mensen" in dutch
    assert "4 to 9 people" in english


def test_the_language_switch_is_remembered(visitor: Client) -> None:
    answer = visitor.post("/language", {"language": "nl", "next": "/"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    cookie = answer.cookies["__Host-kring_language"]
    assert (cookie.value, cookie["samesite"], bool(cookie["secure"])) == ("nl", "Lax", True)
    assert "Kies een methode" in visitor.get("/", headers={"accept-language": "en"}).content.decode()


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere", "javascript:x", ""]
)
def test_the_language_switch_leads_nowhere_else(visitor: Client, target: str) -> None:
    answer = visitor.post("/language", {"language": "nl", "next": target})
    assert answer["Location"] == "/"


def test_the_language_switch_ignores_what_we_do_not_speak(visitor: Client) -> None:
    assert "__Host-kring_language" not in visitor.post("/language", {"language": "xx", "next": "/"}).cookies
    assert visitor.get("/language").status_code == 405


def test_another_site_cannot_switch_the_language(stranger: Client) -> None:
    assert stranger.post("/language", {"language": "nl"}).status_code == 403


def test_a_form_of_ours_without_an_origin_is_ours() -> None:
    # A browser that is told to keep its referrer to itself says "Origin: null" for our own form.
    ours = Client(SERVER_NAME="kring.example", headers={"sec-fetch-site": "same-origin", "origin": "null"})
    assert ours.post("/language", {"language": "nl", "next": "/"}).status_code == 302


def test_the_start_form_has_what_the_script_carries_on(visitor: Client) -> None:
    html = visitor.get("/").content.decode()
    assert 'id="start"' in html
    assert 'data-language="en"' in html
    assert 'name="method" value="linxx-9"' in html
    assert [role for role in ("owner", "participant", "facilitator") if f'name="role" value="{role}"' in html] == [
        "owner", "participant", "facilitator",
    ]  # fmt: skip
    assert 'name="practice" value="true"' in html
    assert "<noscript>" in html
    assert '<script type="module" src="/static/kring/assets/start-AbCdEf12.js"></script>' in html


def test_case_owner_is_offered_only_where_somebody_decides_whose_case_it_is(visitor: Client) -> None:
    """Elsewhere the lot decides, and it may fall on a simulated colleague."""
    owner = re.compile(r'<label( hidden)?><input type="radio" name="role" value="owner"( checked)?>')
    for method in shelf.names():
        for page in (f"/?method={method}&role=owner", f"/methods/{method}"):
            html = visitor.get(page).content.decode()
            (found,) = owner.findall(html)
            assert bool(found[0]) == (method in {"action-learning", "consultancy", "starr"}), page
            assert not all(found)
            assert html.count(' name="role"') == 3


def test_without_practice_the_start_page_does_not_offer_it(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kring_web.site.views.settings", _without_practice())
    html = visitor.get("/").content.decode()
    assert 'name="practice" value="true"' not in html
    assert 'name="role"' not in html
    assert "Start a meeting" in html


def test_a_choice_survives_without_script(visitor: Client) -> None:
    html = visitor.get("/?method=leading-org-7&role=facilitator").content.decode()
    assert 'value="leading-org-7" checked' in html
    assert 'value="facilitator" checked' in html
    assert visitor.get("/?method=%22%3E%3Cscript%3E&role=x").content.count(b"checked") == 3


def test_our_own_fault_is_told_kindly(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_meeting: str) -> None:
        raise RuntimeError("canary in an error")

    visitor.raise_request_exception = False
    monkeypatch.setattr("kring_web.meetings.services.find", broken)
    page = visitor.get("/m/" + "a" * 20, headers={"accept-language": "nl"})
    assert page.status_code == 500
    assert "Hier ging iets mis." in page.content.decode()
    assert "canary" not in page.content.decode()


def test_an_unknown_host_is_nobody() -> None:
    assert Client(SERVER_NAME="elsewhere.example").get("/").status_code == 400


def test_meetings_are_nobodys_search_result(visitor: Client, meeting: str) -> None:
    assert "Disallow: /m/" in visitor.get("/robots.txt").content.decode()
    assert 'name="robots" content="noindex"' in visitor.get(f"/m/{meeting}").content.decode()


def _without_practice() -> object:
    class Settings:
        KRING = settings.KRING.__class__(**{**vars(settings.KRING), "practice": False})

    return Settings


@pytest.mark.parametrize(("method", "offered"), [("linxx-9", True), ("troika", False)])
def test_only_a_method_with_a_written_form_offers_it(visitor: Client, method: str, offered: bool) -> None:
    for path in (f"/?method={method}", f"/methods/{method}"):
        html = visitor.get(path, headers={"accept-language": "nl"}).content.decode()
        (hidden,) = re.findall(r'<label( hidden)?><input type="radio" name="way" value="written"', html)
        assert (hidden == "") == offered, path
        (told,) = re.findall(r'id="writing">(.*?)</p>', html, re.DOTALL)
        assert ("Alle stappen samen duren hoogstens 15 dagen" in told) == offered


def test_what_was_chosen_survives_without_script(visitor: Client) -> None:
    html = visitor.get("/?method=linxx-9&way=written").content.decode()
    assert re.search(r'value="written"[^>]* checked', html)
    assert not re.search(r'name="way" value="apart"[^>]* checked', html)
    table = visitor.get("/?method=linxx-9&way=table").content.decode()
    assert re.search(r'name="way" value="table"[^>]* checked', table)
    spoken = visitor.get("/?method=troika&way=written").content.decode()
    assert re.search(r'name="way" value="apart"[^>]* checked', spoken)


def test_the_three_doors_come_before_the_methods(visitor: Client) -> None:
    html = visitor.get("/", headers={"accept-language": "nl"}).content.decode()
    places = [html.index(part) for part in ('id="meet"', 'id="practise"', 'href="/methods"', 'id="methods"')]
    assert places == sorted(places)
    assert html.index('id="methods"') < html.index('id="intervision"')
    assert [way for way in ("apart", "table", "written") if f'name="way" value="{way}"' in html] == [
        "apart", "table", "written",
    ]  # fmt: skip
    assert "Hoe zitten jullie?" in html


@pytest.mark.parametrize(
    ("language", "help_is", "privacy_is"), [("nl", "Hulp", "Privacy"), ("fr", "Aide", "Vie privée")]
)
def test_every_page_leads_to_help_and_privacy(visitor: Client, language: str, help_is: str, privacy_is: str) -> None:
    for page in ("/", "/help", "/privacy", "/methods"):
        html = visitor.get(page, headers={"accept-language": language}).content.decode()
        assert f'<a href="/help">{help_is}</a><a href="/privacy">{privacy_is}</a>' in html, page


def test_privacy_says_how_long_and_who(visitor: Client) -> None:
    html = visitor.get("/privacy", headers={"accept-language": "nl"}).content.decode()
    assert f"{settings.KRING.content_days} dagen" in html
    assert "de server de sleutel" in html  # of practice, which is on here


@pytest.mark.parametrize(
    ("language", "says"), [("en", "1 day after"), ("nl", "1 dag na"), ("de", "1 Tag nach"), ("fr", "1 jour après")]
)
def test_privacy_says_one_day_as_people_do(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, language: str, says: str
) -> None:
    monkeypatch.setattr(settings, "KRING", replace(settings.KRING, content_days=1))
    assert says in visitor.get("/privacy", headers={"accept-language": language}).content.decode()


def test_a_preview_of_a_link_invites_in_the_language_of_whoever_opened_the_meeting(visitor: Client) -> None:
    made = visitor.post("/api/meetings", {"method": "linxx-9", "language": "nl"}, content_type="application/json")
    html = visitor.get(f"/m/{made.json()['meeting']}", headers={"accept-language": "en"}).content.decode()
    (preview,) = re.findall(r'<meta property="og:description" content="([^"]*)">', html)
    assert preview.startswith("Je bent uitgenodigd")
    assert f'<meta name="description" content="{preview}">' in html
    assert '<html lang="en">' in html
    assert "Take a seat" not in re.findall(r'<meta property="og:title" content="([^"]*)">', html)[0]
