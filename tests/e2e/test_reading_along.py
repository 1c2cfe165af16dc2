"""Nobody reads along unseen: a table screen is on everybody's screen, can be removed, and goes with whoever is shown out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.support import DESKTOP, PHONE, Look, Person

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
Come = Callable[..., Person]


def text_of_screens(person: Person) -> str:
    person.press("more")
    text = person.hook("tables").inner_text()
    person.shot("reading-along")
    person.press("more-close")
    return text


def confirm(person: Person, hook: str) -> None:
    person.press(hook)
    person.press(f"{hook}-yes")


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.get_by_test_id("qr").wait_for()
    return page


def test_who_reads_along_is_seen_by_all_removed_by_anybody_and_goes_with_whom_is_shown_out(person: Come) -> None:
    noor = person("Noor", Look(PHONE, "en", "light"))
    noor.start_meeting("linxx-9")
    noor.join()
    sam, gus = person("Sam", Look(DESKTOP, "nl", "light")), person("Gus", Look(PHONE, "nl", "dark"))
    for one in (sam, gus):
        one.join(noor.link())
    address = str(noor.hook("open-table").get_attribute("href"))
    stranger = opened(person("a stranger", Look(DESKTOP, "en", "dark")).page, address)
    beside = opened(gus.context.new_page(), address)  # in the browser of somebody who sits

    box = beside.locator("header").bounding_box()
    assert box
    assert box["height"] < 260, "its words are not cut into letters"
    for one, screens in ((noor, "2 table screens"), (sam, "2 tafelschermen"), (gus, "2 tafelschermen")):
        expect(one.hook("tables-shown")).to_have_text(screens)
    assert "Opened by Gus" in text_of_screens(noor)
    assert "Geopend door Gus" in text_of_screens(sam)

    remove_first(sam)
    stranger.get_by_role("heading", name="This table screen was removed").wait_for()
    for one in (noor, sam, gus):
        expect(one.hook("tables-shown")).to_contain_text("1 ")

    noor.press("take-facilitation")
    show_out(noor, "Gus")
    beside.get_by_role("heading", name="Dit tafelscherm").wait_for()
    gus.page.get_by_role("heading", name="Je zit niet meer in deze kring").wait_for()
    for one in (noor, sam):
        expect(one.hook("tables-shown")).to_have_count(0)


def remove_first(person: Person) -> None:
    person.press("more")
    confirm(person, "remove-table-1")
    person.press("more-close")


def show_out(person: Person, name: str) -> None:
    person.press("more")
    who = person.page.locator("li", has_text=name).locator("summary")
    who.click()
    confirm(person, str(who.get_attribute("data-testid")).replace("person-", "show-out-"))
    person.press("more-close")


def listening(person: Person) -> tuple[str, str]:
    """What the drawer says of people, and of those who look in."""
    person.press("more")
    people = person.page.locator("section[aria-labelledby=people-head]")
    looking = person.hook("visitors")
    looking.wait_for()
    looking.scroll_into_view_if_needed()
    person.shot("listening")
    said = people.inner_text(), looking.inner_text()
    person.press("more-close")
    return said


def test_a_second_device_and_who_looks_in_without_a_seat_are_seen_by_all(person: Come) -> None:
    noor = person("Noor", Look(PHONE, "en", "light"))
    noor.start_meeting("linxx-9")
    noor.join()
    link = noor.link()
    sam, lien = person("Sam", Look(DESKTOP, "nl", "light")), person("Lien", Look(PHONE, "nl", "dark"))
    gus = person("Gus", Look(DESKTOP, "en", "dark"))
    for one in (sam, lien, gus):
        one.join(link)
    seat = gus.seat
    gus.page.close()
    away = noor.page.locator(f"svg g.seat.away[data-testid=seat-{seat}]")
    expect(away).to_be_attached(timeout=10_000)
    tablet = person("Gus", Look(DESKTOP, "en", "dark"))
    tablet.page.goto(link)
    tablet.hook(f"return-{seat}").wait_for(timeout=40_000)
    tablet.press(f"return-{seat}")
    expect(away).to_have_count(0)
    first = gus.context.new_page()
    first.goto(link)
    first.get_by_test_id("resume").click()
    stranger = person("a stranger", Look(PHONE, "nl", "light"))
    stranger.page.goto(link)
    stranger.hook("join-name").wait_for()

    for one, devices, looks in (
        (noor, "2 devices", "1 person is looking in, without a seat"),
        (tablet, "2 devices", "1 person is looking in, without a seat"),
        (sam, "2 apparaten", "Er kijkt iemand mee, zonder stoel"),
        (lien, "2 apparaten", "Er kijkt iemand mee, zonder stoel"),
    ):
        people, looking = listening(one)
        assert people.count(devices) == 1
        assert looks in looking

    stranger.join()
    for one in (noor, sam):
        expect(one.hook("visitors")).to_have_count(0)
    ends_the_other(tablet, first)


def ends_the_other(person: Person, first: Page) -> None:
    """Whose seat it is ends the other device at it; a tired eye finds the button beside the own name."""
    person.press("more")
    person.hook("end-devices").scroll_into_view_if_needed()
    person.shot("end-devices")
    confirm(person, "end-devices")
    first.get_by_role("heading", name="You’re now on another screen").wait_for()
    expect(person.hook("end-devices")).to_have_count(0)
    person.shot("devices-ended")
