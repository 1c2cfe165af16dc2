"""What happened in a meeting, in the past tense: the append-only log.

The log holds no case content: a contribution is an opaque ``content`` id with its author, kind, phase and time
(``at``, milliseconds since the epoch, UTC). The shapes here are version 2; ``upcasting`` brings older ones here.
"""

from __future__ import annotations

from typing import Literal

from kring.meeting.asked import Limit, Slot, Turn, Veil
from kring.meeting.clock_events import Paused, PhaseEnding, PhaseExtended, PhaseSignalled, Resumed, SpeedChanged
from kring.meeting.event import Event, tag
from kring.meeting.retention import Retention

__all__ = ["Event", "Paused", "PhaseEnding", "PhaseExtended", "PhaseSignalled", "Resumed", "SpeedChanged"]
"""What is made elsewhere and belongs here."""

Position = Literal["in", "aside", "back", "unseen", "out"]
Account = Literal["member", "link"]


class MeetingOpened(Event, frozen=True, tag=tag):
    """A room with no one in it yet. ``seed`` decides lots."""

    meeting: str
    method: str
    seed: int = 0
    practice: bool = False
    written: bool = False
    smallest: int = 4
    largest: int = 9


class SeatTaken(Event, frozen=True, tag=tag):
    """Someone sat down; ``name`` is the id of their sealed name.

    ``account``: how they came: as a ``member`` of the circle who signed in, or with the ``link``. ``member``: an opaque id of
    that member, of this circle alone. ``waited``: meetings of the circle since this person was case owner.
    """

    seat: str
    name: str
    account: Account
    device: bool = True
    guest: bool = False
    waited: int = 0
    member: str | None = None
    previous: bool = False
    """Whether this person was case owner in the circle's meeting before this one."""


class SeatReturned(Event, frozen=True, tag=tag):
    """A seat came back with another device; ``alone``: it goes on with the one that says so, and with no other."""

    seat: str
    alone: bool = False


class SeatLeft(Event, frozen=True, tag=tag):
    """A seat left for good."""

    seat: str
    because: Literal["left", "shown-out"] = "left"


class SeatRemoved(Event, frozen=True, tag=tag):
    """A seat is gone, though nobody in the meeting asked for it: whose it was is no longer a member of the circle."""

    seat: str
    because: Literal["former-member"] = "former-member"


class PresenceChanged(Event, frozen=True, tag=tag):
    """A seat's devices are gone (after the grace), or one is back."""

    seat: str
    here: bool


class ShowOutAsked(Event, frozen=True, tag=tag):
    """Someone (``by``) asks that a seat be shown out."""

    seat: str
    by: str


class TableOpened(Event, frozen=True, tag=tag):
    """A table screen is let in: from now on it is sent what all may see. ``seat``: of the browser that opened it."""

    table: str
    seat: str | None = None


class TableClosed(Event, frozen=True, tag=tag):
    """A table screen is put out; ``shown-out``: along with whoever sat at the same browser."""

    table: str
    because: Literal["removed", "shown-out"] = "removed"


class DoorsClosed(Event, frozen=True, tag=tag):
    """Nobody else gets in."""


class DoorsOpened(Event, frozen=True, tag=tag):
    """Others may come in."""


class VideoRoomSet(Event, frozen=True, tag=tag):
    """Where the circle meets by video: ``content`` is the sealed link that ``seat`` gave; ``None``: nowhere any more."""

    seat: str
    content: str | None = None


class FacilitatorChanged(Event, frozen=True, tag=tag):
    """Who guards the method now; ``None``: the method itself."""

    seat: str | None = None
    because: Literal["taken", "handed", "laid-down", "left", "owner"] = "taken"


class RoleTaken(Event, frozen=True, tag=tag):
    """A role of the method went to a seat: ``beside`` others who have it, or in place of them.

    ``next``: nobody took it in time, so it went to whoever came next in the circle.
    """

    role: str
    seat: str
    beside: bool = False
    because: Literal["taken", "next"] = "taken"


class PreviousOwnerNamed(Event, frozen=True, tag=tag):
    """This seat was case owner in the meeting before this one: somebody said so."""

    seat: str


class MeetingStarted(Event, frozen=True, tag=tag):
    """The first phase follows."""


class RoundStarted(Event, frozen=True, tag=tag):
    """A case is taken up. ``case`` is its content id, ``None`` where the method asks for none beforehand."""

    number: int
    owner: str
    case: str | None = None


class RoundEnded(Event, frozen=True, tag=tag):
    """A case is finished, or its owner dropped out."""

    number: int
    because: Literal["done", "owner-left"] = "done"


class PhaseStarted(Event, frozen=True, tag=tag):
    """A phase began, with all that its first part asks of each seat (so that the log replays without the method).

    ``key`` is unique in the meeting: ``section:round:phase-id``. ``casting``: roles that must be filled before the phase asks
    anything; ``PartStarted`` follows then, and ``deadline`` is that of the casting. ``parts``: how many it has; a later one
    begins with a ``PartStarted`` too.
    """

    key: str
    id: str
    kind: str
    section: Literal["opening", "round", "closing"]
    index: int
    minutes: float
    deadline: int | None = None
    module: str | None = None
    module_index: int | None = None
    slots: tuple[Slot, ...] = ()
    queue: tuple[Turn, ...] = ()
    positions: tuple[tuple[str, Position], ...] = ()
    veils: tuple[Veil, ...] = ()
    silence: bool = False
    choosing: str | None = None
    unanimous: bool = False
    """It ends by agreement only when everyone is ready."""
    casting: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()
    parts: int = 1


