"""How many connections the system lets this process have: a file descriptor each."""

from __future__ import annotations

import sys

_RESERVE = 64
"""Descriptors for the database, the pages and what the runtime opens by itself."""


def raise_limit() -> int:
    """Take as many descriptors as we are allowed; the result is how many connections may come. 0: no limit is known."""
    if sys.platform == "win32":  # pragma: no cover  another system
        return 0
    import resource  # noqa: PLC0415 -- not on every system

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        except (OSError, ValueError):  # macOS says no to what it calls unlimited
            hard = soft
    return 0 if hard == resource.RLIM_INFINITY else max(1, hard - max(_RESERVE, hard // 10))
