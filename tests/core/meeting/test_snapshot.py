"""A state as bytes and back is the same state again, and a meeting goes on from it as if nothing had happened.

``tests/fixtures/snapshots/FORMAT/`` holds the shape of the state in that format and, of each recorded history, the state
that it folds to. ``RECORD=1 pytest`` on this file writes the present format where it is missing; nothing is overwritten.
"""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest

from kring.meeting import INITIAL, State, evolve, replay
from kring.meeting import commands as c
from kring.meeting import events as e
from kring.meeting.snapshot import FORMAT, Snapshot, decode, encode
from kring.meeting.upcasting import upcast
from kring.methods.library import load, names
from tests.core.meeting.playing import Table, play

FIXTURES = Path(__file__).parents[2] / "fixtures"
SNAPSHOTS = FIXTURES / "snapshots"
PRESENT = SNAPSHOTS / str(FORMAT)
AT_ONCE = {"leading-org-7", "linxx-9", "tietze-6", "troika"}
"""Rounds, turns, ways of working and roles: what a state can hold. The others take part in the full run."""
LONG = PRESENT / "long.state"
HISTORIES = sorted(FIXTURES.glob("histories/*/*.jsonl"))


def folded(history: Path) -> State:
    """The state half-way through a recorded log, in the thick of it."""
    lines = history.read_bytes().splitlines()[:-1]
    records = [msgspec.json.decode(line, type=tuple[int, msgspec.Raw]) for line in lines[: len(lines) // 2]]
    return replay(upcast(number, bytes(raw)) for number, raw in records)


def snapshot_of(history: Path, folder: Path = PRESENT) -> Path:
    return folder / f"{history.parent.name}-{history.stem}.state"


def long() -> State:
    """A state with contributions on many pages, with ids of every form."""
    state = replay([e.MeetingOpened(at=1, meeting="m" * 20, method="linxx-9")])
    for n in range(300):
        content = (None, f"b{n * 7919:015d}", f"{n * 7919:020x}", f"z{n}", f"d\u00e9j\u00e0 {n}")[n % 5]
        state = evolve(state, e.ContributionGiven(at=n * n * 1000, seat=f"seat{n % 7}", what="tip", content=content))
    return state


def shape() -> bytes:
    """All fields of all parts of a state, with their types and order, without what docstrings say of them."""
    schema = msgspec.json.format(
        msgspec.json.encode(undescribed(msgspec.json.schema(Snapshot)), order="sorted"), indent=1
    )
    names = {part.__name__: list(part.__struct_fields__) for part in parts(Snapshot)}
    return schema + b"\n" + msgspec.json.format(msgspec.json.encode(names, order="sorted"), indent=1) + b"\n"


def undescribed(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {key: undescribed(value) for key, value in schema.items() if key != "description"}
    return [undescribed(one) for one in schema] if isinstance(schema, list) else schema


def parts(kind: type[msgspec.Struct]) -> set[type[msgspec.Struct]]:
    known: set[type[msgspec.Struct]] = set()
    todo: list[object] = [kind]
    while todo:
        one = todo.pop()
        todo += getattr(one, "__args__", ())
        if isinstance(one, type) and issubclass(one, msgspec.Struct) and one not in known:
            known.add(one)
            todo += [field.type for field in msgspec.structs.fields(one)]
    return known


if os.environ.get("RECORD"):
    PRESENT.mkdir(parents=True, exist_ok=True)
    missing: dict[Path, Callable[[], bytes]] = {PRESENT / "shape.json": shape, LONG: lambda: encode(long())}
    missing |= {snapshot_of(one): partial(encode, folded(one)) for one in HISTORIES}
    for place, made in missing.items():
        if not place.exists():
            place.write_bytes(made())


class Frozen(Table):
    """A meeting that is put away and taken up again after every event."""

    def _fold(self, event: e.AnyEvent) -> None:
        super()._fold(event)
        opened = decode(encode(self.state))
        assert opened == self.state
        assert opened is not None
        self.state = opened


@pytest.mark.parametrize(
    "method", [name if name in AT_ONCE else pytest.param(name, marks=pytest.mark.slow) for name in names()]
)
@pytest.mark.parametrize("trouble", [0.0, 0.2])
def test_a_meeting_goes_on_from_a_snapshot_at_every_point(method: str, trouble: float) -> None:
    """What is decided upon a decoded state, seen in it and folded from it is the same: ``Table`` checks all of it."""
    table = Frozen(load(method), seed=3, practice=bool(trouble))
    table.sit(table.method.group.min)
    table.must(table.state.seats[0].id, c.Start())
    play(table, Random(3), steps=160, trouble=trouble)
    assert replay(table.log) == table.state


def test_a_snapshot_is_bound_to_the_shape_of_the_state() -> None:
    """Where this fails, ``State`` or a part of it has changed: raise ``FORMAT`` and record the new one."""
    assert (PRESENT / "shape.json").read_bytes() == shape()


@pytest.mark.parametrize("history", HISTORIES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_snapshot_of_the_present_format_holds_what_the_log_folds_to(history: Path) -> None:
    """Where this fails, ``evolve`` folds otherwise than when the format was recorded: raise ``FORMAT``, too."""
    assert decode(snapshot_of(history).read_bytes()) == folded(history)


def test_a_long_snapshot_of_the_present_format_holds_what_was_given() -> None:
    """Where this fails, contributions are encoded otherwise than when the format was recorded: raise ``FORMAT``, too."""
    opened = decode(LONG.read_bytes())
    assert opened == long()
    assert opened is not None
    assert len(opened.items.pages) > 1


def test_a_snapshot_of_another_format_says_nothing() -> None:
    body = encode(INITIAL)
    assert decode(body) == INITIAL
    assert decode(body.replace(b"state %d" % FORMAT, b"state %d" % (FORMAT + 1))) is None
    for earlier in SNAPSHOTS.glob("*/*.state"):
        assert (decode(earlier.read_bytes()) is None) == (earlier.parent != PRESENT)


def test_a_damaged_snapshot_says_nothing() -> None:
    body = encode(evolve(INITIAL, e.MeetingOpened(at=1, meeting="m" * 20, method="linxx-9")))
    for end in range(len(body)):
        assert decode(body[:end]) is None
    assert decode(b"") is None
    assert decode(body + b"more") is None
