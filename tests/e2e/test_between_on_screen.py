"""What stands between people and Kring: a browser that keeps nothing, a shared computer, a network or an update in the way.

Each is noticed within 15 seconds, told in a sentence, and over by itself when it can be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.e2e.seats import Seats
from tests.e2e.small_circle import SECRET, SmallCircle, expected
from tests.e2e.support import DESKTOP, PHONE, Look, Person

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
Come = Callable[..., Person]
ENGLISH = Look(PHONE, "en", "light")
DUTCH = Look(DESKTOP, "nl", "dark")
WITHIN = 15_000
NO_STORAGE = """
for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, {get() { throw new DOMException("denied", "SecurityError"); }});
"""
FULL_STORAGE = """
Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
"""
NO_CRYPTO = "Object.defineProperty(Crypto.prototype, 'subtle', {get: () => undefined});"
TRANSLATED = """
() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walk.nextNode()) texts.push(walk.currentNode);
  for (const text of texts) {
    if (!text.data.trim() || text.parentElement.closest("[translate=no], script, style, textarea, svg")) continue;
    const [outer, inner] = [document.createElement("font"), document.createElement("font")];
    inner.append(`\u2039${text.data}\u203a`);
    outer.append(inner);
    text.replaceWith(outer);
  }
}
"""


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


# A browser that keeps nothing


@pytest.mark.parametrize(("look", "script"), [(ENGLISH, NO_STORAGE), (DUTCH, FULL_STORAGE)])
def test_a_browser_that_keeps_nothing_takes_part_all_the_same(person: Come, site: str, look: Look, script: str) -> None:
    noor = person("Noor", look)
    noor.context.add_init_script(script)
    noor.start_meeting("linxx-9")
    expect(noor.hook("forgetful")).to_be_visible()
    noor.shot("forgetful-join")
    noor.join()
    with Seats(noor.link()) as seats:
        circle = SmallCircle(noor, seats)
        circle.start()
        expect(noor.hook("forgetful")).to_be_visible()
        noor.write(SECRET)
        noor.waits_for("Jouw bijdrage is binnen.", "Your contribution is in.")
        noor.hook("notepad").fill("Mine alone")
        noor.shot("forgetful-phase", whole=True)
        noor.audit("forgetful")
    noor.page.on("dialog", lambda dialog: dialog.accept())  # the browser asks before it leaves the page
    noor.page.goto(f"{site}/workbench?from=linxx-9")
    noor.page.get_by_test_id("kept").wait_for()
    noor.page.goto(site)
    button = noor.page.locator("button[name=practice][value=true]")
    if not button.is_visible():
        noor.page.locator("details.door", has=button).locator("summary").click()
    button.click()
    noor.hook("join-name").wait_for()


# A shared computer


def test_coming_back_to_what_somebody_left_shows_no_name_first(circle: SmallCircle) -> None:
    noor = circle.noor
    circle.start()
    noor.hook("give-text").fill(SECRET)
    assert "#" not in noor.page.url
    noor.page.close()
    noor.page = noor.context.new_page()
    noor.page.goto(circle.link)
    noor.hook("was-here").wait_for()
    noor.shot("was-here")
    noor.audit("was-here")
    assert [word for word in ("Noor", "Bram", SECRET) if noor.reads(word)] == []
    noor.press("forget-first")
    noor.hook("join-name").wait_for()
    assert not noor.reads(SECRET)
    assert circle.link.split("#k=")[1] not in noor.page.evaluate("JSON.stringify({...localStorage})")


def test_a_shared_computer_forgets_whoever_leaves(person: Come) -> None:
    noor = person("Noor", DUTCH)
    noor.start_meeting("linxx-9")
    link = noor.page.url
    noor.hook("join-shared").check()
    noor.shot("join-shared")
    noor.join()
    with Seats(noor.link()) as seats:
        circle = SmallCircle(noor, seats)
        circle.start()
        noor.hook("notepad").fill("Mine alone")
        noor.press("more")
        noor.press("leave")
        noor.press("leave-yes")
        noor.hook("keep-or-forget").wait_for()
        noor.shot("left-shared", whole=True)
        noor.audit("left")
        assert "Mine alone" in noor.saved()
        held = noor.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
        assert circle.seats.meeting not in held
        assert not noor.sees("keep")
        noor.press("forget")
        noor.waits_for("Dit apparaat is alles vergeten")
        assert not noor.reads("Mine alone")
        noor.page.goto(link)
        noor.hook("join-name").wait_for()
        assert not noor.sees("was-here")


# The network


class Blocked:
    """WebSockets that this network lets through only when told to."""

    def __init__(self, page: Page) -> None:
        self.through = False
        page.route_web_socket(re.compile("/room/"), self._carry)

    def _carry(self, there: WebSocketRoute) -> None:
        if self.through:
            there.connect_to_server()
        else:
            there.close(code=1011)


@pytest.mark.parametrize("look", [ENGLISH, DUTCH])
def test_blocked_web_sockets_are_told_and_waited_out(person: Come, circle: SmallCircle, look: Look) -> None:
    late = person("Youssef", look)
    blocked = Blocked(late.page)
    late.page.goto(circle.link)
    expect(late.page.locator("[data-obstacle=socket]")).to_be_visible(timeout=WITHIN)
    late.shot("obstacle-socket")
    late.audit("obstacle")
    blocked.through = True
    late.join()


def test_a_page_that_is_not_secure_says_so_at_once(person: Come, circle: SmallCircle, site: str) -> None:
    late = person("Youssef", ENGLISH)
    late.context.add_init_script(NO_CRYPTO)
    late.page.goto(circle.link)
    expect(late.hook("ended")).to_contain_text("This page isn’t secure", timeout=WITHIN)
    late.page.goto(site)
    late.page.locator("button[name=practice][value=false]").click()
    late.waits_for("This page isn’t secure")
    assert late.page.url.startswith(site)
    assert "/m/" not in late.page.url


def test_a_file_that_is_gone_after_an_update_leaves_no_empty_page(person: Come, circle: SmallCircle) -> None:
    late = person("Youssef", ENGLISH)
    late.page.route(re.compile(r"/assets/en-[^/]*\.js"), lambda route: route.fulfill(status=404, body="gone"))
    late.page.goto(circle.link)
    expect(late.page.locator(".late")).to_be_visible(timeout=WITHIN)
    late.shot("late")
    late.page.unroute(re.compile(r"/assets/en-[^/]*\.js"))
    late.join()
    expected(late, "404", "MIME", "module")


# Translators


def test_a_translated_screen_follows_the_meeting_and_hands_over_no_content(circle: SmallCircle) -> None:
    noor, page = circle.noor, circle.noor.page
    circle.start()
    noor.hook("notepad").fill("Mine alone")
    page.evaluate(TRANSLATED)
    expect(noor.hook("do")).to_contain_text("\u2039")
    expect(noor.hook("phase-name")).to_contain_text("1 of 9")
    noor.write(SECRET)
    circle.seats.each_gives("case", lambda seat: f"Question of {seat.name}")
    noor.phase("choose")
    expect(noor.hook("phase-name")).to_contain_text("2 of 9")
    expect(noor.hook("phase-name")).to_contain_text("List and choose")
    assert "\u2039" not in noor.hook("do").inner_text()
    page.evaluate(TRANSLATED)
    assert page.locator("font", has_text=SECRET).count() == page.locator("font", has_text="Bram").count() == 0
    for seat in circle.others:
        seat.do("vote", choices={seat.case_of(circle.bram.id): 1})
    noor.press("pass-vote")
    noor.phase("explanation")
    expect(noor.hook("phase-name")).to_contain_text("3 of 9")
    page.evaluate(TRANSLATED)
    circle.bram.give("explanation")
    noor.phase("gossip")
    expect(noor.hook("phase-name")).to_contain_text("4 of 9")
    assert noor.hook("do").inner_text().count("\u2039") == 0


# Names


def test_names_that_show_nothing_or_are_there_already_are_asked_again(circle: SmallCircle, person: Come) -> None:
    late = person("Youssef", ENGLISH)
    late.page.goto(circle.link)
    field = late.hook("join-name")
    assert field.get_attribute("autocomplete") == "off"
    assert field.get_attribute("spellcheck") == "false"
    for name, says in [
        ("\u200b", "nothing to see"),
        ("\u3164\u202e", "nothing to see"),
        (" bRAM\u200b", "is here already"),
    ]:
        field.fill(name)
        late.press("join-submit")
        expect(late.page.get_by_role("alert")).to_contain_text(says)
    field.fill("\u202eBram B.")
    late.press("join-submit")
    field.wait_for(state="detached")
    circle.noor.press("more")
    expect(circle.noor.page.locator("dialog bdi", has_text="Bram B.")).to_have_text("Bram B.")


def test_a_long_name_and_one_from_right_to_left_are_whole_in_a_circle_of_five(noor: Person) -> None:
    with Seats(noor.link()) as seats:
        names = ["Wilhelmina-Anna", "\u05e0\u05d5\u05e8\u05d4 \u05db\u05d4\u05df", "Bartholomeus", "Jan"]
        seats.sit(*names)
        for name in names:
            expect(noor.page.locator("svg .name", has_text=name)).to_have_count(1)
        noor.shot("five-names")
        noor.audit("names")
