"""Seats without a browser, in the meeting of those who have one: programs that do what a test tells them."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any, Self
from urllib.parse import urlsplit

from kring_client.client import Client, new_id
from kring_client.keys import LinkKeys

PATIENCE = 20.0


class Seat:
    """One of them."""

    def __init__(self, seats: Seats, name: str) -> None:
        self.name = name
        self._seats = seats
        self.client = Client(seats.url, seats.meeting, seats.keys, patience=10)

    @property
    def id(self) -> str:
        assert self.client.seat is not None
        return self.client.seat

    @property
    def view(self) -> Any:
        return self.client.view

    def do(self, command: str, fields: dict[str, str] | None = None, **details: object) -> None:
        """Do this, now: it must be permitted."""
        frame: Any = {"type": command, **details}
        self._seats.run(self.client.act(frame, fields))

    def give(self, what: str, text: str | None = None) -> None:
        """In writing, or aloud."""
        self.do("give", None if text is None else {"text": text}, what=what)

    def may(self, command: str, detail: str = "") -> bool:
        return [command, detail] in [list(action) for action in self.view["mine"]["permitted"]]

    def until(self, so: Callable[[Any], object]) -> None:
        """Wait until my view is such."""
        deadline = time.monotonic() + PATIENCE
        while not so(self.view):
            assert time.monotonic() < deadline, f"{self.name} waited in vain"
            time.sleep(0.02)

    def until_may(self, command: str, detail: str = "") -> None:
        self.until(lambda _: self.may(command, detail))

    def phase(self, phase: str) -> None:
        self.until(lambda view: view["phase"] and view["phase"]["id"] == phase)

    def floor(self) -> None:
        self.until(lambda view: view["floor"] and view["floor"]["seat"] == self.id)

    def case_of(self, seat: str) -> str:
        """The content id of what this seat brought in."""
        found: list[str] = [
            item["content"] for item in self.view["items"] if (item["seat"], item["what"]) == (seat, "case")
        ]
        return found[-1]


class Seats:
    """Those of one meeting, by its link; they go home at the end of the ``with``."""

    def __init__(self, link: str) -> None:
        address = urlsplit(link)
        self.url = f"{address.scheme}://{address.netloc}"
        self.meeting = address.path.split("/")[2]
        self.keys = LinkKeys.read(address.fragment.removeprefix("k="))
        self.all: list[Seat] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for seat in self.all:
            self.run(seat.client.__aexit__(None, None, None))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, doing: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(doing, self._loop).result(PATIENCE)

    def sit(self, *names: str) -> list[Seat]:
        """Each takes a chair."""
        came = [Seat(self, name) for name in names]
        for seat in came:
            self.run(seat.client.__aenter__())
            self.all.append(seat)
            seat.do("take-seat", {"name": seat.name}, seat=new_id())
            seat.until(lambda view: view["mine"]["seat"])
        return came

    def saw_the_outcome(self) -> None:
        """All of these have seen what came of a vote; whoever is in a browser says so there."""
        for seat in self.all:
            seat.until(lambda view: view["phase"].get("outcome"))
        for seat in self.all:
            seat.do("ready")

    def each_gives(self, what: str, texts: Callable[[Seat], str | None]) -> None:
        """Whoever still owes it gives it, each on their turn."""
        for seat in self.all:
            seat.until_may("give", what)
            seat.give(what, texts(seat))
