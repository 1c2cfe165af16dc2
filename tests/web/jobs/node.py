"""A node that does what is due, to be killed: ``python tests/web/jobs/node.py NAME AHEAD``; set up by the environment.

Each job of the kind ``count`` leaves a row of the kind ``effect``, in the transaction of the job. ``AHEAD``: by how many
milliseconds this node's clock is wrong, and by how many more after each job.
"""

from __future__ import annotations

import sys
import time

from tests.web.nodes import set_up


def main(node: str, ahead: int) -> None:
    set_up(node)
    from kring_web.jobs import services  # noqa: PLC0415 -- only after setup
    from kring_web.jobs.models import Job  # noqa: PLC0415 -- only after setup

    jumps = [0]

    def count(job: Job) -> None:
        time.sleep(0.002)
        Job.objects.create(kind="effect", subject=job.subject, due_at=time.time_ns(), by=node)
        time.sleep(0.002)
        jumps[0] += ahead

    def now() -> int:
        return time.time_ns() // 1_000_000 + jumps[0]

    services.LEASE_MS = 1000  # type: ignore[misc] # so that what a killed node held comes back within the test
    services.register(services.Kind("count", count))
    print("ready", flush=True)  # noqa: T201 -- for whoever started it
    while True:
        if not services.run_due(node, now, most=5):
            time.sleep(0.02)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
