"""The whole of linxx-9 without a mouse: nothing here is clicked, and nothing is filled in but by typing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser import PATIENCE
from tests.e2e.keys import Keys
from tests.e2e.support import DESKTOP, PHONE, Look, Person

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
QUESTION = "How do I stay calm when the mayor shouts?"
NEW_QUESTION = "What do I want to say to the mayor?"
NOTES = "Bram says: perhaps it is about trust."


@pytest.fixture
def noor(person: Callable[..., Person]) -> Person:
    return person("Noor", Look(DESKTOP, "en", "light"), keyboard=True)


def practise(noor: Person, role: str, speed: int) -> Keys:
    """From the start page to a chair among simulated colleagues, who play faster than people do."""
    keys = Keys(noor.page)
    noor.page.goto(noor.site)
    keys.pick("method", "linxx-9")
    keys.enter("door-practise")
    keys.pick("role", role)
    keys.enter("practice=true")
    sit(noor, keys)
    keys.pick("speed-1", f"speed-{speed}")
    return keys


def sit(noor: Person, keys: Keys) -> None:
    noor.page.wait_for_url("**/m/*")
    noor.hook("join-name").wait_for()
    keys.type("join-name", noor.name)
    noor.page.keyboard.press("Enter")
    noor.hook("join-name").wait_for(state="detached")
    assert keys.not_lost()["heading"]


def until_phase(noor: Person, phase: str) -> None:
    """The others take their time, as people do: a whole round of it, even at this speed."""
    noor.page.locator(f"[data-testid=phase-name][data-phase='{phase}']").wait_for(timeout=4 * PATIENCE)


def gives(noor: Person, keys: Keys, text: str) -> None:
    """Type it, hand it in; the focus does not fall through the floor."""
    keys.type("give-text", text)
    keys.enter("give-submit")
    expect(noor.hook("give-submit")).to_have_count(0)
    keys.not_lost()


def says(noor: Person, keys: Keys) -> None:
    """Say it aloud, and tell so with the space bar."""
    keys.space("give-spoken")
    expect(noor.hook("give-spoken")).to_have_count(0)
    keys.not_lost()


def looks_around(noor: Person, keys: Keys) -> None:
    """The steps and the drawer open and close by keyboard, and the focus comes back to what opened them."""
    rail = noor.page.locator("[data-testid=rail] button")
    while not rail.evaluate("(one) => one === document.activeElement"):
        keys.tab()
    noor.page.keyboard.press("Enter")
    expect(rail).to_have_attribute("aria-expanded", "true")
    keys.escape()
    expect(rail).to_have_attribute("aria-expanded", "false")
    assert rail.evaluate("(one) => one === document.activeElement")

    keys.enter("more")
    noor.hook("more-close").wait_for()
    assert {"more-close", "sound", "language-nl", "leave"} <= set(keys.walk())
    keys.escape()
    expect(noor.hook("more-close")).to_be_hidden()
    assert keys.at()["id"] == "more"


@pytest.mark.timeout(240)
def test_the_case_owner_goes_through_all_nine_steps(noor: Person) -> None:
    keys = practise(noor, "owner", 20)
    noor.phase("question")
    gives(noor, keys, QUESTION)

    noor.phase("choose")
    vote = noor.page.locator("label.choice", has_text=QUESTION).locator("input").get_attribute("data-testid") or ""
    keys.pick(vote, vote)
    keys.enter("vote-submit")

    noor.phase("explanation")
    noor.floor()
    says(noor, keys)

    noor.phase("gossip")
    assert noor.sees("give-text") is False
    keys.type("notepad", NOTES)
    looks_around(noor, keys)

    until_phase(noor, "reformulate")
    gives(noor, keys, NEW_QUESTION)
    noor.phase("advice")
    expect(noor.hook("question-before")).to_contain_text(QUESTION)
    expect(noor.hook("question-after")).to_contain_text(NEW_QUESTION)
    until_phase(noor, "reaction")
    says(noor, keys)
    noor.phase("participants")
    until_phase(noor, "evaluation")
    to_the_end(noor, keys)


def to_the_end(noor: Person, keys: Keys) -> None:
    """What I will do, by when; the last word; and home with a page."""
    expect(noor.hook("do")).to_have_attribute("data-mine", "true", timeout=3 * PATIENCE)
    says(noor, keys)
    keys.enter("another-action")
    keys.type("give-text", "I call the mayor.")
    gives_action(noor, keys)
    noor.hook("take-home").wait_for(timeout=4 * PATIENCE)
    keys.not_lost()
    keys.to("take-home")
    with noor.page.expect_download() as saving:
        noor.page.keyboard.press("Enter")
    home = saving.value.path().read_text(encoding="utf-8")
    assert all(text in home for text in (QUESTION, NEW_QUESTION, NOTES, "I call the mayor."))


def gives_action(noor: Person, keys: Keys) -> None:
    keys.to("give-text-by")
    noor.page.keyboard.type("12242030")
    keys.enter("give-submit")
    keys.not_lost()


@pytest.mark.timeout(240)
def test_the_facilitator_leads_by_keyboard(noor: Person) -> None:
    keys = practise(noor, "facilitator", 20)
    expect(noor.hook("start")).to_be_visible(timeout=2 * PATIENCE)
    keys.enter("start")
    noor.phase("question")
    assert keys.not_lost()["heading"]

    keys.enter("pause")
    noor.hook("resume").wait_for()
    assert "resume" in keys.walk()
    keys.enter("resume")
    noor.hook("pause").wait_for()
    keys.not_lost()
    gives(noor, keys, QUESTION)
    noor.phase("choose")
    keys.enter("extend")
    keys.not_lost()
    keys.enter("pass-vote")
    keys.not_lost()
    noor.phase("gossip")
    keys.enter("floor-take")
    noor.floor()
    keys.not_lost()
    keys.enter("another-hypothesis")
    keys.space("give-spoken")
    noor.floor(mine=False)
    keys.not_lost()
    noor.hook("end-phase").wait_for(timeout=3 * PATIENCE)
    keys.enter("end-phase")
    noor.phase("reformulate")
    assert keys.not_lost()["main"]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_every_control_of_the_way_in_is_reached(person: Callable[..., Person], size: ViewportSize) -> None:
    noor = person("Noor", Look(size, "en", "light"), keyboard=True)
    keys = Keys(noor.page)
    noor.page.goto(noor.site)
    keys.walk()
    keys.pick("method", "linxx-9")
    keys.enter("practice=false")
    noor.page.wait_for_url("**/m/*")
    noor.hook("join-name").wait_for()
    assert keys.walk()[:3] == ["join-name", "join-submit", "join-guest"]
    sit(noor, keys)
    lobby = keys.walk()
    assert lobby[0] == "more"
    assert {"copy-link", "link-fold", "open-table", "add-seat-fold", "take-facilitation"} <= set(lobby)
    assert_seat_added(noor.page, keys)


def assert_seat_added(page: Page, keys: Keys) -> None:
    keys.enter("add-seat-fold")
    keys.type("add-name", "Wietske")
    page.keyboard.press("Enter")
    expect(page.locator("figure.circle")).to_contain_text("Wietske")
    assert keys.not_lost()["id"] in {"add-name", "add-seat"}