class PartStarted(Event, frozen=True, tag=tag):
    """What a phase asks of each seat from now on, in place of what it asked before: after its casting, or in its next part."""

    slots: tuple[Slot, ...] = ()
    queue: tuple[Turn, ...] = ()
    positions: tuple[tuple[str, Position], ...] = ()
    veils: tuple[Veil, ...] = ()
    deadline: int | None = None
    limits: tuple[Limit, ...] = ()
    part: int = 0


class TurnsAdded(Event, frozen=True, tag=tag):
    """A latecomer is asked too."""

    slots: tuple[Slot, ...] = ()
    queue: tuple[Turn, ...] = ()
    positions: tuple[tuple[str, Position], ...] = ()


class ContributionGiven(Event, frozen=True, tag=tag):
    """Something was given; ``content`` is ``None`` for what was said aloud."""

    seat: str
    what: str
    content: str | None = None


class TurnPassed(Event, frozen=True, tag=tag):
    """An owed or offered item was passed; ``limit``: all together have given as many as the phase takes."""

    seat: str
    what: str
    because: Literal["passed", "absent", "time", "left", "skipped", "limit"] = "passed"


class TurnDeferred(Event, frozen=True, tag=tag):
    """It is an absent seat's turn: it moves to the end of the queue, once."""

    seat: str


class FloorTaken(Event, frozen=True, tag=tag):
    """Someone speaks, in free talk."""

    seat: str


class FloorReleased(Event, frozen=True, tag=tag):
    """The speaker has finished."""

    seat: str


class VoteCast(Event, frozen=True, tag=tag):
    """A seat voted; nobody sees how before all have."""

    seat: str
    choices: dict[str, int]


class CasesChosen(Event, frozen=True, tag=tag):
    """The cases to take up, in order, and the ``spare`` ones ``(case, owner)`` in the order in which they would follow.

    A case is named by its content id, or ``@seat`` where it was said aloud or nobody brought one. ``seat``: who said so, where
    one person decides it.
    """

    cases: tuple[str, ...]
    owners: tuple[str, ...]
    because: str
    tally: dict[str, int] = {}
    spare: tuple[tuple[str, str], ...] = ()
    seat: str | None = None


class ModuleChosen(Event, frozen=True, tag=tag):
    """The sub-protocol that will run. ``seat``: who said so, where one person decides it."""

    module: str
    because: str
    tally: dict[str, int] = {}
    seat: str | None = None


class GivenChosen(Event, frozen=True, tag=tag):
    """What was chosen of the contributions of one kind, by their numbers, the first choice first; nothing, where none was given.

    ``seat``: who said so, where one person decides it.
    """

    what: str
    items: tuple[int, ...]
    because: str
    tally: dict[str, int] = {}
    seat: str | None = None


class Revealed(Event, frozen=True, tag=tag):
    """What a phase kept hidden (or, ``withheld``, what it kept from some) may be seen from now on.

    One does not lift the other: what is hidden until all are done may be withheld from the owner for longer.
    """

    phase: str
    withheld: bool = False
    give: int | None = None


class SeatReady(Event, frozen=True, tag=tag):
    """A seat is ready for the next phase, or no longer."""

    seat: str
    ready: bool = True


class PhaseEnded(Event, frozen=True, tag=tag):
    """A phase is over."""

    key: str
    because: Literal["done", "time", "agreed", "skipped", "owner-left", "closed"]


class CloseAsked(Event, frozen=True, tag=tag):
    """Someone asks to end early."""

    seat: str


class BurnAsked(Event, frozen=True, tag=tag):
    """Someone asks that all content be destroyed."""

    seat: str


class AskTakenBack(Event, frozen=True, tag=tag):
    """Someone asks no longer to end early, to destroy all content, or to show out the seat that ``what`` names.

    An event of its own, so that an older release doesn't take it for asking once more.
    """

    seat: str
    what: str


class ContentBurned(Event, frozen=True, tag=tag):
    """All content is destroyed; the log stays."""

    because: Literal["asked", "expired"]


class ContentExpired(Event, frozen=True, tag=tag):
    """The content of one retention class is destroyed, because its time is over; another class is kept longer, or was shorter."""

    retention: Retention


class MeetingClosed(Event, frozen=True, tag=tag):
    """The end."""

    because: Literal["done", "early", "empty"]


AnyEvent = (
    MeetingOpened | SeatTaken | SeatReturned | SeatLeft | SeatRemoved | PresenceChanged | ShowOutAsked | DoorsClosed
    | DoorsOpened | FacilitatorChanged | RoleTaken | MeetingStarted | RoundStarted | RoundEnded | PhaseStarted | TurnsAdded
    | ContributionGiven | TurnPassed | TurnDeferred | FloorTaken | FloorReleased | VoteCast | CasesChosen | ModuleChosen
    | GivenChosen
    | Revealed | SeatReady | PhaseSignalled | PhaseEnding | PhaseExtended | PhaseEnded | Paused | Resumed | CloseAsked | BurnAsked
    | AskTakenBack | ContentBurned | ContentExpired | SpeedChanged | MeetingClosed | TableOpened | TableClosed
    | PreviousOwnerNamed | PartStarted | VideoRoomSet
)  # fmt: skip
"""Every event."""
