"""A step ends while somebody is typing: they are told, all see it counting, and what is left over is not lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.published import published
from tests.e2e.seats import Seats
from tests.e2e.support import DESKTOP, PHONE, Look, Person
from tests.e2e.test_gives_on_screen import ask, to_the_story

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
HALF = "Half a question about the mayor"


def test_text_of_a_step_that_ends_is_handed_in_or_kept(person: Callable[..., Person]) -> None:
    noor, bram = person("Noor", Look(DESKTOP, "nl", "light")), person("Bram", Look(PHONE, "en", "dark"))
    noor.page.goto(published(noor))
    noor.page.locator('button[name="practice"][value="false"]').click()
    noor.page.wait_for_url("**/m/*")
    noor.hook("join-name").wait_for()
    noor.join()
    bram.join(noor.link())
    with Seats(noor.link()) as seats:
        seats.sit("Wietske", "Lotte", "Amal", "Daan")
        lead, lotte, *_ = seats.all
        to_the_story(seats, noor, bram)
        noor.press("give-spoken")
        expect(noor.hook("phase-name")).to_contain_text("deel 2 van 2")
        ask(lotte, "question", "Since when?")
        bram.press("another-question")
        bram.hook("give-text").fill(HALF)
        lead.until_may("end-phase")
        lead.do("end-phase")
        lead.until(lambda view: view["phase"]["ending"])
        expect(bram.hook("overtime")).to_have_text("This step is about to end. Hand in what you have.")
        expect(noor.hook("overtime")).to_have_text("Deze stap loopt af. Bram schrijft nog.")
        assert lead.view["mine"]["typing"] == [bram.seat]
        for one in (noor, bram):
            one.shot("step-ends")
            one.audit("step ends")

        noor.phase("key-questions")
        expect(bram.hook("leftovers")).to_contain_text(HALF)
        bram.hook("leftovers").scroll_into_view_if_needed()
        bram.shot("not-handed-in")
        bram.shot("not-handed-in-whole", whole=True)
        bram.audit("not handed in")
        assert all(HALF not in str(item) for item in lead.view["items"])
        bram.press("leftover-put-0")
        expect(bram.hook("notepad")).to_have_value(HALF)
        expect(bram.hook("leftovers")).to_have_count(0)
        bram.page.reload()
        expect(bram.hook("notepad")).to_have_value(HALF)
