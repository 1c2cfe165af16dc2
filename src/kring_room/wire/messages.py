"""The wire: every message between a device and the room. ``docs/protocol.md`` tells the story around it.

Text frames of JSON, at most 64 KiB. ``bodies`` are sealed contents (base64url without padding) by content id:
the room stores and forwards them and cannot read them.
"""

from __future__ import annotations

from typing import Any, Literal

from kring.meeting import commands
from kring.meeting.views import ItemView, SlotView, View, Wire

SUBPROTOCOL = "kring.1"
MAX_FRAME = 64 * 1024
MAX_BODY = 12 * 1024
"""Bytes of one sealed body, before base64."""

Bodies = dict[str, str]
SeatCommand = (
    commands.TakeSeat | commands.AddSeat | commands.ReturnToSeat | commands.Leave | commands.ShowOut | commands.CloseDoors
    | commands.OpenDoors | commands.TakeFacilitation | commands.HandFacilitation | commands.TakeRole | commands.GiveRole
    | commands.Start | commands.Give | commands.Pass | commands.TakeFloor | commands.ReleaseFloor | commands.Vote
    | commands.Choose | commands.Ready | commands.EndPhase | commands.SkipPhase | commands.Extend | commands.Pause
    | commands.Resume | commands.CloseMeeting | commands.Burn | commands.TakeBack | commands.Speed
    | commands.RemoveTable | commands.EndDevices | commands.SetVideoRoom
)  # fmt: skip
"""Every command that a device may send."""


class Hello(Wire, frozen=True, tag="hello", forbid_unknown_fields=True):
    """First message of a device, within 10 s. ``since``: the last ``seq`` it heard, to get only what it missed.

    ``seal``: the newest format of sealed bodies that it reads; whoever reads one reads those before it.
    ``knock``: if the doors are closed, let those inside know. Only after a ``trouble`` that said that one may.
    """

    ticket: str
    since: int | None = None
    seal: int = 1
    knock: bool = False


class Do(Wire, frozen=True, tag="do", forbid_unknown_fields=True):
    """A command with an id of the device's own making; a repeat gets the first answer. Bodies go down with the event."""

    id: str
    command: SeatCommand
    bodies: Bodies = {}


class Ping(Wire, frozen=True, tag="ping", forbid_unknown_fields=True):
    """Asks for a ``pong``: keeps the line open and sets the clock."""

    n: int


class Unsent(Wire, frozen=True, tag="unsent", forbid_unknown_fields=True):
    """Whether this device holds text for the step ``phase`` (as in a command) that it has not sent: when that changes.

    It is not answered, and written down nowhere. Only where the ``welcome`` says that the room ``takes`` it.
    """

    phase: str
    unsent: bool


Received = Hello | Do | Ping | Unsent
TAKES: tuple[str, ...] = ("unsent",)
"""Messages that earlier releases did not take."""


class Welcome(Wire, frozen=True, tag="welcome"):
    """Answer to ``hello``. Either ``view`` (all of it) or ``facts`` (since the ``seq`` that was asked for).

    ``seq``: what to come back with. While bodies are still to come it is the one that was asked for, or 0 with a view.
    ``now``: the server's clock, milliseconds since the epoch; count down against it, not against your own.
    ``seal``: the format to seal bodies in: the newest one that every device at a seat, and every table screen, reads.
    ``takes``: messages that may be sent here, besides those that every release takes.
    """

    seq: int
    now: int
    seat: str | None
    table: bool
    view: View | None = None
    facts: FactsOut | None = None
    bodies: Bodies = {}
    seal: int = 1
    takes: tuple[str, ...] = TAKES


class FactsOut(Wire, frozen=True):
    """Changed sections of the view by name, new items, and changed places of the desk.

    A place of the desk is replaced by the one with the same ``seat`` and ``what``. ``fresh``: forget the items that there were.
    """

    set: dict[str, Any] = {}
    items: tuple[ItemView, ...] = ()
    desk: tuple[SlotView, ...] = ()
    fresh: bool = False


class FactsMessage(Wire, frozen=True, tag="facts"):
    """What changed up to ``seq``. ``because``: the types of the events, for sounds and spoken sentences."""

    seq: int
    because: tuple[str, ...]
    facts: FactsOut
    bodies: Bodies = {}


class Done(Wire, frozen=True, tag="done"):
    """The command ``id`` is durable as of event ``seq``."""

    id: str
    seq: int


class Refused(Wire, frozen=True, tag="refused"):
    """The command ``id`` changed nothing. ``code``: a code of ``kring.meeting.refusals`` or of the wire."""

    id: str
    code: str


class Pong(Wire, frozen=True, tag="pong"):
    """Answer to ``ping``."""

    n: int
    now: int


class Seal(Wire, frozen=True, tag="seal"):
    """From now on, seal bodies in this ``format``: what all devices at a seat or table read has changed."""

    format: int


class Devices(Wire, frozen=True, tag="devices"):
    """How many devices listen besides those that a view shows: to those at a seat or table, when it changes.

    ``seats``: how many are connected at a seat, where there are more than one. ``visitors``: how many are connected without a seat.
    ``offline``: the seats that still count as here while no device of theirs is connected, or none answers. It is to be shown only:
    what is permitted goes by ``here``. ``knocks``: how many who have the key knock at the closed doors.
    """

    seats: dict[str, int]
    visitors: int
    offline: tuple[str, ...] = ()
    knocks: int = 0


class Trouble(Wire, frozen=True, tag="trouble", omit_defaults=True):
    """Said before the room closes the connection, with the same code in the close frame.

    ``knock``: at closed doors, whether the next ``hello`` may ``knock``.
    """

    code: str
    knock: bool = False


Sent = Welcome | FactsMessage | Done | Refused | Pong | Seal | Devices | Trouble

CLOSE_CODES: dict[str, int] = {
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
"""Why the room closes a connection, with the WebSocket close code. Codes are never reused."""

WireRefusal = Literal["bad-body", "body-too-long", "body-missing", "body-unasked", "seal-too-new", "try-again"]
WIRE_REFUSALS: tuple[WireRefusal, ...] = (
    "bad-body",
    "body-too-long",
    "body-missing",
    "body-unasked",
    "seal-too-new",
    "try-again",
)
"""Refusals of the room itself: a body that isn't sealed content, is too long, is missing, or is not named by the command;
a store that could not commit."""
