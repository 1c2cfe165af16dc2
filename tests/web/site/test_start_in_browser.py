"""The start page in a real browser: nothing for axe to find, nothing wider than the screen, the key made here."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from kring_web.web import assets
from tests.browser import Held, for_everybody

pytestmark = pytest.mark.e2e
SIZES = ((320, 640), (390, 844), (1440, 900))


@pytest.fixture(params=["nl", "en"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale=request.param)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", ["/", "/help", "/privacy", "/m/" + "a" * 20, "/nowhere"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_for_everybody(server: str, page: Page, path: str, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(server + path)
    for_everybody(page, *SIZES)


def test_a_link_in_a_text_has_the_colour_of_the_site(server: str, page: Page) -> None:
    page.goto(f"{server}/help")
    colour = "(one) => getComputedStyle(one).color"
    page.evaluate("document.body.style.caretColor = 'var(--floor)'")
    floor = page.locator("body").evaluate("(one) => getComputedStyle(one).caretColor")
    assert {link.evaluate(colour) for link in page.locator("main a").all()} == {floor}


def test_every_control_is_large_enough_for_a_finger(server: str, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(server)
    for door in ("door-meet", "door-practise"):
        if not page.locator(f"details[open] > [data-testid={door}]").count():
            page.get_by_test_id(door).click()
        seen = page.locator("button:visible, main label:visible, summary:visible, .mark:visible").all()
        assert len(seen) > 5
        for control in seen:
            box = control.bounding_box()
            assert box is not None
            assert box["height"] >= 48, control.inner_text()
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 18


def test_without_script_the_page_says_why_it_is_needed(server: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, locale="nl")
    page = context.new_page()
    page.goto(server)
    assert "Kring heeft hier JavaScript nodig" in page.inner_text("noscript")
    context.close()


def test_the_language_switch_works_by_keyboard(server: str, page: Page) -> None:
    page.goto(server)
    page.get_by_role("button", name="English").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("html[lang=en]", state="attached")
    page.get_by_role("button", name="Nederlands").click()
    page.wait_for_selector("html[lang=nl]", state="attached")


@pytest.mark.skipif(not assets.read_manifest(assets.BUILT), reason="the client is not built")
def test_starting_a_meeting_makes_its_key_in_the_browser(server: str, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.url} {request.post_data or ''} {request.headers}"))
    page.goto(server)
    page.locator("button[name=practice][value=false]").click()
    page.wait_for_url("**/m/*")
    found = re.fullmatch(rf"{server}/m/[a-z2-7]{{20}}#k=([A-Za-z0-9_-]{{43}})", page.url)
    assert found
    page.wait_for_function("document.querySelector('#room').childElementCount > 0")
    assert [line for line in asked if found[1] in line] == []
    assert {line.split("/")[2] for line in asked} == {server.split("/")[2]}


@pytest.mark.skipif(not assets.read_manifest(assets.BUILT), reason="the client is not built")
def test_a_press_before_the_script_is_there_leads_nowhere_else(server: str, page: Page) -> None:
    held = Held(page, "**/assets/start-*.js")
    page.goto(server, wait_until="commit")
    start = page.locator("button[name=practice][value=false]")
    expect(start).to_be_disabled()
    start.click(force=True)
    page.locator("[name=method]:checked").press("Enter")
    held.let_go()
    expect(start).to_be_enabled()
    assert page.url == f"{server}/"
    start.click()
    page.wait_for_url("**/m/*")
