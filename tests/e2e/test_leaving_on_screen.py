"""Who goes, who comes back, what is destroyed; and the room as one wants it: still, silent, in one's own language."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.seats import Seats
from tests.e2e.small_circle import SECRET, SmallCircle
from tests.e2e.support import DESKTOP, PHONE, Look, Person

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
Come = Callable[..., Person]
ENGLISH = Look(PHONE, "en", "light")
GRACE = 30
"""Seconds that somebody may be away before others may go on without them."""


@pytest.fixture
def noor(person: Come) -> Person:
    one = person("Noor", ENGLISH)
    one.start_meeting("linxx-9")
    one.join()
    return one


@pytest.fixture
def circle(noor: Person) -> Iterator[SmallCircle]:
    with Seats(noor.link()) as seats:
        yield SmallCircle(noor, seats)


# What is destroyed


def test_a_majority_burns_and_nothing_is_left_on_any_screen(circle: SmallCircle, person: Come) -> None:
    noor, texts = circle.noor, (SECRET, "Question of Bram", "Mine alone", "Half a thought", "Bram")
    table = person("the table", Look(DESKTOP, "en", "light"))
    table.page.goto(circle.link.replace("#", "/table#"))
    circle.to_the_round_of(circle.bram.id)
    circle.bram.give("explanation")
    noor.phase("gossip")
    noor.press("another-hypothesis")
    noor.hook("notepad").fill("Mine alone")
    noor.hook("give-text").fill("Half a thought")
    assert all(noor.reads(text) for text in texts)
    table.waits_for("Question of Bram")

    noor.press("more")
    noor.press("burn")
    noor.press("burn-yes")
    noor.press("more-close")
    noor.waits_for("Noor wants to destroy everything. It happens when 3 people want it.")
    noor.page.locator("main").get_by_test_id("burn-back").click()  # that was not meant
    circle.bram.until(lambda view: view["proposals"]["burn"] == [])
    circle.wietske.do("burn")
    circle.bram.do("burn")
    noor.waits_for("Wietske and Bram want to destroy everything. It happens when 3 people want it.")
    assert noor.reads(SECRET)
    circle.amal.do("burn")
    for one in (noor, table):
        one.waits_for("destroyed")
        for again in (False, True):
            if again:
                one.page.reload()
                one.waits_for("destroyed")
            assert [text for text in texts if one.reads(text)] == [], f"{one.name}, reloaded: {again}"
    assert "Mine" not in str(noor.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])"))
    assert noor.page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('kring:notes'))") == []


# Who goes and who comes back


def test_when_the_facilitators_phone_dies_another_takes_over_and_they_come_back(
    circle: SmallCircle, person: Come
) -> None:
    noor = circle.noor
    lead = person("Youssef", ENGLISH)
    lead.join(circle.link)
    lead.press("take-facilitation")
    lead.hook("lay-facilitation").wait_for()
    seat = lead.seat
    lead.press("start-open")
    noor.phase("question")
    assert not noor.sees("extend")
    lead.page.close()

    # That their line is gone is seen at once; they count as away after a grace.
    expect(noor.page.locator(f"svg g.seat.away[data-testid=seat-{seat}]")).to_be_attached(timeout=10_000)
    noor.press("more")
    expect(noor.hook(f"person-{seat}")).to_contain_text("no connection")
    assert not noor.sees("lay-facilitation")
    assert not noor.sees("take-facilitation")
    expect(noor.hook("take-facilitation")).to_be_visible(timeout=(GRACE + 10) * 1000)
    noor.press("take-facilitation")
    noor.hook("lay-facilitation").wait_for()
    noor.press("more-close")

    again = person("Youssef", ENGLISH)
    again.page.goto(circle.link)
    again.press(f"return-{seat}")
    again.phase("question")
    assert again.seat == seat
    expect(noor.page.locator("svg g.seat.away")).to_have_count(0)
    assert noor.sees("extend")
    assert not again.sees("extend")


def test_when_the_case_owner_goes_for_good_the_circle_takes_up_another_question(circle: SmallCircle) -> None:
    noor = circle.noor
    circle.to_the_round_of(circle.bram.id)
    assert noor.chairs("owner") == [circle.bram.id]
    circle.bram.give("explanation")
    noor.phase("gossip")
    circle.bram.do("leave")
    noor.phase("explanation")
    expect(noor.page.locator("svg g.seat")).to_have_count(3)
    expect(noor.page.locator(".sentence")).to_contain_text("Bram has left.")
    (owner,) = noor.chairs("owner")
    assert owner in {noor.seat, circle.amal.id, circle.wietske.id}
    assert noor.chairs("floor") == [owner]
    assert not noor.hook("question-before").get_by_text("Question of Bram").is_visible()


def test_who_gets_up_sees_nothing_more(circle: SmallCircle) -> None:
    noor = circle.noor
    circle.to_the_choice()
    noor.press("more")
    noor.press("leave")
    noor.waits_for("Leave the meeting?")
    noor.press("leave-yes")
    expect(noor.hook("ended")).to_contain_text("You’ve left the meeting")
    assert not noor.reads("Question of Bram")
    circle.bram.until(lambda view: len(view["seats"]) == 3)


# As one wants it


def moving(page: Page) -> list[str]:
    """What takes time to change its looks."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("*")]
          .filter((one) => {
            const style = getComputedStyle(one);
            const times = `${style.transitionDuration},${style.animationDuration}`.split(",");
            return times.some((time) => parseFloat(time) > 0);
          })
          .map((one) => `${one.tagName}.${one.getAttribute("class")}`)"""
    )
    return found


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_with_reduced_motion_nothing_moves(circle: SmallCircle, size: dict[str, int]) -> None:
    page = circle.noor.page
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    assert moving(page) == []
    circle.to_the_round_of(circle.bram.id)
    assert moving(page) == []
    page.emulate_media(reduced_motion="no-preference")
    assert moving(page)


def test_every_device_speaks_its_own_language(circle: SmallCircle, person: Come) -> None:
    noor = circle.noor
    youssef = person("Youssef", Look(PHONE, "nl", "light"))
    youssef.join(circle.link)
    circle.start()
    youssef.phase("question")
    youssef.waits_for("Bedenk één vraag over jouw eigen rol")
    noor.waits_for("Think of one question about your own part")
    noor.hook("give-text").fill("Half a sentence")
    noor.speak("nl")
    noor.waits_for("Bedenk één vraag over jouw eigen rol")
    assert noor.page.locator("html").get_attribute("lang") == "nl"
    assert noor.hook("give-text").input_value() == "Half a sentence"
    noor.page.reload()
    noor.waits_for("Bedenk één vraag over jouw eigen rol")


SOUNDED = """() => {
  window.sounded = 0;
  navigator.vibrate = () => { window.sounded += 1; return true; };
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...at) { window.sounded += 1; return start.apply(this, at); };
}"""


def test_sound_and_vibration_are_switched_off_and_stay_off(circle: SmallCircle) -> None:
    noor, page = circle.noor, circle.noor.page
    page.evaluate(SOUNDED)
    circle.start()
    page.wait_for_function("window.sounded > 0")
    noor.press("more")
    assert noor.hook("sound").is_checked()
    noor.hook("sound").uncheck()
    noor.press("more-close")
    page.reload()
    noor.phase("question")
    page.evaluate(SOUNDED)
    noor.write(SECRET)
    circle.seats.each_gives("case", lambda seat: f"Question of {seat.name}")
    noor.phase("choose")
    assert page.evaluate("window.sounded") == 0
    noor.press("more")
    assert not noor.hook("sound").is_checked()
