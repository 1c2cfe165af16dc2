"""A node that follows the feed, to be killed: ``python tests/web/feed/node.py NAME``; set up by the environment.

Each entry leaves a row of the kind ``effect``, in the transaction of the cursor.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from kring_room.feed import Report
from tests.web.nodes import set_up


def main(node: str) -> None:
    set_up(node)
    from kring_web.feed import services as following  # noqa: PLC0415 -- only after setup
    from kring_web.jobs.models import Job  # noqa: PLC0415 -- only after setup

    def count(reports: Sequence[Report]) -> None:
        for report in reports:
            Job.objects.create(kind="effect", subject=str(report.id), due_at=time.time_ns(), by=node)
            time.sleep(0.001)  # a kill finds it between an effect and the cursor

    following.BATCH = 7  # type: ignore[misc] # so that there are many transactions to kill
    following.on_reports(count)
    print("ready", flush=True)  # noqa: T201 -- for whoever started it
    while True:
        if not following.follow():
            time.sleep(0.02)


if __name__ == "__main__":
    main(sys.argv[1])
