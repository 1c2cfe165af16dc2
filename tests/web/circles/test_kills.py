"""A server that is killed while an entry goes in leaves a circle that goes on: the entry is there whole, or not at all."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.web.serving import environment

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
def test_an_entry_goes_in_whole_or_not_at_all_at_whichever_statement_the_server_is_killed(tmp_path: Path) -> None:
    known = environment(tmp_path, KRING_PUBLIC_URL="https://kring.example")
    known["PYTHONPATH"] += f":{ROOT}"
    command = [sys.executable, "-m", "tests.web.circles.killing"]
    ran = subprocess.run(command, env=known, capture_output=True, text=True, timeout=110, check=False)
    assert ran.returncode == 0, ran.stderr
    *acts, after = json.loads(ran.stdout)
    assert [one["act"] for one in acts] == ["admit", "leave", "rekey", "readmit"]
    assert all(one["whole"] and one["done"] and one["kills"] > 5 for one in acts), acts
    assert after["kept"] == {"after": {"t": "the circle goes on"}}
