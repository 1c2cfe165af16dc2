"""All that goes over the wire: messages, commands, sections of the view, codes. Plain JSON, as it comes and goes.

Generated from ``docs/protocol.schema.json``; don't edit, but run: make protocol
"""

from __future__ import annotations

from typing import Final, Literal, NotRequired, TypedDict, get_args


class AddSeat(TypedDict):
    """Put a chair for someone without a device; the facilitator or the table acts for it."""

    type: Literal["add-seat"]
    seat: str
    name: str


class Burn(TypedDict):
    """Ask that all content be destroyed now; done when a majority of the seats of the start asks it.

    ``on``: for a seat without a device, where fewer than two people have one.
    """

    type: Literal["burn"]
    on: NotRequired[str | None]


class ChoiceView(TypedDict):
    """A choice under way or made. ``cast``: who has voted; ``tally`` only when all have."""

    options: list[str]
    cast: list[str]
    chosen: list[str]
    tally: dict[str, int] | None
    because: str | None


class Choose(TypedDict):
    """Decide a choice that the facilitator makes with the group, or the case owner.

    ``choices``: ids of cases in order, the id of one module, or of what was given: ``#`` and its number.
    """

    type: Literal["choose"]
    choices: list[str]
    on: NotRequired[str | None]
    phase: NotRequired[str | None]


class ChosenView(TypedDict):
    """What was chosen of the contributions of one kind, by their numbers, the first choice first."""

    what: str
    items: list[int]


class CloseDoors(TypedDict):
    """Nobody else gets in, link or not."""

    type: Literal["close-doors"]


class CloseMeeting(TypedDict):
    """End early: at once by the facilitator, else when a majority asks it."""

    type: Literal["close-meeting"]


CloseReason = Literal[
    "restarting",
    "frame-too-large",
    "ticket-forged",
    "ticket-expired",
    "ticket-elsewhere",
    "hello-expected",
    "not-json",
    "unknown-type",
    "bad-shape",
    "too-fast",
    "replaced",
    "shown-out",
    "doors-closed",
    "too-slow",
    "unknown-meeting",
    "not-text",
    "full",
    "device-ended",
]
"""Why the room closes a connection: reason and code of the close frame."""


class Devices(TypedDict):
    """How many devices listen besides those that a view shows: to those at a seat or table, when it changes.

    ``seats``: how many are connected at a seat, where there are more than one. ``visitors``: how many are connected without a seat.
    ``offline``: the seats that still count as here while no device of theirs is connected, or none answers. It is to be shown only:
    what is permitted goes by ``here``. ``knocks``: how many who have the key knock at the closed doors.
    """

    type: Literal["devices"]
    seats: dict[str, int]
    visitors: int
    offline: NotRequired[list[str]]
    knocks: NotRequired[int]


class TakeSeat(TypedDict):
    """Sit down. ``seat`` and ``name`` (a sealed body) are ids that the device made up."""

    type: Literal["take-seat"]
    seat: str
    name: str
    guest: NotRequired[bool]


class ReturnToSeat(TypedDict):
    """Come back to an absent seat with another device, while the doors are open; to a member's only as that member."""

    type: Literal["return-to-seat"]
    seat: str


class Leave(TypedDict):
    """Leave for good. ``on``: a seat without a device leaves."""

    type: Literal["leave"]
    on: NotRequired[str | None]


class ShowOut(TypedDict):
    """Show someone out: at once by the facilitator, but once; else when a majority of the others asks it."""

    type: Literal["show-out"]
    seat: str


class OpenDoors(TypedDict):
    """Let others in again."""

    type: Literal["open-doors"]


class TakeFacilitation(TypedDict):
    """Become facilitator, when nobody is or the facilitator is away."""

    type: Literal["take-facilitation"]
    on: NotRequired[str | None]


class HandFacilitation(TypedDict):
    """Hand the role to another seat, or lay it down (``None``): the method itself facilitates."""

    type: Literal["hand-facilitation"]
    to: NotRequired[str | None]


class TakeRole(TypedDict):
    """Take a vacant role of the method (secretary, observer, ...)."""

    type: Literal["take-role"]
    role: str
    on: NotRequired[str | None]


class GiveRole(TypedDict):
    """The facilitator gives a role of the method to a seat."""

    type: Literal["give-role"]
    role: str
    seat: str


class Start(TypedDict):
    """Begin the first phase."""

    type: Literal["start"]


class Give(TypedDict):
    """Contribute; ``content=None`` says "I said it aloud, I'm done"."""

    type: Literal["give"]
    what: str
    content: NotRequired[str | None]
    on: NotRequired[str | None]
    phase: NotRequired[str | None]


