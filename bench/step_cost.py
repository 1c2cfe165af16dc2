"""What one contribution costs in the engine and its audiences: decision, fold, views, encoding. No I/O, no network.

``python -m bench.step_cost [--rounds N] [--json]`` prints microseconds for a gossip contribution in a room of seven: the
median and the best of many, by part. ``median_us`` is the median of the method that takes longer.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from statistics import median

from kring.meeting import INITIAL, WITH_LINK, Actor, Refusal, State, commands, due, evolve, execute, open_meeting, view
from kring.methods.library import load
from kring.methods.model import Method
from kring_room.live.attendees import Attendees
from kring_room.live.pending import ROOM, Pending, Request
from kring_room.live.version import Version
from kring_room.settings import RoomSettings
from kring_room.store.memory import MemoryStore
from kring_room.store.port import Device
from kring_room.wire import codec

SEATS = tuple(f"seat{n:08d}" for n in range(7))
BODY = "A" * 400
"""Sealed content of 300 bytes, as text."""
SHARES = 15
"""Contributions in a row, in a room that has just been entered: two and a half times around the circle."""


class Seat:
    """A guest of the room that only counts."""

    closed = False
    person = WITH_LINK
    seal = codec.NEWEST_SEAL

    def __init__(self, device: str) -> None:
        self.device = device
        self.heard = 0

    def send(self, frame: bytes) -> None:
        """Take a frame."""
        self.heard += len(frame)

    hold = welcome = send

    def trouble(self, code: str, *, knock: bool = False) -> None:  # noqa: ARG002 - the port's
        """Nothing is wrong here."""
        raise RuntimeError(code)

    def keep_alive(self, now: float) -> None:
        """It is always there."""

    def answer(self, command: str, answer: int | str) -> None:
        """Nothing is asked here."""
        raise RuntimeError((command, answer))


def happened(state: State, command: commands.AnyCommand, method: Method, audience_of: str | None, now: int) -> State:
    """The state after a command that must be permitted."""
    outcome = execute(state, command, method=method, actor=Actor(seat=audience_of), now=now)
    if isinstance(outcome, Refusal):
        raise RuntimeError((outcome, command))  # noqa: TRY004 - the bench plays wrongly
    return outcome[1]


def played(method: Method, phase: str) -> State:
    """A meeting of seven that has come to the first phase of this kind."""
    state = evolve(INITIAL, open_meeting("m" * 20, method, now=1, seed=1))
    for seat in SEATS:
        state = happened(state, commands.TakeSeat(seat=seat, name=f"name{seat}"), method, None, 2)
    state = happened(state, commands.TakeFacilitation(), method, SEATS[0], 3)
    state = happened(state, commands.Start(), method, SEATS[0], 3)
    for n in range(2000):
        if state.phase and state.phase.kind == phase:
            return state
        state = moved_on(state, method, n)
    raise RuntimeError(f"no {phase} in {method.id}")


def moved_on(state: State, method: Method, n: int) -> State:
    """The state after the first thing that somebody has to do."""
    for seat in SEATS:
        mine = view(state, seat, method=method).mine
        for command, detail in mine.permitted:
            if command == "give":
                return happened(state, commands.Give(what=detail, content=f"content{n:05d}"), method, seat, 4)
            if command == "vote" and mine.vote is None:
                one = next(iter(state.items)).content or ""
                return happened(state, commands.Vote(choices={one: 1}), method, seat, 4)
            if command == "end-phase":
                return happened(state, commands.EndPhase(), method, seat, 4)
    outcome = execute(state, commands.Tick(), method=method, actor=Actor(room=True), now=due(state) or 0)
    if isinstance(outcome, Refusal):
        raise RuntimeError(outcome)  # noqa: TRY004 - the bench plays wrongly
    return outcome[1]


class Bench:
    """A room of seven in a gossip phase, where turns go round, or one contributes freely."""

    def __init__(self, method: Method, kind: str) -> None:
        self.method = method
        self.start = Version(played(method, kind), {f"device-{seat}": Device(f"device-{seat}", seat) for seat in SEATS})
        state = self.start.state
        self.free = [(one.slot.seat, one.slot.what) for one in state.desk if one.open and not one.slot.turn]
        self.spent: dict[str, list[float]] = {"step": [], "publish": [], "all": []}

    def room(self) -> Attendees:
        """A room in which all seven are."""
        attendees = Attendees(self.start, self.method, MemoryStore(), RoomSettings())
        for device in self.start.devices:
            seat = Seat(device)
            attendees.catch_up(seat, None)  # as when it is let in
            attendees.join(seat, ())
        return attendees

    def run(self, shares: int) -> None:
        """One stretch of contributions by one person."""
        attendees, now, state = self.room(), self.start, self.start.state
        for n in range(shares):
            audience_of, what = (
                (state.queue[0].seat, state.queue[0].what) if state.queue else self.free[n % len(self.free)]
            )
            command = commands.Give(what=what, content=(content := f"hypothesis{n:05d}"))
            began = time.perf_counter()
            outcome = execute(state, command, method=self.method, actor=Actor(seat=audience_of), now=5)
            if isinstance(outcome, Refusal):
                raise RuntimeError(outcome)  # noqa: TRY004 - the bench plays wrongly
            decided = time.perf_counter()
            events, state = outcome
            after = now.after(state)
            request = Request(command, ROOM, texts={content: BODY})
            attendees.publish(Pending(now, after, request, events=events))
            ended = time.perf_counter()
            now = after
            for part, spent in zip(self.spent, (decided - began, ended - decided, ended - began), strict=True):
                self.spent[part].append(spent * 1e6)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    gc.disable()
    found: dict[str, float] = {}
    for method in ("linxx-9", "leading-org-7"):
        bench = Bench(load(method), "gossip")
        for _ in range(options.rounds):
            bench.run(SHARES)
        sys.stdout.write(f"{method}\n")
        report(bench)
        found |= {f"{method}_{part}_us": round(median(spent), 1) for part, spent in bench.spent.items()}
    found["median_us"] = max(value for name, value in found.items() if name.endswith("all_us"))
    if options.json:
        sys.stdout.write(json.dumps(found) + "\n")


def report(bench: Bench) -> None:
    """Print the parts of one method."""
    for part, spent in bench.spent.items():
        spent.sort()
        most = spent[len(spent) * 99 // 100]
        sys.stdout.write(f"  {part:6} median {median(spent):7.1f}  best {spent[0]:7.1f}  p99 {most:7.1f} us\n")


if __name__ == "__main__":
    main()
