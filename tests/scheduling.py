"""In which order the workers take the tests, and what goes through one of them."""

from __future__ import annotations

import os
from collections import OrderedDict

from xdist.scheduler.loadscope import LoadScopeScheduling
from xdist.workermanage import WorkerController

BROWSERS = "all that drive a browser"
DRIVE_A_BROWSER = (
    "tests/e2e/",
    "tests/web/methods/test_methods_in_browser.py",
    "tests/web/meetings/test_overload.py",
    "tests/web/site/test_start_in_browser.py",
)
"""A browser wants a core: all of these go through one worker, so that no two browsers ever wait for each other."""
LONG = (
    BROWSERS,
    "tests/room/test_cheating.py",
    "tests/web/methods/test_paper.py",
    "tests/torture/test_torture.py",
    "tests/web/test_backup.py",
    "tests/core/meeting/test_properties.py",
    "tests/room/test_crash.py",
    "tests/web/jobs/test_nodes.py",
    "tests/client/test_rehearsals.py",
    "tests/web/test_backup_of_everything.py",
    "tests/web/feed/test_feed.py",
    "tests/core/methods/test_mutations.py",
    "tests/web/test_backup_postgres.py",
    "tests/web/test_probes.py",
    "tests/web/test_command.py",
    "tests/web/config/test_two_databases.py",
    "tests/core/words/test_from_outside.py",
    "tests/room/test_devices.py",
    "tests/core/words/test_parts.py",
    "tests/room/test_trouble.py",
    "tests/web/mail/test_settings.py",
    "tests/torture/test_slow_readers.py",
    "tests/room/test_cluster.py",
    "tests/core/rehearsal/test_rehearsal.py",
    "tests/core/words/test_roles.py",
    "tests/core/words/test_choosing.py",
    "tests/core/words/test_ending.py",
    "tests/core/words/test_silence.py",
    "tests/cluster/test_command.py",
    "tests/torture/test_clock.py",
    "tests/room/test_commands.py",
    "tests/web/test_stopping.py",
    "tests/room/test_nodes.py",
    "tests/room/test_pulse.py",
)
"""What takes more than ten seconds, the longest first: begun late, it would keep one worker busy while the others have
nothing left. What is forgotten here only costs time."""


def place(scope: str) -> int:
    """Which turn a file has; the same for all that are short."""
    return LONG.index(scope) if scope in LONG else len(LONG)


def workers() -> int:
    """One more than there are cores: many tests wait for a clock, a disk or a process, and leave their core to others."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores + 1


class LongestFirst(LoadScopeScheduling):  # type: ignore[misc] # xdist carries no types
    """As ``--dist loadscope``, a file to a worker, but the long ones first."""

    workqueue: OrderedDict[str, dict[str, bool]]

    def _split_scope(self, nodeid: str) -> str:
        return BROWSERS if nodeid.startswith(DRIVE_A_BROWSER) else nodeid.split("::", maxsplit=1)[0]

    def _assign_work_unit(self, node: WorkerController) -> None:
        # A stable order: what is short comes as loadscope would have it, the files with the most tests first.
        self.workqueue = OrderedDict(sorted(self.workqueue.items(), key=lambda unit: place(unit[0])))
        super()._assign_work_unit(node)

    def _reschedule(self, node: WorkerController) -> None:
        # Loadscope hands out the next file when two tests are left of the one before, however long those two take. A
        # worker needs to know one test ahead, no more.
        if self.workqueue and self._pending_of(self.assigned_work[node]) > 1:
            return
        super()._reschedule(node)
