"""A role that a step needs and nobody has: the screen asks who takes it, and the step begins."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.seats import Seat, Seats
from tests.e2e.support import DESKTOP, PHONE, Look, Person

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def to_the_consultation(seats: Seats, lead: Seat, writer: Seat, noor: Person) -> None:
    """Six people by tietze-6, up to the step in which the secretary writes along; the case is the secretary's own."""
    lead.do("take-facilitation")
    lead.do("start")
    noor.phase("casting")
    writer.until_may("take-role", "secretary")
    writer.do("take-role", role="secretary")
    noor.press("pass")
    seats.each_gives("case", lambda seat: f"The case of {seat.name}")
    lead.until_may("choose", "case")
    lead.do("choose", choices=(lead.case_of(writer.id),))
    lead.until_may("end-phase")
    lead.do("end-phase")
    noor.phase("story")
    writer.give("explanation")
    lead.until_may("end-phase")
    lead.do("end-phase")
    noor.phase("key-question")
    writer.floor()
    writer.give("reformulation", "How do I ask?")
    lead.until_may("end-phase")
    lead.do("end-phase")
    noor.phase("method")
    lead.until_may("choose", "module")
    lead.do("choose", choices=(lead.view["choice"]["options"][0],))


def test_the_case_owner_was_secretary_so_the_screen_asks_who_is_now(person: Callable[..., Person]) -> None:
    noor = person("Noor", Look(PHONE, "nl", "light"))
    noor.start_meeting("tietze-6")
    noor.join()
    with Seats(noor.link()) as seats:
        writer, lead, *_ = seats.sit("Wietske", "Lotte", "Amal", "Bram", "Daan")
        to_the_consultation(seats, lead, writer, noor)
        expect(noor.hook("do")).to_have_text("Wie wordt secretaris?")
        noor.shot("casting")
        noor.audit("casting")
        noor.turn(Look(DESKTOP, "en", "dark"))
        expect(noor.hook("do")).to_have_text("Who will be secretary?")
        noor.shot("casting")
        noor.audit("casting")
        assert not any(seat.may("give") for seat in seats.all)
        noor.press("take-role-secretary")
        expect(noor.hook("casting")).to_have_count(0)
        noor.shot("after-casting")
        assert "secretary" in next(one["roles"] for one in writer.view["seats"] if one["id"] == noor.seat)
