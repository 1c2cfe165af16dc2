"""The smallest circle of linxx-9: Noor in a browser, three others without one."""

from __future__ import annotations

from tests.e2e.seats import Seat, Seats
from tests.e2e.support import Person

SECRET = "My question about the mayor"


class SmallCircle:
    """Noor opened the meeting; nobody facilitates."""

    def __init__(self, noor: Person, seats: Seats) -> None:
        self.noor, self.seats, self.link = noor, seats, noor.link()
        self.bram, self.amal, self.wietske = self.others = seats.sit("Bram", "Amal", "Wietske")

    def start(self) -> None:
        """Into the first phase, where each thinks of a question."""
        if self.noor.sees("start"):
            self.noor.press("start-open")
        else:
            self.bram.do("start")
        self.noor.phase("question")

    def to_the_choice(self, *more: Person) -> None:
        """Everybody has brought in a question, also whoever else came in a browser."""
        self.start()
        self.noor.write(SECRET)
        for one in more:
            one.write(f"Question of {one.name}")
        self.seats.each_gives("case", lambda seat: f"Question of {seat.name}")
        self.noor.phase("choose")

    def to_the_round_of(self, owner: str, *more: Person) -> None:
        """Everybody chose this seat's question."""
        self.to_the_choice(*more)
        for seat in self.others:
            seat.phase("choose")
            seat.do("vote", choices={seat.case_of(owner): 1})
        for one in (self.noor, *more):
            one.press("pass-vote")
        self.seats.saw_the_outcome()
        for one in (self.noor, *more):
            one.press("ready")
        self.noor.phase("explanation")


def expected(person: Person, *parts: str) -> None:
    """The browser itself says on the console that a request failed; that, and nothing else, was to be expected."""
    assert [line for line in person.trouble if not any(part in line for part in parts)] == []
    person.trouble.clear()


def given(seat: Seat, what: str) -> int:
    """How many of these there are."""
    return sum(item["what"] == what for item in seat.view["items"])
