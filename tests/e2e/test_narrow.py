"""No page is wider than a narrow screen: of the site, of the workbench and of the room, at the table too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kring.languages import SCREENS
from tests.e2e.support import PHONE, Language, Look, Person
from tests.e2e.test_workbench import bench, step

pytestmark = pytest.mark.e2e
WIDTHS = (320, 390)
PAGES = ("", "/methods", "/methods/linxx-9", "/workbench")
BEYOND = """() => [...document.querySelectorAll("body *")].flatMap((one) => {
  const box = one.getBoundingClientRect();
  return box.width && box.right > innerWidth + 1 ? [`${one.tagName} ${one.textContent.trim().slice(0, 40)}`] : [];
})"""
"""What stands beyond the right edge, for whoever reads why a test failed."""
NARROW = "width => innerWidth === width"


def assert_no_wider(page: Page, where: str) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": PHONE["height"]})
        page.wait_for_function(NARROW, arg=width)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{where} at {width}: {wide}; {page.evaluate(BEYOND)[:3]}"


@pytest.mark.parametrize("language", SCREENS)
def test_the_site_and_the_workbench_fit(person: Callable[..., Person], language: Language) -> None:
    noor = person("Noor", Look(PHONE, language, "light"))
    for path in PAGES:
        noor.page.goto(noor.site + path)
        assert_no_wider(noor.page, path)
    bench(noor, "?from=starter")
    step(noor, "advise")
    noor.hook("edit-minutes").wait_for()
    for fold in noor.hook("phase-advise").locator(".grid details > summary").all():
        fold.click()
    assert_no_wider(noor.page, "a card of the workbench")


@pytest.mark.parametrize("language", SCREENS)
def test_the_room_fits_at_the_table_too(person: Callable[..., Person], language: Language) -> None:
    noor = person("Noor", Look(PHONE, language, "light"))
    noor.start_meeting("linxx-9")
    assert_no_wider(noor.page, "the door")
    noor.join()
    address = noor.hook("open-table").get_attribute("href")
    assert address
    table = person("the table", Look(PHONE, language, "light"))
    table.page.goto(address)
    table.hook("qr").wait_for()
    assert_no_wider(noor.page, "the lobby")
    assert_no_wider(table.page, "the lobby at the table")
    table.shot("table-lobby")
    for name in ("Bram", "Amal", "Wietske"):
        noor.add_chair(name)
        expect(noor.page.locator("figure.circle")).to_contain_text(name)
    noor.press("take-facilitation")
    noor.press("start")
    for one, where in ((noor, "the first step"), (table, "the first step at the table")):
        one.phase("question")
        assert_no_wider(one.page, where)
        one.shot("narrow-step-" + one.name.replace(" ", "-"))
    noor.press("more")
    noor.hook("more-close").wait_for()
    assert_no_wider(noor.page, "the drawer")
    noor.press("more-close")
