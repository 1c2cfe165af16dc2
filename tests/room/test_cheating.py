"""Nobody does what is not permitted, and nobody hears what is not for them: in every phase of every method, over sockets."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from kring.methods import library
from kring.methods.model import Method, Withheld
from tests.library import EVERY_METHOD, FIRST
from tests.room.spying import Clock
from tests.room.support import UNBOUND, Running
from tests.room.walking import Walk, variant

LATER_ROUND = re.compile(r"round:[3-9]:")
"""What a third round shows the second has shown."""
Walking = Callable[..., AbstractAsyncContextManager[Walk]]


@pytest.fixture
def walking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Walking:
    """A walk through a meeting of a method, in a room that bears a flood, with a clock that may be set forward."""
    monkeypatch.setattr("kring_room.live.alarms._LONGEST", 0.01)

    @asynccontextmanager
    async def walk(method: Method, size: int, *, guided: bool = True, module: str | None = None) -> AsyncIterator[Walk]:
        room = Running(tmp_path, method=method, **UNBOUND, buffer=2**26, presence_grace=600, keepalive=600)
        clock = Clock()
        room.options["clock"] = clock
        await room.start()
        made = Walk(room, clock, size, guided=guided, module=module)
        await made.sit()
        yield made
        await made.leave()
        await room.close()

    return walk


def report(walk: Walk) -> None:
    """The figures, for whoever runs this with ``-s``."""
    tried, codes = walk.tried.total(), len(walk.tried)
    said = f"{tried} refused with {codes} codes, {len(walk.watch.secrets)} canaries in {walk.looked} frames"
    print(f"\n{walk.method.id}: {said}")  # noqa: T201 - see above


async def cheat_all_along(walk: Walk, *, everywhere: bool) -> None:
    """In each phase of two rounds, as it starts and when something was given, or at one in three of these; once while paused."""
    paused, turn = False, 0
    async for place in walk.phases():
        turn += 1
        if (everywhere or turn % 3 == 1) and not LATER_ROUND.match(place):
            await walk.cheat()
            await walk.come_back()
        if place.startswith("round") and not paused:
            paused = True
            async with walk.paused():
                await walk.cheat()
    report(walk)
    assert paused
    assert walk.watch.secrets


def _walks() -> Iterator[Any]:
    """Each method with somebody who facilitates or without, in turn; the first ones both ways."""
    methods: Any = EVERY_METHOD
    for number, case in enumerate(methods):
        (name,) = case.values
        for guided in (True, False) if name in FIRST else (number % 2 == 0,):
            yield pytest.param(name, guided, id=f"{name}-{'guided' if guided else 'alone'}", marks=case.marks)


@pytest.mark.parametrize(("name", "guided"), list(_walks()))
async def test_nobody_does_what_is_not_permitted_in_any_phase(walking: Walking, name: str, guided: bool) -> None:
    method = library.load(name)
    async with walking(method, max(2 + guided, method.group.min), guided=guided) as walk:
        await cheat_all_along(walk, everywhere=name in FIRST)


@pytest.mark.parametrize(
    ("name", "module"), [(name, module) for name in library.names() for module in library.load(name).modules]
)
async def test_nobody_does_what_is_not_permitted_in_any_sub_protocol(walking: Walking, name: str, module: str) -> None:
    method = library.load(name)
    tried = 0
    async with walking(method, method.group.min, module=module) as walk:
        async for place in walk.phases():
            if f"/{module}:" in place:
                tried += 1
                await walk.cheat()
                await walk.come_back()
        report(walk)
    assert tried >= 2 * len(method.modules[module].phases)


@pytest.mark.slow
@pytest.mark.parametrize("name", FIRST)
async def test_nobody_does_what_is_not_permitted_in_the_widest_circle(walking: Walking, name: str) -> None:
    method = library.load(name)
    async with walking(method, method.group.max) as walk:
        async for place in walk.phases():
            if not place.endswith("begun"):
                await walk.cheat()
        report(walk)


@pytest.mark.parametrize("guided", [True, False], ids=["guided", "alone"])
async def test_what_is_hidden_or_withheld_reaches_nobody_too_early(walking: Walking, guided: bool) -> None:
    """With all the ways of keeping something back that the language has, which the library uses only in part."""
    method = variant(
        library.load("linxx-9"),
        explanation={"withheld": Withheld(from_="participant", until="reformulate")},
        gossip={"withheld": Withheld(until="reaction")},
        reformulate={"withheld": Withheld(from_="participant", until="end")},
        advice={"hidden": "end", "withheld": Withheld(until="close")},
        participants={"withheld": Withheld(until="never")},
        evaluation={"hidden": "end"},
    )
    kept = 0
    async with walking(method, 5, guided=guided) as walk:
        async for _ in walk.phases():
            kept += sum(
                secret.kept_from(spy.who, walk.watch) for secret in walk.watch.secrets.values() for spy in walk.seated
            )
            await walk.come_back()
        report(walk)
        given = {secret.phase.id for secret in walk.watch.secrets.values()}
    assert given >= {"question", "explanation", "gossip", "reformulate", "advice", "participants", "evaluation"}
    assert kept > 30
