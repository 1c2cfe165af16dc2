"""What a device says of text that it has not sent: noted in memory, told to other nodes, written down nowhere.

``report`` stands before the room, like ``admit``. While a step is ending that waits for a seat, hearing that its devices hold
nothing any more is worth deciding about: then the step need not wait for the rest of the moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kring.meeting import commands
from kring_room.live.pending import ROOM, Request

if TYPE_CHECKING:
    from kring_room.live.pending import Connection
    from kring_room.live.room import Room
    from kring_room.wire.messages import Unsent


def report(room: Room, connection: Connection, message: Unsent) -> None:
    """A device at a seat says whether it holds text for the step under way that it has not sent; of another it means nothing."""
    ahead = room.ahead
    seat, phase = ahead.actor(connection.device).seat, ahead.state.phase
    if phase is None or not phase.is_named(message.phase):
        return
    if seat is None or not room.presence.note_unsent(connection.device, message.phase, unsent=message.unsent):
        return
    waited = phase.ending is not None and seat in phase.ending.seats and seat not in room.presence.unsent(ahead)
    if waited and not message.unsent and not room.in_doubt:
        room.decide(Request(commands.SetUnsent(seat), ROOM))
