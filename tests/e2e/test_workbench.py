"""Somebody chooses a method, makes it their own, plays it through, publishes it, and their circle meets by it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from kring.methods import library
from tests.browser import PATIENCE, Held, axe
from tests.e2e.keys import Keys
from tests.e2e.support import DESKTOP, PHONE, Look, Person

SLOW = 3 * PATIENCE
LOOKS = [Look(DESKTOP, "nl", "light"), Look(PHONE, "en", "dark")]


def bench(noor: Person, what: str = "?from=linxx-9") -> Page:
    noor.page.goto(f"{noor.site}/workbench{what}")
    if what:
        holds(noor)
    return noor.page


def holds(noor: Person, *, yes: bool = True) -> None:
    """The checker has spoken, of what is on the screen now."""
    button = noor.hook("rehearse")
    expect(button).to_have_attribute("aria-disabled", "false" if yes else "true", timeout=SLOW)


def opens(noor: Person, text: bytes) -> None:
    """Somebody's own file."""
    noor.hook("import").set_input_files({"name": "theirs.yaml", "mimeType": "", "buffer": text})
    holds(noor)


def step(noor: Person, name: str) -> None:
    noor.hook(f"phase-{name}").locator("summary").click()


def unfold(noor: Person, name: str, *folds: str) -> None:
    """Open folds of a step that is open."""
    for fold in folds:
        noor.hook(f"phase-{name}").get_by_test_id(fold).first.locator("summary").first.click()


def no_axe(page: Page) -> None:
    found = axe(page)
    assert not found.response["violations"], found.generate_report()


def rehearses(noor: Person) -> None:
    """Look at a moment from two seats, and at the last one; where a button would do nothing it says so."""
    noor.hook("rehearse").click()
    expect(noor.hook("slider")).to_be_visible(timeout=SLOW)
    expect(noor.hook("back")).to_have_attribute("aria-disabled", "true")
    for _ in range(12):
        noor.hook("next").click()
    expect(noor.hook("rehearsal-status")).to_contain_text("13")
    seen = noor.hook("screen").inner_text()
    noor.hook("seat").select_option(index=2)
    expect(noor.hook("screen")).not_to_have_text(seen)
    noor.shot("workbench-rehearsal")
    noor.hook("slider").press("End")
    expect(noor.hook("next")).to_have_attribute("aria-disabled", "true")
    expect(noor.hook("next")).to_have_accessible_description(noor.hook("rehearsal-status").inner_text())
    no_axe(noor.page)
    noor.hook("leave-rehearsal").click()


@pytest.mark.timeout(240)
@pytest.mark.parametrize("look", LOOKS, ids=["desk", "phone"])
def test_a_method_is_changed_rehearsed_published_and_met_by(person: Callable[..., Person], look: Look) -> None:
    noor = person("Noor", look)
    noor.page.goto(f"{noor.site}/methods/linxx-9")
    noor.page.locator('a[href*="/workbench?from=linxx-9"]').click()
    holds(noor)
    no_axe(noor.page)

    step(noor, "gossip")
    noor.hook("edit-minutes").fill("20")
    holds(noor, yes=False)
    expect(noor.hook("whole").get_by_test_id("remarks")).to_contain_text("95", timeout=SLOW)
    noor.hook("take-sum").click()
    holds(noor)
    expect(noor.hook("changes")).to_contain_text("15 → 20")
    no_axe(noor.page)
    noor.shot("workbench-changed")

    rehearses(noor)
    noor.hook("publish").click()
    noor.hook("publish-now").click()
    expect(noor.hook("published")).to_be_visible(timeout=SLOW)
    address = noor.hook("address").input_value()
    noor.page.goto(address)
    expect(noor.page.locator("h1")).to_have_text(library.load("linxx-9").name[look.language])
    expect(noor.page.locator("svg.flow-ring")).to_contain_text("95")
    noor.page.locator('button[name="practice"][value="false"]').click()
    noor.page.wait_for_url("**/m/*", timeout=SLOW)
    noor.hook("join-name").wait_for(timeout=SLOW)


def test_work_is_there_after_the_page_was_closed(person: Callable[..., Person]) -> None:
    noor = person("Noor", LOOKS[0])
    page = bench(noor)
    noor.hook("whole").locator("summary").first.click()
    noor.hook("method-name").fill("Onze eigen roddelronde")
    page.goto("about:blank")
    bench(noor, "")
    expect(page.locator("li strong")).to_have_text("Onze eigen roddelronde")
    noor.hook("go-on").click()
    expect(noor.hook("bench-title")).to_have_text("Onze eigen roddelronde")
    noor.hook("undo").wait_for()


