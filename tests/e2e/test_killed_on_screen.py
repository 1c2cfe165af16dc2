"""What people see of a server that is killed and comes back while somebody is at the door: nobody hangs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.killable import KillableSite
from tests.e2e.small_circle import expected
from tests.e2e.support import DESKTOP, PHONE, Look, Person
from tests.e2e.test_knock_on_screen import digits, knock

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
Come = Callable[..., Person]
GONE = ("ERR_CONNECTION", "ERR_EMPTY_RESPONSE", "WebSocket connection to")
"""What the browser says on its console while nobody answers."""
BACK = 30_000
"""Milliseconds within which both have found the server again."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[KillableSite]:
    one = KillableSite(tmp_path).start()
    yield one
    one.kill()


@pytest.fixture
def site(server: KillableSite) -> str:
    """In place of the one that all tests share."""
    return server.url


def test_whoever_knocked_with_the_link_is_asked_to_knock_again(person: Come, server: KillableSite) -> None:
    noor, sam = person("Noor", Look(PHONE, "nl", "light")), person("Sam", Look(DESKTOP, "en", "dark"))
    noor.start_meeting("linxx-9")
    noor.join()
    link = noor.link()
    noor.doors("close")
    sam.page.goto(link)
    again = sam.page.get_by_role("button", name="Knock")
    again.click()
    sam.waits_for("Je hebt aangeklopt", "You knocked")
    noor.hook("at-the-door").wait_for()

    server.kill()
    noor.hook("line").wait_for()
    server.start()
    expect(again).to_be_visible(timeout=BACK)
    sam.waits_for("", "Nobody opened the doors. You can knock again.")
    sam.shot("door-knock-again")
    sam.audit("knock again")
    again.click()
    noor.hook("at-the-door").wait_for(timeout=BACK)
    noor.press("door-open")
    sam.hook("join-name").wait_for(timeout=BACK)
    sam.join()
    for one in (noor, sam):
        expected(one, *GONE)


@pytest.mark.parametrize("step", ["waiting", "reading", "typed"])
def test_a_check_by_voice_goes_on(person: Come, server: KillableSite, step: str) -> None:
    noor, sam = person("Noor", Look(PHONE, "nl", "light")), person("Sam", Look(DESKTOP, "en", "dark"))

    def crash(where: str) -> None:
        if step == where:
            server.kill()
            noor.page.wait_for_timeout(2500)
            server.start()

    noor.start_meeting("linxx-9")
    noor.join()
    noor.press("code-show")
    knock(sam, digits(noor, "code", 6))
    noor.hook("code-yes").wait_for()
    crash("waiting")
    noor.press("code-yes")
    nine = digits(sam, "knock-nine", 9)
    crash("reading")
    noor.hook("code-nine").fill(nine)
    noor.press("code-go")
    sam.hook("knock-six").fill(digits(noor, "code-six", 6))
    if step == "typed":
        server.kill()
    sam.press("knock-go")
    if step == "typed":
        sam.page.wait_for_timeout(2500)
        server.start()
    sam.page.wait_for_url("**/m/*", timeout=BACK)
    sam.join()
    assert sam.link() == noor.link()
    for one in (noor, sam):
        expected(one, *GONE)
