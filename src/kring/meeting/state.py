"""The state of a meeting: what the log folds to. Frozen; a change shares all that did not change.

``State`` has one field for each thing that changes on its own: the seats, the phase, the queue, the desk (how far each seat is with
what it owes), the contributions, the veils over them. They are separate objects so that a projection can tell by identity
what changed (``docs/decisions/0002-views-and-facts-as-section-diffs.md``). It also holds what nobody may see: views are made from
it, never sent from it. Times are milliseconds since the epoch.
"""

from __future__ import annotations

from typing import Literal

from kring.meeting.asked import Slot, Turn, Veil
from kring.meeting.events import Position
from kring.meeting.items import Ids, Items
from kring.meeting.record import Record

TABLE = "table"
"""Who the shared table screen is, where a seat id is asked for."""


class Outsider(Record, frozen=True):
    """A member of the circle on a device without a seat. ``member``: the opaque id, as in ``Seat``."""

    member: str


Who = str | Outsider | None
"""Who asks or looks: a seat id, ``TABLE``, or on a device without a seat a member, or somebody with the link (``None``)."""

STILL = 1000
"""How many times as slow time goes that stands still for whoever practises: an hour takes weeks."""
Status = Literal["lobby", "running", "paused", "closed"]


class Info(Record, frozen=True):
    """The meeting as a whole. ``seats`` bounds are of the method."""

    meeting: str = ""
    method: str = ""
    seed: int = 0
    practice: bool = False
    written: bool = False
    smallest: int = 4
    largest: int = 9
    status: Status = "lobby"
    doors: Literal["open", "closed"] = "open"
    started: bool = False
    factor: int = 1
    burned: bool = False
    extended: int = 0
    """Minutes that were added to its phases so far."""
    led_out: bool = False
    """Whether a facilitator has shown somebody out."""

    def lasting(self, span: int) -> int:
        """How long so many milliseconds of the method's time take: less where practice is hurried, very long at a standstill."""
        return span // self.factor if self.factor else span * STILL

    def passing(self, span: int) -> int:
        """How much of the method's time passes in so many milliseconds."""
        return span * self.factor if self.factor else span // STILL


class Seat(Record, frozen=True):
    """A chair that someone has taken, in circle order of arrival. ``member``: an opaque id, which no view shows."""

    id: str
    name: str
    device: bool = True
    guest: bool = False
    here: bool = True
    waited: int = 0
    member: str | None = None
    previous: bool = False
    """Whether they were case owner in the meeting before this one."""
    several: bool = False
    """Whether another device came back to it, so that there may be more than one."""


class Table(Record, frozen=True):
    """A table screen that is sent what all may see. ``seat``: of the browser that opened it, where it had one; ``at``: when."""

    id: str
    at: int
    seat: str | None = None


class VideoRoom(Record, frozen=True):
    """Where the circle meets by video: a sealed link, and the seat that gave it."""

    seat: str
    content: str


class Roles(Record, frozen=True):
    """Who has which role beyond case owner. ``facilitator=None``: the method itself.

    ``looked_back``: it was asked who was case owner in the meeting before.
    """

    facilitator: str | None = None
    others: tuple[tuple[str, str], ...] = ()
    looked_back: bool = False


class Round(Record, frozen=True):
    """The case under way."""

    number: int
    owner: str
    case: str | None = None


class Agenda(Record, frozen=True):
    """``cases`` to take up as ``(case, owner)``, those ``spare``, the cases ``done`` (begun), rounds completed."""

    cases: tuple[tuple[str, str], ...] = ()
    spare: tuple[tuple[str, str], ...] = ()
    done: tuple[str, ...] = ()
    completed: int = 0
    module: str | None = None


class Ending(Record, frozen=True):
    """A step that ends ``until`` then at the latest. ``seats``: whose text is waited for, where they may be named.

    ``outcome``: what was chosen is shown so long.
    """

    until: int
    because: Literal["done", "time", "agreed", "skipped"]
    seats: tuple[str, ...] = ()
    outcome: bool = False


class PhaseNow(Record, frozen=True):
    """The phase under way; times in milliseconds since the epoch."""

    key: str
    id: str
    kind: str
    section: Literal["opening", "round", "closing"]
    index: int
    minutes: float
    started: int
    deadline: int | None = None
    remaining: int | None = None
    signalled: bool = False
    grace: int | None = None
    module: str | None = None
    module_index: int | None = None
    silence: bool = False
    choosing: str | None = None
    """What is chosen in it: cases, a ``module``, or a kind of contribution."""
    unanimous: bool = False
    extended: int = 0
    casting: tuple[str, ...] = ()
    """Roles that must be filled before the phase asks anything."""
    part: int = 0
    parts: int = 1
    """Which of its parts is under way, from 0, and how many it has."""
    overtime: int | None = None
    """Until when what is owed is waited for, once time is up."""
    ending: Ending | None = None
    held: bool = False
    """Whether the end of the part under way was held back for whoever types: that is done once."""

    @property
    def step(self) -> str:
        """What a command that is meant for this step says: its key, and which part of it, or its casting."""
        return f"{self.key}#{'casting' if self.casting else self.part}"

    def is_named(self, said: str) -> bool:
        """Whether ``said`` means this step: as ``step`` is written, or by its key alone, whichever part it is."""
        return said in {self.step, self.key}

    @property
    def in_last_part(self) -> bool:
        """Whether nothing more is asked after this part."""
        return self.part + 1 >= self.parts

    @property
    def shows_outcome(self) -> bool:
        """Whether it only stays so that everybody sees what was chosen."""
        return self.ending is not None and self.ending.outcome


