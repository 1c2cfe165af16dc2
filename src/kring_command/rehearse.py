"""``kring rehearse METHOD``: a whole meeting with scripted seats, to see what a method does."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from kring.methods import library
from kring.methods.errors import MethodError
from kring.methods.model import Method
from kring.methods.reader import read
from kring.rehearsal.rehearsal import Line, Plan, RehearsalFailed, rehearse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What comes after the command."""
    parser.description = "Plays a whole meeting with scripted seats: the log, and what each seat saw."
    parser.add_argument("method", metavar="METHOD", help="id of a method in the library, or a method file")
    parser.add_argument(
        "--people", type=int, metavar="N", help="how many take part (default: 6, or as many as it allows)"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="decides all chance (default: 1)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, with all that each seat saw")
    parser.add_argument(
        "--facilitator",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="whether someone facilitates (default: yes)",
    )
    parser.add_argument("--written", action="store_true", help="the written form, over hours and days")
    parser.add_argument(
        "--chairs", type=int, default=0, metavar="N", help="how many of them have no device (default: 0)"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Rehearse, and print as it goes. 0: played to the end; 1: broken off; 2: nothing to play."""
    try:
        method = load(args.method)
        people = args.people or min(max(6, method.group.min), method.group.max)
        plan = Plan(
            people=people, seed=args.seed, facilitator=args.facilitator, written=args.written, chairs=args.chairs
        )
        lines = rehearse(method, plan)
    except (MethodError, LookupError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    try:
        for text in _json_lines(lines) if args.json else readable(lines):
            print(text)
    except RehearsalFailed as error:
        print(f"Broken off: {error}", file=sys.stderr)
        return 1
    return 0


def load(name: str) -> Method:
    """A method of the library by its id, else of a file."""
    if name in library.names() or not Path(name).exists():
        return library.load(name)
    return read(Path(name).read_bytes(), name)


def _json_lines(lines: Iterable[Line]) -> Iterator[str]:
    return (json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines)


def readable(lines: Iterable[Line]) -> Iterator[str]:
    """The log for people: one line an event, seats by letter, then how many facts each audience got."""
    letters: dict[str, str] = {}
    started: int | None = None
    saw: dict[str, int] = {}
    for line in lines:
        started = line["at"] if started is None else started
        clock = _clock(line["at"] - started)
        if line["line"] == "log":
            event = dict(line["event"])
            if event["type"] == "seat-taken":
                letters[event["seat"]] = chr(ord("A") + len(letters))
            yield f"{clock}  {_sentence(event, letters)}"
        elif line["line"] == "saw":
            who = str(line["who"] or "a device without a seat")
            who = letters.get(who, who)
            saw[who] = saw.get(who, 0) + 1
        elif line["line"] == "end":
            yield f"{clock}  {line['events']} events"
            yield "        messages: " + ", ".join(f"{who} {count}" for who, count in sorted(saw.items()))


def _clock(passed: int) -> str:
    seconds = passed // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


_QUIET = {"at", "type", "slots", "queue", "positions", "veils", "name", "seed", "deadline"}


def _sentence(event: dict[str, Any], letters: dict[str, str]) -> str:
    head = f"-- {event['key']} --" if event["type"] == "phase-started" else event["type"]
    shown = _QUIET | (
        {"key", "id", "kind", "section", "index", "silence"} if event["type"] == "phase-started" else set()
    )
    parts = [
        f"{key}={_shown(value, letters)}" for key, value in event.items() if key not in shown and value is not None
    ]
    if event["type"] == "phase-started":
        parts += [f"{letters.get(seat, seat)} {position}" for seat, position in event.get("positions", ())]
    return " ".join([head, *parts])


def _shown(value: object, letters: dict[str, str]) -> str:
    if isinstance(value, list | tuple):
        return ",".join(_shown(one, letters) for one in value)
    if isinstance(value, dict):
        return ",".join(f"{_shown(key, letters)}:{one}" for key, one in value.items())
    return letters.get(str(value), str(value))
