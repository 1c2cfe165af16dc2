"""Whoever has no link comes in by six digits and a voice: both screens, from the code to the seat."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.support import DESKTOP, PHONE, Look, Person

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
Come = Callable[..., Person]


def digits(person: Person, hook: str, count: int) -> str:
    """What somebody reads aloud."""
    person.hook(hook).wait_for()
    read = re.sub(r"\s", "", person.hook(hook).inner_text())
    assert re.fullmatch(rf"\d{{{count}}}", read), read
    return read


def knock(person: Person, code: str) -> None:
    """On the start page, with what somebody said on the telephone."""
    person.page.goto(person.site)
    person.press("door-code")
    expect(person.hook("knock")).to_be_enabled()
    person.hook("knock-code").fill(f"{code[:3]} {code[3:]}")
    person.press("knock")


FIRST = """() => [...document.querySelectorAll(".button.go")]
  .filter((one) => one.checkVisibility() && getComputedStyle(one).backgroundColor === getComputedStyle(one).borderTopColor)
  .map((one) => one.dataset.testid)"""


def stand_out(person: Person) -> list[str]:
    """The buttons that are filled: the first thing to do."""
    found: list[str] = person.page.evaluate(FIRST)
    return found


def wrong(right: str) -> str:
    return f"{(int(right[0]) + 1) % 10}{right[1:]}"


def shows_a_code(noor: Person) -> str:
    """In a meeting that might begin, with enough people in it."""
    noor.start_meeting("linxx-9")
    noor.join()
    for chair in ("Amal", "Bram", "Wietske"):
        noor.add_chair(chair)
    noor.hook("start").wait_for()
    noor.press("code-show")
    code = digits(noor, "code", 6)
    assert stand_out(noor) == ["start"]
    noor.shot("code-shown")
    noor.audit("the code")
    return code


def check(noor: Person, sam: Person) -> None:
    """Each types what the other reads aloud, after a wrong one; then the newcomer is at the meeting's door with its key."""
    nine = digits(sam, "knock-nine", 9)
    sam.shot("knock-reading")
    sam.audit("the nine digits")
    noor.hook("code-nine").fill(wrong(nine))
    assert stand_out(noor) == ["code-go"]
    noor.press("code-go")
    expect(noor.hook("code-wrong")).to_be_visible()
    noor.shot("code-wrong")
    noor.hook("code-nine").fill(f"{nine[:3]} {nine[3:6]} {nine[6:]}")
    noor.press("code-go")

    six = digits(noor, "code-six", 6)
    noor.shot("code-reading")
    sam.hook("knock-six").fill(six)
    sam.press("knock-go")
    sam.page.wait_for_url("**/m/*")


@pytest.mark.parametrize(
    ("inside", "outside"),
    [
        (Look(PHONE, "nl", "light"), Look(DESKTOP, "en", "dark")),
        (Look(DESKTOP, "fr", "dark"), Look(PHONE, "de", "light")),
    ],
    ids=["nl-en", "fr-de"],
)
def test_six_digits_and_a_voice_lead_to_a_seat(person: Come, inside: Look, outside: Look) -> None:
    noor, sam = person("Noor", inside), person("Sam", outside)
    code = shows_a_code(noor)

    knock(sam, wrong(code))
    expect(sam.hook("knock-why").locator("[data-why=wrong-code]")).to_be_visible()
    sam.trouble.clear()  # the browser says on its console that it was refused
    sam.hook("knock-code").fill(code)
    sam.press("knock")
    noor.hook("code-yes").wait_for()
    # One thing to do on either screen.
    assert stand_out(noor) == ["code-yes"]
    expect(sam.page.locator(".onward")).to_be_hidden()
    sam.shot("knock-waiting")
    noor.shot("code-asked")
    noor.audit("somebody knocks")
    at = noor.hook("start").bounding_box()
    noor.press("code-yes")

    check(noor, sam)
    assert stand_out(noor) == ["start"]
    assert at == noor.hook("start").bounding_box(), "nothing moved under a finger"
    sam.join()
    expect(noor.hook("code-said")).to_be_visible()
    noor.shot("code-handed")
    assert sam.link() == noor.link()
    noor.press("code-next")
    assert digits(noor, "code", 6) == code
    noor.press("code-stop")
    expect(noor.hook("code-show")).to_be_visible()

    eve = person("Eve", outside)
    knock(eve, code)
    expect(eve.hook("knock-why").locator("[data-why=wrong-code]")).to_be_visible()
    eve.trouble.clear()


def test_who_is_not_known_is_let_go_and_doors_that_close_end_the_code(person: Come) -> None:
    noor, eve = person("Noor"), person("Eve")
    noor.start_meeting("troika")
    noor.join()
    for chair in ("Amal", "Bram"):
        noor.add_chair(chair)
    noor.press("start-open")
    noor.press("more")
    noor.press("code-show")
    code = digits(noor, "code", 6)
    noor.press("more-close")
    knock(eve, code)
    # It is told also where the code was put away meanwhile.
    noor.press("code-no")
    expect(eve.hook("knock-why").locator("[data-why=nobody]")).to_be_visible()
    assert digits(noor, "code", 6) == code
    noor.press("close-doors")
    expect(noor.hook("code")).to_have_count(0)
    eve.press("knock")
    expect(eve.hook("knock-why").locator("[data-why=wrong-code]")).to_be_visible()
    eve.trouble.clear()


def test_whoever_reloads_has_lost_the_check_and_nobody_waits_for_them(person: Come) -> None:
    noor, sam = person("Noor"), person("Sam")
    code = shows_a_code(noor)
    knock(sam, code)
    noor.press("code-yes")
    digits(sam, "knock-nine", 9)
    sam.page.reload()
    expect(noor.hook("code-said")).to_be_visible()
    noor.press("code-next")
    knock(sam, code)
    noor.hook("code-yes").wait_for()
    sam.page.goto("about:blank")
    assert digits(noor, "code", 6) == code

    knock(sam, code)
    noor.press("code-yes")
    digits(sam, "knock-nine", 9)
    noor.hook("code-nine").wait_for()
    link = noor.page.url
    noor.page.goto("about:blank")
    expect(sam.hook("knock-why").locator("[data-why=over]")).to_be_visible()
    noor.page.goto(link)


def test_who_has_the_link_knocks_at_closed_doors_and_is_let_in(person: Come) -> None:
    noor = person("Noor", Look(PHONE, "nl", "light"))
    noor.start_meeting("linxx-9")
    noor.join()
    link = noor.link()
    noor.doors("close")
    sam = person("Sam", Look(DESKTOP, "en", "dark"))
    sam.page.goto(link)
    knock = sam.page.get_by_role("button", name="Knock")
    knock.wait_for()
    sam.audit("closed doors")
    sam.shot("door-knock")
    knock.click()
    sam.waits_for("Je hebt aangeklopt", "You knocked")
    noor.hook("at-the-door").wait_for()
    noor.audit("somebody with the link knocks")
    assert stand_out(noor) == ["door-open"]
    noor.shot("door-asked")
    sam.shot("door-knocked")
    noor.press("door-open")
    expect(noor.hook("at-the-door")).to_have_count(0)
    sam.hook("join-name").wait_for()
    sam.shot("door-opened")
    sam.join()