class Limit(Record, frozen=True):
    """How many all who give something may give together in this part of a phase, and how many they have."""

    give: int
    what: str
    most: int
    given: int = 0


class Desk(Record, frozen=True):
    """How far one seat is with one thing of this phase: made by ``desk``."""

    slot: Slot
    given: int
    waived: int
    """Owed turns that were passed, while others may follow."""
    passed: bool
    owed: int
    """How many are still owed: neither given nor passed."""
    open: bool
    """Whether more may be given here."""


def desk(slot: Slot, given: int = 0, waived: int = 0, *, passed: bool = False) -> Desk:
    """How far a seat is; what follows from that is worked out once, since many ask for it often."""
    owed = 0 if passed else max(0, slot.least - given - waived)
    return Desk(slot, given, waived, passed, owed, not passed and given < slot.most)


class Choice(Record, frozen=True):
    """A choice under way or made: then ``because`` says what decided it, and ``at`` when."""

    votes: tuple[tuple[str, dict[str, int]], ...] = ()
    chosen: tuple[str, ...] = ()
    tally: dict[str, int] | None = None
    because: str | None = None
    at: int | None = None

    @property
    def made(self) -> bool:
        """Whether it is over, also where there was nothing to choose from."""
        return self.because is not None

    def vote_of(self, who: Who) -> dict[str, int] | None:
        """What this seat has voted, if it has."""
        for seat, choices in self.votes:
            if seat == who:
                return choices
        return None


class Chosen(Record, frozen=True):
    """What was chosen of the contributions of one kind, by their numbers. ``round``: in which; 0 outside of one."""

    what: str
    round: int
    items: tuple[int, ...]


class Proposals(Record, frozen=True):
    """Who asks to close early, to burn, to show someone out."""

    close: tuple[str, ...] = ()
    burn: tuple[str, ...] = ()
    show_out: tuple[tuple[str, tuple[str, ...]], ...] = ()


class State(Record, frozen=True):
    """All of a meeting. ``seq``: number of events folded."""

    seq: int = 0
    info: Info = Info()
    seats: tuple[Seat, ...] = ()
    roles: Roles = Roles()
    round: Round | None = None
    agenda: Agenda = Agenda()
    phase: PhaseNow | None = None
    last: PhaseNow | None = None
    """The phase that ended last in this section; ``None`` at the start of a round."""
    between: bool = False
    """Whether a round has ended and the next has not begun."""
    positions: tuple[tuple[str, Position], ...] = ()
    queue: tuple[Turn, ...] = ()
    quiet: int = 0
    """Offered turns passed in a row."""
    desk: tuple[Desk, ...] = ()
    limits: tuple[Limit, ...] = ()
    speaker: str | None = None
    ready: tuple[str, ...] = ()
    choice: Choice | None = None
    chosen: tuple[Chosen, ...] = ()
    items: Items = Items()
    veils: tuple[Veil, ...] = ()
    proposals: Proposals = Proposals()
    tables: tuple[Table, ...] = ()
    began: tuple[tuple[str, bool], ...] = ()
    """The seats of the start but for those who left by themselves, and whether each has a device."""
    former_seats: Ids = Ids()
    former_names: Ids = Ids()
    """Ids of seats that were left, and of names and links of video rooms of before: nobody sits down as someone else."""
    video: VideoRoom | None = None

    def seat(self, seat: Who) -> Seat | None:
        """The seat with this id, if it is taken."""
        if seat is None:
            return None
        for one in self.seats:
            if one.id == seat:
                return one
        return None

    def table(self, table: str) -> Table | None:
        """The table screen with this id, if it was let in."""
        return next((one for one in self.tables if one.id == table), None)

    def place(self, seat: str, what: str) -> int:
        """Where on the desk it stands how far a seat is with this; raises ``LookupError`` where it does not."""
        for at, one in enumerate(self.desk):
            if one.slot.seat == seat and one.slot.what == what:
                return at
        raise LookupError(what)

    def id_taken(self, content: str) -> bool:
        """Whether this is the id of a contribution, a name or a video room's link, or was that of one of the last two."""
        for seat in self.seats:
            if seat.name == content:
                return True
        known = self.video is not None and self.video.content == content
        return known or self.items.has(content) or self.former_names.has(content)

    def seat_id_taken(self, seat: str) -> bool:
        """Whether this is or was the id of a seat."""
        return self.seat(seat) is not None or self.former_seats.has(seat)

    @property
    def owner(self) -> str | None:
        """The case owner of the round under way."""
        return self.round.owner if self.round else None

    @property
    def running(self) -> bool:
        """Whether a phase is under way and the clock runs."""
        return self.info.status == "running" and self.phase is not None

    def position(self, seat: str) -> Position:
        """Where a seat is in this phase."""
        for one, position in self.positions:
            if one == seat:
                return position
        return "in"

    @property
    def floor(self) -> str | None:
        """Who has the floor: whose turn it is, or who took it in free talk."""
        return self.queue[0].seat if self.queue else self.speaker


INITIAL = State()
"""Before the first event."""