class Pass(TypedDict):
    """Pass what one owes, or end an offered turn without taking it."""

    type: Literal["pass"]
    what: str
    on: NotRequired[str | None]
    phase: NotRequired[str | None]


class TakeFloor(TypedDict):
    """Say that one speaks now, in a phase of free talk."""

    type: Literal["take-floor"]
    on: NotRequired[str | None]
    phase: NotRequired[str | None]


class ReleaseFloor(TypedDict):
    """Say that one has finished. The facilitator may say so of whoever speaks, also of whoever has a turn."""

    type: Literal["release-floor"]
    on: NotRequired[str | None]
    phase: NotRequired[str | None]


class Vote(TypedDict):
    """Vote on cases (content ids) or modules; a later vote replaces it. Weights: 1, or 1 to 5 for urgency."""

    type: Literal["vote"]
    choices: dict[str, int]
    on: NotRequired[str | None]
    phase: NotRequired[str | None]


class Ready(TypedDict):
    """Mark oneself ready for the next phase, or not."""

    type: Literal["ready"]
    ready: NotRequired[bool]
    on: NotRequired[str | None]
    phase: NotRequired[str | None]


class EndPhase(TypedDict):
    """Go to the next phase, where nothing is owed any more or time is up."""

    type: Literal["end-phase"]
    phase: NotRequired[str | None]


class SkipPhase(TypedDict):
    """Leave out this phase, where the method allows it."""

    type: Literal["skip-phase"]
    phase: NotRequired[str | None]


class Extend(TypedDict):
    """Give this phase more minutes, within the bounds of the method."""

    type: Literal["extend"]
    minutes: int
    phase: NotRequired[str | None]


class Pause(TypedDict):
    """Stop the clock."""

    type: Literal["pause"]


class Resume(TypedDict):
    """Let the clock go on."""

    type: Literal["resume"]


class TakeBack(TypedDict):
    """Take back what one asked, until it is decided. ``what``: ``close-meeting``, ``burn``, or the seat that was to be shown out.

    ``on``: for a seat without a device, whose ``burn`` was asked for it.
    """

    type: Literal["take-back"]
    what: str
    on: NotRequired[str | None]


class Speed(TypedDict):
    """Make time go ``factor`` times as fast (1 to 60), or with 0 stand still. Practice meetings only."""

    type: Literal["speed"]
    factor: int


class RemoveTable(TypedDict):
    """Put out a table screen: it is sent nothing any more, and does not come back."""

    type: Literal["remove-table"]
    table: str


class EndDevices(TypedDict):
    """Put out every other device at one's own seat: this one is its only one from now on."""

    type: Literal["end-devices"]


class SetVideoRoom(TypedDict):
    """Say where the circle meets by video: ``content``, a sealed link; or with ``None`` that it is nowhere any more."""

    type: Literal["set-video-room"]
    content: NotRequired[str | None]


DoCommand = (
    TakeSeat
    | AddSeat
    | ReturnToSeat
    | Leave
    | ShowOut
    | CloseDoors
    | OpenDoors
    | TakeFacilitation
    | HandFacilitation
    | TakeRole
    | GiveRole
    | Start
    | Give
    | Pass
    | TakeFloor
    | ReleaseFloor
    | Vote
    | Choose
    | Ready
    | EndPhase
    | SkipPhase
    | Extend
    | Pause
    | Resume
    | CloseMeeting
    | Burn
    | TakeBack
    | Speed
    | RemoveTable
    | EndDevices
    | SetVideoRoom
)


class Do(TypedDict):
    """A command with an id of the device's own making; a repeat gets the first answer. Bodies go down with the event."""

    type: Literal["do"]
    id: str
    command: DoCommand
    bodies: NotRequired[dict[str, str]]


class Done(TypedDict):
    """The command ``id`` is durable as of event ``seq``."""

    type: Literal["done"]
    id: str
    seq: int


class MeetingView(TypedDict):
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


class SeatView(TypedDict):
    """A chair. ``roles``: owner, participant, facilitator and the method's own; ``name``: id of the sealed name.

    ``awaited``: whether the meeting waits for what this seat owes: it takes part now, or is the case owner's.
    """

    id: str
    name: str
    here: bool
    device: bool
    guest: bool
    roles: list[str]
    position: str
    awaited: bool


class RoundView(TypedDict):
    """The round under way. ``case``: content id of the case. ``of``: how many there will be."""

    number: int
    of: int
    owner: str
    case: str | None


