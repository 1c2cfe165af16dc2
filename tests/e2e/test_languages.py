"""The four languages in the browser: each fetched when it is chosen, all of them to be chosen on a small phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import get_args

import pytest
from playwright.sync_api import ViewportSize, expect

from kring.languages import SCREENS
from tests.e2e.published import published
from tests.e2e.support import DESKTOP, PHONE, Language, Look, Person

pytestmark = pytest.mark.e2e
SMALL = ViewportSize(width=320, height=640)
TEXTS = re.compile(r"/assets/(?:\w+\.)?(nl|en|de|fr)-[\w-]+\.js")
JOIN = {"nl": "Neem plaats", "en": "Take a seat", "de": "Platz nehmen", "fr": "Prendre place"}
NEXT: dict[Language, Language] = {"nl": "de", "en": "fr", "de": "fr", "fr": "nl"}


def fetched(newcomer: Person) -> set[str]:
    """The languages of which texts were asked for, filled as the page asks."""
    found: set[str] = set()

    def note(url: str) -> None:
        found.update(TEXTS.findall(url))

    newcomer.page.on("request", lambda request: note(request.url))
    return found


def test_every_language_of_the_screens_is_tried() -> None:
    assert set(get_args(Language)) == set(SCREENS) == set(JOIN) == set(NEXT)


@pytest.mark.parametrize("language", SCREENS)
def test_a_room_fetches_the_texts_of_its_own_language_and_another_once_chosen(
    person: Callable[..., Person], language: Language
) -> None:
    newcomer = person("Noor", Look(PHONE, language, "light"))
    asked = fetched(newcomer)
    newcomer.start_meeting("linxx-9")
    expect(newcomer.hook("join-submit")).to_have_text(JOIN[language])
    assert asked == {language}
    newcomer.shot("room-join")
    newcomer.speak(NEXT[language])
    expect(newcomer.hook("join-submit")).to_have_text(JOIN[NEXT[language]])
    assert asked == {language, NEXT[language]}
    newcomer.page.reload()
    expect(newcomer.hook("join-submit")).to_have_text(JOIN[NEXT[language]])


@pytest.mark.parametrize("language", SCREENS)
def test_all_languages_fit_beside_each_other_on_a_small_phone(
    person: Callable[..., Person], language: Language
) -> None:
    newcomer = person("Noor", Look(SMALL, language, "light"))
    for path in ("", "/methods", "/workbench"):
        newcomer.page.goto(newcomer.site + path)
        switches = newcomer.page.locator("button[name=language], [data-testid^=language-]")
        expect(switches).to_have_count(len(SCREENS))
        boxes = [one.bounding_box() for one in switches.all()]
        assert len({box["y"] for box in boxes if box}) == 1, path
        newcomer.audit(path)


def test_what_a_method_lacks_is_told_in_another_language_and_marked_as_such(person: Callable[..., Person]) -> None:
    newcomer = person("Noor", Look(DESKTOP, "fr", "light"))
    newcomer.page.goto(published(newcomer))
    expect(newcomer.page.locator("main [lang=en]").first).to_be_visible()
    newcomer.page.locator("button[name=practice][value=false]").click()
    newcomer.page.wait_for_url("**/m/*")
    newcomer.join()
    expect(newcomer.page.locator("main [lang=en]").first).to_be_visible()
    expect(newcomer.page.locator("html")).to_have_attribute("lang", "fr")


def test_in_no_language_does_a_method_of_kring_speak_another(person: Callable[..., Person]) -> None:
    newcomer = person("Noor", Look(DESKTOP, "fr", "light"))
    newcomer.page.goto(newcomer.site)
    expect(newcomer.page.locator("label.method").first).to_be_visible()
    expect(newcomer.page.locator("main [lang=en]:not(button)")).to_have_count(0)
    newcomer.start_meeting("linxx-9")
    newcomer.join()
    expect(newcomer.page.locator("body [lang=en]:not(button)")).to_have_count(0)
