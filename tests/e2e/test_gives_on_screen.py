"""What a method says of what is given, on the screen: parts of a step, a limit for all, and what the case owner chooses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.published import published
from tests.e2e.seats import Seat, Seats
from tests.e2e.support import DESKTOP, PHONE, Look, Person

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def to_the_story(seats: Seats, noor: Person, bram: Person) -> None:
    """Six people, and Noor's case is taken."""
    lead = seats.all[0]
    lead.do("take-facilitation")
    lead.do("start")
    noor.write("How do I ask for help?")
    bram.write("The case of Bram")
    seats.each_gives("case", lambda seat: f"The case of {seat.name}")
    lead.until_may("choose", "case")
    lead.do("choose", choices=(lead.case_of(noor.seat),))
    noor.phase("story")


def ask(seat: Seat, what: str, text: str) -> None:
    seat.until_may("give", what)
    seat.give(what, text)


def test_a_step_in_parts_with_a_limit_and_a_choice_of_the_owner(person: Callable[..., Person]) -> None:
    noor, bram = person("Noor", Look(PHONE, "nl", "light")), person("Bram", Look(DESKTOP, "en", "light"))
    noor.page.goto(published(noor))
    noor.page.locator('button[name="practice"][value="false"]').click()
    noor.page.wait_for_url("**/m/*")
    noor.hook("join-name").wait_for()
    noor.join()
    bram.join(noor.link())
    with Seats(noor.link()) as seats:
        seats.sit("Wietske", "Lotte", "Amal", "Daan")
        lead, lotte, amal, daan = seats.all
        to_the_story(seats, noor, bram)
        expect(noor.hook("phase-name")).to_contain_text("deel 1 van 2")
        noor.press("give-spoken")
        expect(noor.hook("phase-name")).to_contain_text("deel 2 van 2")
        ask(lotte, "question", "Since when?")
        bram.press("another-question")
        expect(bram.hook("together")).to_have_text("Together you can give 2 more.")
        bram.shot("limit")
        bram.audit("limit")
        ask(amal, "question", "With whom?")
        ask(daan, "question", "How often?")
        expect(bram.hook("together")).to_have_count(0)
        assert not any(seat.may("give", "question") for seat in seats.all)
        lead.until_may("end-phase")
        lead.do("end-phase")
        noor.phase("key-questions")
        ask(lotte, "reformulation", "What do I dare to ask?")
        ask(amal, "reformulation", "Whom do I trust?")
        expect(noor.hook("choose-submit")).to_be_visible()
        expect(noor.page.locator('[data-testid^="choose-#"]')).to_have_count(2)
        noor.shot("owner-chooses")
        noor.audit("owner-chooses")
        noor.page.locator('[data-testid^="choose-#"]').last.click()
        noor.press("choose-submit")
        noor.phase("how")
        expect(noor.hook("chosen-reformulation")).to_contain_text("Whom do I trust?")
        expect(bram.hook("chosen-reformulation")).to_contain_text("Whom do I trust?")
        bram.shot("chosen")
        bram.audit("chosen")
