"""The pictures in README.md, of the real screens: ``make pictures`` takes them anew, after a screen has changed.

Six people hold a meeting as in the tests, in English, until the gossip round has begun. The pictures are made smaller and have
few colours, so that a page with all of them loads at once. No run of all tests takes them: no test is in a file of this name.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.e2e.gathering import Gathering
from tests.e2e.support import DESKTOP, PHONE, Look, Person
from tests.e2e.test_workbench import bench, holds, step

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
WIDE = 700
"""Pixels across of what was taken on a large screen."""
COLOURS = 64
DESK = Look(DESKTOP, "en", "light")
QUESTIONS = {
    "Wietske": "How do I say no to extra shifts without letting my team down?",
    "Bram": "What do I do when a relative lectures me in front of a client?",
    "Noor": "How do I stay calm with a colleague who always knows better?",
    "Amal": "Why do I keep putting off a hard talk with my manager?",
    "Samira": "How do I set limits when clients text me privately?",
    "Emma": "How do I stop taking my work home at night?",
}
STORY = "On Friday the planner called again. I said yes, though it was my daughter's birthday."


def keep(person: Person, name: str) -> None:
    """What this person sees, small, as ``docs/pictures/NAME.png``."""
    person.page.evaluate("scrollTo(0, 0)")
    with Image.open(person.take(f"readme-{name}")) as taken:
        size = (WIDE, round(taken.height * WIDE / taken.width)) if taken.width > WIDE else taken.size
        small = taken.convert("RGB").resize(size, Image.Resampling.LANCZOS)
        small.quantize(COLOURS, dither=Image.Dither.NONE).save(PICTURES / f"{name}.png", optimize=True)


def pages(one: Person) -> None:
    """The start page, a method's page, and the workbench with a change in it."""
    one.page.goto(one.site)
    keep(one, "start")
    one.page.goto(f"{one.site}/methods/linxx-9")
    keep(one, "method")
    bench(one)
    step(one, "gossip")
    one.hook("edit-minutes").fill("20")
    holds(one, yes=False)
    one.hook("take-sum").click()
    holds(one)
    expect(one.hook("changes")).to_contain_text("15 → 20")
    keep(one, "workbench")


def gather(circle: Gathering) -> dict[str, Person]:
    """Six people and a table screen; the doors are closed, and the meeting has begun."""
    bram = circle.come("Bram", DESK)
    bram.start_meeting("linxx-9")
    bram.join()
    link = bram.link()
    circle.sit_down(bram)
    for name in ("Wietske", "Noor", "Amal", "Samira", "Emma"):
        one = circle.come(name, Look(PHONE, "en", "dark") if name == "Wietske" else DESK)
        one.join(link)
        circle.sit_down(one)
    table = circle.open_table()
    table.turn(DESK)
    for deed in ("take-facilitation", "start"):
        bram.press(deed)
    return {one.name: one for one in circle.people}


def until_gossip(circle: Gathering, people: dict[str, Person]) -> None:
    """Wietske's question is chosen, she tells about it, Noor has said something as well, and Amal has the floor."""
    circle.phase("question")
    for name, question in QUESTIONS.items():
        people[name].write(question)
    circle.phase("choose")
    for name, one in people.items():
        one.vote(QUESTIONS["Emma" if name == "Wietske" else "Wietske"])
    circle.phase("explanation")
    people["Wietske"].write(STORY)
    circle.phase("gossip")
    people["Wietske"].hook("notepad").fill("They hear how tired I am.")
    people["Noor"].hook("notepad").fill("This is about my own roster too.")
    noor, amal = people["Noor"], people["Amal"]
    noor.press("floor-take")
    noor.floor()
    noor.press("another-hypothesis")
    noor.write("I hear someone who wants to be indispensable, and is tired of it.")
    noor.floor(mine=False)
    amal.press("floor-take")
    amal.floor()


def test_taking_the_pictures(person: Callable[..., Person]) -> None:
    """The pages, then the gossip round as a participant, the case owner and the table see it."""
    pages(person("Emma", DESK))
    circle = Gathering(person, "readme")
    people = gather(circle)
    until_gossip(circle, people)
    assert circle.table
    keep(people["Noor"], "circle-participant")
    keep(people["Wietske"], "owner-phone")
    keep(circle.table, "table")