def test_steps_are_added_moved_and_removed_and_one_can_go_back(person: Callable[..., Person]) -> None:
    noor = person("Noor", LOOKS[0])
    page = bench(noor, "?from=starter")
    cards = page.locator('ol > li > details[data-testid^="phase-"]')
    before = cards.count()
    noor.hook("new-round").click()
    noor.hook("new-kind").select_option("gossip")
    noor.hook("new-add").click()
    expect(cards).to_have_count(before + 1)
    expect(noor.hook("phase-gossip")).to_have_attribute("open", "")
    noor.hook("edit-up").click()
    noor.hook("edit-remove").click()
    noor.hook("edit-remove-yes").click()
    expect(cards).to_have_count(before)
    for _ in range(3):
        noor.hook("undo").click()
    holds(noor)
    expect(cards).to_have_count(before)


def test_a_step_is_added_once_however_slow_its_texts_come(person: Callable[..., Person]) -> None:
    noor = person("Noor", LOOKS[0])
    page = bench(noor, "?from=starter")
    held = Held(page, "**/api/methods/palette.yaml")
    noor.hook("new-round").click()
    noor.hook("new-kind").select_option("gossip")
    noor.hook("new-add").click()
    noor.hook("new-add").click(force=True)  # it says that it is at it
    expect(noor.hook("new-add")).to_have_attribute("aria-disabled", "true")
    held.let_go()
    expect(noor.hook("phase-gossip")).to_have_attribute("open", "")
    expect(noor.hook("new-add")).to_have_count(0)
    assert held.asked == 1
    noor.hook("new-round").click()
    expect(noor.hook("new-add")).to_have_attribute("aria-disabled", "false")

    noor.hook("new-add").click()
    noor.hook("other").click()
    opens(noor, library.source("troika"))
    with page.expect_response("**/api/methods/palette.yaml"):
        held.let_go()
    holds(noor)
    expect(noor.hook("undo")).to_have_attribute("aria-disabled", "true")


def test_whoever_reads_french_writes_it_beside_what_is_there(person: Callable[..., Person]) -> None:
    """No method has to be in French: what there is in another language stands in the box until somebody writes."""
    noor = person("Noor", Look(DESKTOP, "fr", "light"))
    bench(noor, "?from=starter")
    expect(noor.hook("writes")).to_have_value("fr")
    step(noor, "advise")
    name = noor.hook("edit-name")
    expect(name).to_have_value("")
    expect(name).to_have_attribute("placeholder", "Advice")
    name.fill("Conseils")
    expect(noor.hook("phase-advise")).to_contain_text("Conseils")


def test_a_draft_is_begun_once_and_never_in_the_place_of_another(person: Callable[..., Person]) -> None:
    noor = person("Noor", LOOKS[0])
    held = Held(bench(noor, ""), "**/api/methods/starter.yaml")
    begin = noor.hook("from-nothing")
    begin.click()
    expect(begin).to_have_attribute("aria-disabled", "true")
    begin.click(force=True)
    held.let_go()
    holds(noor)
    noor.hook("other").click()
    expect(noor.hook("go-on")).to_have_count(1)
    assert held.asked == 1

    begin.click()
    opens(noor, library.source("troika"))
    with noor.page.expect_response("**/api/methods/starter.yaml"):
        held.let_go()
    noor.hook("other").click()
    expect(noor.hook("go-on")).to_have_count(2)

    noor.hook("from").select_option("incident-7")
    noor.hook("begin").click()
    holds(noor)
    expect(noor.hook("bench-title")).to_have_text(library.load("incident-7").name["nl"])


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        (b"kring: 1\nname: [", "unreadable"),
        (b"a: &a [x]\nb: [*a, *a]\n", "remarks"),
        (library.source("linxx-9").replace(b"kind: gossip", b"kind: karaoke"), "remarks"),
        (b"x" * 300_000, "refused"),
    ],
    ids=["broken", "anchors", "unknown-kind", "huge"],
)
def test_a_file_from_outside_gets_remarks_at_its_place(
    person: Callable[..., Person], tmp_path: Path, text: bytes, shows: str
) -> None:
    noor = person("Noor", LOOKS[1])
    bench(noor, "")
    file = tmp_path / "theirs.yaml"
    file.write_bytes(text)
    noor.hook("import").set_input_files(file)
    expect(noor.hook(shows).last).to_be_visible(timeout=SLOW)
    if shows != "refused":
        holds(noor, yes=False)


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("latin-1", "The file is not UTF-8 here; save it again with the encoding UTF-8. (line {line})"),
        ("utf-16", "The file is in UTF-16; save it again with the encoding UTF-8. (line 1)"),
    ],
)
def test_a_file_that_is_not_utf_8_is_refused_until_it_is(
    person: Callable[..., Person], tmp_path: Path, encoding: str, said: str
) -> None:
    """The sentence is the command line's; the same file, saved again, can be picked again."""
    noor = person("Noor", LOOKS[1])
    bench(noor, "")
    text = library.source("codev-6").decode()
    file = tmp_path / "theirs.yaml"
    file.write_bytes(text.encode(encoding, "xmlcharrefreplace"))
    noor.hook("import").set_input_files(file)
    line = next(number for number, line in enumerate(text.splitlines(), start=1) if not line.isascii())
    expect(noor.hook("refused")).to_have_text(f"theirs.yaml: {said.format(line=line)}", timeout=SLOW)
    noor.shot(f"workbench-refused-{encoding}")
    no_axe(noor.page)
    expect(noor.hook("go-on")).to_have_count(0)
    file.write_text(text, "utf-8")
    noor.hook("import").set_input_files(file)
    holds(noor)


