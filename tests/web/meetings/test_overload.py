"""A server that is full: what is new must wait and is told so kindly; whoever belongs to a running meeting comes in."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from kring_client.client import Client
from kring_client.keys import LinkKeys
from kring_web.web import assets
from tests.browser import for_everybody
from tests.web.serving import Answer, ask, running

KEYS = LinkKeys(b"k" * 32)
NEW = {"method": "linxx-9"}
LATER = "300"
SIZES = ((320, 640), (390, 844), (1440, 900))
FULL = {
    "nl": ("Het is hier nu vol.", "Bijeenkomsten die bezig zijn gaan gewoon door", "over ongeveer 5 minuten"),
    "en": ("Kring is full at the moment.", "Running meetings", "in about 5 minutes"),
}


@pytest.fixture
def small(tmp_path: Path) -> Iterator[str]:
    """A server that takes one meeting at a time."""
    with running(tmp_path, "practice", "--no-open", KRING_MAX_MEETINGS="1") as (url, _process):
        yield url


def new(url: str, **more: object) -> Answer:
    return ask(url, "/api/meetings", "POST", {**NEW, **more})


def is_refused(answer: Answer) -> bool:
    told = (answer.status, answer.json, answer.headers.get("retry-after"))
    return told == (503, {"code": "overloaded"}, LATER)


def ticket(url: str, meeting: str, **more: object) -> Answer:
    return ask(url, f"/api/meetings/{meeting}/tickets", "POST", more)


def test_only_what_is_new_must_wait(small: str) -> None:
    meeting: str = new(small).json["meeting"]
    # Though nobody is there yet: whoever opened it is on the way.
    assert is_refused(new(small))
    asyncio.run(come_and_go(small, meeting))
    deadline = time.monotonic() + 20
    while (answer := new(small)).status != 201:  # everybody has left, which is noticed within a second or two
        assert is_refused(answer)
        assert time.monotonic() < deadline
        time.sleep(0.2)


async def come_and_go(url: str, meeting: str) -> None:
    async with Client(url, meeting, KEYS) as noor:
        await noor.act({"type": "take-seat", "seat": "seatofnoor"}, {"name": "Noor"})
        for wanted in ({}, {"practice": True}, {"method": "troika"}):
            assert is_refused(await asyncio.to_thread(new, url, **wanted)), wanted
        again = await asyncio.to_thread(ticket, url, meeting, device_token=noor.device_token)
        assert again.status == 200
        assert (await asyncio.to_thread(ticket, url, meeting, **{"as": "table"})).status == 200
        async with Client(url, meeting, KEYS) as amal, Client(url, meeting, KEYS, table=True) as table:
            assert await amal.act({"type": "take-seat", "seat": "seatofamal"}, {"name": "Amal"})
            assert table.view["mine"]["seat"] is None
        ready = await asyncio.to_thread(ask, url, "/readyz")
        assert (ready.status, ready.json["ready"], ready.json["overloaded"]) == (200, True, True)
        assert (await asyncio.to_thread(ask, url, f"/m/{meeting}")).status == 200


def test_a_practice_that_was_taken_gets_its_colleagues(small: str) -> None:
    meeting = new(small, practice=True).json["meeting"]
    invite = {"key": "A" * 43, "role": "owner", "language": "nl"}

    assert is_refused(new(small, practice=True))
    assert ask(small, f"/api/meetings/{meeting}/colleagues", "POST", invite).status == 202


def test_the_wrong_is_still_told_as_wrong_when_it_is_full(small: str) -> None:
    new(small)
    assert ask(small, "/api/meetings", "POST", {"nonsense": 1}).status == 400
    assert ask(small, "/api/meetings", "GET").status == 405
    assert ask(small, "/api/meetings", "POST", NEW, origin="https://elsewhere.example").status == 403
    assert ticket(small, "a" * 20).status == 404


@pytest.mark.parametrize("language", FULL)
def test_the_start_page_says_what_goes_on_and_when_to_try_again(small: str, language: str) -> None:
    before = ask(small, "/", accept_language=language)
    new(small)

    page = ask(small, "/", accept_language=language)

    assert (before.status, page.status) == (200, 200)
    texts = re.sub(r"data-\S+=\"[^\"]*\"", "", page.body.decode())
    assert [text for text in FULL[language] if text not in texts] == []
    assert 'id="full"' not in before.body.decode()


@pytest.fixture(params=[("nl", "light"), ("en", "dark")])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[tuple[Page, str]]:
    language, scheme = request.param
    context = browser.new_context(locale=language, color_scheme=scheme)
    yield context.new_page(), language
    context.close()


@pytest.mark.e2e
@pytest.mark.skipif(not assets.read_manifest(assets.BUILT), reason="the client is not built")
def test_a_button_that_comes_too_late_says_so_calmly(small: str, page: tuple[Page, str]) -> None:
    screen, language = page
    screen.set_viewport_size({"width": 390, "height": 844})
    screen.goto(small)
    new(small)

    for door, name in (("meet", "false"), ("practise", "true")):
        if screen.locator(f"#{door}:not([open])").count():
            screen.get_by_test_id(f"door-{door}").click()
        screen.locator(f'button[name="practice"][value="{name}"]').click()
        notice = screen.locator("#start-trouble")
        expect(notice).to_contain_text(FULL[language][0])
        expect(notice).to_contain_text(" 5 minu")
        expect(notice).to_be_in_viewport()
    assert screen.url.rstrip("/") == small
    screen.reload()
    for size in SIZES:
        for_everybody(screen, size)
        assert screen.locator(".calm").is_visible()
