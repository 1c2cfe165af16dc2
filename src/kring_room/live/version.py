"""A meeting at one moment, with who sits where by which device. Pure: versions follow from each other, never change."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import msgspec

from kring.meeting import TABLE, Actor, Outsider, State, Who, commands, events
from kring.methods.encoded import decode
from kring_room.live.table_screens import put_out, screens_beside
from kring_room.store.port import Device
from kring_room.store.replay import folded, state_of
from kring_room.wire import codec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kring.methods.model import Method
    from kring_room.store.port import Body, Loaded, Since, Write

Audience = Who
"""An audience: a seat, ``TABLE``, or on a device without a seat a member (``Outsider``), or ``None``: all who have the link."""


class Version(msgspec.Struct, frozen=True):
    """The state after ``seq`` events, and the devices as of then."""

    state: State
    devices: Mapping[str, Device]
    seal: int = 1
    """The newest format of sealed bodies that every device at a seat, and every table screen, reads."""

    @property
    def seq(self) -> int:
        """How many events there are."""
        return self.state.seq

    def audience_of(self, device: str) -> str | None:
        """What ``device`` sees the meeting as, whoever sits at it; ``None``: it has no seat."""
        found = self.devices.get(device)
        if found is None:
            return None
        return TABLE if found.table else found.seat

    def viewer(self, device: str, member: str | None) -> Audience:
        """What ``device`` sees the meeting as, when ``member`` sits at it."""
        seat = self.audience_of(device)
        return Outsider(member) if seat is None and member else seat

    def actor(self, device: str) -> Actor:
        """What ``device`` acts as."""
        found = self.devices.get(device)
        if found is None:
            return Actor()
        return Actor(table=True) if found.table else Actor(seat=found.seat)

    def too_new(self, bodies: Iterable[Body]) -> bool:
        """Whether somebody at a seat or table could not read one of these: the first byte is the format."""
        for one in bodies:  # noqa: SIM110 - asked of every command, and a generator takes three times as long
            if one.sealed[0] > self.seal:
                return True
        return False

    def after(self, state: State, changed: tuple[Device, ...] = ()) -> Version:
        """The version that follows."""
        if not changed:
            return Version(state, self.devices, self.seal)
        devices = {**self.devices, **{one.device: one for one in changed}}
        return Version(state, devices, seal_of(devices))


def seal_of(devices: Mapping[str, Device]) -> int:
    """The newest format that all of those at a seat or table read; the first, which everybody reads, where nobody is."""
    read = [one.seal for one in devices.values() if one.table or one.seat is not None]
    return min(codec.NEWEST_SEAL, *read) if read else 1


SEATING: Final = frozenset(
    {
        events.SeatTaken, events.SeatReturned, events.SeatLeft, events.SeatRemoved, events.TableOpened,
        events.TableClosed,
    }
)  # fmt: skip
"""The events that say who sits where by which device."""


def bound(
    devices: Mapping[str, Device],
    command: commands.AnyCommand | None,
    happened: tuple[events.AnyEvent, ...],
    device: str | None,
    seal: int = 1,
) -> tuple[Device, ...]:
    """The devices that change because of what happened: who sits down, has left, was shown out; which table screens.

    ``device``: whose command it was, or which one wants to be let in; ``seal``: the newest format that it reads.
    """
    if SEATING.isdisjoint(map(type, happened)):
        return ()
    changed: dict[str, Device] = {}
    for event in happened:
        match event:
            case events.SeatTaken(seat=seat) if (
                device and isinstance(command, commands.TakeSeat) and seat == command.seat
            ):
                changed[device] = Device(device, seat, seal=seal)
            case events.SeatReturned(seat=seat, alone=alone) if device:
                others = [one for one in devices.values() if alone and one.seat == seat]
                changed |= {one.device: Device(one.device) for one in others}
                changed[device] = Device(device, seat, seal=seal)
            case events.SeatLeft(seat=seat, because=because) | events.SeatRemoved(seat=seat, because=because):
                out = because != "left"
                at_seat = [one.device for one in devices.values() if one.seat == seat]
                along = screens_beside(devices, seat) if out else ()
                changed |= {one: Device(one, shown_out=out) for one in (*at_seat, *along)}
            case events.TableOpened() if device:
                changed[device] = Device(device, table=True, seal=seal)
            case events.TableClosed():
                changed |= put_out(devices, event)
            case _:
                pass
    return tuple(changed.values())


@lru_cache(maxsize=256)
def method_of(raw: bytes) -> Method:
    """A meeting's method, one object for all meetings by it: it is larger than a meeting."""
    return decode(raw)


def replayed(loaded: Loaded) -> Version | None:
    """The version that a snapshot and the log after it lead to; ``None``: another release made that snapshot."""
    state = state_of(loaded)
    if state is None:
        return None
    devices = {one.device: one for one in loaded.devices}
    return Version(state, devices, seal_of(devices))


def after_write(before: Version, write: Write) -> tuple[Version, tuple[events.AnyEvent, ...]]:
    """The version after what another node wrote upon ``before``, and what happened; ``before`` itself if nothing did."""
    state, happened = folded(before.state, write.events)
    changed = tuple(one for one in write.devices if before.devices.get(one.device) != one)
    return (before.after(state, changed) if happened or changed else before), happened


def caught_up(before: Version, since: Since) -> tuple[Version, tuple[events.AnyEvent, ...]]:
    """The same after all that the store has since. Raises ``ValueError`` when it has less than ``before``."""
    if since.seq != before.seq + len(since.events):
        raise ValueError(since.seq)
    state, happened = folded(before.state, since.events)
    changed = tuple(one for one in since.devices if before.devices.get(one.device) != one)
    return (before.after(state, changed) if happened or changed else before), happened
