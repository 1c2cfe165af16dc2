"""What the room tells the web of its meetings: that they began and closed, when members were present, and in which roles.

The room writes an entry in the same commit as the event that it is about, into a table of its own store (an *outbox*), so none
is lost and none is made up. Entries have ids that rise in the order of the commits, on one node and on many. Whoever reads keeps
the id of the last one that it applied, in the same transaction as what it did with it: so each has its effect exactly once,
through kills, and after a restore, since entries are kept for a week (``KEPT_DAYS``) and a backup copies the web's store first.

Only members are named, by the opaque id that their ticket brought; of somebody who came with the link nothing is told. There is
no content here, and nothing that was said, given or voted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import msgspec

from kring.meeting import events as e
from kring.meeting import evolve
from kring_room import adapters
from kring_room.store.port import FeedRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from kring.meeting import State
    from kring.meeting.state import Seat

FORMAT: Final = 1
"""The version of what is written. Raise it when an entry changes, and keep reading the older ones."""
KEPT_DAYS: Final = 7


class Entry(msgspec.Struct, frozen=True, rename="kebab", tag_field="type", omit_defaults=True):
    """Base of all entries. ``at``: milliseconds since the epoch."""

    at: int


class Started(Entry, frozen=True, tag="started"):
    """The first phase began."""


class Closed(Entry, frozen=True, tag="closed"):
    """The meeting is over."""

    because: Literal["done", "early", "empty"]


class Presence(Entry, frozen=True, tag="presence"):
    """From now on this member is here, or no longer is."""

    member: str
    here: bool
    because: Literal["sat-down", "returned", "away", "back", "left", "shown-out", "removed"]


class Role(Entry, frozen=True, tag="role"):
    """From now on this member is ``owner``, ``facilitator`` or has a role of the method, or no longer is."""

    member: str
    role: str
    held: bool


AnyEntry = Started | Closed | Presence | Role
"""Every entry."""


class Report(msgspec.Struct, frozen=True):
    """An entry of a meeting, as the web reads it."""

    id: int
    meeting: str
    entry: AnyEntry


class FeedError(Exception):
    """The feed can't be read on: a newer release wrote what comes next, or the store is of before what was read already."""


TOLD: Final = frozenset(
    {
        e.MeetingStarted, e.MeetingClosed, e.SeatTaken, e.SeatReturned, e.SeatLeft, e.SeatRemoved, e.PresenceChanged,
        e.FacilitatorChanged, e.RoleTaken, e.RoundStarted, e.RoundEnded,
    }
)  # fmt: skip
"""The events that may have something to tell; most have not."""
_decoder: Final[msgspec.json.Decoder[AnyEntry]] = msgspec.json.Decoder(AnyEntry)


def rows_of(before: State, happened: tuple[e.AnyEvent, ...]) -> tuple[FeedRow, ...]:
    """What the web is to know of these events, which follow upon ``before``."""
    if TOLD.isdisjoint(map(type, happened)):
        return ()
    found: list[AnyEntry] = []
    for event in happened:
        after = evolve(before, event)
        found += _meeting(event)
        found += _presence(before, after, event)
        found += _roles(before, after, event.at)
        before = after
    return tuple(FeedRow(entry.at, FORMAT, msgspec.json.encode(entry)) for entry in found)


def read(where: Path | str, after: int, *, most: int = 200) -> tuple[Report, ...]:
    """The entries after ``after``, in order. Raises ``FeedError`` and ``StoreError``."""
    found, newest = adapters.read_feed(where, after, most)
    if newest < after:
        raise FeedError(f"The last entry is {newest}, and {after} was read already.")
    reports: list[Report] = []
    for one in found:
        if one.row.version > FORMAT:
            if reports:
                break  # those before it first
            raise FeedError(f"Entry {one.id} is of a later release.")
        reports.append(Report(one.id, one.meeting, _decoder.decode(one.row.body)))
    return tuple(reports)


def _meeting(event: e.AnyEvent) -> Iterator[AnyEntry]:
    match event:
        case e.MeetingStarted(at=at):
            yield Started(at)
        case e.MeetingClosed(at=at, because=because):
            yield Closed(at, because)
        case _:
            pass


def _presence(before: State, after: State, event: e.AnyEvent) -> Iterator[AnyEntry]:
    seat: str | None = getattr(event, "seat", None)
    member = _member(after, seat) or _member(before, seat)
    if member is None:
        return
    match event:
        case e.SeatTaken():
            yield Presence(event.at, member, here=True, because="sat-down")
        case e.SeatReturned(alone=False):
            yield Presence(event.at, member, here=True, because="returned")
        case e.PresenceChanged(here=here):
            yield Presence(event.at, member, here=here, because="back" if here else "away")
        case e.SeatLeft(because=because):
            yield Presence(event.at, member, here=False, because=because)
        case e.SeatRemoved():
            yield Presence(event.at, member, here=False, because="removed")
        case _:
            pass


def _roles(before: State, after: State, at: int) -> Iterator[AnyEntry]:
    """Whoever lays down a role first, then whoever takes one up."""
    was, now = _held(before), _held(after)
    if was == now:
        return
    yield from (Role(at, member, role, held=False) for member, role in was if (member, role) not in now)
    yield from (Role(at, member, role, held=True) for member, role in now if (member, role) not in was)


def _held(state: State) -> tuple[tuple[str, str], ...]:
    """Which members have which roles; none any more when the meeting is over."""
    if state.info.status == "closed":
        return ()
    seats: Iterable[tuple[str | None, str]] = (
        (None if state.between else state.owner, "owner"),
        (state.roles.facilitator, "facilitator"),
        *((seat, role) for role, seat in state.roles.others),
    )
    members = ((_member(state, seat), role) for seat, role in seats)
    return tuple((member, role) for member, role in members if member)


def _member(state: State, seat: str | None) -> str | None:
    found: Seat | None = state.seat(seat)
    return found.member if found else None
