"""What a torture has shown: as a table for people, as JSON to be kept, and as the page ``docs/torture.md``."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import time
from collections import Counter
from collections.abc import Iterable

import msgspec

from tests.torture.campaign import RECOVERS_WITHIN, Campaign, Recovery
from tests.torture.process import ROOT

RESULT = ROOT / "docs" / "measurements" / "torture.json"
PAGE = ROOT / "docs" / "torture.md"
BEGINS, ENDS = "<!-- torture.json: begin -->", "<!-- torture.json: end -->"
"""Between these the page is written from the result, and a test looks that it is."""


class Row(msgspec.Struct, frozen=True):
    """A kind of fault on an installation, and how soon all was well after its end: seconds, median and most.

    ``acknowledged``: until a first command is done in the last affected meeting; ``here``: until every device has a line.
    """

    installation: str
    kind: str
    times: int
    acknowledged: tuple[float, float]
    here: tuple[float, float]


class Place(msgspec.Struct, frozen=True):
    """An installation: what lies between it and the devices, what could not be done to it, and why."""

    name: str
    passage: str
    lacks: dict[str, str]


class Result(msgspec.Struct, frozen=True):
    """One run. ``violations`` by promise; ``trouble``: what went wrong with the torture itself, or never recovered."""

    when: str
    commit: str
    machine: str
    seed: str
    seconds: int
    faults: int
    meetings: int
    events: int
    asked: int
    acknowledged: int
    refused: int
    again: int
    heard: int
    ended: dict[str, int]
    violations: dict[str, int]
    trouble: tuple[str, ...]
    places: tuple[Place, ...]
    rows: tuple[Row, ...]


def result(campaigns: list[Campaign], seed: str, seconds: float) -> Result:
    """All of it, in figures."""
    verdicts = [verdict for campaign in campaigns for verdict in campaign.verdicts]
    violations: dict[str, int] = {}
    for verdict in verdicts:
        for one in verdict.violations:
            violations[one.what] = violations.get(one.what, 0) + 1
    return Result(
        when=time.strftime("%Y-%m-%d", time.gmtime()),
        commit=_commit(),
        machine=f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}",
        seed=seed,
        seconds=round(seconds),
        faults=sum(one.kind != "none" for campaign in campaigns for one in campaign.recoveries),
        meetings=len(verdicts),
        events=sum(one.events for one in verdicts),
        asked=sum(one.asked for one in verdicts),
        acknowledged=sum(one.acknowledged for one in verdicts),
        refused=sum(one.refused for one in verdicts),
        again=sum(one.again for one in verdicts),
        heard=sum(one.heard for one in verdicts),
        ended=dict(sum((Counter(one.ended) for one in verdicts), Counter[str]()).most_common()),
        violations=violations,
        trouble=tuple(trouble for campaign in campaigns for trouble in campaign.trouble),
        places=tuple(
            Place(one.installation.name, one.installation.wire, dict(one.installation.lacks)) for one in campaigns
        ),
        rows=tuple(row for campaign in campaigns for row in _rows(campaign)),
    )


def _rows(campaign: Campaign) -> Iterable[Row]:
    for kind in campaign.installation.kinds:
        took = [one for one in campaign.recoveries if one.kind == kind]
        if took:
            yield Row(campaign.installation.name, kind, len(took), _span(took, "acknowledged"), _span(took, "all_here"))


def _span(took: list[Recovery], what: str) -> tuple[float, float]:
    """Median and most, in seconds; what never came counts with all the time that it had."""
    times = [RECOVERS_WITHIN if (one := getattr(each, what)) is None else one for each in took]
    return round(statistics.median(times), 2), round(max(times), 2)


def table(found: Result) -> str:
    """The recovery times, in Markdown."""
    lines = [
        "| installation | fault | times | first command done after: median | most | everybody back after: median | most |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row.installation} | {row.kind} | {row.times} | "
        + " | ".join(f"{seconds:.2f} s" for seconds in (*row.acknowledged, *row.here))
        + " |"
        for row in found.rows
    ]
    return "\n".join(lines)


def summary(found: Result) -> str:
    """What was done and found, in Markdown."""
    broken = sum(found.violations.values())
    ended = ", ".join(f"{number:,} times by {why}" for why, number in found.ended.items())
    lines = [
        f"{found.faults:,} faults in {found.seconds // 60} minutes: {broken} violations.",
        "",
        f"{found.meetings} meetings with {found.events:,} events. Commands were sent {found.asked:,} times, with repeats;",
        f"the answer was done {found.acknowledged:,} times, refused {found.refused:,}, try again {found.again:,}.",
        f"{found.heard:,} frames were heard. Lines ended {ended}.",
        "",
        f"{found.machine}; commit {found.commit}, {found.when}, seed {found.seed}.",
        "",
    ]
    lines += [f"* {place.name}: {place.passage}." for place in found.places]
    lines += [
        f"* Not done on {place.name}: {kind}, since {why}."
        for place in found.places
        for kind, why in place.lacks.items()
    ]
    lines += [f"* Violated {number} times: {what}." for what, number in found.violations.items()]
    lines += [f"* Trouble: {trouble}." for trouble in found.trouble]
    return "\n".join(lines)


def page(found: Result, text: str) -> str:
    """The page with this result in its place."""
    before, _, rest = text.partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    return f"{before}{BEGINS}\n{summary(found)}\n\n{table(found)}\n{ENDS}{after}"


def keep(found: Result) -> None:
    """Write the result, and the page made from it."""
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
    PAGE.write_text(page(found, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def kept() -> Result:
    """The committed result."""
    return msgspec.json.decode(RESULT.read_bytes(), type=Result)


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"