PhaseView = TypedDict(
    "PhaseView",
    {
        "key": str,
        "id": str,
        "kind": str,
        "section": str,
        "index": int,
        "minutes": float,
        "started": int,
        "deadline": int | None,
        "remaining": int | None,
        "signalled": bool,
        "grace": int | None,
        "module": str | None,
        "module-index": int | None,
        "silence": bool,
        "extended": int,
        "casting": list[str],
        "part": int,
        "parts": int,
        "overtime": int | None,
        "ending": NotRequired[int | None],
        "step": NotRequired[str],
        "outcome": NotRequired[bool],
    },
)
"""The phase under way. Times in milliseconds since the epoch; ``remaining`` only while paused.

``deadline`` runs on the server's clock: compare with ``now`` of ``welcome`` and ``pong``. ``casting``: roles that must be
filled before the phase asks anything. ``part``: which of its ``parts`` is under way, from 0. ``overtime``:
until when what is owed is waited for, once time is up. ``ending``: when it ends at the latest, once that is sure, so that
whoever still types may hand it in. ``outcome``: a vote has been decided, and stays in sight until the step ends; if there is an
``ending``, that is for it. ``step``: what commands that are meant for it and no other say as their ``phase``.
"""


class FloorView(TypedDict):
    """Who speaks now, what for, whose turn follows. ``owed``: taken exactly once or passed; else offered."""

    seat: str
    what: str | None
    owed: bool
    next: list[str]


class SlotView(TypedDict):
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


class LimitView(TypedDict):
    """All who give this together give ``most`` of it in this part of the phase at most; they have ``given`` so many."""

    what: str
    most: int
    given: int


ProposalsView = TypedDict(
    "ProposalsView",
    {
        "close": list[str],
        "burn": list[str],
        "show-out": dict[str, list[str]],
        "burn-of": NotRequired[int],
        "close-of": NotRequired[int],
    },
)
"""Who asks to close early, to burn the content, to show someone out.

``burn_of``: of how many who have a say in burning more than half must ask; shown out or not, they count. ``close_of``: the same
for closing early, of those who are here; 0 from a server that does not say.
"""


class TableView(TypedDict):
    """A table screen: it reads along. ``seat``: of the browser that opened it, where it had one; ``at``: when."""

    id: str
    at: int
    seat: str | None


class MineView(TypedDict):
    """What is for this seat alone.

    ``permitted``: ``[command, detail]`` pairs; ``acting``: the same for each seat without a device, or absent, that
    this one may act for. ``vote``: my own vote. ``typing``: whose text a step that is ending waits for, as far as this
    audience may know it.
    """

    seat: str | None
    permitted: list[list[str]]
    acting: dict[str, list[list[str]]]
    vote: dict[str, int] | None
    typing: NotRequired[list[str]]


class VideoRoomView(TypedDict):
    """Where the circle meets by video: the id of a sealed link, and the seat that gave it."""

    seat: str
    content: str


class FactsOutSet(TypedDict):
    """Sections of the view, each whole."""

    meeting: NotRequired[MeetingView]
    seats: NotRequired[list[SeatView]]
    round: NotRequired[RoundView | None]
    phase: NotRequired[PhaseView | None]
    floor: NotRequired[FloorView | None]
    desk: NotRequired[list[SlotView]]
    limits: NotRequired[list[LimitView]]
    ready: NotRequired[list[str]]
    choice: NotRequired[ChoiceView | None]
    chosen: NotRequired[list[ChosenView]]
    agenda: NotRequired[list[str]]
    proposals: NotRequired[ProposalsView]
    tables: NotRequired[list[TableView]]
    mine: NotRequired[MineView]
    video: NotRequired[VideoRoomView | None]


class ItemView(TypedDict):
    """A contribution that this audience may see. ``content`` is ``None`` for what was said aloud."""

    n: int
    seat: str
    what: str
    phase: str
    id: str
    round: int
    at: int
    content: str | None


class FactsOut(TypedDict):
    """Changed sections of the view by name, new items, and changed places of the desk.

    A place of the desk is replaced by the one with the same ``seat`` and ``what``. ``fresh``: forget the items that there were.
    """

    set: NotRequired[FactsOutSet]
    items: NotRequired[list[ItemView]]
    desk: NotRequired[list[SlotView]]
    fresh: NotRequired[bool]


class FactsMessage(TypedDict):
    """What changed up to ``seq``. ``because``: the types of the events, for sounds and spoken sentences."""

    type: Literal["facts"]
    seq: int
    because: list[str]
    facts: FactsOut
    bodies: NotRequired[dict[str, str]]


class Hello(TypedDict):
    """First message of a device, within 10 s. ``since``: the last ``seq`` it heard, to get only what it missed.

    ``seal``: the newest format of sealed bodies that it reads; whoever reads one reads those before it.
    ``knock``: if the doors are closed, let those inside know. Only after a ``trouble`` that said that one may.
    """

    type: Literal["hello"]
    ticket: str
    since: NotRequired[int | None]
    seal: NotRequired[int]
    knock: NotRequired[bool]


class Ping(TypedDict):
    """Asks for a ``pong``: keeps the line open and sets the clock."""

    type: Literal["ping"]
    n: int


