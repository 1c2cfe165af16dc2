"""A real browser, for the tests that want one: their ``conftest.py`` takes the fixture from here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import Launch


@pytest.fixture(scope="module")
def browser(chromium: Launch) -> Iterator[Browser]:
    """One Chromium; each person gets a context, which shares nothing with the others.

    For a module, not for all: while Playwright runs, no asynchronous test of another module can.
    """
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium["executable_path"], args=chromium["args"])
        yield found
        found.close()
