"""A meeting at one moment, with who sits where by which device. Pure: versions follow from each other, never change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from kring.meeting import TABLE, Actor, State, commands, events, replay, upcasting
from kring_room.store import Device

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kring_room.store import Loaded

Who = str | None
"""An audience: a seat, ``TABLE``, or ``None`` for a device without a seat."""


class Version(msgspec.Struct, frozen=True):
    """The state after ``seq`` events, and the devices as of then."""

    state: State
    devices: Mapping[str, Device]

    @property
    def seq(self) -> int:
        """How many events there are."""
        return self.state.seq

    def who(self, device: str) -> Who:
        """What ``device`` sees the meeting as."""
        found = self.devices.get(device)
        if found is None:
            return None
        return TABLE if found.table else found.seat

    def actor(self, device: str) -> Actor:
        """What ``device`` acts as."""
        found = self.devices.get(device)
        if found is None:
            return Actor()
        return Actor(table=True) if found.table else Actor(seat=found.seat)

    def after(self, state: State, changed: tuple[Device, ...] = ()) -> Version:
        """The version that follows."""
        devices = {**self.devices, **{one.device: one for one in changed}} if changed else self.devices
        return Version(state, devices)


def bound(
    devices: Mapping[str, Device],
    command: commands.AnyCommand | None,
    happened: tuple[events.AnyEvent, ...],
    device: str | None,
) -> tuple[Device, ...]:
    """The devices that change because of what happened: who sits down, who has left, who was shown out."""
    changed: dict[str, Device] = {}
    for event in happened:
        match event:
            case events.SeatTaken(seat=seat) if (
                device and isinstance(command, commands.TakeSeat) and seat == command.seat
            ):
                changed[device] = Device(device, seat)
            case events.SeatReturned(seat=seat) if device:
                changed[device] = Device(device, seat)
            case events.SeatLeft(seat=seat, because=because):
                for one in devices.values():
                    if one.seat == seat:
                        changed[one.device] = Device(one.device, shown_out=because == "shown-out")
            case _:
                pass
    return tuple(changed.values())


def replayed(loaded: Loaded) -> Version:
    """The version that a log leads to."""
    happened = (upcasting.upcast(one.version, one.body) for one in loaded.events)
    return Version(replay(happened), {one.device: one for one in loaded.devices})
