"""What is measured over the wire, a function a section; each returns plain JSON. ``Form`` says how much of it."""

from __future__ import annotations

import contextlib
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench.contenders import Contender, Played, floor, kring, plan
from bench.generator import generator
from bench.processes import SERVER_CORE, Json, memory, on_core, python, said
from kring_room.store.sqlite.journal import Journal

BOUND_MS = 50.0
"""The highest load is the one at which p99 stays within this; what was not answered counts with the time it took."""
_LADDER = (0.1, 0.25, 0.5, 0.7, 0.8)
_STORMS = 3
_TRIES = 2


class Form(NamedTuple):
    """How long and how large: the short form is for a look, the full one for the record."""

    rooms: int
    standby: int
    seconds: float
    rounds: int
    steady_seconds: float
    bisections: int
    fast_floors: tuple[str, ...]


SHORT = Form(200, 100, 3, 1, 5, 0, ("broadcast", "websockets"))
FULL = Form(500, 300, 5, 3, 25, 3, ("broadcast", "picows", "websockets"))
STEADY_GAP = 5.0
"""Seconds between two contributions in one room, in the steady load."""
FEW_ROOMS = 10
"""With so many rooms the floor with Channels is at its best."""


@contextlib.contextmanager
def contender(
    name: str, played: Played, form: Form, *, rooms: int | None = None, fills: int = 1
) -> Iterator[Contender]:
    """Kring or a floor with as many rooms as the form says. ``fills``: how often meetings that are over are replaced."""
    rooms = rooms or form.rooms
    if name == "kring":
        spare = (fills - 1) * rooms // 2  # a fill replaces those that are over
        with kring(played, rooms=rooms, standby=form.standby, spare=spare) as found:
            yield found
    else:
        with floor(name, played, rooms=rooms) as found:
            yield found


def saturation(played: Played, form: Form) -> Json:
    """As fast as it goes: rounds of everybody, one after the other; of each the round in the middle."""
    rounds: dict[str, list[Json]] = {}
    for _ in range(form.rounds):
        for name in ("kring", *form.fast_floors):
            with contender(name, played, form) as found:
                before = _stored(found)
                found.generator.fill()
                played_out = found.generator.play(warm=1, seconds=form.seconds)
                rounds.setdefault(name, []).append(played_out | _growth(before, _stored(found)))
    for name, rooms in (("channels", form.rooms), ("channels_few", FEW_ROOMS)):
        with contender("channels", played, form, rooms=rooms) as found:
            found.generator.fill()
            rounds[name] = [found.generator.play(warm=2, seconds=form.seconds)]
    return {name: _middle(results) for name, results in rounds.items()}


def _stored(one: Contender) -> tuple[int, int]:
    """Bytes of its database, and events in it."""
    file = one.folder / "bench.sqlite3"
    if not file.exists():
        return 0, 0
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("BEGIN")
        pages, size, events = (
            database.execute(ask).fetchone()[0]
            for ask in ("PRAGMA page_count", "PRAGMA page_size", "SELECT count(*) FROM room_event")
        )
        journal = Journal(database)
        journal.look(anew=True)
    waiting = sum(len(entry.events) for one in journal.waiting.values() for entry in one.entries)
    return pages * size, events + waiting


def _growth(before: tuple[int, int], after: tuple[int, int]) -> Json:
    return {"stored_bytes_per_event": (after[0] - before[0]) / max(1, after[1] - before[1])} if after[0] else {}


