"""One server and one Chromium for all the tests of the whole product in this process."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import browser
from tests.e2e.support import DESKTOP, Look, Person
from tests.web.serving import served

__all__ = ["browser"]

DUTCH_DESK = Look(DESKTOP, "nl", "light")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with practice, on a data folder of its own; it must stop cleanly at the end."""
    with served(tmp_path_factory.mktemp("kring"), "practice", "--no-open") as url:
        yield url


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remembers whether the test failed, for whoever can show what was on the screens."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture
def person(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Callable[..., Person]]:
    """Lets somebody in: ``person("Noor", Look(PHONE, "nl", "dark"))``. All go home at the end, and were quiet."""
    came: list[Person] = []

    def come(name: str, look: Look = DUTCH_DESK, *, keyboard: bool = False) -> Person:
        came.append(Person(browser, site, name, look, keyboard=keyboard))
        return came[-1]

    yield come
    with (
        contextlib.ExitStack() as homeward
    ):  # whatever is wrong with one, all are closed: else they slow down every test to come
        for one in came:
            homeward.callback(one.close)
        if request.node.stash.get(FAILED, False):
            for one in came:
                one.take(f"failed-{request.node.name}-{one.name}")
