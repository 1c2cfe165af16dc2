"""What a request makes of a meeting, and what is written of it. Pure, but for a line in the log where the engine fails.

A request is decided upon the version that everything decided before it leads to. The engine knows seats and events; what is
added here is the devices: who sits where by which one, and which table screens go along with whoever is shown out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kring.meeting import TABLE, Refusal, commands, due, execute, snapshot, upcasting
from kring_room.feed import TOLD, rows_of
from kring_room.live.bodies import sealed_bodies
from kring_room.live.faults import log_fault
from kring_room.live.pending import TRY_AGAIN, Pending, Request
from kring_room.live.table_screens import GOING, id_of, with_screens
from kring_room.live.version import SEATING, bound
from kring_room.store.expiring import DESTROYING, destroyed
from kring_room.store.port import Answer, Device, StoredEvent, Write

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kring.meeting import State
    from kring.methods.model import Method
    from kring_room.live.pending import Connection
    from kring_room.live.table_screens import Happened
    from kring_room.live.version import Version
    from kring_room.settings import RoomSettings
    from kring_room.wire.messages import Do

_FURTHER: Final = SEATING | GOING | DESTROYING | TOLD
"""The events that matter beyond the state: to devices, table screens, stored bodies or the web. Most are none of them."""
Outcome = tuple["Happened", "State"] | str | None
"""What happened and the state after it; a refusal's code; or nothing, where all is so already."""


def request_of(connection: Connection, message: Do, ahead: Version) -> Request | str:
    """What a device asks for, or why the sealed bodies that came with it won't do."""
    actor = ahead.actor(connection.device)
    bodies = sealed_bodies(message, actor.seat)
    if isinstance(bodies, str):
        return bodies
    if ahead.too_new(bodies):
        return "seal-too-new"
    key = (connection.device, message.id)
    return Request(message.command, actor, key=key, bodies=bodies, texts=message.bodies, connection=connection)


def problem_of(request: Request, ahead: Version) -> str | None:
    """Why what was taken back can't be decided anew upon ``ahead``."""
    if request.key is None:
        return TRY_AGAIN  # the room itself finds out anew what it has to do
    if request.actor != ahead.actor(request.key[0]):
        return TRY_AGAIN
    return "seal-too-new" if ahead.too_new(request.bodies) else None


def outcome_of(
    request: Request, ahead: Version, *, method: Method, now: int, unsent: frozenset[str] = frozenset()
) -> Outcome:
    """What becomes of a request with a command. ``now``: milliseconds since the epoch; ``unsent``: the seats with unsent text."""
    command, actor = request.command, request.actor
    if command is None:
        return None
    outcome: Any
    try:
        outcome = execute(
            ahead.state, command, method=method, actor=actor, now=now, person=request.person, unsent=unsent
        )
    except Exception as error:  # noqa: BLE001 - a fault in one command must not reach the others in the room
        log_fault(error, ahead.state.info.meeting, command)
        return "bad-value"
    if isinstance(outcome, Refusal):
        return outcome.code
    happened, state = outcome
    if not happened:
        return None
    if _FURTHER.isdisjoint(map(type, happened)):
        return happened, state
    return with_screens(ahead.devices, happened, state, method=method, now=now)


def step_of(
    request: Request, before: Version, outcome: tuple[Happened, State], *, now: int, chain: int, settings: RoomSettings
) -> tuple[Pending, Write]:
    """The step from ``before``, and what makes it durable: events, bodies, devices, answer and feed in one write.

    ``chain``: of the room that writes, so that what was written before something failed is told apart.
    """
    happened, state = outcome
    every = settings.snapshot_every
    further = not _FURTHER.isdisjoint(map(type, happened))
    changed = bound(before.devices, request.command, happened, request.device, request.seal) if further else ()
    burns = destroyed(happened) if further else None
    write = Write(
        meeting=before.state.info.meeting,
        after=before.seq,
        events=tuple([StoredEvent(upcasting.VERSION, upcasting.encode(event)) for event in happened]),
        bodies=request.bodies,
        devices=changed,
        answer=Answer(*request.key) if request.key else None,
        due_at=due(state),
        close_at=now if state.info.status == "closed" else None,
        burn_at=None if burns is None else now,
        burns=burns or (),
        snapshot=snapshot.encode(state) if state.seq // every > before.seq // every else None,
        feed=rows_of(before.state, happened) if further else (),
        chain=chain,
    )
    return Pending(before, before.after(state, changed), request, events=happened, bodies=request.bodies), write


def removing(
    member: str, ahead: Version, connections: Iterable[Connection]
) -> tuple[list[commands.AnyCommand], list[Device], list[Connection]]:
    """What takes a former member out of the meeting.

    The commands of the room's own, for their seat and table screens; their devices at a seat that somebody took with the link,
    which stays; and who only looks in.
    """
    own = [seat.id for seat in ahead.state.seats if seat.member == member]
    asked: list[commands.AnyCommand] = [commands.RemoveSeat(seat, member) for seat in own]
    strayed, looking = [], []
    for connection in connections:
        if connection.person.member == member:
            audience = ahead.audience_of(connection.device)
            if audience is None:
                looking.append(connection)
            elif audience == TABLE:
                asked.append(commands.CloseTable(id_of(connection.device)))
            elif audience not in own:
                strayed.append(Device(connection.device, shown_out=True))
    return asked, strayed, looking
