"""What came of a vote, on the screen, in a step that goes on after it: in sight at once, and not shown a second time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from kring.methods import shelf
from tests.e2e.seats import Seats
from tests.e2e.support import PHONE, Look, Person

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def start_by_a_method_that_goes_on(person: Person) -> None:
    """At the door of a meeting by linxx-9, in which whoever facilitates goes on after the vote."""
    before, step, after = shelf.source("linxx-9").decode().partition("  - id: choose\n")
    own = before.replace("id: linxx-9", "id: goes-on", 1)
    text = own + step + after.replace("ends: [done, time]", "ends: [agreed]", 1)
    person.page.goto(person.site)
    wanted = {"text": text, "id": None, "key": None}
    answer = person.page.request.post(
        f"{person.site}/api/workbench/publish", data=wanted, headers={"Origin": person.site}
    )
    assert answer.ok, answer.text()
    person.page.goto(f"{person.site}/methods/{answer.json()['id']}")
    person.page.locator('button[name="practice"][value="false"]').click()
    person.page.wait_for_url("**/m/*")


def test_the_outcome_is_in_sight_until_whoever_facilitates_goes_on(person: Callable[..., Person]) -> None:
    noor = person("Noor", Look(PHONE, "en", "light"))
    start_by_a_method_that_goes_on(noor)
    noor.join()
    with Seats(noor.link()) as seats:
        lead, amal, daan = seats.sit("Bram", "Amal", "Daan")
        lead.do("take-facilitation")
        lead.do("start")
        noor.write("How do I ask for help?")
        seats.each_gives("case", lambda seat: f"The case of {seat.name}")
        noor.phase("choose")
        assert not noor.sees("outcome")
        case = lead.case_of(noor.seat)
        for seat in (lead, amal, daan):
            seat.until_may("vote", "case")
            seat.do("vote", choices={case: 1})
        noor.press("pass-vote")
        expect(noor.hook("outcome")).to_contain_text("3 votes")
        expect(noor.hook("do")).to_have_text("The result")
        expect(noor.hook("ready")).to_have_count(0)
        noor.shot("outcome-stays", whole=True)
        noor.audit("the outcome")
        lead.until_may("end-phase")
        lead.do("end-phase")
        noor.phase("explanation")
