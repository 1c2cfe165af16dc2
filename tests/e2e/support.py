"""People in browsers: what the tests of the whole product are written in.

A ``Person`` is a browser of its own: nothing is shared but the server. Everything is asked of the page by its
``data-testid`` (client/README-ui.md). Whoever leaves must have been quiet: no other host asked for anything, nothing
on the console, no rule of the page's policy broken.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, ViewportSize, expect

from tests.browser import PATIENCE, axe

Language = Literal["nl", "en", "de", "fr"]
Scheme = Literal["light", "dark"]
PHONE = ViewportSize(width=390, height=844)
DESKTOP = ViewportSize(width=1440, height=900)
ALBUM = bool(os.environ.get("SCREENS"))
"""Whether somebody wants the pictures: `make screens`. A run of the tests alone takes none, and looks at fewer looks."""
SCREENS = Path(os.environ.get("SCREENS") or Path(__file__).parents[2] / "screens")
"""Where pictures of the screens go; git ignores it."""


@dataclass(frozen=True)
class Look:
    """How a person's screen is: its size, its language, light or dark."""

    size: ViewportSize
    language: Language
    scheme: Scheme

    @property
    def name(self) -> str:
        return f"{'phone' if self.size['width'] < 700 else 'desktop'}-{self.language}-{self.scheme}"