def test_a_file_that_was_downloaded_can_be_opened_again(person: Callable[..., Person], tmp_path: Path) -> None:
    noor = person("Noor", LOOKS[0])
    bench(noor)
    with noor.page.expect_download() as saving:
        noor.hook("download").click()
    saved = tmp_path / "linxx-9.yaml"
    saving.value.save_as(saved)
    assert saved.read_bytes() == library.source("linxx-9")
    noor.hook("other").click()
    noor.hook("import").set_input_files(saved)
    holds(noor)


def test_the_text_and_the_cards_are_one(person: Callable[..., Person]) -> None:
    noor = person("Noor", LOOKS[0])
    page = bench(noor)
    noor.hook("show-text").click()
    editor = page.locator(".cm-content")
    editor.wait_for(timeout=SLOW)
    line = editor.locator(".cm-line", has_text="id: linxx-9").first
    line.click()
    page.keyboard.press("End")
    page.keyboard.type("-changed")
    noor.hook("show-cards").click()
    noor.hook("whole").locator("summary").first.click()
    expect(noor.hook("method-id")).to_have_value("linxx-9-changed")


WHY = {"nl": "Daarna kun je proefdraaien en publiceren", "en": "Then you can rehearse and publish"}


@pytest.mark.parametrize("look", LOOKS, ids=["desk", "phone"])
def test_why_nothing_can_be_published_is_said_beside_the_button(person: Callable[..., Person], look: Look) -> None:
    noor = person("Noor", look)
    noor.page.goto(f"{noor.site}/workbench")
    names = ('nl: "Roddelronde"', 'en: "Gossip round"', 'de: "Tratschrunde"')
    there = "name:\n" + "".join(f"      {one}\n" for one in names)
    source = library.source("linxx-9").decode()
    assert there in source
    text = source.replace(there, "name: {nl: ’s Avonds, dan rust, en: Rest, de: Ruhe}\n", 1)
    noor.hook("import").set_input_files({"name": "theirs.yaml", "mimeType": "", "buffer": text.encode()})
    why = noor.hook("not-yet")
    expect(why).to_contain_text(WHY[look.language], timeout=SLOW)
    expect(why).to_be_in_viewport()
    for button in ("publish", "rehearse"):
        expect(noor.hook(button)).to_have_attribute("aria-disabled", "true")
        expect(noor.hook(button)).to_have_accessible_description(why.inner_text())
    comma = {"nl": "sluit een komma de tekst af", "en": "a comma ends the text"}
    expect(noor.page.get_by_test_id("remarks").first).to_contain_text(comma[look.language])
    noor.audit("not yet")
    noor.shot("workbench-not-yet")


@pytest.mark.parametrize("look", LOOKS, ids=["desk", "phone"])
def test_the_drawing_speaks_the_language_that_is_chosen(person: Callable[..., Person], look: Look) -> None:
    noor = person("Noor", look)
    bench(noor)
    title = noor.hook("flow").locator("title")
    for language in ("de", look.language):
        noor.speak(language)
        expect(title).to_have_text(library.load("linxx-9").name[language], timeout=SLOW)
        noor.look = Look(look.size, language, look.scheme)
        noor.shot("workbench-drawing", whole=True)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_workbench_is_reached_by_keyboard_alone(person: Callable[..., Person], size: ViewportSize) -> None:
    noor = person("Noor", Look(size, "en", "light"), keyboard=True)
    bench(noor, "?from=starter")
    keys = Keys(noor.page)
    assert {"download", "publish", "rehearse", "show-text", "writes"} <= set(keys.walk())
    keys.enter("rehearse")
    expect(noor.hook("slider")).to_be_visible(timeout=SLOW)
    keys.enter("next")
    keys.enter("leave-rehearsal")
    noor.hook("rehearse").wait_for()
