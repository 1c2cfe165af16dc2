"""What someone may ask of a meeting. Imperative; each is decided by ``decide`` or refused with a code.

One frozen struct for each command, told apart by ``type`` on the wire; unknown fields are an error. ``on`` names the seat that
a command is for, where that is not the actor's own: a seat without a device, or an absent one that the facilitator passes for.
``content`` is the id of a sealed body; ``None`` means "said aloud". Who asks is not in a command but beside it: the ``Actor``, and
for somebody who sits down the ``Person``. Both come from the room.
"""

from __future__ import annotations

import msgspec

from kring.meeting.event import tag
from kring.meeting.events import Account

SeatId = str
TableId = str
ContentId = str


class Command(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", tag_field="type"):
    """Base of all commands."""


class StepCommand(Command, frozen=True, kw_only=True):
    """Base of those that belong to the step under way. ``phase``: which one they are meant for, or ``None``: whichever it is.

    ``step`` of the phase in a view; its key alone is good for every part of it. In another step they are refused.
    """

    phase: str | None = None


class TakeSeat(Command, frozen=True, tag=tag):
    """Sit down. ``seat`` and ``name`` (a sealed body) are ids that the device made up."""

    seat: SeatId
    name: ContentId
    guest: bool = False
    """A guest professional who facilitates and gives nothing of their own."""


class AddSeat(Command, frozen=True, tag=tag):
    """Put a chair for someone without a device; the facilitator or the table acts for it."""

    seat: SeatId
    name: ContentId


class ReturnToSeat(Command, frozen=True, tag=tag):
    """Come back to an absent seat with another device, while the doors are open; to a member's only as that member."""

    seat: SeatId


class EndDevices(Command, frozen=True, tag=tag):
    """Put out every other device at one's own seat: this one is its only one from now on."""


class Leave(Command, frozen=True, tag=tag):
    """Leave for good. ``on``: a seat without a device leaves."""

    on: SeatId | None = None


class ShowOut(Command, frozen=True, tag=tag):
    """Show someone out: at once by the facilitator, but once; else when a majority of the others asks it."""

    seat: SeatId


class RemoveTable(Command, frozen=True, tag=tag):
    """Put out a table screen: it is sent nothing any more, and does not come back."""

    table: TableId


class CloseDoors(Command, frozen=True, tag=tag):
    """Nobody else gets in, link or not."""


class OpenDoors(Command, frozen=True, tag=tag):
    """Let others in again."""


class SetVideoRoom(Command, frozen=True, tag=tag):
    """Say where the circle meets by video: ``content``, a sealed link; or with ``None`` that it is nowhere any more."""

    content: ContentId | None = None


class TakeFacilitation(Command, frozen=True, tag=tag):
    """Become facilitator, when nobody is or the facilitator is away."""

    on: SeatId | None = None


class HandFacilitation(Command, frozen=True, tag=tag):
    """Hand the role to another seat, or lay it down (``None``): the method itself facilitates."""

    to: SeatId | None = None


class TakeRole(Command, frozen=True, tag=tag):
    """Take a vacant role of the method (secretary, observer, ...)."""

    role: str
    on: SeatId | None = None


class GiveRole(Command, frozen=True, tag=tag):
    """The facilitator gives a role of the method to a seat."""

    role: str
    seat: SeatId


class Start(Command, frozen=True, tag=tag):
    """Begin the first phase."""


class Give(StepCommand, frozen=True, tag=tag):
    """Contribute; ``content=None`` says "I said it aloud, I'm done"."""

    what: str
    content: ContentId | None = None
    on: SeatId | None = None


class Pass(StepCommand, frozen=True, tag=tag):
    """Pass what one owes, or end an offered turn without taking it."""

    what: str
    on: SeatId | None = None


class TakeFloor(StepCommand, frozen=True, tag=tag):
    """Say that one speaks now, in a phase of free talk."""

    on: SeatId | None = None


class ReleaseFloor(StepCommand, frozen=True, tag=tag):
    """Say that one has finished. The facilitator may say so of whoever speaks, also of whoever has a turn."""

    on: SeatId | None = None


class Vote(StepCommand, frozen=True, tag=tag):
    """Vote on cases (content ids) or modules; a later vote replaces it. Weights: 1, or 1 to 5 for urgency."""

    choices: dict[str, int]
    on: SeatId | None = None


class Choose(StepCommand, frozen=True, tag=tag):
    """Decide a choice that the facilitator makes with the group, or the case owner.

    ``choices``: ids of cases in order, the id of one module, or of what was given: ``#`` and its number.
    """

    choices: tuple[str, ...]
    on: SeatId | None = None


class Ready(StepCommand, frozen=True, tag=tag):
    """Mark oneself ready for the next phase, or not."""

    ready: bool = True
    on: SeatId | None = None


class EndPhase(StepCommand, frozen=True, tag=tag):
    """Go to the next phase, where nothing is owed any more or time is up."""


class SkipPhase(StepCommand, frozen=True, tag=tag):
    """Leave out this phase, where the method allows it."""


class Extend(StepCommand, frozen=True, tag=tag):
    """Give this phase more minutes, within the bounds of the method."""

    minutes: int


class Pause(Command, frozen=True, tag=tag):
    """Stop the clock."""


class Resume(Command, frozen=True, tag=tag):
    """Let the clock go on."""


class CloseMeeting(Command, frozen=True, tag=tag):
    """End early: at once by the facilitator, else when a majority asks it."""


class Burn(Command, frozen=True, tag=tag):
    """Ask that all content be destroyed now; done when a majority of the seats of the start asks it.

    ``on``: for a seat without a device, where fewer than two people have one.
    """

    on: SeatId | None = None


class TakeBack(Command, frozen=True, tag=tag):
    """Take back what one asked, until it is decided. ``what``: ``close-meeting``, ``burn``, or the seat that was to be shown out.

    ``on``: for a seat without a device, whose ``burn`` was asked for it.
    """

    what: str
    on: SeatId | None = None


class Speed(Command, frozen=True, tag=tag):
    """Make time go ``factor`` times as fast (1 to 60), or with 0 stand still. Practice meetings only."""

    factor: int


class SetPresence(Command, frozen=True, tag=tag):
    """The room reports that a seat's devices are all gone (after the grace), or that one is back."""

    seat: SeatId
    here: bool


class RemoveSeat(Command, frozen=True, tag=tag):
    """The room reports that ``member`` is no longer of the circle: the seat that they took goes."""

    seat: SeatId
    member: str


class SetUnsent(Command, frozen=True, tag=tag):
    """The room reports that the devices at ``seat`` hold no text any more which a step that is ending waits for."""

    seat: SeatId


class OpenTable(Command, frozen=True, tag=tag):
    """The room reports that a table screen wants in; ``seat``: of the browser that opened it, where it has one.

    ``known``: a table screen that was let in by a release that did not write this down.
    """

    table: TableId
    seat: SeatId | None = None
    known: bool = False


class CloseTable(Command, frozen=True, tag=tag):
    """The room reports that the browser of a table screen was shown out: the table goes along."""

    table: TableId


class Tick(Command, frozen=True, tag=tag):
    """The room reports that the time named by ``due`` has come."""


AnyCommand = (
    TakeSeat | AddSeat | ReturnToSeat | Leave | ShowOut | CloseDoors | OpenDoors | TakeFacilitation | HandFacilitation
    | TakeRole | GiveRole | Start | Give | Pass | TakeFloor | ReleaseFloor | Vote | Choose | Ready | EndPhase | SkipPhase
    | Extend | Pause | Resume | CloseMeeting | Burn | Speed | RemoveTable | EndDevices | SetVideoRoom | SetPresence | RemoveSeat
    | SetUnsent | OpenTable | CloseTable | Tick | TakeBack
)  # fmt: skip
"""Every command."""
RoomCommand = SetPresence | RemoveSeat | SetUnsent | OpenTable | CloseTable | Tick
"""Those that only the room itself gives; the wire refuses them."""


class Person(msgspec.Struct, frozen=True):
    """Who sits down, as the room knows it from their ticket; never from what the device says.

    ``account``: signed in as a ``member`` of the circle, or come with the ``link``. ``member``: an opaque id of that member, of
    this circle alone. ``waited``: meetings of the circle since they were case owner.
    """

    account: Account = "link"
    member: str | None = None
    waited: int = 0


WITH_LINK = Person()
"""Somebody of whom nothing is known but that they have the link."""


class Actor(msgspec.Struct, frozen=True):
    """Who asks: a seat (``seat`` set), a device without a seat yet, the table screen, or the room itself."""

    seat: SeatId | None = None
    table: bool = False
    room: bool = False
