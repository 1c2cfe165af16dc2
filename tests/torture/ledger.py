"""The part of the checker that compares answers with the log: all that was acknowledged, once, in order, and no more."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from kring.meeting import TABLE, Actor, Refusal, State, commands, events, execute
from kring_room.wire.messages import SeatCommand
from tests.torture.history import Asked, Evidence, Heard, Json, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

AGAIN = "try-again"
"""The one refusal that is no answer: the same command may be sent again."""
Key = tuple[str, str]


class Told(NamedTuple):
    """An answer that a device heard: a ``seq``, or a refusal's code."""

    at: float
    answer: int | str


class Asking(NamedTuple):
    """A command of a device, when it was first sent, the answers to it, and when it was sent again."""

    at: float
    command: Json
    bodies: dict[str, str]
    told: list[Told]
    again: list[float]

    @property
    def done(self) -> int | None:
        """The first ``seq`` that was told."""
        return next((one.answer for one in self.told if isinstance(one.answer, int)), None)

    @property
    def refused(self) -> bool:
        """Whether it was refused, for good."""
        return any(isinstance(one.answer, str) and one.answer != AGAIN for one in self.told)


def judge(evidence: Evidence, states: list[State]) -> Iterator[Violation]:
    """What is wrong between the answers and the log."""
    asked = asked_of(evidence)
    yield from _answers(evidence, asked, states)
    yield from _contents(evidence, asked)
    yield from _order(evidence, asked)
    yield from _explained(evidence, asked, states)


def asked_of(evidence: Evidence) -> dict[Key, Asking]:
    """Every command that was sent, by device and id."""
    asked: dict[Key, Asking] = {}
    for history in evidence.histories:
        for entry in history.entries:
            if isinstance(entry, Asked):
                asking = Asking(entry.at, entry.command, entry.bodies, [], [])
                if (first := asked.setdefault((history.device, entry.id), asking)) is not asking:
                    first.again.append(entry.at)
            elif isinstance(entry, Heard) and entry.frame.startswith(('{"type":"done"', '{"type":"refused"')):
                answer = msgspec.json.decode(entry.frame)
                found = asked.get((history.device, answer["id"]))
                if found:
                    found.told.append(Told(entry.at, answer.get("seq", answer.get("code"))))
    return asked


def actors(evidence: Evidence) -> dict[str, tuple[int, Actor]]:
    """From which ``seq`` on each device is what: by the seat that it took, which nobody else has the id of."""
    taken = {event.seat: seq for seq, event in enumerate(evidence.log, 1) if isinstance(event, events.SeatTaken)}
    found: dict[str, tuple[int, Actor]] = {}
    for history in evidence.histories:
        if history.table:
            found[history.device] = 0, Actor(table=True)
        for entry in history.entries:
            if isinstance(entry, Asked) and entry.command["type"] == "take-seat" and entry.command["seat"] in taken:
                seat = entry.command["seat"]
                found[history.device] = taken[seat], Actor(seat=seat)
    return found


def who(actor: Actor) -> str | None:
    """The audience that an actor is."""
    return TABLE if actor.table else actor.seat


def _answers(evidence: Evidence, asked: dict[Key, Asking], states: list[State]) -> Iterator[Violation]:
    rows: dict[Key, list[int]] = defaultdict(list)
    for row in evidence.answers:
        rows[row.device, row.command].append(row.seq)
    there = actors(evidence)
    for (device, command), asking in asked.items():
        kept = rows.get((device, command), [])
        done = asking.done
        answers = {one.answer for one in asking.told if one.answer != AGAIN}
        if len(answers) > 1:
            yield Violation("answer-changed", device, done or 0, f"{command}: {sorted(map(str, answers))}")
        if len(kept) > 1:
            yield Violation("doubled", device, kept[1], f"{command} was done as of {kept}")
        if asking.refused and kept:
            yield Violation("refused-present", device, kept[0], f"{command} {asking.command['type']}")
        if done is None or kept == [done]:
            continue
        if kept or not _changes_nothing(evidence, asking, there.get(device), states, done):
            yield Violation("lost", device, done, f"{command} {asking.command['type']}; written: {kept}")
    for key in rows.keys() - asked.keys():
        yield Violation("unasked", key[0], rows[key][0], f"{key[1]} was never sent")


def _changes_nothing(
    evidence: Evidence, asking: Asking, there: tuple[int, Actor] | None, states: list[State], seq: int
) -> bool:
    """Whether this command was done by doing nothing, as when someone is ready who was."""
    if seq >= len(states):
        return False
    actor = there[1] if there and there[0] <= seq else Actor()
    command = msgspec.convert(asking.command, SeatCommand)
    return decided(evidence, states[seq], command, actor, evidence.now) == ()