class Pong(TypedDict):
    """Answer to ``ping``."""

    type: Literal["pong"]
    n: int
    now: int


class Unsent(TypedDict):
    """Whether this device holds text for the step ``phase`` (as in a command) that it has not sent: when that changes.

    It is not answered, and written down nowhere. Only where the ``welcome`` says that the room ``takes`` it.
    """

    type: Literal["unsent"]
    phase: str
    unsent: bool


Received = Hello | Do | Ping | Unsent
"""What a device may send."""


Refusal = Literal[
    "advice-not-now",
    "alone",
    "already-given",
    "already-seated",
    "already-started",
    "bad-value",
    "content-burned",
    "content-taken",
    "doors-closed",
    "facilitator-only",
    "floor-taken",
    "group-full",
    "group-too-small",
    "limit-reached",
    "meeting-closed",
    "meeting-full",
    "must-be-spoken",
    "must-be-written",
    "no-extension-left",
    "no-floor",
    "no-say",
    "not-asked",
    "not-in-this-phase",
    "not-in-writing",
    "not-paused",
    "not-seated",
    "not-skippable",
    "not-started",
    "not-your-turn",
    "nothing-owed",
    "only-device",
    "owner-only",
    "paused",
    "phase-ending",
    "phase-over",
    "practice-only",
    "role-taken",
    "room-only",
    "seat-of-member",
    "seat-present",
    "seat-taken",
    "silenced",
    "still-owed",
    "too-long",
    "unknown-choice",
    "unknown-role",
    "unknown-seat",
    "unknown-table",
    "wrong-votes",
    "bad-body",
    "body-too-long",
    "body-missing",
    "body-unasked",
    "seal-too-new",
    "try-again",
]
"""Why a command was refused."""


class Refused(TypedDict):
    """The command ``id`` changed nothing. ``code``: a code of ``kring.meeting.refusals`` or of the wire."""

    type: Literal["refused"]
    id: str
    code: Refusal


class Seal(TypedDict):
    """From now on, seal bodies in this ``format``: what all devices at a seat or table read has changed."""

    type: Literal["seal"]
    format: int


class View(TypedDict):
    """All that an audience may know. ``facts`` replace sections whole, but for ``items`` (by ``n``) and places of ``desk``."""

    meeting: MeetingView
    seats: list[SeatView]
    round: RoundView | None
    phase: PhaseView | None
    floor: FloorView | None
    desk: list[SlotView]
    limits: list[LimitView]
    ready: list[str]
    choice: ChoiceView | None
    chosen: list[ChosenView]
    agenda: list[str]
    proposals: ProposalsView
    tables: list[TableView]
    mine: MineView
    items: list[ItemView]
    video: NotRequired[VideoRoomView | None]


class Welcome(TypedDict):
    """Answer to ``hello``. Either ``view`` (all of it) or ``facts`` (since the ``seq`` that was asked for).

    ``seq``: what to come back with. While bodies are still to come it is the one that was asked for, or 0 with a view.
    ``now``: the server's clock, milliseconds since the epoch; count down against it, not against your own.
    ``seal``: the format to seal bodies in: the newest one that every device at a seat, and every table screen, reads.
    ``takes``: messages that may be sent here, besides those that every release takes.
    """

    type: Literal["welcome"]
    seq: int
    now: int
    seat: str | None
    table: bool
    view: NotRequired[View | None]
    facts: NotRequired[FactsOut | None]
    bodies: NotRequired[dict[str, str]]
    seal: NotRequired[int]
    takes: NotRequired[list[str]]


class Trouble(TypedDict):
    """Said before the room closes the connection, with the same code in the close frame.

    ``knock``: at closed doors, whether the next ``hello`` may ``knock``.
    """

    type: Literal["trouble"]
    code: CloseReason
    knock: NotRequired[bool]


Sent = Welcome | FactsMessage | Done | Refused | Pong | Seal | Devices | Trouble
"""What a device may receive."""

CLOSE_CODES: Final[dict[CloseReason, int]] = {
    "restarting": 1012,
    "frame-too-large": 1009,
    "ticket-forged": 4001,
    "ticket-expired": 4002,
    "ticket-elsewhere": 4003,
    "hello-expected": 4004,
    "not-json": 4005,
    "unknown-type": 4006,
    "bad-shape": 4007,
    "too-fast": 4008,
    "replaced": 4009,
    "shown-out": 4010,
    "doors-closed": 4011,
    "too-slow": 4012,
    "unknown-meeting": 4013,
    "not-text": 4014,
    "full": 4015,
    "device-ended": 4016,
}
"""The number of the close frame."""
REFUSALS: Final[tuple[Refusal, ...]] = get_args(Refusal)
