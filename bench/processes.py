"""Servers and the generator as processes of their own, each on its core; what they use of it and of the memory."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

SERVER_CORE, GENERATOR_CORE = 0, 1
NATIVE = Path(__file__).with_name("native")
BUILT = Path(__file__).with_name("results") / "native"
_SOURCES = {
    "generator": ("generator", "turns", "player", "plan", "latency", "wire"),
    "broadcast": ("broadcast", "wire"),
}
_TICKS = os.sysconf("SC_CLK_TCK")
Json = dict[str, Any]


class BenchError(Exception):
    """Nothing can be measured."""


class Thread(NamedTuple):
    """Seconds of processor time that a thread has used, in its own code and in the kernel's."""

    name: str
    user: float
    system: float


def native(name: str) -> str:
    """The program of this name, compiled anew where its source is newer."""
    program = BUILT / name
    sources = [NATIVE / f"{source}.c" for source in _SOURCES[name]]
    if not program.exists() or program.stat().st_mtime < max(file.stat().st_mtime for file in NATIVE.iterdir()):
        compiler = shutil.which("cc")
        if compiler is None:
            raise BenchError(
                "the load generator is written in C, and there is no compiler here: tools/apt gcc libc6-dev"
            )
        BUILT.mkdir(parents=True, exist_ok=True)
        building = program.with_suffix(f".{os.getpid()}")
        command = [compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-o", str(building), *map(str, sources), "-lm"]
        subprocess.run(command, check=True)  # noqa: S603 - our own sources
        building.replace(program)
    return str(program)


@contextlib.contextmanager
def on_core(core: int, command: Sequence[str], **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that has one core; it is killed in the end."""
    process = subprocess.Popen(  # noqa: S603 - our own programs
        ["taskset", "-c", str(core), *command],  # noqa: S607 - by its name
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONHASHSEED": "0"} | environment,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def python(*arguments: str) -> list[str]:
    """A module of ours as a command."""
    return [sys.executable, "-m", *arguments]


def said(process: subprocess.Popen[bytes]) -> Json:
    """The next line of JSON that it says."""
    line = cast("IO[bytes]", process.stdout).readline()
    if not line:
        raise BenchError(f"{cast('list[str]', process.args)[3:6]} ended with {process.wait()}")
    return cast("Json", json.loads(line))


def threads(pid: int) -> dict[int, Thread]:
    """What each thread of a process has used so far."""
    found = {}
    for folder in Path(f"/proc/{pid}/task").iterdir():
        name, _, rest = (folder / "stat").read_text().partition("(")[2].rpartition(")")
        fields = rest.split()
        found[int(folder.name)] = Thread(name, int(fields[11]) / _TICKS, int(fields[12]) / _TICKS)
    return found


def used(before: dict[int, Thread], after: dict[int, Thread]) -> list[Thread]:
    """What the threads have used in between, the busiest first."""
    zero = Thread("", 0.0, 0.0)
    spent = [
        Thread(now.name, now.user - was.user, now.system - was.system)
        for tid, now in after.items()
        for was in [before.get(tid, zero)]
    ]
    return sorted(spent, key=lambda thread: -(thread.user + thread.system))


def memory(pid: int) -> Json:
    """Bytes of a process: resident, and its proportional share of what it shares."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    sizes = {name: int(size.split()[0]) * 1024 for name, size in (line.split(":") for line in lines)}
    return {"rss": sizes["Rss"], "pss": sizes["Pss"]}
