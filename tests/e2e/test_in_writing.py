"""A meeting in writing, over days: four people in browsers who are never there at the same time."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.days import DAY, pass_by
from tests.e2e.support import ALBUM, DESKTOP, PHONE, Look, Person
from tests.ports import free_port
from tests.web.serving import running

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
LOOKS = (
    Look(PHONE, "nl", "light"), Look(DESKTOP, "nl", "dark"), Look(PHONE, "en", "dark"), Look(DESKTOP, "en", "light"),
)  # fmt: skip
NAMES = ("Noor", "Bram", "Amal", "Joost")
METHOD = "linxx-9"


class House:
    """One server that can stand still for days, always at the same address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._open = contextlib.ExitStack()
        self.site = self._start()

    def _start(self) -> str:
        url, _ = self._open.enter_context(running(self.folder, "practice", "--no-open", port=self.port))
        return url

    def days_pass(self, days: float) -> None:
        self.close()
        pass_by(self.folder, days)
        self._start()

    def close(self) -> None:
        self._open.close()

    def ask(self, column: str) -> int:
        """A number of the one meeting that there is."""
        with contextlib.closing(sqlite3.connect(self.folder / "kring.sqlite3")) as store:
            ((found,),) = store.execute(f"SELECT {column} FROM room_meeting")  # noqa: S608 -- a column of ours
        return int(found)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    found = House(tmp_path)
    yield found
    found.close()


@pytest.fixture
def people(browser: Browser, house: House) -> Iterator[Callable[[str], Person]]:
    came: dict[str, Person] = {}

    def come(name: str) -> Person:
        if name not in came:
            came[name] = Person(browser, house.site, name, LOOKS[NAMES.index(name) % len(LOOKS)])
        return came[name]

    yield come
    for one in came.values():
        one.close()


class Circle:
    """Who comes does so in a page of their own, does something, and shuts it again."""

    def __init__(self, come: Callable[[str], Person], link: str) -> None:
        self.come, self.link = come, link

    @contextlib.contextmanager
    def visit(self, name: str) -> Iterator[Person]:
        one = self.come(name)
        if one.page.is_closed():
            one.page = one._open()
        one.page.goto(self.link)
        one.page.locator("[data-testid=resume], [data-testid=do], [data-testid=join-name]").first.wait_for()
        if one.sees("resume"):  # a new page on a device that was here before
            one.press("resume")
        yield one
        one.page.close()


def begun(people: Callable[[str], Person], house: House) -> Circle:
    """From the start page to a circle of four that has begun."""
    noor = people("Noor")
    noor.page.goto(house.site)
    noor.page.locator(f"input[name=method][value={METHOD}]").check(force=True)
    noor.page.locator("input[name=way][value=written]").check(force=True)
    noor.waits_for("hoogstens 3 dagen open", "up to 3 days")
    pictures(noor, "start")
    noor.page.locator("button[name=practice][value=false]").click()
    noor.page.wait_for_url("**/m/*")
    noor.hook("join-name").wait_for()
    noor.join()
    expect(noor.hook("in-writing")).to_contain_text("stuurt geen berichten")
    assert not noor.sees("open-table")
    circle = Circle(people, noor.link())
    noor.page.close()
    for name in NAMES[1:]:
        with circle.visit(name) as one:
            one.join()
    with circle.visit("Noor") as noor:
        noor.hook("start").wait_for()
        pictures(noor, "lobby")
        noor.press("start")
        noor.phase("question")
    return circle


def pictures(one: Person, name: str) -> None:
    """In every look for the album, else in the dark ones, with nothing for axe to find."""
    own = one.look
    for look in LOOKS if ALBUM else LOOKS[1:3]:
        in_room = "/m/" in one.page.url
        if in_room or look.language == one.look.language:
            one.turn(look)
            one.page.evaluate("scrollTo(0, 0)")
            one.shot(f"in-writing-{name}")
            one.audit(name)
    one.turn(own)


