"""Somebody new who practises a method from its page, alone with simulated colleagues: many at once, in one browser.

The newcomer is a script in the page (``newcomer.js``) that does the first thing the screen offers; so a whole library is
played in the time of its longest methods, at the top speed of practice.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from playwright.sync_api import Browser

from tests.e2e.support import PHONE, Language, Look, Person

NEWCOMER = Path(__file__).with_name("newcomer.js").read_text("utf-8")
WORDS: dict[Language, str] = {"nl": "Wat wil ik nu echt zeggen?", "en": "What do I really want to say?"}
ROLES = ("participant", "owner", "facilitator")
AT_ONCE = 11
"""A server has room for a dozen groups of colleagues."""
LONGEST = 240
"""Seconds for one meeting, also where eleven share two cores."""
SHOWN = 3
"""The step of which there is a picture."""
NOTED = """() => ({
  ...window.newcomer, ended: document.querySelector("[data-testid=take-home]") !== null
})"""


@dataclass
class Practice:
    """One meeting of a newcomer. ``blind``: by step, how often they had nothing to do and weren't told whom it waits for."""

    method: str
    person: Person
    since: float = field(default_factory=time.monotonic)
    phases: list[str] = field(default_factory=list)
    did: dict[str, int] = field(default_factory=dict)
    blind: dict[str, int] = field(default_factory=dict)
    unread: int = 0
    """How often a text on the screen still wasn't there after a while."""
    ended: bool = False
    trouble: tuple[str, ...] = ()

    def begin(self, role: str) -> None:
        """From the method's page to a chair, and off at top speed."""
        person = self.person
        person.page.goto(f"{person.site}/methods/{self.method}")
        offered = person.page.locator(f"label:not([hidden]) input[name=role][value={role}]")
        if offered.count():  # where the lot says whose case it is, nobody can be promised to be its owner
            offered.check(force=True)
        person.page.locator("button[name=practice][value=true]").click()
        person.page.wait_for_url("**/m/*")
        person.join()
        person.hook("speed-60").check(force=True)
        person.page.evaluate(NEWCOMER, WORDS[person.look.language])

    def look(self) -> None:
        """What the newcomer noted since."""
        before = len(self.phases)
        for name, noted in self.person.page.evaluate(NOTED).items():
            setattr(self, name, noted)
        if before < SHOWN <= len(self.phases):
            self.person.shot(f"practice-{self.method}")

    @property
    def over(self) -> bool:
        return self.ended or time.monotonic() - self.since > LONGEST

    def leave(self) -> None:
        if not self.ended:
            self.person.shot(f"practice-stuck-{self.method}")
        self.person.context.close()
        self.trouble = tuple(self.person.trouble)


def practise(browser: Browser, site: str, methods: Iterable[str]) -> dict[str, Practice]:
    """All of them, each to the end or until it has taken far too long; roles and languages take turns."""
    sorts = cycle([(role, language) for language in WORDS for role in ROLES])
    todo = list(zip(methods, sorts, strict=False))
    going: list[Practice] = []
    done: dict[str, Practice] = {}
    while todo or going:
        while todo and len(going) < AT_ONCE:
            method, (role, language) = todo.pop(0)
            going.append(Practice(method, Person(browser, site, "Fatma", Look(PHONE, language, "light"))))
            going[-1].begin(role)
        for one in going:
            one.look()
            if one.over:
                one.leave()
                done[one.method] = one
        going = [one for one in going if not one.over]
        time.sleep(0.1)
    return done
