"""The long form: ``make torture``, or ``python -m tests.torture [--faults N] [--seed TEXT] [--minutes N] [--keep]``.

Faults at random on several installations at once, under load with real meetings, then a table. ``--keep`` writes
``docs/measurements/torture.json`` and ``docs/torture.md``. The exit code is 1 when a promise was broken.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import secrets
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.torture.campaign import Campaign
from tests.torture.cluster import Cluster, cluster_problem
from tests.torture.faults import Limits
from tests.torture.installation import Alone, Installation
from tests.torture.report import Result, keep, result, summary, table

EVERY = 10.0
"""Seconds between two lines of progress."""


class Budget:
    """So many faults for all installations together, within so many seconds."""

    def __init__(self, faults: int, seconds: float) -> None:
        self.left = faults
        self._until = time.monotonic() + seconds

    def take(self, kind: str) -> bool:
        """Whether there is another, of this kind: where no fault is done, none is taken."""
        if self.left <= 0 or time.monotonic() > self._until:
            return False
        self.left -= kind != "none"
        return True


async def torture(
    installations: list[Installation], budget: Budget, *, seed: str, rooms: int, limits: Limits, folder: Path
) -> Result:
    """All faults on all installations at once; what came of it. What is guilty is left in ``folder``."""
    began = time.monotonic()
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("forkserver")) as executor:
        campaigns = [
            Campaign(one, executor, folder, seed=f"{seed} {one.name}", rooms=rooms, limits=limits)
            for one in installations
        ]
        progress = asyncio.create_task(_progress(campaigns, budget, began))
        try:
            async with asyncio.TaskGroup() as group:
                for campaign in campaigns:
                    group.create_task(campaign.run(budget.take))
        finally:
            progress.cancel()
    return result(campaigns, seed, time.monotonic() - began)


async def _progress(campaigns: list[Campaign], budget: Budget, began: float) -> None:
    while True:
        await asyncio.sleep(EVERY)
        done = Counter(one.kind for campaign in campaigns for one in campaign.recoveries)
        judged = [verdict for campaign in campaigns for verdict in campaign.verdicts]
        print(  # noqa: T201 - what one waits for
            f"{time.monotonic() - began:5.0f} s  {done.total()} faults, {budget.left} to go; "
            f"{len(judged)} meetings judged, {sum(len(one.violations) for one in judged)} violations",
            flush=True,
        )


def main() -> int:
    """Run, print, keep."""
    parser = argparse.ArgumentParser(prog="make torture", description=__doc__)
    parser.add_argument("--faults", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=40, help="stop then, with as many faults as there were")
    parser.add_argument("--seed", default="")
    parser.add_argument("--only", default="", help="these kinds of faults alone, with commas between")
    parser.add_argument("--on", default="", choices=("", "sqlite", "cluster"), help="this installation alone")
    parser.add_argument("--rooms", type=int, default=3, help="meetings at a time on each installation")
    parser.add_argument("--keep", action="store_true", help="write docs/measurements/torture.json and docs/torture.md")
    given = parser.parse_args()
    seed = given.seed or secrets.token_hex(4)
    folder = Path(tempfile.mkdtemp(prefix="kring-torture-"))
    installations, problem = _installations(folder, seed, given.on)
    for one in installations:
        one.lacks |= {
            kind: "nobody asked for it" for kind in one.kinds if given.only and kind not in given.only.split(",")
        }
    print(f"seed {seed}; logs in {folder}{f'; no cluster, since {problem}' if problem else ''}", flush=True)  # noqa: T201 - to do it again
    budget = Budget(given.faults, given.minutes * 60)
    found = asyncio.run(torture(installations, budget, seed=seed, rooms=given.rooms, limits=Limits(), folder=folder))
    print(f"\n{table(found)}\n\n{summary(found)}")  # noqa: T201 - the result
    if given.keep:
        keep(found)
    return 1 if found.violations or found.trouble else 0


def _installations(folder: Path, seed: str, on: str) -> tuple[list[Installation], str | None]:
    """Those that can be had here, and why there is no cluster."""
    found: list[Installation] = []
    problem = cluster_problem() if on != "sqlite" else "nobody asked for it"
    if on != "cluster":
        found.append(Alone("sqlite", folder, f"{seed} wire"))
    if problem is None:
        found.append(Cluster("cluster", folder, f"{seed} cluster"))
    return found, problem


if __name__ == "__main__":
    sys.exit(main())