def _contents(evidence: Evidence, asked: dict[Key, Asking]) -> Iterator[Violation]:
    """The same again without believing the store's answers: each content has an id that is used once."""
    log: Counter[str] = Counter()
    for seq, event in enumerate(evidence.log, 1):
        content = _named(event)
        if content:
            log[content] += 1
            if log[content] > 1:
                yield Violation("doubled", "", seq, f"{content} was given twice")
    for (device, command), asking in asked.items():
        content = asking.command.get("content") or asking.command.get("name")
        if not content:
            continue
        here = content in log or content in evidence.contents
        if asking.done is not None and not (content in log and content in evidence.contents):
            yield Violation("lost", device, asking.done, f"{content} of {command}")
        if asking.refused and here:
            yield Violation("refused-present", device, 0, f"{content} of {command}")


def _named(event: events.AnyEvent) -> str | None:
    if isinstance(event, events.ContributionGiven):
        return event.content
    return event.name if isinstance(event, events.SeatTaken) else None


def _order(evidence: Evidence, asked: dict[Key, Asking]) -> Iterator[Violation]:
    """Whoever was answered before another asked comes first in the log; and one device's answers come in its order.

    But for what a device sent again: that may have been done at once, and be answered in the order of the repeats.
    """
    written = {(row.device, row.command) for row in evidence.answers}
    sent: list[tuple[float, Key, int]] = []
    heard: list[tuple[float, int, Key]] = []
    for key, asking in asked.items():
        if asking.done is not None and key in written:
            sent.append((asking.at, key, asking.done))
            at = next(one.at for one in asking.told if isinstance(one.answer, int))
            heard.append((at, asking.done, key))
    heard.sort()
    latest: dict[str, int] = {}
    for told_at, seq, (device, command) in heard:
        if any(at < told_at for at in asked[device, command].again):
            continue
        if seq <= latest.get(device, 0):
            yield Violation("reordered", device, seq, f"{command} after {latest[device]}")
        latest[device] = max(seq, latest.get(device, 0))
    highest, upcoming = 0, iter(heard)
    following = next(upcoming, None)
    for at, (device, command), seq in sorted(sent):
        while following and following[0] < at:
            highest = max(highest, following[1])
            following = next(upcoming, None)
        if seq <= highest:
            yield Violation("reordered", device, seq, f"{command} was asked after {highest} was acknowledged")


def _explained(evidence: Evidence, asked: dict[Key, Asking], states: list[State]) -> Iterator[Violation]:
    """Every step is what the engine makes of a command that was sent, or of the room's own time and presence."""
    there = actors(evidence)
    rows = sorted((row.seq, row.device, row.command) for row in evidence.answers)
    seq, place = 1, 0
    while seq < len(evidence.log):
        while place < len(rows) and rows[place][0] <= seq:
            place += 1
        end = rows[place][0] if place < len(rows) else len(evidence.log)
        taken = 0
        if place < len(rows):
            _, device, name = rows[place]
            asking = asked.get((device, name))
            since, actor = there.get(device, (0, Actor()))
            if asking:
                command = msgspec.convert(asking.command, SeatCommand)
                actor = actor if since <= seq else Actor()
                taken = _matches(evidence, states, seq, command, actor)
                taken = taken if seq + taken == end else 0
        taken = taken or _matches(evidence, states, seq, _of_the_room(evidence.log[seq]), Actor(room=True))
        if not taken:
            yield Violation("unasked", "", seq + 1, type(evidence.log[seq]).__name__)
        seq += taken or 1


def _of_the_room(event: events.AnyEvent) -> commands.AnyCommand:
    if isinstance(event, events.PresenceChanged):
        return commands.SetPresence(event.seat, event.here)
    if isinstance(event, events.TableOpened):
        return commands.OpenTable(event.table, event.seat)
    if isinstance(event, events.TableClosed):
        return commands.CloseTable(event.table)
    return commands.Tick()


def _matches(evidence: Evidence, states: list[State], seq: int, command: commands.AnyCommand, actor: Actor) -> int:
    """How many events of the log from here on this command makes; 0 when it would make others."""
    made = decided(evidence, states[seq], command, actor, evidence.log[seq].at)
    return len(made) if made and evidence.log[seq : seq + len(made)] == made else 0


def decided(
    evidence: Evidence, state: State, command: commands.AnyCommand, actor: Actor, now: int
) -> tuple[events.AnyEvent, ...] | None:
    """What the engine makes of it; ``None`` for a refusal."""
    outcome = execute(state, command, method=evidence.method, actor=actor, now=now)
    return None if isinstance(outcome, Refusal) else tuple(outcome[0])
