"""Six people and a table screen, each in a browser of their own, and the pictures of what each role sees."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from playwright.sync_api import expect

from tests.e2e.support import ALBUM, DESKTOP, PHONE, Look, Person, Scheme

Come = Callable[..., Person]
Deed = Callable[[Person], None]

GIVING = re.compile(r"^(give-|pass|another-|vote-|floor-|ready|choose-|act-for-|field-)")
"""The hooks of everything by which one gives something to the group."""


def looks(number: int) -> tuple[Look, Look]:
    """The two ways in which a phase is looked at: both sizes, both languages; light and dark take turns."""
    light: tuple[Scheme, Scheme] = ("light", "dark") if number // 2 % 2 == 0 else ("dark", "light")
    if number % 2 == 0:
        return Look(PHONE, "nl", light[0]), Look(DESKTOP, "en", light[1])
    return Look(PHONE, "en", light[0]), Look(DESKTOP, "nl", light[1])


class Gathering:
    """The circle of one meeting: who is who, whose turn it is, and the album."""

    def __init__(self, come: Come, method: str) -> None:
        self.come = come
        self.method = method
        self.people: list[Person] = []
        self.pages = 0
        self.table: Person | None = None

    def sit_down(self, *people: Person) -> None:
        self.people.extend(people)

    def open_table(self) -> Person:
        """The table screen, by the link in the lobby, in a browser that belongs to nobody."""
        address = self.people[0].hook("open-table").get_attribute("href")
        assert address
        self.table = self.come("the table", Look(DESKTOP, "nl", "light"))
        self.table.page.goto(address)
        self.table.hook("do").wait_for()
        return self.table

    @property
    def screens(self) -> list[Person]:
        """Everybody, and the table."""
        return [*self.people, *([self.table] if self.table else [])]

    def others(self, *not_these: Person) -> list[Person]:
        return [one for one in self.people if one not in not_these]

    # The phases

    def phase(self, phase: str) -> None:
        for one in self.screens:
            one.phase(phase)

    def speaker(self) -> Person:
        """Whoever has the floor, as the table screen shows it."""
        assert self.table
        lit = self.table.page.locator("svg g.seat.floor")
        expect(lit).to_have_count(1)
        seat = (lit.get_attribute("data-testid") or "").removeprefix("seat-")
        (found,) = (one for one in self.people if one.seat == seat)
        found.floor()
        return found

    def nobody_speaks(self) -> None:
        """Everybody has heard that the floor is nobody's."""
        for one in self.screens:
            expect(one.page.locator("svg g.seat.floor")).to_have_count(0)

    def one_speaks(self, deed: Deed) -> Person:
        """Whoever has the floor does it; nobody else could. Waits until the floor is somebody else's, or nobody's."""
        assert self.table
        speaker = self.speaker()
        seat, phase = speaker.seat, self.table.hook("phase-name").get_attribute("data-phase")
        key = self.table.hook("do").inner_text()
        deed(speaker)
        self.table.page.wait_for_function(
            """([seat, phase, said]) => {
                const lit = document.querySelector("svg g.seat.floor")?.dataset.testid;
                const now = document.querySelector("[data-testid=phase-name]")?.dataset.phase;
                return lit !== `seat-${seat}` || now !== phase || document.querySelector("h1").innerText !== said;
            }""",
            arg=[seat, phase, key],
        )
        return speaker

    def nobody_gives(self, people: Iterable[Person]) -> None:
        """Their screens offer nothing to give: the notepad is the only box."""
        for one in people:
            hooks = one.page.evaluate("[...document.querySelectorAll('main [data-testid]')].map(e => e.dataset.testid)")
            assert [hook for hook in hooks if GIVING.match(hook)] == [], one.name
            boxes = one.page.locator("main input, main textarea, main select, main [contenteditable]")
            expect(boxes).to_have_count(1)
            expect(boxes).to_have_attribute("data-testid", "notepad")

    def nobody_reads(self, text: str, people: Iterable[Person]) -> None:
        for one in people:
            assert not one.reads(text), (one.name, text)

    # The album

    def picture(self, phase: str, roles: dict[str, Person]) -> None:
        """How this phase looks to each role: two pictures each for the album, and nothing for axe to find in the last."""
        self.pages += 1
        seen = sorted(looks(self.pages), key=lambda one: one.language != self.people[0].look.language)
        for look in seen if ALBUM else seen[-1:]:
            for role, one in roles.items():
                one.turn(look)
                one.page.evaluate("scrollTo(0, 0)")
                one.shot(f"{self.method}-{self.pages:02}-{phase}-{role}")
        for role, one in roles.items():
            one.audit(f"{phase} as {role}")
