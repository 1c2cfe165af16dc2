"""A telephone: little width, little height, and on its side; nothing in the bar lies over something else."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from playwright.sync_api import ViewportSize, expect

from kring.languages import SCREENS
from tests.e2e.seats import Seats
from tests.e2e.support import DESKTOP, PHONE, Language, Look, Person
from tests.e2e.test_first_minute import box, on_screen
from tests.e2e.test_knock_on_screen import stand_out
from tests.e2e.test_screens_seen import WALL

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
Come = Callable[..., Person]
DUTCH = Look(PHONE, "nl", "light")
SHORT = ViewportSize(width=390, height=664)
"""What a browser leaves of a telephone."""
SIDEWAYS = ViewportSize(width=844, height=390)
NARROW = ViewportSize(width=320, height=640)
QUESTION = "Hoe zeg ik nee tegen extra diensten zonder dat ik het team in de steek laat?"
SEEN = """(bar) => {
  const rail = bar.querySelector("[data-testid=rail] button").getBoundingClientRect();
  return [...bar.querySelectorAll(".count, .dot, .chip, .opener")].map((one) => {
    const { left, top, right, bottom, width, height } = one.getBoundingClientRect();
    const hidden = one.matches(".dot") && top >= rail.bottom;
    if (hidden) return null;
    const whole = one.scrollWidth <= one.clientWidth || !one.clientWidth;
    return { name: one.textContent || "a dot", kind: one.className, left, top, right, bottom, width, height, whole };
  }).filter(Boolean);
}"""
"""What one sees in the bar, and where."""
CUT = """() => {
  const plane = document.querySelector(".plane").getBoundingClientRect();
  return [...document.querySelectorAll(".plane .name, .plane .person")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.top < plane.top || box.bottom > plane.bottom || box.bottom > innerHeight;
  }).map((one) => one.textContent.trim() || "a person");
}"""
"""Who or whose name is cut off."""


def test_signs_and_steps_stand_beside_each_other_in_every_language(person: Come) -> None:
    noor, table = beside_a_table(person)
    with Seats(noor.link()) as seats:
        seats.sit("Bram", "Amal", "Wietske")
        noor.press("start-open")
        noor.phase("question")
        expect(noor.hook("tables-shown")).to_be_visible()
        for language, width in itertools.product(SCREENS, (320, 390)):
            noor.turn(Look(ViewportSize(width=width, height=844), language, "light"))
            noor.shot(f"bar-{width}")
            nothing_overlaps(noor)
        noor.hook("door-sign").click()
        noor.press("close-doors")
        for language, size in itertools.product(SCREENS, (WALL, DESKTOP)):
            table.turn(Look(size, language, "light"))
            nothing_overlaps(table)


def beside_a_table(person: Come) -> tuple[Person, Person]:
    """A meeting of her own, where a table screen reads along."""
    noor, table = person("Noor", DUTCH), person("the table", DUTCH)
    noor.start_meeting("linxx-9")
    noor.join()
    table.page.goto(noor.hook("open-table").get_attribute("href") or "")
    table.hook("qr").wait_for()
    return noor, table


def nothing_overlaps(one: Person) -> None:
    seen = one.page.locator("header.bar").evaluate(SEEN)
    assert {"1/9"} <= {part["name"] for part in seen}
    for this, that in itertools.combinations(seen, 2):
        apart = (
            this["right"] <= that["left"]
            or that["right"] <= this["left"]
            or this["bottom"] <= that["top"]
            or that["bottom"] <= this["top"]
        )
        assert apart, (one.look, this, that)
    for part in seen:
        assert part["left"] >= 0, part
        assert part["right"] <= one.look.size["width"], part
        assert part["width"] >= 4, part
        assert part["whole"], part
        one_line = part["height"] < (40 if one.look.size["width"] < 1000 else 80)
        assert one_line or "chip" not in part["kind"], part


def test_what_one_does_is_in_sight_on_a_low_screen_too(person: Come) -> None:
    noor, _ = beside_a_table(person)
    with Seats(noor.link()) as seats:
        circle = seats.sit("Bram", "Amal", "Wietske", "Samira", "Emma")
        for size in (SIDEWAYS, SHORT, NARROW):
            noor.turn(Look(size, "nl", "light"))
            noor.shot("low-lobby")
            assert on_screen(noor.hook("start")), size
            assert noor.page.evaluate(CUT) == [], size
        noor.press("start")
        noor.write(QUESTION)
        for seat in circle:
            seat.until_may("give", "case")
            seat.give("case", f"A question of {seat.name}")
        noor.vote("A question of Bram")
        for seat in circle:
            seat.do("vote", choices={seat.case_of(noor.seat): 1})
        noor.phase("explanation")
        noor.floor()
        tells(noor)
        noor.press("give-spoken")
        noor.phase("gossip")


def tells(noor: Person) -> None:
    """Question, box and button are on the screen, and the box is not under the button."""
    for size, language in itertools.product((NARROW, SIDEWAYS, SHORT), SCREENS):
        noor.turn(Look(size, language, "light"))
        noor.page.evaluate("scrollTo(0, 0)")
        noor.shot("low-tells")
        assert box(noor.page.locator(".strip .time"))["height"] < 30, "one line"
        for part in ("section.question", "[data-testid=give-text]", "[data-testid=give-spoken]"):
            assert on_screen(noor.page.locator(part)), (part, size)
        text, said = box(noor.hook("give-text")), box(noor.hook("give-spoken"))
        assert text["y"] + text["height"] <= said["y"], size
        if size == SIDEWAYS:
            assert box(noor.page.locator("figure.circle"))["x"] < text["x"] - 200
            assert noor.page.evaluate(CUT) == []


def test_a_box_that_nobody_has_to_fill_in_is_seen_with_its_button(person: Come) -> None:
    noor = person("Noor", Look(SHORT, "nl", "light"))
    noor.start_meeting("linxx-9")
    noor.join()
    with Seats(noor.link()) as seats:
        bram, amal, wietske = seats.sit("Bram", "Amal", "Wietske")
        noor.press("start")
        noor.write(QUESTION)
        for seat in (bram, amal, wietske):
            seat.until_may("give", "case")
            seat.give("case", f"A question of {seat.name}")
        noor.vote("A question of Bram")
        for seat in (bram, amal, wietske):
            seat.do("vote", choices={seat.case_of(bram.id): 1})
        bram.until_may("give", "explanation")
        bram.give("explanation")
        noor.phase("gossip")
        noor.press("another-hypothesis")
        noor.hook("give-text").wait_for()
        noor.shot("low-talk")
        assert stand_out(noor) == ["floor-take"]
        noor.hook("give-text").fill("Zij wil gezien worden.")
        assert stand_out(noor) == ["give-submit"]
        noor.hook("give-text").fill("")
        assert on_screen(noor.hook("give-text"))
        text, said = box(noor.hook("give-text")), box(noor.hook("give-spoken"))
        assert text["y"] + text["height"] <= said["y"]


@pytest.mark.parametrize("language", SCREENS)
def test_a_door_that_one_opens_is_in_sight(person: Come, language: Language) -> None:
    """Another one shuts above it, and takes its height along."""
    for size in (SIDEWAYS, SHORT):
        noor = person("Noor", Look(size, language, "light"))
        noor.page.goto(noor.site)
        assert on_screen(noor.hook("door-meet")), "without scrolling"
        noor.press("door-code")
        noor.hook("knock-code").wait_for()
        noor.shot("door-opened")
        for hook in ("door-code", "knock-code"):
            assert on_screen(noor.hook(hook)), (hook, size)
