"""What the processes are told that tests start."""

from __future__ import annotations

import os


def clean_environment(**more: str) -> dict[str, str]:
    """What is set here, and ``more``; but nothing that is set for Kring: the tests of the web set it for themselves alone."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KRING_")}
    return {**kept, **more}
