"""What a seat may know: ``view`` is all of it now, ``facts`` what is new since an earlier state.

These are the shapes that go over the wire; ``sections`` builds the ones that all see alike, ``projection`` what differs. A view is
a handful of sections and the contributions that its audience may see; facts are the sections that changed, and what is new.

The promise: a stale view plus the facts since equals a fresh view (``apply``), for every seat and the table screen.
Nobody reads more than their role in this phase allows: the rules are here, on the server, and nowhere else.
"""

from __future__ import annotations

from typing import Any

import msgspec


class Wire(msgspec.Struct, frozen=True, rename="kebab", gc=False):
    """Base of what goes over the wire. ``gc``: what never changes can hold no cycle."""


class MeetingView(Wire, frozen=True):
    """The meeting as a whole. ``status``: lobby, running, paused or closed."""

    id: str
    method: str
    status: str
    doors: str
    practice: bool
    written: bool
    factor: int
    burned: bool
    smallest: int
    largest: int
    started: bool


class SeatView(Wire, frozen=True):
    """A chair. ``roles``: owner, participant, facilitator and the method's own; ``name``: id of the sealed name.

    ``awaited``: whether the meeting waits for what this seat owes: it takes part now, or is the case owner's.
    """

    id: str
    name: str
    here: bool
    device: bool
    guest: bool
    roles: tuple[str, ...]
    position: str
    awaited: bool


class TableView(Wire, frozen=True):
    """A table screen: it reads along. ``seat``: of the browser that opened it, where it had one; ``at``: when."""

    id: str
    at: int
    seat: str | None


class VideoRoomView(Wire, frozen=True):
    """Where the circle meets by video: the id of a sealed link, and the seat that gave it."""

    seat: str
    content: str


class RoundView(Wire, frozen=True):
    """The round under way. ``case``: content id of the case. ``of``: how many there will be."""

    number: int
    of: int
    owner: str
    case: str | None


class SlotView(Wire, frozen=True):
    """How far a seat is with one thing of this phase. ``owed``: how many it still owes, neither given nor passed."""

    seat: str
    what: str
    least: int
    most: int
    given: int
    passed: bool
    by: str
    form: str
    fields: str | None
    turn: bool
    owed: int


class LimitView(Wire, frozen=True):
    """All who give this together give ``most`` of it in this part of the phase at most; they have ``given`` so many."""

    what: str
    most: int
    given: int


class FloorView(Wire, frozen=True):
    """Who speaks now, what for, whose turn follows. ``owed``: taken exactly once or passed; else offered."""

    seat: str
    what: str | None
    owed: bool
    next: tuple[str, ...]


class PhaseView(Wire, frozen=True):
    """The phase under way. Times in milliseconds since the epoch; ``remaining`` only while paused.

    ``deadline`` runs on the server's clock: compare with ``now`` of ``welcome`` and ``pong``. ``casting``: roles that must be
    filled before the phase asks anything. ``part``: which of its ``parts`` is under way, from 0. ``overtime``:
    until when what is owed is waited for, once time is up. ``ending``: when it ends at the latest, once that is sure, so that
    whoever still types may hand it in. ``outcome``: a vote has been decided, and stays in sight until the step ends; if there is an
    ``ending``, that is for it. ``step``: what commands that are meant for it and no other say as their ``phase``.
    """

    key: str
    id: str
    kind: str
    section: str
    index: int
    minutes: float
    started: int
    deadline: int | None
    remaining: int | None
    signalled: bool
    grace: int | None
    module: str | None
    module_index: int | None
    silence: bool
    extended: int
    casting: tuple[str, ...]
    part: int
    parts: int
    overtime: int | None
    ending: int | None = None
    step: str = ""
    outcome: bool = False


class ChoiceView(Wire, frozen=True):
    """A choice under way or made. ``cast``: who has voted; ``tally`` only when all have."""

    options: tuple[str, ...]
    cast: tuple[str, ...]
    chosen: tuple[str, ...]
    tally: dict[str, int] | None
    because: str | None


class ChosenView(Wire, frozen=True):
    """What was chosen of the contributions of one kind, by their numbers, the first choice first."""

    what: str
    items: tuple[int, ...]


class ItemView(Wire, frozen=True):
    """A contribution that this audience may see. ``content`` is ``None`` for what was said aloud."""

    n: int
    seat: str
    what: str
    phase: str
    id: str
    round: int
    at: int
    content: str | None


class ProposalsView(Wire, frozen=True):
    """Who asks to close early, to burn the content, to show someone out.

    ``burn_of``: of how many who have a say in burning more than half must ask; shown out or not, they count. ``close_of``: the same
    for closing early, of those who are here; 0 from a server that does not say.
    """

    close: tuple[str, ...]
    burn: tuple[str, ...]
    show_out: dict[str, tuple[str, ...]]
    burn_of: int = 0
    close_of: int = 0


Actions = tuple[tuple[str, str], ...]
"""``[command, detail]`` pairs, sorted."""


class MineView(Wire, frozen=True):
    """What is for this seat alone.

    ``permitted``: ``[command, detail]`` pairs; ``acting``: the same for each seat without a device, or absent, that
    this one may act for. ``vote``: my own vote. ``typing``: whose text a step that is ending waits for, as far as this
    audience may know it.
    """

    seat: str | None
    permitted: Actions
    acting: dict[str, Actions]
    vote: dict[str, int] | None
    typing: tuple[str, ...] = ()


class View(Wire, frozen=True):
    """All that an audience may know. ``facts`` replace sections whole, but for ``items`` (by ``n``) and places of ``desk``."""

    meeting: MeetingView
    seats: tuple[SeatView, ...]
    round: RoundView | None
    phase: PhaseView | None
    floor: FloorView | None
    desk: tuple[SlotView, ...]
    limits: tuple[LimitView, ...]
    ready: tuple[str, ...]
    choice: ChoiceView | None
    chosen: tuple[ChosenView, ...]
    agenda: tuple[str, ...]
    proposals: ProposalsView
    tables: tuple[TableView, ...]
    mine: MineView
    items: tuple[ItemView, ...]
    video: VideoRoomView | None = None


class Facts(msgspec.Struct, frozen=True, gc=False):
    """What changed: ``set`` replaces sections of the view by name, ``items`` are added (or replace the same ``n``).

    ``desk`` replaces the places of the desk with the same seat and ``what``. ``fresh``: this audience is another than
    before (it sat down, or left); forget the items that it had.
    """

    set: dict[str, Any] = {}
    items: tuple[ItemView, ...] = ()
    desk: tuple[SlotView, ...] = ()
    fresh: bool = False
