"""A quick look at the server under load: ``python -m bench.load [--rooms N] [--rates 0,100,4000] [--against FLOORS]``.

The server has one core, the generator the other; everything stays on loopback. A rate is contributions per second of
all rooms together; 0 is as fast as it goes. Compare figures of one run only: on a busy machine they differ from run to
run. ``make bench`` measures everything; this is for working on the server.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.contenders import FLOORS, Contender, floor, kring, recorded
from bench.processes import GENERATOR_CORE, Json

HEAD = (
    f"{'':12}{'rooms':>6}{'offered':>9}{'contr/s':>9}{'deliv/s':>9}{'p50 ms':>8}{'p99 ms':>8}{'p99.9':>8}"
    f"{'server':>8}{'gener.':>8}\n"
)


def row(name: str, one: Json) -> str:
    """A result as a line under ``HEAD``."""
    offered = f"{one['offered']:9.0f}" if one["offered"] else f"{'most':>9}"
    return (
        f"{name:12}{one['rooms']:6}{offered}{one['contributions_per_second']:9.0f}{one['deliveries_per_second']:9.0f}"
        f"{one['p50_ms']:8.2f}{one['p99_ms']:8.2f}{one['p999_ms']:8.2f}"
        f"{one['server_busy']:8.0%}{one['generator_busy']:8.0%}\n"
    )


def measure(name: str, contender: Contender, rates: Sequence[float], options: argparse.Namespace) -> list[Json]:
    """Each rate in turn, in the same meetings as long as they last."""
    results = []
    sys.stderr.write(f"{name}: the server is process {contender.pid}\n")
    for rate in rates:
        contender.generator.fill()
        results.append(contender.generator.play(rate=rate, warm=options.warm, seconds=options.seconds))
        sys.stdout.write(row(name, results[-1]))
        sys.stdout.flush()
    return results


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description="Real meetings against the real room server.")
    parser.add_argument("--rooms", type=int, default=200, help="meetings at a time")
    parser.add_argument(
        "--standby", type=int, help="meetings that take the place of those that end (default: as many, at least 200)"
    )
    parser.add_argument("--rates", default="0", help="contributions per second, separated by commas; 0: as many as go")
    parser.add_argument("--warm", type=float, default=1.0, help="seconds before it counts")
    parser.add_argument("--seconds", type=float, default=4.0, help="seconds that count")
    parser.add_argument("--against", default="", help=f"floors to measure too, of {', '.join(FLOORS)}")
    parser.add_argument("--json", type=Path, help="file to keep the figures in")
    options = parser.parse_args()
    rates = [float(rate) for rate in options.rates.split(",")]
    standby = max(200, options.rooms) if options.standby is None else options.standby
    os.sched_setaffinity(0, {GENERATOR_CORE})
    played = recorded()
    sys.stdout.write(f"bytes of a delivery: {played.size}\n{HEAD}")
    results = {}
    with kring(played, rooms=options.rooms, standby=standby, spare=len(rates) * (options.rooms + standby)) as contender:
        results["kring"] = measure("kring", contender, rates, options)
    for which in filter(None, options.against.split(",")):
        with floor(which, played, rooms=options.rooms) as contender:
            results[which] = measure(which, contender, rates, options)
    if options.json:
        options.json.write_text(json.dumps({"bytes": played.size, "results": results}, indent=2) + "\n")


if __name__ == "__main__":
    main()
