"""The checker finds nothing where nothing is wrong, and each broken promise where one was broken on purpose."""

from __future__ import annotations

import functools
from collections.abc import Callable
from itertools import pairwise

import msgspec
import pytest
from msgspec.structs import replace

from kring.meeting import events
from kring.methods.library import load
from tests.torture.checker import PROMISES, SLACK, judge
from tests.torture.history import Answered, Asked, Evidence, Heard, History, Json
from tests.torture.ideal import Ideal
from tests.torture.ledger import asked_of

SEATS = 5
Spoil = Callable[[Evidence], Evidence]


@functools.cache
def ideal(method: str = "linxx-9", steps: int = 45) -> Evidence:
    """A meeting with nothing wrong; long enough for something to be hidden."""
    room = Ideal(load(method), max(SEATS, load(method).group.min), seed=7)
    for history in room.histories[:2]:
        room.do(history, {"type": "start"}, {})
    room.play(steps)
    return room.evidence()


@functools.cache
def hiding() -> Evidence:
    """A meeting in a phase whose contributions nobody may see but their author."""
    room = Ideal(load("linxx-9"), SEATS, seed=7)
    for _ in range(400):
        room.play(1)
        veiled = {veil.phase for veil in room.state.veils}
        if any(item.content and item.phase in veiled for item in room.state.items):
            return room.evidence()
    raise AssertionError("nothing is ever hidden")


def found(evidence: Evidence) -> set[str]:
    return {violation.what for violation in judge(evidence)}


def frames(history: History, kind: str) -> list[tuple[int, Json]]:
    """Where in a history frames of this kind are, and what they say."""
    heard = [
        (n, msgspec.json.decode(entry.frame)) for n, entry in enumerate(history.entries) if isinstance(entry, Heard)
    ]
    return [(n, frame) for n, frame in heard if frame["type"] == kind]


def says(evidence: Evidence, device: int, place: int, frame: Json | None) -> Evidence:
    """The same, but that this device heard something else there, or nothing."""
    history = evidence.histories[device]
    entries = list(history.entries)
    if frame is None:
        del entries[place]
    else:
        entries[place] = Heard(entries[place].at, msgspec.json.encode(frame).decode())
    return with_history(evidence, device, History(history.device, history.table, entries))


def with_history(evidence: Evidence, device: int, history: History) -> Evidence:
    histories = list(evidence.histories)
    histories[device] = history
    return replace(evidence, histories=tuple(histories))


def answered(evidence: Evidence, what: str) -> tuple[int, Answered]:
    """The last command of this kind that was done: the place of its device, and its row."""
    asked = asked_of(evidence)
    row = next(row for row in reversed(evidence.answers) if asked[row.device, row.command].command["type"] == what)
    return next(n for n, one in enumerate(evidence.histories) if one.device == row.device), row


# -- each promise, broken


def lost_at_the_end(evidence: Evidence) -> Evidence:
    """As after a crash of a store that says done too early."""
    cut = evidence.answers[-3].seq
    kept = tuple(row for row in evidence.answers if row.seq < cut)
    return replace(evidence, log=evidence.log[: kept[-1].seq], answers=kept)


def lost_answer(evidence: Evidence) -> Evidence:
    return replace(evidence, answers=evidence.answers[:-1])


def lost_body(evidence: Evidence) -> Evidence:
    given = next(one for one in evidence.log if isinstance(one, events.ContributionGiven) and one.content)
    return replace(evidence, contents=evidence.contents - {given.content or ""})


def doubled_answer(evidence: Evidence) -> Evidence:
    row = evidence.answers[-4]
    return replace(evidence, answers=(*evidence.answers, replace(row, seq=len(evidence.log))))


def doubled_content(evidence: Evidence) -> Evidence:
    given = next(one for one in evidence.log if isinstance(one, events.ContributionGiven) and one.content)
    return replace(evidence, log=(*evidence.log, given))


def reordered_for_one(evidence: Evidence) -> Evidence:
    """A device hears of its second command first."""
    history = evidence.histories[0]
    (first, _), (second, _), *_ = frames(history, "done")
    entries = list(history.entries)
    late = replace(entries[first], at=entries[second].at + 0.0001)
    entries = [*entries[:first], *entries[first + 1 : second + 1], late, *entries[second + 1 :]]
    return with_history(evidence, 0, History(history.device, history.table, entries))


def test_order_in_which_a_device_repeats_what_was_done_is_no_fault() -> None:
    """Its line broke before it heard of either."""
    spoilt = reordered_for_one(ideal())
    (early, _), (late, _), *_ = frames(history := spoilt.histories[0], "done")
    entries = list(history.entries)
    for place in (late, early):
        answer = entries[place]
        assert isinstance(answer, Heard)
        name = msgspec.json.decode(answer.frame)["id"]
        asked = next(one for one in entries if isinstance(one, Asked) and one.id == name)
        entries.insert(place, replace(asked, at=answer.at - 0.00001))
    assert found(spoilt) == {"reordered"}
    assert found(with_history(spoilt, 0, History(history.device, history.table, entries))) == set()


