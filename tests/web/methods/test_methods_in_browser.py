"""Choosing a method in a real browser: for everybody, by keyboard, without script, and on to practice or paper."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from kring_web.web import assets
from tests.browser import for_everybody

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(
        not assets.read_manifest(assets.BUILT),
        reason="the client is not built",
    ),
]
SIZES: dict[tuple[int, int], Literal["light", "dark"]] = {(390, 844): "light", (1440, 900): "dark"}
SPEECH = """(() => {
  window.spoken = [];
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  const voice = { lang: "nl-NL", localService: true };
  const speech = { speaking: false, getVoices: () => [voice], addEventListener() {}, cancel() {},
    speak(words) { window.spoken.push([words.text, words.lang]); words.onstart(); words.onend?.(); } };
  Object.defineProperty(window, "speechSynthesis", { value: speech });
})()"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="nl", accept_downloads=True)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    "path",
    [
        "/methods",
        "/methods?minutes=30&people=8",
        "/methods/linxx-9",
        "/methods/incident-7?language=de",
        "/methods/tietze-6/sheet",
    ],
)
def test_pages_about_methods_are_for_everybody(server: str, page: Page, path: str) -> None:
    page.goto(server + path)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    for size, scheme in SIZES.items():
        page.emulate_media(color_scheme=scheme)
        for_everybody(page, size)


def test_choosing_leads_to_a_page_and_to_practice_by_keyboard_alone(server: str, page: Page) -> None:
    page.goto(f"{server}/methods")
    page.locator("select[name=minutes]").focus()
    page.keyboard.type("75")
    page.keyboard.press("Tab")
    page.keyboard.type("5")
    page.locator("input[name=advice][value=yes]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/methods?*minutes=75*")
    assert "people=5" in page.url
    assert "advice=yes" in page.url
    link = page.locator(".pick h3 a").first
    expect(page.locator(".pick .reasons").first).to_contain_text("jullie hebben er 75")
    name = link.inner_text()
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(name)
    practise = page.locator("button[name=practice][value=true]")
    expect(practise).to_be_enabled()
    practise.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/m/[a-z2-7]{20}#k="))


def test_choosing_works_without_script(server: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, locale="nl")
    page = context.new_page()
    page.goto(f"{server}/methods")
    page.select_option("select[name=people]", "4")
    page.get_by_text("Het is onze eerste keer").click()
    page.get_by_role("button", name="Laat zien wat past").click()
    expect(page.locator(".pick").first).to_contain_text("Goed voor een eerste keer")
    context.close()


@pytest.mark.parametrize(("button", "least"), [("De methode (PDF)", 1), ("Rolkaarten (PDF)", 3)])
def test_a_button_downloads_a_pdf(server: str, page: Page, button: str, least: int) -> None:
    page.goto(f"{server}/methods/troika")
    with page.expect_download() as waiting:
        page.get_by_role("link", name=button).click()
    found = PdfReader(waiting.value.path())
    assert least <= len(found.pages) <= 3
    assert "Troika" in found.pages[0].extract_text()


def test_reading_aloud_says_what_stands_there(server: str, page: Page) -> None:
    page.add_init_script(SPEECH)
    page.goto(f"{server}/methods/troika?language=nl")
    page.get_by_role("button", name="Lees voor").click()
    said = page.evaluate("window.spoken")
    assert [text for text, _ in said] == page.locator("#aloud-text span").all_inner_texts()
    assert {language for _, language in said} == {"nl"}
    page.goto(f"{server}/methods/troika?language=de")
    expect(page.locator("#aloud")).to_be_hidden()


def test_the_print_view_draws_the_rooms_link_and_tells_nobody(server: str, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url + (request.post_data or "")))
    page.goto(f"{server}/methods/troika")
    page.locator("button[name=practice][value=false]").click()
    page.wait_for_url("**/m/*")
    path, key = page.url.split("#k=")
    page.goto(f"{path}/sheet#k={key}")
    expect(page.locator("#code-drawing svg[role=img]")).to_be_visible()
    assert len(key) == 43
    assert not any(key in url for url in asked)
    page.goto("about:blank")
    page.goto(f"{path}/sheet#k=x")
    expect(page.get_by_role("button", name="Printen")).to_be_visible()
    expect(page.locator("#code")).to_be_hidden()


@pytest.mark.parametrize(("method", "language"), [("balint-nl-11", "de"), ("codev-6", "fr"), ("tietze-6", "de")])
def test_a_browser_prints_a_rooms_steps_on_two_sides_at_most(
    server: str, page: Page, method: str, language: str
) -> None:
    """Those that say most, with the code of the room on them."""
    page.goto(f"{server}/methods/{method}")
    page.locator("button[name=practice][value=false]").click()
    page.wait_for_url("**/m/*")
    path, key = page.url.split("#k=")
    page.goto(f"{path}/sheet?language={language}#k={key}")
    expect(page.locator("#code-drawing svg[role=img]")).to_be_visible()
    assert len(PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages) <= 2
