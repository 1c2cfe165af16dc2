"""Practising alone, in the browser: a newcomer in each role, to the end of a whole meeting, with time speeded up."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Error

from tests.e2e.support import DESKTOP, PHONE, Language, Look, Person

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
LONGEST = 60
"""Seconds for a meeting of ninety minutes."""
MINE = {"nl": "Wat wil ik nu echt zeggen?", "en": "What do I really want to say?"}


NOTES_PHASES = """() => {
  window.phases = [];
  const note = () => {
    const now = document.querySelector("[data-testid=phase-name]")?.dataset.phase ?? "";
    if (now && window.phases.at(-1) !== now) window.phases.push(now);
  };
  new MutationObserver(note).observe(document.body, {subtree: true, childList: true, attributes: true});
}"""
"""At top speed a step may take a second: the page itself notes which it showed."""


def practise(newcomer: Person, role: str) -> None:
    """From the start page to a chair; time goes fast."""
    page = newcomer.page
    page.goto(newcomer.site)
    page.locator("input[name=method][value=linxx-9]").check(force=True)
    page.locator("#practise > summary").click()
    page.locator(f"input[name=role][value={role}]").check(force=True)
    page.locator("button[name=practice][value=true]").click()
    page.wait_for_url("**/m/*")
    newcomer.join()
    newcomer.page.evaluate(NOTES_PHASES)
    newcomer.hook("speed-20").check(force=True)


class Newcomer:
    """Does what the screen asks, and nothing else: the first thing to touch that is there."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.did: set[str] = set()

    def plays_to_the_end(self) -> None:
        deadline = time.monotonic() + LONGEST
        while not self.person.sees("take-home"):
            assert time.monotonic() < deadline, f"not at the end, but: {self.phases()} {sorted(self.did)}"
            if "choose" in self.phases() and "_hurries" not in self.did:
                self._hurries()
            if not self._acts():
                self.person.page.wait_for_timeout(100)

    def phases(self) -> list[str]:
        """What was on the screen, in order."""
        found: list[str] = self.person.page.evaluate("window.phases")
        return found

    def _hurries(self) -> None:
        """Top speed, once the question is in: that takes a newcomer a few seconds."""
        if self._try(lambda: self.person.hook("speed-60").check(force=True, timeout=1000)):
            self.did.add("_hurries")

    def _acts(self) -> bool:
        """One thing that is there to be done; whatever goes away under one's finger was too late."""
        for act in (self._votes, self._writes, self._says, self._goes_on):
            if act():
                self.did.add(act.__name__)
                return True
        return False

    def _tap(self, hook: str) -> bool:
        return self.person.sees(hook) and self._try(lambda: self.person.hook(hook).click(timeout=1000))

    def _try(self, deed: Callable[[], object]) -> bool:
        try:
            deed()
        except Error:
            return False
        return True

    def _votes(self) -> bool:
        mine = self.person.page.locator("label.choice input")
        if not self.person.sees("pass-vote") or mine.count() == 0:
            return False
        return self._try(lambda: mine.first.check(timeout=1000)) and self._tap("vote-submit")

    def _writes(self) -> bool:
        if not self.person.sees("give-text"):
            return False
        text = MINE[self.person.look.language]
        return self._try(lambda: self.person.hook("give-text").fill(text, timeout=1000)) and self._tap("give-submit")

    def _says(self) -> bool:
        return self._tap("give-spoken")

    def _goes_on(self) -> bool:
        return self._tap("start") or self._tap("end-phase")


STEPS = [
    "question", "choose", "explanation", "gossip", "reformulate", "advice", "reaction", "participants",
    "evaluation",
]  # fmt: skip


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("role", "language"), [("owner", "nl"), ("participant", "en"), ("facilitator", "nl"), ("owner", "en")]
)
def test_a_newcomer_practises_to_the_end(person: Callable[..., Person], role: str, language: Language) -> None:
    look = Look(PHONE if role != "facilitator" else DESKTOP, language, "light")
    newcomer = person("Fatma", look)
    practise(newcomer, role)
    playing = Newcomer(newcomer)
    playing.plays_to_the_end()
    assert playing.phases() == STEPS
    newcomer.waits_for("De bijeenkomst is afgelopen" if language == "nl" else "The meeting is over")
    saved = taken_home(newcomer)
    assert MINE[language] in saved
    assert "_writes" in playing.did
    if role == "owner":
        assert ("vooraf" if language == "nl" else "before") in saved


def taken_home(person: Person) -> str:
    with person.page.expect_download() as saving:
        person.press("take-home")
    return saving.value.path().read_text(encoding="utf-8")