class Person:
    """Somebody with a browser of their own, who does what is asked by the page's hooks for tests."""

    def __init__(self, browser: Browser, site: str, name: str, look: Look, *, keyboard: bool = False) -> None:
        self.name = name
        self.site = site
        self.look = look
        self.trouble: list[str] = []
        """What the console said, and every request that went elsewhere."""
        self.context = browser.new_context(
            accept_downloads=True,
            color_scheme=look.scheme,
            has_touch=not keyboard and look.size["width"] < 700,
            locale=look.language,
            reduced_motion="reduce",
            viewport=look.size,
        )
        self.context.set_default_timeout(PATIENCE)
        self.page = self._open()

    def _open(self) -> Page:
        page = self.context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.trouble.append(f"error: {error}"))
        page.on("request", lambda request: self._asked(request.url))
        page.on("websocket", lambda socket: self._asked(socket.url))
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.trouble.append(f"{message.type}: {message.text}")

    def _asked(self, url: str) -> None:
        asked = urlsplit(url)
        if asked.netloc != urlsplit(self.site).netloc and asked.scheme != "blob":
            self.trouble.append(f"asked elsewhere: {url}")

    # Coming and going

    def start_meeting(self, method: str) -> None:
        """From the start page, with the button there, to the door of a new meeting."""
        self.page.goto(self.site)
        self.page.locator(f"input[name=method][value={method}]").check(force=True)
        self.page.locator("button[name=practice][value=false]").click()
        self.page.wait_for_url("**/m/*")
        self.hook("join-name").wait_for()

    def join(self, link: str | None = None, *, guest: bool = False) -> None:
        """By the link, where this isn't the page already; a name, a tap, and in the lobby."""
        if link is not None:
            self.page.goto(link)
        self.hook("join-name").fill(self.name)
        if guest:
            self.hook("join-guest").check()
        self.press("join-submit")
        self.hook("join-name").wait_for(state="detached")
        self.hook("do").wait_for()

    def add_chair(self, name: str) -> None:
        """In the lobby: a chair for somebody without a device."""
        if not self.hook("add-name").is_visible():
            self.press("add-seat-fold")
        self.hook("add-name").fill(name)
        self.press("add-seat")

    def doors(self, deed: Literal["open", "close"]) -> None:
        """Open or close them without beginning: behind *More*."""
        self.press("more")
        self.press(f"{deed}-doors")
        self.press("more-close")

    def link(self) -> str:
        """The address to share, key included, as the lobby shows it."""
        return self.hook("link").input_value()

    def close(self) -> None:
        """Go home. There was nothing wrong all the while."""
        self.context.close()
        assert self.trouble == [], f"{self.name}: {self.trouble}"

    # Doing

    def hook(self, testid: str) -> Locator:
        return self.page.get_by_test_id(testid)

    def press(self, testid: str) -> None:
        self.hook(testid).click()

    def sees(self, testid: str) -> bool:
        """Whether it is there now, without waiting."""
        return self.hook(testid).count() > 0

    def say(self, hook: str = "") -> None:
        """Say it aloud, and tell so."""
        self.press(f"give-spoken{hook}")

    def write(self, text: str, hook: str = "") -> None:
        """Write it and hand it in; whatever else the form asks is filled in before this."""
        self.hook(f"give-text{hook}").fill(text)
        self.press(f"give-submit{hook}")

    def vote(self, *texts: str) -> None:
        """For the cases that read so."""
        for text in texts:
            self.page.locator("label.choice", has_text=text).locator("input").check()
        self.press("vote-submit")

    def saved(self) -> str:
        """What this person takes home, as the Markdown that the browser saves."""
        with self.page.expect_download() as waiting:
            self.press("take-home")
        assert re.fullmatch(r"kring-\d{4}-\d\d-\d\d\.md", waiting.value.suggested_filename)
        return Path(waiting.value.path()).read_text(encoding="utf-8")

    # Seeing

    def phase(self, phase: str, round_number: int | None = None) -> None:
        """Wait until this phase is on the screen, and in this round."""
        self.page.locator(f"[data-testid=phase-name][data-phase='{phase}']").wait_for()
        if round_number is not None:
            expect(self.page.locator("header .round")).to_contain_text(str(round_number))

    def floor(self, *, mine: bool = True) -> None:
        """Wait until I have the floor, or have it no more."""
        self.page.locator(f"[data-testid=do][data-mine='{str(mine).lower()}']").wait_for()

    def reads(self, text: str) -> bool:
        """Whether the text is anywhere in the page, shown or hidden, also as what was typed."""
        typed = "[...document.querySelectorAll('input,textarea')].map(e => e.value).join('\\n')"
        held = self.page.evaluate(f"document.documentElement.outerHTML + document.body.innerText + {typed}")
        return text in str(held)

    def waits_for(self, dutch: str, english: str = "") -> None:
        """Until the text is on the screen, in the language that the screen speaks."""
        text = english if english and self.look.language == "en" else dutch
        expect(self.page.locator("body")).to_contain_text(text)

    def chairs(self, kind: str) -> list[str]:
        """The seat ids of the chairs of this class: ``floor``, ``owner``, ``turned``, ``mine``, ``away``."""
        return [
            (one.get_attribute("data-testid") or "").removeprefix("seat-")
            for one in self.page.locator(f"svg g.seat.{kind}").all()
        ]

    @property
    def seat(self) -> str:
        """My own chair."""
        (found,) = self.chairs("mine")
        return found

    # Looking

    def turn(self, look: Look) -> None:
        """Another size, language or light, in the same browser; the language by the switch in the room."""
        if look.size != self.look.size:
            self.page.set_viewport_size(look.size)
        if look.scheme != self.look.scheme:
            self.page.emulate_media(color_scheme=look.scheme, reduced_motion="reduce")
        if look.language != self.look.language:
            self.speak(look.language)
        self.look = look

    def speak(self, language: Language) -> None:
        """By the switch on the page, or by the one in the drawer."""
        switch = self.hook(f"language-{language}")
        if switch.first.is_visible():
            switch.first.click()
        else:
            self.press("more")
            switch.click()
            self.press("more-close")
        self.page.locator(f"html[lang={language}]").wait_for(state="attached")

    def shot(self, name: str, *, whole: bool = False) -> None:
        """A picture of the screen for the album, where one is made."""
        if ALBUM:
            self.take(name, whole=whole)

    def take(self, name: str, *, whole: bool = False) -> Path:
        """A picture of the screen, named after what and how it shows."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        path = SCREENS / f"{name}-{self.look.name}.png"
        self.page.screenshot(path=path, full_page=whole, animations="disabled")
        return path

    def audit(self, where: str = "") -> None:
        """Nothing for axe to find, and nothing wider than the screen."""
        results = axe(self.page)
        assert results.violations_count == 0, f"{where} {self.name} {self.look.name}\n{results.generate_report()}"
        # The page may still be laid out for the size before; it has a moment.
        self.page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
