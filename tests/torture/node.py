"""``kring`` under libfaketime, where a node's wall clock is set by ``installation``: ``python -m tests.torture.node serve ...``.

libfaketime (0.9.10) moves the end of a sleep on the steady clock by what the wall clock is off, so that ``time.sleep`` fails;
here Python sleeps by another system call. Nothing else of the program is touched.
"""

from __future__ import annotations

import select
import sys
import time
from typing import SupportsIndex

from kring_command.__main__ import main


def sleep(seconds: float | SupportsIndex, /) -> None:
    """As ``time.sleep``."""
    select.select([], [], [], float(seconds))


if __name__ == "__main__":
    time.sleep = sleep
    sys.exit(main(sys.argv[1:]))
