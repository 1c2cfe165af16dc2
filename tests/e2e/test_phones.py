"""A telephone: little width, little height, and on its side; nothing in the bar lies over something else."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from playwright.sync_api import ViewportSize, expect

from kring.languages import SCREENS
from tests.e2e.seats import Seats
from tests.e2e.support import PHONE, Look, Person

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
Come = Callable[..., Person]
DUTCH = Look(PHONE, "nl", "light")
SEEN = """(bar) => {
  const rail = bar.querySelector("[data-testid=rail] button").getBoundingClientRect();
  return [...bar.querySelectorAll(".count, .dot, .chip, .opener")].map((one) => {
    const { left, top, right, bottom, width, height } = one.getBoundingClientRect();
    const hidden = one.matches(".dot") && top >= rail.bottom;
    return hidden ? null : { name: one.textContent || "a dot", left, top, right, bottom, width, height };
  }).filter(Boolean);
}"""
"""What one sees in the bar, and where."""


def test_signs_and_steps_stand_beside_each_other_in_every_language(person: Come) -> None:
    noor = person("Noor", DUTCH)
    noor.start_meeting("linxx-9")
    noor.join()
    table = person("the table", DUTCH)
    table.page.goto(noor.hook("open-table").get_attribute("href") or "")
    table.hook("qr").wait_for()
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
        noor.hook("more-close").wait_for()


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
        assert 0 <= part["left"], part
        assert part["right"] <= one.look.size["width"], part
        assert part["width"] >= 4, part
