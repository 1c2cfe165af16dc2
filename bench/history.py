"""What an event costs after a long history, against a short one, and how soon a long meeting opens from its snapshot.

``python -m bench.history [--json]``: the same gossip contribution in a room of seven, decided, folded and told, in meetings
that differ in what went before: 1,000 or 100,000 contributions, or as many events of other kinds. Both are measured in turn,
so that what slows the machine slows both. ``ratio`` is the larger one of the two kinds. What opens is a meeting of 100,000
events with as many contributions as a meeting holds.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from statistics import median

from bench.step_cost import BODY, SEATS, Seat, played
from kring.meeting import Actor, Refusal, State, commands, events, evolve, execute, handlers
from kring.meeting.items import PAGE
from kring.meeting.snapshot import decode, encode
from kring.methods.library import load
from kring_room.live.attendees import Attendees
from kring_room.live.pending import ROOM, Pending, Request
from kring_room.live.version import Version
from kring_room.settings import RoomSettings
from kring_room.store.memory import MemoryStore
from kring_room.store.port import Device

SHORT, LONG = 1000, 100_000
MOST = handlers.MOST_CONTRIBUTIONS
METHOD = load("leading-org-7")
KINDS = ("contributions", "others")
EARLIER, NOW = SEATS[1], SEATS[2]
"""Who gave all that went before, and who gives now."""


def lived(kind: str, count: int, state: State | None = None) -> State:
    """A meeting in its gossip round after so many events more: folded, since it would refuse so many contributions."""
    state = state or played(METHOD, "gossip")
    if kind == "contributions":
        count -= (len(state.items) + count) % PAGE  # the same place on a page, whatever the count
    for n in range(count):
        state = evolve(state, _event(kind, n))
    return state


def _event(kind: str, n: int) -> events.AnyEvent:
    if kind == "contributions":
        return events.ContributionGiven(at=5, seat=EARLIER, what="hypothesis", content=f"given{n:010d}")
    others: tuple[events.AnyEvent, ...] = (
        events.FloorTaken(at=5, seat=EARLIER),
        events.FloorReleased(at=5, seat=EARLIER),
        events.Paused(at=5, remaining=1000),
        events.Resumed(at=5, deadline=10**13),
        events.PresenceChanged(at=5, seat=SEATS[-1], here=False),
        events.PresenceChanged(at=5, seat=SEATS[-1], here=True),
        events.SeatReady(at=5, seat=EARLIER),
        events.SeatReady(at=5, seat=EARLIER, ready=False),
    )
    return others[n % len(others)]


def spend(start: Version) -> float:
    """Microseconds for one contribution and all that follows from it, in a room that is warm."""
    attendees, now, spent = Attendees(start, METHOD, MemoryStore(), RoomSettings()), start, 0.0
    for device in start.devices:
        seat = Seat(device)
        attendees.catch_up(seat, start.seq)
        attendees.join(seat, ())
    for n in range(3):
        content = f"hypothesis{n:05d}"
        command = commands.Give(what="hypothesis", content=content)
        began = time.perf_counter()
        outcome = execute(now.state, command, method=METHOD, actor=Actor(seat=NOW), now=6)
        if isinstance(outcome, Refusal):
            raise RuntimeError(outcome)  # noqa: TRY004 - the bench plays wrongly
        after = now.after(outcome[1])
        request = Request(command, ROOM, texts={content: BODY})
        attendees.publish(Pending(now, after, request, events=outcome[0]))
        spent, now = (time.perf_counter() - began) * 1e6, after
    return spent


def compared(kind: str, rounds: int) -> tuple[float, float]:
    """Median microseconds after a short and after a long history, measured in turn."""
    devices = {f"device-{seat}": Device(f"device-{seat}", seat) for seat in SEATS}
    starts = [Version(lived(kind, count), devices) for count in (SHORT, LONG)]
    spent: list[list[float]] = [[], []]
    for _ in range(rounds):
        for start, times in zip(starts, spent, strict=True):
            times.append(spend(start))
    return median(spent[0]), median(spent[1])


def opened(rounds: int) -> tuple[float, int]:
    """Milliseconds to open a long meeting, and the bytes of its snapshot."""
    state = lived("others", LONG - MOST, lived("contributions", MOST))
    body, spent = encode(state), []
    for _ in range(rounds):
        began = time.perf_counter()
        opened = decode(body)
        spent.append((time.perf_counter() - began) * 1e3)
        if opened != state:
            raise RuntimeError(opened)
    return median(spent), len(body)


def measured(rounds: int) -> dict[str, float]:
    """All figures; ``ratio`` is that of the kind that is worse."""
    handlers.MOST_CONTRIBUTIONS = 10 * LONG  # more than any meeting holds, to see what a long history costs
    found: dict[str, float] = {}
    for kind in KINDS:
        short, long = compared(kind, rounds)
        found |= {
            f"{kind}_short_us": round(short, 1),
            f"{kind}_long_us": round(long, 1),
            f"{kind}_ratio": round(long / short, 3),
        }
    found["ratio"] = max(found[f"{kind}_ratio"] for kind in KINDS)
    took, size = opened(max(5, rounds // 50))
    return found | {"open_ms": round(took, 2), "snapshot_bytes": size}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    gc.disable()
    found = measured(options.rounds)
    for name, value in found.items():
        sys.stdout.write(f"{name:32} {value:12.2f}\n")
    if options.json:
        sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
