"""What people see when something goes wrong: calm words, nothing lost, nothing twice, nothing told to whoever left."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute, expect

from tests.e2e.seats import Seats
from tests.e2e.small_circle import SECRET, SmallCircle, expected, given
from tests.e2e.support import PHONE, Look, Person

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
Come = Callable[..., Person]
ENGLISH = Look(PHONE, "en", "light")


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


# The line


class Line:
    """The line between a page and the room, which can go dead without either end being told, as lines do."""

    def __init__(self, page: Page) -> None:
        self.dead_there = self.dead_back = False
        page.route_web_socket(re.compile("/room/"), self._carry)

    def _carry(self, there: WebSocketRoute) -> None:
        back = there.connect_to_server()
        there.on_message(lambda text: None if self.dead_there else back.send(text))
        back.on_message(lambda text: None if self.dead_back else there.send(text))


def test_a_lost_line_is_told_and_loses_and_doubles_nothing(circle: SmallCircle) -> None:
    noor, bram, line = circle.noor, circle.bram, Line(circle.noor.page)
    noor.page.reload()
    circle.start()
    noor.hook("give-text").fill("Half a sen")
    line.dead_there = line.dead_back = True
    noor.context.set_offline(offline=True)
    expect(noor.hook("line")).to_contain_text("You’re offline", timeout=10_000)
    noor.hook("give-text").fill(SECRET)
    noor.press("give-submit")
    expect(noor.hook("line")).to_contain_text("1 contribution is waiting to be sent")
    assert noor.hook("give-text").input_value() == SECRET

    line.dead_there = line.dead_back = False
    noor.context.set_offline(offline=False)
    noor.waits_for("Your contribution is in.")
    expect(noor.hook("line")).to_be_empty()
    assert not noor.sees("give-text")
    circle.seats.each_gives("case", lambda seat: f"Question of {seat.name}")
    bram.phase("choose")
    assert given(bram, "case") == 4
    expected(noor, "ERR_INTERNET_DISCONNECTED")


def test_an_answer_that_is_lost_doubles_nothing(circle: SmallCircle) -> None:
    noor, bram, line = circle.noor, circle.bram, Line(circle.noor.page)
    noor.page.reload()
    circle.to_the_round_of(bram.id)
    bram.give("explanation")
    noor.phase("gossip")
    noor.press("floor-take")
    noor.floor()
    noor.press("another-hypothesis")
    line.dead_back = True
    noor.write(SECRET)
    bram.until(lambda _: given(bram, "hypothesis") == 1)
    expect(noor.hook("line")).to_contain_text("1 contribution is waiting to be sent", timeout=20_000)
    line.dead_back = False
    noor.page.evaluate("dispatchEvent(new Event('online'))")
    expect(noor.hook("line")).to_be_empty()
    expect(noor.page.locator("[data-what=hypothesis]")).to_have_count(1)
    assert given(bram, "hypothesis") == 1


def test_what_was_half_written_survives_a_reload(circle: SmallCircle) -> None:
    noor = circle.noor
    circle.start()
    noor.hook("give-text").fill(SECRET)
    noor.hook("notepad").fill("Mine alone")
    noor.page.reload()
    noor.phase("question")
    assert noor.hook("give-text").input_value() == SECRET
    assert noor.hook("notepad").input_value() == "Mine alone"
    assert noor.page.evaluate("JSON.stringify({...localStorage})").count("Mine alone") == 0


# What stands between


def answered(status: int, kind: str, body: str) -> Callable[[Route], None]:
    """What somebody in between answers to everything."""
    return lambda route: route.fulfill(status=status, content_type=kind, body=body)


def test_a_sign_on_page_on_the_way_costs_nobody_their_seat(circle: SmallCircle) -> None:
    noor = circle.noor
    circle.start()
    seat = noor.seat
    for status, kind, body in [
        (401, "text/html", "<p>Sign in"),
        (404, "text/plain", "404"),
        (200, "text/html", "<p>Hi"),
    ]:
        noor.page.route("**/tickets", answered(status, kind, body))
        noor.page.reload()
        noor.waits_for("", "Getting the circle ready")
        expect(noor.hook("obstacle")).to_be_visible(timeout=15_000)
        noor.page.unroute("**/tickets")
        noor.phase("question")
        assert noor.seat == seat
    expected(noor, "401", "404")


# The link


def test_a_wrong_key_is_told_and_there_is_nothing_to_type_in(circle: SmallCircle, person: Come) -> None:
    stranger = person("Youssef", ENGLISH)
    link = circle.link
    wrong = link[:-4] + ("aaaa" if not link.endswith("aaaa") else "bbbb")
    stranger.page.goto(wrong)
    expect(stranger.hook("ended")).to_contain_text("doesn’t open this meeting")
    assert stranger.page.locator("input, textarea").count() == 0
    assert not stranger.reads("Bram")

    stranger.page.goto(link.split("#")[0])
    expect(stranger.hook("ended")).to_contain_text("Part of your link is missing")
    assert stranger.page.locator("input, textarea").count() == 0


@pytest.mark.parametrize("mangled", ["{link}).", "{head}%20#{tail}>", "{head}/#{tail}%22", "{link}%0Agroetjes"])
def test_a_link_that_was_changed_on_its_way_is_put_right(circle: SmallCircle, person: Come, mangled: str) -> None:
    head, tail = circle.link.split("#")
    late = person("Youssef", ENGLISH)
    late.page.goto(mangled.format(link=circle.link, head=head, tail=tail))
    late.join()
    circle.noor.waits_for("Youssef")


def test_a_link_that_told_its_key_says_so_and_offers_a_fresh_meeting(circle: SmallCircle, person: Come) -> None:
    late = person("Youssef", ENGLISH)
    late.page.goto(circle.link.replace("#", "%23") + ".")
    late.waits_for("Your link was changed on its way")
    assert circle.link.split("#k=")[1] not in late.page.url
    fresh = late.page.get_by_role("link", name="Start a fresh meeting")
    expect(fresh).to_have_attribute("href", "/?method=linxx-9")
    late.shot("link-exposed")
    late.audit("exposed link")
    late.page.get_by_role("link", name="Go on in this meeting").click()
    late.join()
    circle.noor.waits_for("Youssef")


def test_an_unknown_meeting_is_told(person: Come, site: str) -> None:
    lost = person("Youssef", ENGLISH)
    answer = lost.page.goto(f"{site}/m/{'a' * 20}#k={'A' * 43}")
    assert answer is not None
    assert answer.status == 404
    assert lost.page.locator("h1").inner_text()
    assert lost.page.locator("input:visible, textarea").count() == 0
    expected(lost, "404")


def test_the_same_seat_in_another_window_takes_over_and_gives_back(circle: SmallCircle) -> None:
    noor = circle.noor
    circle.start()
    first = noor.page
    noor.page = second = noor.context.new_page()
    second.goto(circle.link)
    noor.hook("was-here").wait_for()
    assert not noor.reads("Noor")
    assert not noor.reads("Bram")
    noor.press("resume")
    noor.phase("question")
    expect(first.get_by_test_id("ended")).to_contain_text("You’re now on another screen")
    assert first.locator("textarea").count() == 0

    first.get_by_role("button", name="Continue here").click()
    noor.page = first
    noor.phase("question")
    expect(second.get_by_test_id("ended")).to_be_visible()


# The doors


def test_closed_doors_let_nobody_in_until_they_open(circle: SmallCircle, person: Come) -> None:
    late = person("Youssef", ENGLISH)
    circle.noor.doors("close")
    circle.noor.hook("open-doors").wait_for()
    late.page.goto(circle.link)
    late.waits_for("The doors are closed")
    assert late.page.locator("input, textarea").count() == 0
    assert not late.reads("Bram")
    late.page.get_by_role("button", name="Knock").click()
    circle.noor.press("open-doors")
    late.join()
    circle.noor.waits_for("Youssef")


def test_who_comes_late_takes_a_chair_and_takes_part(circle: SmallCircle, person: Come) -> None:
    circle.to_the_round_of(circle.bram.id)
    late = person("Youssef", ENGLISH)
    late.page.goto(circle.link)
    late.waits_for("The meeting has begun. You can still join.")
    late.join()
    late.phase("explanation")
    assert late.chairs("owner") == [circle.bram.id]
    circle.bram.give("explanation")
    late.phase("gossip")
    late.press("floor-take")
    late.floor()
    late.press("another-hypothesis")
    late.write("Perhaps it is about trust.")
    circle.bram.until(lambda _: given(circle.bram, "hypothesis") == 1)


def test_who_is_shown_out_sees_nothing_more(circle: SmallCircle, person: Come) -> None:
    noor = circle.noor
    late = person("Youssef", ENGLISH)
    late.join(circle.link)
    seat = late.seat
    noor.press("take-facilitation")
    circle.to_the_choice(late)
    noor.press("more")
    noor.press(f"person-{seat}")
    noor.press(f"show-out-{seat}")
    noor.press(f"show-out-{seat}-yes")
    expect(late.hook("ended")).to_contain_text("You’re no longer in this meeting")
    assert not late.reads(SECRET)
    late.page.reload()
    late.hook("ended").wait_for()
    assert not late.reads("Bram")
    assert not late.reads(SECRET)
