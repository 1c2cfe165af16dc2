"""Scripts that measure one thing by themselves, without a network: each gives its figures as JSON on its last line."""

from __future__ import annotations

import json
from typing import cast

from bench.processes import GENERATOR_CORE, BenchError, Json, on_core, python

SCRIPTS = ("step_cost", "history", "meeting_memory")


def alone(script: str) -> Json:
    """The figures of ``bench.<script>``, on a core of its own."""
    with on_core(GENERATOR_CORE, python(f"bench.{script}", "--json")) as process:
        output, _ = process.communicate()
    if process.returncode:
        raise BenchError(f"bench.{script} ended with {process.returncode}")
    return cast("Json", json.loads(output.decode().rstrip().rpartition("\n")[2]))
