"""Real meetings against the real server, and the floors in the same run: ``python -m bench.load [--seconds N] [--rooms N]``.

The server has one core, the generator another. Everything stays on loopback. Prints a table, and with ``--json FILE``
keeps all of it with versions, commit and machine. Who measures on a busy machine compares the ratios only.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import uvloop

from bench.player import Playing
from bench.script import BODY, SEATS, Line, Script
from bench.server import METHODS, SECRET
from kring.methods.library import load
from kring_room.tickets import sign_ticket

CORES = (0, 1)
"""Of the server, of the generator."""
MEETINGS = 4000
"""More than are played in one run."""
FLOORS = ("picows", "websockets")
Json = dict[str, Any]


class LoadError(Exception):
    """Nothing can be measured."""


@contextlib.contextmanager
def started(*arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], Json]]:
    """A server on its core, and what it says of itself."""
    command = ["taskset", "-c", str(CORES[0]), sys.executable, "-m", *arguments]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - our own servers
    try:
        first = server.stdout.readline() if server.stdout else b""
        if not first:
            raise LoadError(f"{' '.join(arguments)} did not start")
        yield server, json.loads(first)
    finally:
        server.kill()
        server.communicate()


def cpu_of(process: subprocess.Popen[bytes]) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Load:
    """So many rooms at once, each a meeting after another, for so many seconds; ``gap``: seconds between two lines."""

    def __init__(self, port: int, scripts: dict[str, list[Line]], meetings: list[tuple[str, str]]) -> None:
        self.port, self.scripts = port, scripts
        self._meetings = iter(meetings)
        self._numbers = count()
        self.spent: list[float] = []
        self.bytes = 0
        self._measuring = False

    def _said(self, seconds: float) -> None:
        if self._measuring:
            self.spent.append(seconds)

    async def run(self, server: subprocess.Popen[bytes], rooms: int, seconds: float, gap: float) -> Json:
        """Play; the figures. The first quarter of the time is for warming up."""
        playing = [asyncio.create_task(self._room(gap, n / rooms)) for n in range(rooms)]
        await asyncio.sleep(seconds / 4)
        self._measuring = True
        began, mine, theirs = time.perf_counter(), time.process_time(), cpu_of(server)
        _, waiting = await asyncio.wait(playing, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
        lasted = time.perf_counter() - began
        self._measuring = False
        used = {"server": (cpu_of(server) - theirs) / lasted, "generator": (time.process_time() - mine) / lasted}
        for task in playing:
            if task not in waiting:
                task.result()
            task.cancel()
        await asyncio.gather(*playing, return_exceptions=True)
        return {"rooms": rooms, "gap": gap, "seconds": lasted, "busy": used, **self._figures(lasted)}

    async def _room(self, gap: float, late: float) -> None:
        await asyncio.sleep(late * gap)
        for method, meeting in self._meetings:
            playing = Playing(self.scripts[method], self._said, gap)
            try:
                await playing.come(self.port, f"/room/{meeting}", lambda n, meeting=meeting: self._hello(meeting, n))  # type: ignore[misc]  # mypy does not infer the default
                await playing.over
            finally:
                playing.close()
                self.bytes += sum(device.bytes for device in playing.devices)

    def _hello(self, meeting: str, number: int) -> bytes:
        ticket = sign_ticket(SECRET, meeting=meeting, device=f"device{number:08d}", now=time.time_ns() // 1_000_000)
        return json.dumps({"type": "hello", "ticket": ticket}, separators=(",", ":")).encode()

    def _figures(self, lasted: float) -> Json:
        spent = sorted(self.spent) or [0.0]
        return {
            "contributions_per_second": len(self.spent) / lasted,
            "deliveries_per_second": len(self.spent) * SEATS / lasted,
            "p50_ms": spent[len(spent) // 2] * 1000,
            "p99_ms": spent[len(spent) * 99 // 100] * 1000,
        }


def floor_lines(lines: list[Line]) -> list[Line]:
    """The same messages for a server that knows no rules."""
    return [Line(line.device, line.payload, 0) for line in lines]


async def kring(options: argparse.Namespace) -> tuple[list[Json], int]:
    """The real server: as fast as it can, and at a steady pace; and the bytes of a delivery on average."""
    scripts = {method: Script(load(method)).lines for method in METHODS}
    results, size = [], 0
    for rooms, gap in ((options.rooms, 0.0), (options.steady, 5.0)):
        with tempfile.TemporaryDirectory() as folder, started("bench.server", folder, str(MEETINGS)) as (server, said):
            player = Load(said["port"], scripts, said["meetings"])
            results.append(await player.run(server, rooms, options.seconds, gap))
            if not gap:
                heard = results[0]["deliveries_per_second"] * results[0]["seconds"] * 4 / 3
                size = max(64, round(player.bytes / max(heard, 1)))
    return results, size


async def floor(which: str, size: int, options: argparse.Namespace) -> list[Json]:
    """The same bytes from a server without rules."""
    scripts = {method: floor_lines(Script(load(method)).lines) for method in METHODS}
    meetings = [(METHODS[n % len(METHODS)], f"{n:020d}") for n in range(MEETINGS)]
    results = []
    for rooms, gap in ((options.rooms, 0.0), (options.steady, 5.0)):
        with (
            tempfile.TemporaryDirectory() as folder,
            started("bench.floors", which, folder, str(size)) as (server, said),
        ):
            results.append(await Load(said["port"], scripts, meetings).run(server, rooms, options.seconds, gap))
    return results


def surroundings() -> Json:
    """Versions, commit and machine."""
    names = ("msgspec", "picows", "uvicorn", "uvloop", "websockets")
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)  # noqa: S607 - git by its name
    model = next((line for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), "")
    return {
        "commit": commit.stdout.strip(),
        "python": platform.python_version(),
        "system": platform.platform(),
        "processor": model.partition(":")[2].strip(),
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
        "versions": {name: importlib.metadata.version(name) for name in names},
        "body": len(BODY),
    }


def table(results: dict[str, list[Json]]) -> str:
    """The figures, a line for each case."""
    lines = [f"{'':12}{'rooms':>6}{'gap s':>7}{'deliv/s':>10}{'p50 ms':>9}{'p99 ms':>9}{'server':>8}{'generator':>10}"]
    for name, cases in results.items():
        lines += [
            f"{name:12}{one['rooms']:6}{one['gap']:7.1f}{one['deliveries_per_second']:10.0f}{one['p50_ms']:9.2f}"
            f"{one['p99_ms']:9.2f}{one['busy']['server']:8.0%}{one['busy']['generator']:10.0%}"
            for one in cases
        ]
    return "\n".join(lines)


async def measure(options: argparse.Namespace) -> Json:
    """Everything, one after the other."""
    cases, size = await kring(options)
    results = {"kring": cases}
    for which in FLOORS:
        results[which] = await floor(which, size, options)
    return {"surroundings": surroundings(), "bytes": size, "results": results}


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description="Real meetings against the real server, and the floors.")
    parser.add_argument("--seconds", type=float, default=8.0, help="how long each case is measured")
    parser.add_argument("--rooms", type=int, default=100, help="rooms that play as fast as they can")
    parser.add_argument("--steady", type=int, default=200, help="rooms with a contribution every 5 s")
    parser.add_argument("--json", type=Path, help="file to keep the figures in")
    options = parser.parse_args()
    os.sched_setaffinity(0, {CORES[1]})
    measured = uvloop.run(measure(options))
    sys.stdout.write(f"{table(measured['results'])}\nbytes of a delivery: {measured['bytes']}\n")
    if options.json:
        options.json.write_text(json.dumps(measured, indent=2) + "\n")


if __name__ == "__main__":
    main()