def _middle(results: list[Json]) -> Json:
    ordered = sorted(results, key=lambda one: float(one["deliveries_per_second"]))
    rates = [round(one["deliveries_per_second"]) for one in results]
    return ordered[len(ordered) // 2] | {"rounds": rates, "spread": (max(rates) - min(rates)) / statistics.mean(rates)}


def steady(played: Played, form: Form) -> Json:
    """A contribution per room every 5 s: as people do. In 500 rooms, when the form is full."""
    found: Json = {}
    for name in ("kring", "websockets"):
        with contender(name, played, form._replace(standby=0)) as one:
            one.generator.fill()
            found[name] = one.generator.play(rate=form.rooms / STEADY_GAP, warm=2, seconds=form.steady_seconds)
    return found


def highest(played: Played, form: Form, saturated: Json) -> Json:
    """Latency against load, and the highest load within the bound: a ladder, then halving what is left."""
    names = ("kring", "websockets", *(one for one in form.fast_floors if one == "broadcast"))
    found: Json = {}
    for name in names if form.bisections else ():
        most = saturated[name]["contributions_per_second"]
        with contender(name, played, form, fills=(len(_LADDER) + form.bisections) * _TRIES) as one:
            steps = [_probe(one, most * share, form) for share in _LADDER]
            bad = min((step["offered"] for step in steps if not step["within"]), default=most * 1.1)
            good = max((step["offered"] for step in steps if step["offered"] < bad), default=0.0)
            for _ in range(form.bisections):
                steps.append(_probe(one, (good + bad) / 2, form))
                good, bad = (steps[-1]["offered"], bad) if steps[-1]["within"] else (good, steps[-1]["offered"])
        found[name] = {"highest": good, "steps": sorted(steps, key=lambda step: float(step["offered"]))}
    return found


def _probe(one: Contender, rate: float, form: Form) -> Json:
    """One load; where it seems too much, once more: other work on the machine shall not decide."""
    tries: list[Json] = []
    while len(tries) < _TRIES and not any(step["within"] for step in tries):
        one.generator.fill()
        step = one.generator.play(rate=rate, warm=1, seconds=form.seconds - 1)
        tries.append(step | {"within": step["p99_ms"] <= BOUND_MS and not step["shed"]})
    return min(tries, key=lambda step: float(step["p99_ms"]))


def storm(played: Played, form: Form) -> Json:
    """Every seat of every room drops at once, with a contribution under way, and comes back with what it missed."""
    storms = []
    with kring(played, rooms=form.rooms) as one:
        one.generator.fill()
        for _ in range(_STORMS if form.rounds > 1 else 1):
            storms.append(one.generator.storm())
            time.sleep(1)
    return max(storms, key=lambda each: float(each["seconds"])) | {
        "seats": form.rooms * 7,
        "all_seconds": [each["seconds"] for each in storms],
        "all_missing": sum(each["missing"] for each in storms),
    }


def seats_memory(played: Played, form: Form) -> Json:
    """Bytes of the server: empty, with one seat of each meeting connected, with all seven."""
    found = {"kring": _kring_memory(played, form)}
    for name in form.fast_floors[1:]:  # what the C floor has in memory says nothing
        with floor(name, played, rooms=form.rooms) as one:
            found[name] = _by_seats(one, form.rooms)
    return found


def _kring_memory(played: Played, form: Form) -> Json:
    """Of a server that was started anew with meetings that are under way."""
    with tempfile.TemporaryDirectory() as folder:
        with on_core(SERVER_CORE, python("bench.server", folder, str(form.rooms))) as server:
            there = said(server)
            file = plan(Path(folder), played, there["meetings"], rules=True)
            with generator([there["port"]], file, servers=[server.pid], rooms=form.rooms) as playing:
                playing.fill()
        with on_core(SERVER_CORE, python("bench.server", folder, "0")) as server:
            there = said(server)
            with generator([there["port"]], file, servers=[server.pid], rooms=form.rooms) as playing:
                return _by_seats(Contender(playing, server.pid, Path(folder)), form.rooms)


def _by_seats(one: Contender, rooms: int) -> Json:
    empty = _settled(one)
    one.generator.seat(0, 1)
    first = _settled(one)
    one.generator.seat(1, 7)
    full = _settled(one)
    seat = (full["pss"] - first["pss"]) / (rooms * 6)
    room = (first["pss"] - empty["pss"]) / rooms - seat
    return {"rooms": rooms, "empty": empty, "one": first, "seven": full, "bytes_per_seat": seat, "bytes_per_room": room}


def _settled(one: Contender) -> Json:
    time.sleep(1)
    return memory(one.pid)
