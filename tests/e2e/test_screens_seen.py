"""Screens as they are seen: a table with nine from three metres, colours of one's own, and practice that one can follow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.e2e.seats import Seats
from tests.e2e.support import PHONE, Look, Person

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
Come = Callable[..., Person]
WALL = ViewportSize(width=1920, height=1080)
DUTCH = Look(PHONE, "nl", "light")
LONG = "Hoe houd ik het vol om elke week opnieuw hetzelfde gesprek te voeren over het rooster, als {} en niemand iets zegt?"
BELOW = """() => {
  const panel = document.querySelector("main");
  return panel.scrollHeight - panel.clientHeight;
}"""
"""Pixels of the panel that one would have to scroll for."""


def test_nine_round_the_table_see_all_at_once_and_can_read_it(person: Come) -> None:
    noor = person("Noor", DUTCH)
    noor.start_meeting("linxx-9")
    noor.join()
    table = person("the table", Look(WALL, "nl", "light"))
    table.page.goto(noor.link())
    table.press("join-table")
    table.hook("qr").wait_for()
    with Seats(noor.link()) as seats:
        others = seats.sit("Bram", "Amal", "Joost", "Wietske", "Samira", "Emma")
        for name in ("Teun", "Fatma"):
            noor.add_chair(name)
            expect(noor.page.locator("figure.circle")).to_contain_text(name)
        expect(table.page.locator("svg g.seat")).to_have_count(9)
        table.shot("table-nine-lobby")
        assert table.page.evaluate(BELOW) <= 0
        noor.press("start")
        table.phase("question")
        expect(table.page.locator("[data-testid^=act-for-]")).to_have_count(1)
        table.shot("table-nine-question")
        for seat in others:
            seat.until_may("give", "case")
            seat.give("case", LONG.format(seat.name))
        noor.write(LONG.format("Noor"))
        for chair in ("Teun", "Fatma"):
            card = table.page.locator("[data-testid^=act-for-]", has_text=chair)
            card.locator("[data-testid^=pass-]").click()
            card.wait_for(state="detached")
        table.phase("choose")
        reads_the_options(table)


def reads_the_options(table: Person) -> None:
    """In type of a twenty-fifth of the height a line; what does not fit is on a further page."""
    option = table.page.locator(".options li").first
    option.wait_for()
    expect(table.hook("pages")).to_be_visible()
    table.shot("table-nine-options")
    type_: Any = option.evaluate("(one) => { const s = getComputedStyle(one); return [s.fontSize, s.lineHeight]; }")
    size, line = (float(one.removesuffix("px")) for one in type_)
    assert size >= 33
    assert line >= WALL["height"] / 25
    assert table.page.evaluate(BELOW) <= 0
    first = option.inner_text()
    table.hook("pages").get_by_role("button").last.click()
    expect(table.page.locator(".options li").first).not_to_have_text(first)


PAINTED = "(one) => getComputedStyle(one).backgroundColor"


def test_in_colours_of_ones_own_what_matters_still_stands_out(person: Come) -> None:
    noor = person("Noor", DUTCH)
    noor.page.emulate_media(forced_colors="active")
    noor.page.goto(noor.site)
    noor.shot("forced-start")
    noor.start_meeting("linxx-9")
    noor.join()
    go, plain = noor.page.locator(".button.go").first, noor.hook("more")
    assert go.evaluate(PAINTED) != plain.evaluate(PAINTED)
    with Seats(noor.link()) as seats:
        circle = seats.sit("Bram", "Amal", "Wietske")
        noor.doors("close")
        # What browsers lay behind text would hide it here.
        assert noor.hook("notice").evaluate("(one) => getComputedStyle(one).forcedColorAdjust") == "none"
        noor.press("start")
        noor.phase("question")
        dots = noor.page.locator(".dot")
        assert dots.nth(0).evaluate(PAINTED) != dots.nth(1).evaluate(PAINTED)
        noor.shot("forced-question")
        noor.audit("forced colours")
        noor.write("Wat wil ik nu echt zeggen?")
        for seat in circle:
            seat.until_may("give", "case")
            seat.give("case", LONG.format(seat.name))
        stands_out_when_picked(noor)


def stands_out_when_picked(noor: Person) -> None:
    """A case is picked: its words and its name have a ground of their own, and the colour that belongs to it."""
    noor.phase("choose")
    cards = noor.page.locator("li.case .words")
    cards.first.click()
    assert cards.nth(0).evaluate(PAINTED) != cards.nth(1).evaluate(PAINTED)
    colour = "(one) => getComputedStyle(one).color"
    text = cards.nth(0).evaluate(colour)
    assert text != cards.nth(1).evaluate(colour)
    assert cards.nth(0).locator(".who").evaluate(colour) == text
    noor.shot("forced-picked")


def test_practice_waits_for_whoever_thinks(person: Come) -> None:
    noor = person("Noor", DUTCH)
    page = noor.page
    page.goto(f"{noor.site}/?method=linxx-9")
    page.locator("#practise > summary").click()
    page.locator("button[name=practice][value=true]").click()
    page.wait_for_url("**/m/*")
    noor.waits_for("gespeeld")
    expect(page.locator("main")).not_to_contain_text("de eerste")
    expect(page.locator("header, main").get_by_text("Oefening").first).to_be_visible()
    noor.shot("practice-join")
    noor.join()
    noor.hook("speed-60").check(force=True)
    noor.phase("question")
    noor.waits_for("De tijd wacht op jou.")
    expect(page.get_by_text("Oefening", exact=True)).to_be_visible()
    assert noor.hook("hold").is_visible()
    noor.shot("practice-my-turn")
    noor.audit("practice")
    noor.hook("speed-1").check(force=True)
    noor.write("Wat wil ik nu echt zeggen?")
    expect(noor.hook("to-my-turn")).to_be_visible()
    noor.hook("speed-60").check(force=True)
    noor.phase("choose")
    noor.waits_for("De tijd wacht op jou.")


def test_a_seat_goes_along_to_another_device_and_a_video_room_reaches_all_who_sit(person: Come) -> None:
    noor, amal = person("Noor", DUTCH), person("Amal", DUTCH)
    noor.start_meeting("linxx-9")
    noor.join()
    amal.join(noor.link())
    noor.press("video-fold")
    noor.hook("video-link").fill("http://meet.example.org/kring")
    noor.press("video-keep")
    noor.waits_for("https://")
    noor.hook("video-link").fill("https://meet.example.org/kring")
    noor.press("video-keep")
    beside = noor.hook("video-room").first
    expect(beside).to_have_text("meet.example.org")
    assert beside.get_attribute("rel") == "noopener noreferrer"
    assert "&v=" not in noor.link()
    bram = person("Bram", DUTCH)
    bram.join(noor.link())
    for one in (amal, bram):  # who came before it was given, and who came after
        expect(one.hook("video-room").first).to_have_attribute("href", "https://meet.example.org/kring")
    amal.waits_for("Noor gaf de link")
    seat = noor.seat
    noor.press("more")
    noor.press("seat-along-show")
    link = noor.hook("seat-link").input_value()
    noor.shot("seat-along")
    along = person("Noor elsewhere", DUTCH)
    along.page.goto(link)
    along.hook("do").wait_for()
    assert along.seat == seat
    noor.hook("ended").wait_for()  # one device of this seat at a time
    assert "&d=" not in along.page.url
    assert along.hook("join-name").count() == 0