def all_ask(circle: Circle) -> None:
    """Each hands in a question, alone; the step waits for the last of them."""
    for number, name in enumerate(NAMES):
        with circle.visit(name) as one:
            one.phase("question")
            until = "Je hebt de tijd tot" if one.look.language == "nl" else "You have until"
            expect(one.hook("until")).to_contain_text(until)
            if number == 0:
                pictures(one, "question")
            one.write(f"Question of {name}")
            if number < len(NAMES) - 1:
                one.waits_for("Nu hoef je niets te doen.", "nothing for you to do now")
                assert not one.reads("Question of Noor") or name == "Noor"
            else:
                one.phase("choose")


def two_vote(circle: Circle) -> None:
    """Whoever comes back sees what is new, and nobody is shown as away."""
    with circle.visit("Noor") as noor:
        noor.phase("choose")
        expect(noor.hook("news")).to_contain_text("Deze stap is voorbij")
        expect(noor.hook("news")).to_contain_text("3 bijdragen")
        assert noor.chairs("away") == []
        pictures(noor, "choose")
        noor.vote("Question of Bram")
        noor.waits_for("Je stem is binnen.", "Your vote is in.")
    with circle.visit("Bram") as bram:
        bram.vote("Question of Bram")
        bram.waits_for("Je stem is binnen.", "Your vote is in.")


def the_owner_listens(circle: Circle) -> None:
    """The gossip round goes in no order; the case owner reads along, and writes nothing."""
    with circle.visit("Joost") as joost:
        joost.phase("gossip")
        joost.press("another-hypothesis")
        joost.write("Perhaps it is about trust.")
        expect(joost.page.locator("[data-what=hypothesis]")).to_have_count(1)
        pictures(joost, "gossip")
    with circle.visit("Bram") as bram:
        bram.phase("gossip")
        bram.waits_for("Perhaps it is about trust.")
        assert not bram.sees("give-text")
        pictures(bram, "listening")


def test_a_meeting_in_writing_goes_on_though_nobody_meets(people: Callable[[str], Person], house: House) -> None:
    circle = begun(people, house)
    all_ask(circle)
    two_vote(circle)
    # Two never come to vote. The step ends by itself; who missed it hears so, and takes part again.
    house.days_pass(1.1)
    with circle.visit("Amal") as amal:
        amal.phase("explanation")
        expect(amal.hook("news")).to_contain_text("What you missed counts as passed")
        expect(amal.hook("until")).to_contain_text("This step is open until")
        assert not amal.sees("give-text")
        pictures(amal, "missed")
    with circle.visit("Bram") as bram:
        bram.phase("explanation")
        bram.write("It began in spring.")
        bram.phase("gossip")
    the_owner_listens(circle)


def test_what_is_written_is_kept_for_longer_than_the_meeting_can_take(
    people: Callable[[str], Person], house: House
) -> None:
    begun(people, house)
    kept = house.ask("expires_at") - house.ask("opened_at")
    assert kept > 30 * DAY + 15 * DAY


def test_a_method_without_a_written_form_offers_none(people: Callable[[str], Person], house: House) -> None:
    noor = people("Noor")
    noor.page.goto(house.site)
    noor.page.locator("input[name=method][value=linxx-9]").check(force=True)
    way = noor.page.locator("label", has=noor.page.locator("input[name=way][value=written]"))
    expect(way).to_be_visible()
    noor.page.locator("input[name=way][value=written]").check(force=True)
    noor.page.locator("input[name=method][value=troika]").check(force=True)
    expect(way).to_be_hidden()
    expect(noor.page.locator("input[name=way][value=apart]")).to_be_checked()
    noor.audit("start with a spoken method")
    noor.page.locator("button[name=practice][value=false]").click()
    noor.page.wait_for_url("**/m/*")
    noor.join()
    assert not noor.sees("in-writing")
    for method, shown in (("linxx-9", True), ("troika", False)):
        noor.page.goto(f"{house.site}/methods/{method}")
        assert way.is_visible() == shown
        noor.audit(method)
