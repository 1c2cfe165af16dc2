"""The short form: each kind of fault at least once, on each kind of installation that can be had here. ``make torture`` goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.torture import report
from tests.torture.__main__ import Budget, torture
from tests.torture.cluster import Cluster, cluster_problem
from tests.torture.faults import Limits
from tests.torture.installation import Alone, Installation

SEED = "the short form"
FAULTS = 18
"""A little more than there are kinds."""
LIMITS = Limits(frozen=7, usual=1)
"""Frozen for longer than three beats of the nodes, after which the others take it for gone."""
SECONDS = 400
"""Far more than it takes: some 60 on a quiet machine."""


async def run(installation: Installation, folder: Path) -> None:
    found = await torture([installation], Budget(FAULTS, SECONDS), seed=SEED, rooms=2, limits=LIMITS, folder=folder)
    print(f"\n{report.table(found)}\n\n{report.summary(found)}")  # noqa: T201 - for whoever runs this with -s
    assert found.violations == {}
    assert found.trouble == ()
    assert {row.kind for row in found.rows} == set(installation.kinds)
    assert found.acknowledged > 100


@pytest.mark.slow
@pytest.mark.torture
@pytest.mark.timeout(600)
async def test_one_node_keeps_every_promise_through_every_fault(tmp_path: Path) -> None:
    await run(Alone("sqlite", tmp_path, SEED), tmp_path)


@pytest.mark.slow
@pytest.mark.torture
@pytest.mark.timeout(600)
async def test_a_cluster_keeps_every_promise_through_every_fault(tmp_path: Path) -> None:
    problem = cluster_problem()
    if problem:
        pytest.skip(problem)
    await run(Cluster("cluster", tmp_path, SEED), tmp_path)
