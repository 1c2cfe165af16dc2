"""A room to talk to, and a method that is quick to play."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from kring.methods import library
from tests.client.standin import StandIn, standing_in


@pytest.fixture
async def room(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> AsyncIterator[StandIn]:
    """The stand-in of a room, for linxx-9 or for the method that the test names."""
    async with standing_in(library.load(getattr(request, "param", "linxx-9")), monkeypatch) as stand_in:
        yield stand_in
