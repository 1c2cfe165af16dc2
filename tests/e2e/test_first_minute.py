"""From the start page into a meeting, on a phone: few taps, nothing to scroll for, and one clear thing to do on each screen."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from kring_client.tickets import Closed
from tests.e2e.seats import Seats
from tests.e2e.support import DESKTOP, PHONE, Look, Person

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
Come = Callable[..., Person]
DUTCH = Look(PHONE, "nl", "light")


def on_screen(one: Locator) -> bool:
    """Whether all of it is in sight, without scrolling, as soon as the page has come to rest: within thirty frames."""
    found: bool = one.evaluate(
        """async (one) => {
            const seen = () => { const box = one.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight; };
            for (let frame = 0; frame < 30 && !seen(); frame += 1) await new Promise(requestAnimationFrame);
            return seen();
        }"""
    )
    return found


def box(one: Locator) -> Any:
    found = one.bounding_box()
    assert found is not None
    return found


def hosts(noor: Person) -> None:
    """Three taps from the start page to a lobby of one's own, and a name."""
    page = noor.page
    page.goto(f"{noor.site}/?method=linxx-9")
    for door in ("#meet > summary", "#practise > summary", ".ways a.door"):
        assert on_screen(page.locator(door)), door
    assert on_screen(page.locator("button[name=practice][value=false]"))
    noor.shot("start-doors")
    noor.audit("the doors")
    page.locator("input[name=way][value=table]").check()
    page.locator("button[name=practice][value=false]").click()
    page.wait_for_url("**/m/*")
    expect(noor.hook("join-name")).to_be_focused()
    page.keyboard.type(noor.name)
    noor.shot("join-first")
    noor.press("join-submit")
    noor.hook("do").wait_for()
    assert page.evaluate("scrollY") == 0
    assert on_screen(noor.hook("copy-link"))
    assert on_screen(noor.hook("qr"))
    assert noor.hook("add-name").is_visible(), "they sit round one table"
    noor.shot("lobby-share")
    noor.audit("the lobby")


def test_the_first_minute_on_a_phone(person: Come) -> None:
    noor, samira = person("Noor", DUTCH), person("Samira", DUTCH)
    hosts(noor)
    link = noor.link()
    with Seats(link) as seats:
        bram, amal, joost, wietske = seats.sit("Bram", "Amal", "Joost", "Wietske")
        samira.page.goto(link)
        samira.waits_for("Noor vraagt je erbij.")
        samira.waits_for("Het duurt ongeveer")
        assert on_screen(samira.hook("join-submit"))
        assert samira.page.locator("meta[property='og:description']").get_attribute("content")
        samira.shot("join-invited")
        samira.join()
        outside = person("Youssef", Look(DESKTOP, "en", "light"))
        begins(noor, outside, link)
        writes(noor, samira)
        for seat in (bram, amal, joost, wietske):
            seat.until_may("give", "case")
            seat.give("case", f"Hoe blijf ik mild als een collega mij voor de {seat.name} keer passeert?")
        votes(noor)
        for seat in (bram, amal, joost, wietske):
            seat.do("vote", choices={seat.case_of(bram.id): 1})
        samira.page.locator("label.choice").nth(1).locator("input").check()
        samira.press("vote-submit")
        tells(noor, bram.name)
        with contextlib.suppress(Closed):  # the doors are closed behind whoever goes
            amal.do("leave")
        expect(noor.hook("notice")).to_have_text("Amal is vertrokken.")
        assert box(noor.hook("notice"))["y"] + box(noor.hook("notice"))["height"] <= PHONE["height"]
        noor.shot("notice")
        opens(noor, outside)


def begins(noor: Person, outside: Person, link: str) -> None:
    """Closing the doors and beginning are one act, of whoever facilitates; who waits outside is told so."""
    expect(noor.hook("start")).to_have_text("Sluit de deuren en begin")
    assert on_screen(noor.hook("start"))
    noor.shot("lobby-ready")
    noor.press("start")
    noor.phase("question")
    outside.page.goto(link)
    outside.waits_for("The doors are closed")
    outside.waits_for("Keep this screen open")


def writes(noor: Person, samira: Person) -> None:
    """While one acts the circle is one row, and a strip stays that says what and how long."""
    for one in (noor, samira):
        one.hook("strip").wait_for()
        assert box(one.page.locator(".room"))["height"] < 80
        assert on_screen(one.hook("give-submit"))
    noor.shot("acts")
    noor.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert box(noor.hook("strip"))["y"] == 0
    expect(noor.hook("strip")).to_contain_text(":")
    noor.write("Hoe vraag ik om hulp?")
    samira.write("Wat doe ik met een team dat zwijgt?")
    expect(noor.hook("strip")).to_have_count(0)
    assert box(noor.page.locator(".room"))["height"] > 150, "who only listens sees the whole circle"


def votes(noor: Person) -> None:
    """All six cards are on the screen, and the button."""
    noor.phase("choose")
    noor.page.locator("li.case").nth(5).wait_for()
    noor.page.evaluate("scrollTo(0, 0)")
    noor.shot("votes")
    shown = [on_screen(card) for card in noor.page.locator("li.case").all()]
    assert shown.count(True) >= 5, shown
    assert on_screen(noor.hook("vote-submit"))
    noor.page.locator("label.choice").first.locator("input").check()
    noor.press("vote-submit")


def tells(noor: Person, owner: str) -> None:
    """The question that the round is about stands right below the heading."""
    noor.phase("explanation")
    question = noor.page.locator("section.question")
    expect(question).to_contain_text(f"De vraag van {owner}")
    noor.shot("question-in-sight")
    heading = box(noor.page.locator("h1"))
    assert 0 <= box(question)["y"] - heading["y"] - heading["height"] < 120
    assert on_screen(question)


def opens(noor: Person, outside: Person) -> None:
    """A sign on the door while it is open, with the link; who waited outside hears it without doing anything."""
    noor.doors("open")
    noor.hook("door-sign").click()
    assert "#k=" in noor.link()
    noor.press("more-close")
    expect(outside.hook("doors-opened")).to_be_visible(timeout=40_000)
    outside.join()
    expect(noor.hook("notice")).to_have_text("Youssef neemt plaats.")


@pytest.mark.parametrize("width", [320, 844])
def test_low_and_narrow_screens_hide_nothing_under_a_bar(person: Come, width: int) -> None:
    """WCAG 2.4.11: on a low screen nothing sticks, so that what has the focus is seen."""
    noor = person("Noor", Look({"width": width, "height": 390}, "nl", "light"))
    noor.start_meeting("linxx-9")
    noor.join()
    with Seats(noor.link()) as seats:
        seats.sit("Bram", "Amal", "Wietske")
        noor.press("start")
        noor.phase("question")
        noor.hook("give-text").focus()
        noor.shot(f"low-{width}")
        noor.audit("a low screen")
        for hook in ("give-text", "notepad", "give-submit"):
            noor.hook(hook).focus()
            at = box(noor.hook(hook))
            covered = noor.page.evaluate(
                "([x, y, hook]) => !document.elementFromPoint(x, y)?.closest(`[data-testid=${hook}]`)",
                [at["x"] + 8, at["y"] + 8, hook],
            )
            assert not covered, hook
