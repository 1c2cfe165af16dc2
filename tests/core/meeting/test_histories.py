"""Logs of earlier releases still replay: ``tests/fixtures/histories/RELEASE/METHOD.jsonl``.

Each file is a log as that release wrote it (``[version, event]`` a line) and, as its last line, the view that the
table screen had. A release adds a folder (``RECORD=1 pytest`` on this file writes the one of today's version where it
is missing); no file of an earlier release is ever changed.
"""

import os
from importlib.metadata import version
from pathlib import Path
from random import Random

import msgspec
import pytest

from kring.meeting import TABLE, replay, view
from kring.meeting.commands import Start
from kring.meeting.upcasting import VERSION, encode, upcast
from kring.methods.library import load, names
from tests.core.meeting.playing import NAMES, Table, play

HISTORIES = Path(__file__).parents[2] / "fixtures" / "histories"


def record(method: str, path: Path) -> None:
    """Play a troubled meeting and write down its log."""
    table = Table(load(method), seed=7, practice=True)
    table.sit(table.method.group.min)
    table.must(NAMES[0], Start())
    play(table, Random(7), steps=220, trouble=0.06)
    lines = [msgspec.json.encode([VERSION, msgspec.Raw(encode(event))]) for event in table.log]
    seen = msgspec.json.encode(view(table.state, TABLE, method=table.method))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\n".join([*lines, seen]) + b"\n")


if os.environ.get("RECORD"):
    for one in names():
        place = HISTORIES / version("kring") / f"{one}.jsonl"
        if not place.exists():
            record(one, place)

FILES = sorted(HISTORIES.glob("*/*.jsonl"))


def test_there_is_a_history_of_every_method_of_this_release() -> None:
    assert {path.stem for path in FILES if path.parent.name == version("kring")} == set(names())


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_log_of_an_earlier_release_replays_to_what_was_seen_then(path: Path) -> None:
    *lines, seen = path.read_bytes().splitlines()
    records = [msgspec.json.decode(line, type=tuple[int, msgspec.Raw]) for line in lines]
    state = replay(upcast(number, bytes(raw)) for number, raw in records)
    now = msgspec.json.decode(msgspec.json.encode(view(state, TABLE, method=load(path.stem))))
    then = msgspec.json.decode(seen)
    assert of_then(now, then) == then


def of_then(now: object, then: object) -> object:
    """What is seen now, without what later releases say besides."""
    if isinstance(now, dict) and isinstance(then, dict):
        return {name: of_then(now[name], then[name]) for name in then}
    if isinstance(now, list) and isinstance(then, list) and len(now) == len(then):
        return [of_then(*pair) for pair in zip(now, then, strict=True)]
    return now
