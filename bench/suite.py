"""All that is measured, in one run: ``make bench`` (a look, under two minutes) and ``make bench FULL=1`` (the record)."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench import keeping, pictures, sections, tables
from bench.alone import SCRIPTS, alone
from bench.cluster import cluster
from bench.contenders import Played, recorded
from bench.figures import NotMeasured
from bench.processes import GENERATOR_CORE, BenchError, Json
from bench.sections import FULL, SHORT, Form
from bench.stages import stages
from bench.surroundings import surroundings

RESULTS = Path(__file__).with_name("results")
_CORES = 2
LOOK = f"The short form: {SHORT.rooms} rooms instead of {FULL.rooms}, one round of a few seconds. Not for the record."


def measure(form: Form, only: set[str]) -> Json:
    """Run all sections, or those that are asked for into the latest results; the figures so far are kept after each."""
    name = "full" if form is FULL else "short"
    results: Json = json.loads(place(name).read_text()) if only and place(name).exists() else {}
    results |= {"form": name, "in_one_run": not only, "surroundings": surroundings()}
    played = recorded()
    results["bytes_per_delivery"] = played.size
    for each, section in _sections(played, form, results).items():
        if not only or each in only:
            results[each] = _timed(each, section)
            keep(results)
    return results


def _sections(played: Played, form: Form, results: Json) -> dict[str, Callable[[], Json]]:
    return {
        "saturation": lambda: sections.saturation(played, form),
        "steady": lambda: sections.steady(played, form),
        "highest": lambda: sections.highest(played, form, results["saturation"]),
        "memory": lambda: sections.seats_memory(played, form),
        "storm": lambda: sections.storm(played, form),
        "stages": lambda: stages(played, form),
        "cluster": lambda: cluster(played, form) if form is FULL else {},
        "alone": lambda: {script: alone(script) for script in (SCRIPTS if form is FULL else SCRIPTS[:1])},
    }


def _timed(name: str, section: Callable[[], Json]) -> Json:
    began = time.monotonic()
    sys.stderr.write(f"kring bench: {name} ...")
    sys.stderr.flush()
    found = section()
    sys.stderr.write(f" {time.monotonic() - began:.0f} s\n")
    return found


def place(form: str) -> Path:
    """The file for the latest results."""
    return RESULTS / f"{form}.json"


def keep(results: Json) -> Path:
    """Write the JSON where git ignores it."""
    RESULTS.mkdir(exist_ok=True)
    file = place(results["form"])
    file.write_text(json.dumps(results, indent=1) + "\n")
    return file


def report(results: Json) -> str:
    """All tables of the run."""
    parts = [] if results["form"] == "full" else [LOOK]
    for name in tables.TABLES:
        try:
            parts.append(tables.table(results, name))
        except NotMeasured:
            continue
    return "\n\n".join(parts)


def options() -> argparse.ArgumentParser:
    """What may be chosen."""
    parser = argparse.ArgumentParser(prog="kring bench", description="Measures Kring against the floors, on two cores.")
    parser.add_argument("--full", action="store_true", help="everything, for the record (under 15 minutes)")
    parser.add_argument("--keep", action="store_true", help="take the latest full results into the documents")
    parser.add_argument("--only", default="", help="sections, separated by commas: into the latest results")
    return parser


def main() -> int:
    """Measure, print, draw; or take what was measured into the documents."""
    chosen = options().parse_args()
    if chosen.keep:
        keeping.keep(place("full"))
        return 0
    if (os.cpu_count() or 1) < _CORES:
        sys.stderr.write("kring: the bench needs two cores, one for the server and one for the load\n")
        return 2
    os.sched_setaffinity(0, {GENERATOR_CORE})
    try:
        results = measure(FULL if chosen.full else SHORT, set(filter(None, chosen.only.split(","))))
    except BenchError as error:
        sys.stderr.write(f"\nkring: {error}\n")
        return 2
    sys.stdout.write(report(results) + "\n")
    for picture in pictures.draw(results, RESULTS):
        sys.stdout.write(f"{picture}\n")
    sys.stdout.write(f"{keep(results)}\n")
    return 0
