"""Somebody gives a method roles, forms, sub-methods and what is withheld, on cards; and the editor knows the language."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import yaml
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.e2e.keys import Keys
from tests.e2e.support import DESKTOP, PHONE, Look, Person
from tests.e2e.test_workbench import LOOKS, SLOW, bench, holds, no_axe, step, unfold

DRAFT = "Object.entries(localStorage).filter(([key]) => key.startsWith('kring:method:')).map(([, one]) => JSON.parse(one).text)"


def text(noor: Person) -> str:
    """What is kept of the method that Noor works at."""
    (draft,) = noor.page.evaluate(DRAFT)
    assert isinstance(draft, str)
    return draft


def open_part(noor: Person, part: str) -> Locator:
    noor.hook(f"open-{part}").click()
    return noor.hook(f"part-{part}")


def add(noor: Person, part: str, name: str) -> None:
    noor.hook(f"new-{part}-name").fill(name)
    noor.hook(f"new-{part}").click()


@pytest.mark.timeout(240)
@pytest.mark.parametrize("look", LOOKS, ids=["desk", "phone"])
def test_a_role_is_added_filled_played_and_removed_with_what_hangs_on_it(
    person: Callable[..., Person], look: Look
) -> None:
    noor = person("Noor", look)
    bench(noor, "?from=starter")
    before = text(noor)
    card = open_part(noor, "roles")
    add(noor, "roles", "Waarnemer")
    expect(noor.hook("roles-waarnemer").get_by_test_id("remarks")).to_contain_text("waarnemer", timeout=SLOW)
    noor.hook("role-apart-waarnemer").check()
    noor.hook("writes").select_option("en")
    noor.hook("role-name-waarnemer").fill("Observer")
    expect(card.locator("summary")).to_contain_text("Observer")
    no_axe(noor.page)
    noor.shot("workbench-roles")

    step(noor, "collect")
    unfold(noor, "collect", "fold-choosing", "fold-texts")
    noor.hook("edit-fills-waarnemer").check()
    noor.hook("prompt-waarnemer").fill("Watch.")
    noor.hook("phase-collect").get_by_role("button").filter(
        has_text="alle talen" if look.language == "nl" else "all languages"
    ).click()
    holds(noor)
    roles = yaml.safe_load(text(noor))["roles"]
    assert roles == {"waarnemer": {"name": {"nl": "Waarnemer", "en": "Observer", "de": "Waarnemer"}, "apart": True}}
    assert text(noor).startswith("# A small method"), "comments stay"

    noor.hook("rehearse").click()
    noor.hook("slider").wait_for(timeout=SLOW)
    noor.hook("leave-rehearsal").click()
    open_part(noor, "roles")
    noor.hook("remove-roles-waarnemer").click()
    name = yaml.safe_load(before)["opening"][0]["name"]["en"]
    expect(noor.hook("roles-waarnemer").get_by_role("group")).to_contain_text(name)
    noor.hook("remove-roles-waarnemer-yes").click()
    holds(noor)
    assert yaml.safe_load(text(noor)) == yaml.safe_load(before)
    noor.hook("undo").click()
    assert "waarnemer" in text(noor)


def test_a_form_is_made_field_by_field_and_asked_for_in_a_step(person: Callable[..., Person]) -> None:
    noor = person("Noor", LOOKS[0])
    bench(noor, "?from=starter")
    card = open_part(noor, "forms")
    add(noor, "forms", "Eerlijk advies")
    expect(noor.hook("forms-eerlijk-advies").get_by_test_id("remarks")).to_contain_text("eerlijk-advies", timeout=SLOW)
    noor.hook("add-field-eerlijk-advies").click()
    noor.hook("field-eerlijk-advies-1-kind").select_option("choice")
    noor.hook("field-eerlijk-advies-1-name").fill("Wat voor advies?")
    noor.hook("field-eerlijk-advies-1-required").uncheck()
    noor.hook("field-eerlijk-advies-1-up").click()
    no_axe(noor.page)
    fields = yaml.safe_load(text(noor))["forms"]["eerlijk-advies"]["fields"]
    assert [(one["id"], one["kind"], one.get("optional")) for one in fields] == [
        ("field", "choice", True),
        ("text", "line", None),
    ]
    assert fields[0]["name"]["nl"] == "Wat voor advies?"

    step(noor, "advise")
    unfold(noor, "advise", "give-more")
    noor.hook("give-form").first.select_option("eerlijk-advies")
    holds(noor)
    card.locator("summary").click()
    noor.hook("remove-forms-eerlijk-advies").click()
    noor.hook("remove-forms-eerlijk-advies-yes").click()
    holds(noor)
    assert "eerlijk-advies" not in text(noor)


def test_what_is_given_is_withheld_until_a_later_step(person: Callable[..., Person]) -> None:
    noor = person("Noor", LOOKS[1])
    bench(noor, "?from=linxx-9")
    step(noor, "gossip")
    unfold(noor, "gossip", "fold-seen")
    noor.hook("edit-withheld").select_option("owner")
    later = noor.hook("edit-until").locator("option").nth(1).get_attribute("value")
    assert later
    noor.hook("edit-until").select_option(later)
    holds(noor)
    gossip = next(one for one in yaml.safe_load(text(noor))["round"] if one["id"] == "gossip")
    assert gossip["withheld"] == {"from": "owner", "until": later}
    expect(noor.hook("changes")).to_contain_text("withheld")
    noor.hook("edit-withheld").select_option("")
    holds(noor)
    assert "withheld" not in text(noor)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("look", LOOKS, ids=["desk", "phone"])
def test_a_step_waits_in_overtime_and_one_thing_is_withheld(person: Callable[..., Person], look: Look) -> None:
    noor = person("Noor", look)
    bench(noor, "?from=linxx-9")
    step(noor, "advice")
    expect(noor.hook("edit-overtime")).to_be_hidden()
    card = noor.hook("phase-advice")
    unfold(noor, "advice", "fold-ends", "give-more")
    noor.hook("give-least").first.fill("1")
    noor.hook("edit-overtime").check()
    noor.hook("edit-overtime-minutes").fill("3")
    noor.hook("edit-overtime-hours").fill("12")
    noor.hook("give-withheld").first.select_option("owner")
    later = noor.hook("give-until").first.locator("option").nth(1).get_attribute("value")
    assert later
    noor.hook("give-until").first.select_option(later)
    holds(noor)
    for other in (look, Look(look.size, "nl" if look.language == "en" else "en", look.scheme)):
        noor.turn(other)
        noor.audit("overtime")
        card.get_by_test_id("fold-ends").scroll_into_view_if_needed()
        noor.shot("workbench-overtime")
        noor.shot("workbench-overtime-whole", whole=True)
    advice = next(one for one in yaml.safe_load(text(noor))["round"] if one["id"] == "advice")
    assert advice["overtime"] == {"minutes": 3, "hours": 12}
    assert advice["gives"][0]["withheld"] == {"from": "owner", "until": later}
    noor.hook("edit-overtime").uncheck()
    noor.hook("give-withheld").first.select_option("")
    holds(noor)
    assert "withheld" not in text(noor)
    assert "overtime" not in text(noor)


@pytest.mark.parametrize("look", [Look(PHONE, "nl", "light"), Look(DESKTOP, "en", "dark")], ids=["phone", "desk"])
def test_a_step_shows_what_is_changed_most_and_an_error_opens_its_fold(
    person: Callable[..., Person], look: Look
) -> None:
    """By keyboard alone: folds are opened, shut, and opened by a mistake in them; a long text is told and stays whole."""
    noor = person("Noor", look, keyboard=True)
    bench(noor, "?from=linxx-9")
    keys = Keys(noor.page)
    noor.hook("phase-advice").locator("summary").first.press("Enter")
    for name in ("edit-name", "edit-minutes", "prompt-participant", "give-who", "give-what"):
        expect(noor.hook(name).first).to_be_visible()
    for name in ("edit-kind", "edit-hidden", "edit-overtime", "position-owner", "give-least", "why-owner"):
        expect(noor.hook(name).first).to_be_hidden()
    noor.audit("a step")
    noor.hook("phase-advice").scroll_into_view_if_needed()
    noor.shot("workbench-step")
    noor.shot("workbench-step-whole", whole=True)

    fold = noor.hook("fold-ends")
    fold.locator("summary").press("Enter")
    keys.space("edit-overtime")
    fold.locator("summary").press("Enter")
    expect(fold).not_to_have_attribute("open", "")
    expect(fold).to_have_attribute("open", "", timeout=SLOW)
    expect(fold.get_by_test_id("remarks")).to_be_visible()
    noor.audit("an error in a fold")
    noor.shot("workbench-fold-wrong")
    keys.space("edit-overtime")
    holds(noor)

    noor.hook("prompt-participant").fill("字" * 10_000)
    expect(noor.hook("over")).to_contain_text("8000")
    expect(noor.hook("phase-advice").get_by_test_id("remarks")).to_contain_text("8000", timeout=SLOW)
    assert "字" * 10_000 in text(noor)
    noor.audit("too long")
    noor.shot("workbench-too-long")


@pytest.mark.timeout(240)
def test_a_sub_method_is_added_chosen_and_played(person: Callable[..., Person]) -> None:
    noor = person("Noor", LOOKS[0])
    bench(noor, "?from=starter")
    open_part(noor, "modules")
    add(noor, "modules", "Rondje gedachten")
    expect(noor.hook("part-modules").get_by_test_id("remarks")).to_contain_text("runs: module", timeout=SLOW)
    noor.hook("module-summary-rondje-gedachten").fill("Als je nog niet weet wat er speelt.")
    no_axe(noor.page)

    step(noor, "advise")
    unfold(noor, "advise", "fold-choosing")
    noor.hook("edit-runs").check()
    noor.hook("new-round").click()
    noor.hook("new-kind").select_option("choose")
    noor.hook("new-add").click()
    fresh = noor.hook("phase-choose-2")
    unfold(noor, "choose-2", "fold-choosing", "fold-texts")
    fresh.get_by_test_id("edit-choose").select_option("module")
    fresh.get_by_test_id("prompt-owner").fill("Zeg wat jou zou helpen.")
    fresh.get_by_role("button").filter(has_text="alle talen").click()
    fresh.get_by_test_id("edit-up").click()
    fresh.get_by_test_id("edit-up").click()
    noor.hook("whole").locator("summary").first.click()
    noor.hook("take-sum").click()
    holds(noor)
    made = yaml.safe_load(text(noor))
    assert made["modules"]["rondje-gedachten"]["name"]["de"] == "Rondje gedachten"
    assert [one.get("runs") for one in made["round"]].count("module") == 1
    noor.hook("rehearse").click()
    noor.hook("slider").wait_for(timeout=SLOW)
    noor.hook("leave-rehearsal").click()

    open_part(noor, "modules")
    noor.hook("remove-modules-rondje-gedachten").click()
    noor.hook("remove-modules-rondje-gedachten-yes").click()
    expect(noor.hook("part-modules").locator("li")).to_have_count(0)
    assert "module" not in text(noor)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_role_is_added_by_keyboard_alone(person: Callable[..., Person], size: ViewportSize) -> None:
    noor = person("Noor", Look(size, "en", "light"), keyboard=True)
    bench(noor, "?from=starter")
    keys = Keys(noor.page)
    keys.enter("open-roles")
    keys.type("new-roles-name", "Scribe")
    keys.enter("new-roles")
    expect(noor.hook("roles-scribe")).to_be_visible()


def type_in(noor: Person, line: str, typed: str) -> Page:
    """Put something at the end of this line of the file."""
    page = noor.page
    noor.hook("show-text").click()
    page.locator(".cm-content").wait_for(timeout=SLOW)
    page.locator(".cm-line", has_text=line).first.click()
    page.keyboard.press("End")
    page.keyboard.type(typed)
    return page


@pytest.mark.parametrize("look", LOOKS, ids=["desk", "phone"])
def test_the_editor_marks_a_mistake_at_its_line_without_the_server(person: Callable[..., Person], look: Look) -> None:
    noor = person("Noor", look)
    page = bench(noor, "?from=starter")
    noor.hook("show-text").click()
    page.locator(".cm-content").wait_for(timeout=SLOW)
    noor.context.set_offline(offline=True)
    type_in(noor, "advice: late", "r")
    expect(noor.hook("error")).to_be_visible(timeout=SLOW)
    marked = page.locator(".cm-lintRange-error")
    expect(marked).to_have_text("later", timeout=SLOW)
    expect(page.locator(".cm-lint-marker-error")).to_have_count(1)
    marked.hover()
    told = "kan niet bij" if look.language == "nl" else "is not possible for"
    expect(page.locator(".cm-diagnostic")).to_have_count(1)
    expect(page.locator(".cm-diagnostic")).to_contain_text(told)
    no_axe(page)
    noor.shot("workbench-offline-mark")
    noor.trouble.clear()  # the browser says of every request that it could not be made

    noor.context.set_offline(offline=False)
    expect(noor.hook("error")).to_be_hidden(timeout=SLOW)
    expect(noor.hook("verdict")).to_contain_text("1", timeout=SLOW)
    expect(marked).to_have_count(1)
    page.locator(".cm-line", has_text="advice: later").first.click()
    page.keyboard.press("End")
    page.keyboard.press("Backspace")
    expect(marked).to_have_count(0)
    holds(noor)
    noor.trouble = [line for line in noor.trouble if "ERR_INTERNET_DISCONNECTED" not in line]


def test_the_editor_offers_keys_and_values_and_tells_what_they_mean(person: Callable[..., Person]) -> None:
    noor = person("Noor", LOOKS[0])
    bench(noor, "?from=starter")
    page = type_in(noor, "advice: late", "\nfac")
    offered = page.locator(".cm-tooltip-autocomplete li")
    expect(offered.first).to_have_text("facilitator", timeout=SLOW)
    expect(page.locator(".cm-completionInfo")).to_contain_text("de methode kan het ook zelf")
    no_axe(page)
    noor.shot("workbench-completion")
    page.wait_for_timeout(200)  # CodeMirror takes no Enter for a choice in its first moments
    page.keyboard.press("Enter")
    page.keyboard.type("n")
    expect(offered.first).to_have_text("needed")
    page.wait_for_timeout(200)
    page.keyboard.press("Enter")
    holds(noor)
    assert yaml.safe_load(text(noor))["facilitator"] == "needed"
    page.locator(".cm-line", has_text="level:").first.locator("span").first.hover()
    expect(page.locator(".cm-meaning")).to_contain_text("Waaraan de methode werkt.")
