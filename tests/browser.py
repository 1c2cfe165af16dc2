"""A real browser, for the tests that want one: their ``conftest.py`` takes the fixture from here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from tests.conftest import Launch

PATIENCE = 15_000
"""Milliseconds: six browsers and a server on two cores take their time, never their turn."""
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def browser(chromium: Launch) -> Iterator[Browser]:
    """One Chromium; each person gets a context, which shares nothing with the others.

    For a module, not for all: while Playwright runs, no asynchronous test of another module can.
    """
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium["executable_path"], args=chromium["args"])
        yield found
        found.close()


def axe(page: Page) -> AxeResults:
    """What axe finds in the page, by all its rules.

    Axe is put into a page once, and only what is broken leaves it: the rest of what axe tells is many times as much, takes
    longer to hand over than to find, and nobody reads it.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    run = "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => ({ violations }))"
    return AxeResults(page.evaluate(run))


def for_everybody(page: Page, *sizes: tuple[int, int]) -> None:
    """In each of these sizes the page is no wider than the window, and axe finds nothing."""
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        # The window takes a moment to become narrower, and the page to be laid out anew.
        fits = "width => innerWidth === width && document.documentElement.scrollWidth <= width"
        page.wait_for_function(fits, arg=width)
        results = axe(page)
        assert results.violations_count == 0, results.generate_report()


class Held:
    """What a page asks for at these addresses waits, as on a slow line, until it is let go."""

    def __init__(self, page: Page, addresses: str) -> None:
        self.asked = 0
        self._page = page
        self._waiting: list[Route] = []
        page.route(addresses, self._hold)

    def _hold(self, route: Route) -> None:
        self.asked += 1
        self._waiting.append(route)

    def let_go(self) -> None:
        """Let go what is asked for, or will be in a moment."""
        while not self._waiting:
            self._page.wait_for_timeout(20)
        while self._waiting:
            self._waiting.pop().continue_()
