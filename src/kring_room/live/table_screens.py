"""Table screens among the devices of a meeting: which is which, what opens one, which go along with whoever is shown out. Pure.

A browser may show a person's own seat and a table screen; the screen is a device of its own, named after the browser's. The log
and the views know it by an id that says nothing of the device. It is let in by an event, so that it stands in everybody's view
before anything is sent to it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from kring.meeting import Actor, Refusal, commands, events, execute
from kring_room.store.port import Device

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kring.meeting import State
    from kring.methods.model import Method

_PREFIX: Final = "table:"
_ID_LENGTH: Final = 12
GOING: Final = frozenset({events.SeatLeft, events.SeatRemoved})
"""The events with which somebody's table screens may go along."""
Happened = tuple[events.AnyEvent, ...]


def screen_of(browser: str) -> str:
    """The device that a browser's table screen is."""
    return _PREFIX + browser


def browser_of(device: str) -> str:
    """The browser that a device is of."""
    return device.removeprefix(_PREFIX)


def id_of(device: str) -> str:
    """What the log and the views call a table screen."""
    return hashlib.sha256(device.encode()).hexdigest()[:_ID_LENGTH]


def put_out(devices: Mapping[str, Device], event: events.TableClosed) -> dict[str, Device]:
    """The devices that change when a table screen is closed: it is out for good."""
    return {
        one.device: Device(one.device, shown_out=True)
        for one in devices.values()
        if one.table and id_of(one.device) == event.table
    }


def screens_beside(devices: Mapping[str, Device], seat: str) -> tuple[str, ...]:
    """The table screens in the browsers that sit at a seat."""
    beside = (screen_of(one.device) for one in devices.values() if one.seat == seat)
    return tuple(screen for screen in beside if screen in devices and devices[screen].table)


def with_screens(
    devices: Mapping[str, Device], happened: Happened, state: State, *, method: Method, now: int
) -> tuple[Happened, State]:
    """What happened, and what follows for the table screens of those who were shown out or removed; the state after it."""
    if GOING.isdisjoint(map(type, happened)):
        return happened, state
    for event in happened:
        if isinstance(event, events.SeatLeft | events.SeatRemoved) and event.because != "left":
            for screen in screens_beside(devices, event.seat):
                closing = commands.CloseTable(id_of(screen))
                outcome = execute(state, closing, method=method, actor=Actor(room=True), now=now)
                if not isinstance(outcome, Refusal):
                    more, state = outcome
                    happened = (*happened, *more)
    return happened, state
