"""The load generator, told what to do line by line (``native/generator.c``), and the servers' use of their core."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, cast

from bench.processes import GENERATOR_CORE, BenchError, Json, native, on_core, said, threads, used


class Generator:
    """Plays meetings against the processes of a server. Every figure of a result is of the measured window alone."""

    def __init__(self, process: subprocess.Popen[bytes], servers: Sequence[int], *, strict: bool) -> None:
        self._process, self._servers, self._strict = process, servers, strict

    def fill(self) -> Json:
        """Give every place a meeting that has begun."""
        return self._result("fill", "filled")

    def seat(self, first: int, end: int) -> Json:
        """Connect the devices from ``first`` to before ``end`` of every meeting, and nothing else."""
        return self._result(f"seat {first} {end}", "seated")

    def storm(self) -> Json:
        """Cut every device off with a line under way; they come back at once. Percentiles are of the welcomes."""
        return self._result("storm", "storm")

    def play(self, *, rate: float = 0, warm: float, seconds: float) -> Json:
        """Play for so many seconds. ``rate``: contributions per second in all, at random; 0: as fast as it goes.

        Latency is from when a line was meant to be said until the last of the other six has heard it.
        """
        self._ask(f"play {rate} {warm} {seconds}")
        self._expect("open")
        before = [threads(pid) for pid in self._servers]
        self._expect("closed")
        after = [threads(pid) for pid in self._servers]
        result = self._checked(self._expect("result"))
        lasted = result["seconds"]
        spent = [[one._asdict() for one in used(*pair)] for pair in zip(before, after, strict=True)]
        result["threads"] = [[one for one in process if one["user"] + one["system"] > 0] for process in spent]
        busy = sum(one["user"] + one["system"] for process in spent for one in process)
        return result | {
            "server_busy": busy / lasted,
            "contributions_per_second": result["contributions"] / lasted,
            "deliveries_per_second": result["deliveries"] / lasted,
        }

    def _ask(self, words: str) -> None:
        pipe = cast("IO[bytes]", self._process.stdin)
        pipe.write(f"{words}\n".encode())
        pipe.flush()

    def _expect(self, event: str) -> Json:
        found = said(self._process)
        if found["event"] != event:
            raise BenchError(f"{found} instead of {event}")
        return found

    def _result(self, words: str, event: str) -> Json:
        self._ask(words)
        return self._checked(self._expect(event))

    def _checked(self, result: Json) -> Json:
        if self._strict and (result["faults"] or result.get("lost") or result.get("dry")):
            raise BenchError(f"the play went wrong: {result}")
        return result


@contextlib.contextmanager
def generator(
    ports: Sequence[int],
    plan: Path,
    *,
    servers: Sequence[int],
    rooms: int,
    standby: int = 0,
    strict: bool = True,
) -> Iterator[Generator]:
    """A generator on its core. ``standby``: meetings that wait to take the place of those that end.

    ``strict``: a refusal, a lost connection or an unanswered line is an error.
    """
    command = [native("generator"), ",".join(map(str, ports)), str(plan), str(rooms), str(standby)]
    with on_core(GENERATOR_CORE, command) as process:
        yield Generator(process, servers, strict=strict)