def reordered_for_two(evidence: Evidence) -> Evidence:
    """Somebody asks after another was answered, and comes before them in the log."""
    device, row = answered(evidence, "give")
    entries = [
        replace(entry, at=99.0) if isinstance(entry, Asked) and entry.id == row.command else entry
        for entry in evidence.histories[device].entries
    ]
    history = evidence.histories[device]
    return with_history(evidence, device, History(history.device, history.table, entries))


def refused_present(evidence: Evidence) -> Evidence:
    device, row = answered(evidence, "give")
    place = next(n for n, frame in frames(evidence.histories[device], "done") if frame["id"] == row.command)
    return says(evidence, device, place, {"type": "refused", "id": row.command, "code": "silenced"})


def unasked(evidence: Evidence) -> Evidence:
    last = evidence.log[-1]
    return replace(evidence, log=(*evidence.log, events.SpeedChanged(at=last.at, factor=2)))


def unasked_row(evidence: Evidence) -> Evidence:
    return replace(evidence, answers=(*evidence.answers, Answered("device0000", "never", 9)))


def answer_changed(evidence: Evidence) -> Evidence:
    history = evidence.histories[0]
    _, frame = frames(history, "done")[1]
    again = Heard(98.0, msgspec.json.encode({**frame, "seq": frame["seq"] + 1}).decode())
    return with_history(evidence, 0, History(history.device, history.table, [*history.entries, again]))


def gap(evidence: Evidence) -> Evidence:
    """A frame did not come, and a later one says the same section again."""
    told = [(n, frame) for n, frame in frames(evidence.histories[2], "facts") if frame["because"]]
    pairs = ((a, b) for a, b in pairwise(told) if parts(a[1]) <= parts(b[1]) and not a[1]["facts"]["items"])
    (place, _), _ = next(pairs)
    return says(evidence, 2, place, None)


def parts(frame: Json) -> set[str]:
    return set(frame["facts"]["set"]) | {f"desk of {slot['seat']}" for slot in frame["facts"].get("desk", ())}


def stale(evidence: Evidence) -> Evidence:
    place, frame = next((n, one) for n, one in frames(evidence.histories[2], "facts") if "seats" in one["facts"]["set"])
    frame["facts"]["set"]["seats"][0]["here"] = False
    return says(evidence, 2, place, frame)


def went_back(evidence: Evidence) -> Evidence:
    place, frame = frames(evidence.histories[3], "facts")[-1]
    return says(evidence, 3, place, {**frame, "seq": len(evidence.log) + 1})


def went_back_on_return(evidence: Evidence) -> Evidence:
    history = evidence.histories[3]
    early = next(entry for entry in history.entries if isinstance(entry, Heard))
    return with_history(evidence, 3, History(history.device, history.table, [*history.entries, early]))


def leaked_item(evidence: Evidence) -> Evidence:
    """Somebody hears what another has written, while it is hidden."""
    author, _ = answered(evidence, "give")
    frame = frames(evidence.histories[author], "facts")[-1][1]
    assert frame["facts"]["items"]
    other = (author + 1) % SEATS
    place, heard = frames(evidence.histories[other], "facts")[-1]
    assert not heard["facts"]["items"], "it is hidden"
    heard["facts"]["items"] = frame["facts"]["items"]
    return says(evidence, other, place, heard)


def leaked_body(evidence: Evidence) -> Evidence:
    """Only the sealed body, without anything that names it."""
    author, _ = answered(evidence, "give")
    frame = frames(evidence.histories[author], "facts")[-1][1]
    other = (author + 1) % SEATS
    place, heard = frames(evidence.histories[other], "facts")[-1]
    return says(evidence, other, place, {**heard, "bodies": frame["bodies"]})


def bodies_alone(seq: int, bodies: Json) -> Heard:
    frame = {"type": "facts", "seq": seq, "because": [], "facts": {"set": {}, "items": []}, "bodies": bodies}
    return Heard(97.0, msgspec.json.encode(frame).decode())


def leaked_body_ahead(evidence: Evidence) -> Evidence:
    """The same, in a frame of its own, as those that do not fit into the next."""
    author, _ = answered(evidence, "give")
    frame = frames(evidence.histories[author], "facts")[-1][1]
    other = evidence.histories[(author + 1) % SEATS]
    *_, (_, before), (place, _) = frames(other, "facts")
    entries = [*other.entries[:place], bodies_alone(before["seq"], frame["bodies"]), *other.entries[place:]]
    return with_history(evidence, (author + 1) % SEATS, History(other.device, other.table, entries))


def leaked_reason(evidence: Evidence) -> Evidence:
    """A stranger hears why."""
    place, frame = frames(evidence.histories[-1], "facts")[-1]
    return says(evidence, len(evidence.histories) - 1, place, {**frame, "because": ["seat-taken"]})


def leaked_field(evidence: Evidence) -> Evidence:
    place, frame = frames(evidence.histories[1], "facts")[-1]
    return says(evidence, 1, place, {**frame, "content": "idid"})


