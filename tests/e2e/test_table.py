"""Round the table: one large screen, two phones that came by its QR code, and two people without any device."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import qr
from tests.e2e.support import DESKTOP, PHONE, Look, Person

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
Come = Callable[..., Person]
READABLE, MAIN = 28, 64
"""Pixels that are read from three metres: everything, and the main sentence."""


class Table:
    """The meeting of linxx-9 that is held here."""

    def __init__(self, come: Come) -> None:
        self.noor = come("Noor", Look(PHONE, "en", "light"))
        self.noor.start_meeting("linxx-9")
        self.noor.join()
        self.screen = come("the table", Look(DESKTOP, "en", "light"))
        address = self.noor.hook("open-table").get_attribute("href")
        assert address
        self.screen.page.goto(address)
        self.screen.hook("qr").wait_for()
        self.bram = come("Bram", Look(PHONE, "nl", "light"))
        self.bram.join(self.noor.link())
        for name in ("Amal", "Wietske"):
            self.noor.add_chair(name)
            expect(self.noor.page.locator("figure.circle")).to_contain_text(name)
        self.amal, self.wietske = self._chairs()[-2:]

    def _chairs(self) -> list[str]:
        chairs = self.screen.page.locator("svg g.seat")
        expect(chairs).to_have_count(4)
        return [str(one.get_attribute("data-testid")).removeprefix("seat-") for one in chairs.all()]

    @property
    def everybody(self) -> tuple[Person, ...]:
        return (self.noor, self.bram, self.screen)

    def phase(self, phase: str) -> None:
        for one in self.everybody:
            one.phase(phase)

    def start(self) -> None:
        self.noor.press("take-facilitation")
        self.noor.press("start")
        self.screen.hook("qr").wait_for(state="detached")
        self.phase("question")

    def acts_for(self, seat: str) -> None:
        """Noor opens what may be done for somebody without a device."""
        self.noor.hook(f"act-for-{seat}").wait_for()
        opener = self.noor.hook(f"act-for-{seat}").get_by_role("button", name=re.compile("Answer for"))
        if opener.count():
            opener.click()

    def votes(self, one: Person, text: str) -> None:
        """On one's own phone, for oneself."""
        one.page.locator(".doing label.choice", has_text=text).locator("input").check()
        one.press("vote-submit")


SIZES = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const on = node.parentElement;
    const box = on.getBoundingClientRect();
    const shows = node.data.trim() && on.checkVisibility() && box.width > 1 && box.height > 1 && !on.closest(".hidden");
    if (shows) found.push([parseFloat(getComputedStyle(on).fontSize), node.data.trim().slice(0, 40)]);
  }
  return found;
}"""


def assert_read_from_afar(page: Page, where: str) -> None:
    """Every text on the screen is large; the main sentence very, and it is on the screen as a whole."""
    sizes: list[tuple[float, str]] = page.evaluate(SIZES)
    assert [(size, text) for size, text in sizes if size < READABLE] == [], where
    main = page.locator("h1")
    assert main.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)") >= MAIN, where
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= READABLE
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where
    box = main.bounding_box()
    assert box is not None
    assert box["y"] >= 0, where
    assert box["y"] + box["height"] <= DESKTOP["height"], where


@pytest.fixture
def table(person: Come) -> Table:
    return Table(person)


def test_the_qr_code_is_the_link_with_its_key(table: Table) -> None:
    link = table.noor.link()
    assert re.search(r"#k=[\w-]{43}$", link)
    assert [qr.read(one.hook("qr")) for one in (table.screen, table.noor)] == [link, link]
    box = table.screen.hook("qr").bounding_box()
    assert box is not None
    assert box["width"] >= 280


def test_round_the_table_up_to_the_gossip(table: Table) -> None:
    assert_read_from_afar(table.screen.page, "lobby")
    table.start()
    everybody_writes_a_question(table)
    everybody_votes(table)
    table.noor.say()
    table.phase("gossip")
    gossip(table)


def everybody_writes_a_question(table: Table) -> None:
    noor, bram, screen = table.noor, table.bram, table.screen
    assert_read_from_afar(screen.page, "question")
    noor.write("Noor's question")
    bram.write("Bram's question")
    table.acts_for(table.amal)
    noor.write("Amal's question", f"-{table.amal}")
    expect(noor.hook(f"give-submit-{table.amal}")).to_have_count(0)
    for text in ("Noor's", "Bram's", "Amal's"):
        assert not screen.reads(f"{text} question"), "hidden until all are done"
    expect(screen.page.locator("main")).to_contain_text("3 of 4 have handed in")
    table.acts_for(table.wietske)
    noor.press(f"pass-{table.wietske}")
    table.phase("choose")


def everybody_votes(table: Table) -> None:
    noor, bram, screen = table.noor, table.bram, table.screen
    for text in ("Noor's", "Bram's", "Amal's"):
        screen.waits_for(f"{text} question")
    assert_read_from_afar(screen.page, "choose")
    screen.shot("table-choose")
    table.votes(noor, "Noor's question")
    table.votes(bram, "Noor's question")
    for seat in (table.amal, table.wietske):
        table.acts_for(seat)
        box = noor.hook(f"act-for-{seat}")
        box.locator("label.choice", has_text="Noor's question").locator("input").check()
        noor.press(f"vote-submit-for-{seat}")
    table.phase("explanation")
    expect(screen.hook("question-before")).to_have_text("Noor's question")
    expect(screen.hook("do")).to_have_text("Noor has the floor.")
    assert_read_from_afar(screen.page, "explanation")


def gossip(table: Table) -> None:
    """Noor sits out of sight; whoever likes has the floor, also without a device."""
    noor, bram, screen = table.noor, table.bram, table.screen
    assert screen.chairs("turned") == [noor.seat] or screen.page.locator("svg g.seat.unseen").count() == 1
    assert_read_from_afar(screen.page, "gossip")
    screen.shot("table-gossip")
    assert not noor.sees("floor-take"), "the case owner is silent"
    lit = screen.page.locator("svg g.seat.floor")
    bram.press("floor-take")
    expect(lit).to_have_attribute("data-testid", f"seat-{bram.seat}")
    bram.press("floor-release")
    for seat in (table.amal, table.wietske):
        expect(lit).to_have_count(0)
        acting = whoever_acts_for(table, seat)
        acting.hook(f"act-for-{seat}").get_by_role("button", name=re.compile("speaks|spreekt")).click()
        expect(lit).to_have_attribute("data-testid", f"seat-{seat}")
        acting.say(f"-{seat}")
    expect(lit).to_have_count(0)


def whoever_acts_for(table: Table, seat: str) -> Person:
    """A phone, or the table screen itself when the facilitator is silent."""
    for one in (table.noor, table.bram, table.screen):
        if one.sees(f"act-for-{seat}"):
            return one
    raise AssertionError("nobody may act for a seat without a device")