def body_changed(evidence: Evidence) -> Evidence:
    place, frame = next((n, one) for n, one in frames(evidence.histories[2], "facts") if one["bodies"])
    frame["bodies"] = {name: f"{body[:-1]}{'A' if body[-1] != 'A' else 'B'}" for name, body in frame["bodies"].items()}
    return says(evidence, 2, place, frame)


def body_missing(evidence: Evidence) -> Evidence:
    place, frame = [(n, one) for n, one in frames(evidence.histories[2], "facts") if one["bodies"]][-1]
    return says(evidence, 2, place, {**frame, "bodies": {}})


def deadline_doubled(evidence: Evidence) -> Evidence:
    """Two nodes end the same phase."""
    evidence = ideal("linxx-9", 3000)
    ended = next(one for one in evidence.log if isinstance(one, events.PhaseEnded))
    return replace(evidence, log=(*evidence.log, ended))


def signalled_twice(evidence: Evidence) -> Evidence:
    place = next(n for n, one in enumerate(evidence.log) if isinstance(one, events.PhaseSignalled))
    return replace(evidence, log=(*evidence.log[: place + 1], *evidence.log[place:]))


def deadline_early(evidence: Evidence) -> Evidence:
    place = next(n for n, one in enumerate(evidence.log) if isinstance(one, events.PhaseSignalled))
    early = replace(evidence.log[place], at=evidence.log[place].at - 60_000)
    return replace(evidence, log=(*evidence.log[:place], early, *evidence.log[place + 1 :]))


def deadline_missed(evidence: Evidence) -> Evidence:
    return replace(evidence, now=evidence.now + 3_600_000)


SPOILT: list[tuple[str, Spoil]] = [
    ("lost", lost_at_the_end), ("lost", lost_answer), ("lost", lost_body), ("doubled", doubled_answer),
    ("doubled", doubled_content), ("reordered", reordered_for_one), ("reordered", reordered_for_two),
    ("refused-present", refused_present), ("unasked", unasked), ("unasked", unasked_row),
    ("answer-changed", answer_changed), ("gap", gap), ("stale", stale), ("went-back", went_back),
    ("went-back", went_back_on_return), ("leak", leaked_item), ("leak", leaked_body), ("leak", leaked_reason),
    ("leak", leaked_body_ahead), ("leak", leaked_field), ("body", body_changed), ("body", body_missing),
    ("deadline-doubled", deadline_doubled),
    ("deadline-missed", deadline_missed),
]  # fmt: skip


@pytest.mark.parametrize("method", ["linxx-9", "leading-org-7", "tietze-6"])
def test_a_whole_meeting_without_a_fault_has_no_violation(method: str) -> None:
    evidence = ideal(method, 3000)
    assert isinstance(evidence.log[-1], events.MeetingClosed)
    assert len(evidence.answers) > 30
    assert judge(evidence) == []


def test_a_refusal_is_no_violation() -> None:
    assert any(asking.refused for asking in asked_of(ideal()).values())
    assert judge(ideal()) == []


@pytest.mark.parametrize(("what", "spoil"), SPOILT, ids=lambda one: getattr(one, "__name__", one))
def test_a_broken_promise_is_seen(what: str, spoil: Spoil) -> None:
    evidence = hiding()
    assert judge(evidence) == []
    seen = found(spoil(evidence))
    assert what in seen


@pytest.mark.parametrize("spoil", [signalled_twice, deadline_early])
def test_a_deadline_that_fires_twice_or_early_is_seen(spoil: Spoil) -> None:
    evidence = signalled()
    assert judge(evidence) == []
    seen = found(spoil(evidence))
    assert "deadline-doubled" in seen


@functools.cache
def signalled() -> Evidence:
    """A meeting in which time was up."""
    room = Ideal(load("linxx-9"), SEATS, seed=3)
    for _ in range(60):
        room.play(1)
        if room.state.phase and room.state.phase.deadline:
            room.now = max(room.now, room.state.phase.deadline)
            room.strike()
        if any(isinstance(one, events.PhaseSignalled) for one in room.log):
            return room.evidence()
    raise AssertionError("time was never up")


def test_every_promise_was_broken_by_some_test() -> None:
    assert {what for what, _ in SPOILT} == set(PROMISES)


def test_a_deadline_may_wait_for_a_moment() -> None:
    evidence = signalled()
    last = evidence.log[-1].at
    assert judge(replace(evidence, now=last + SLACK)) == []


def test_a_command_that_changed_nothing_is_not_lost() -> None:
    room = Ideal(load("linxx-9"), SEATS, seed=7)
    room.play(12)
    leader = next(one for one in room.histories if one.device == "device0000")
    room.play(40)
    ready = [{"type": "ready", "ready": False}]
    for command in ready:
        room.do(leader, command, {})
    assert judge(room.evidence()) == []


def test_a_violation_names_no_content() -> None:
    texts = [body for asking in asked_of(hiding()).values() for body in asking.bodies.values()]
    told = [violation for _, spoil in SPOILT for violation in judge(spoil(hiding()))]
    assert told
    assert not any(text in one.detail for text in texts for one in told)
