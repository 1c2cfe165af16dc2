"""What is tried once more when it fails, and what is not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HANGS = """
import time

def test_hangs():
    time.sleep(600)
"""


def outcome(folder: Path, place: str) -> str:
    """What pytest says of a test that hangs there, with one second for each."""
    test = folder / place / "test_hanging.py"
    test.parent.mkdir(parents=True)
    test.write_text(HANGS)
    (folder / "pytest.ini").write_text("[pytest]\n")
    arguments = ("-p", "tests.conftest", "-p", "no:cacheprovider", "-raR", "--timeout", "1", "--rootdir", str(folder))
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments, place],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    return ended.stdout


def test_rerun_of_what_hung_hangs_no_longer_than_it(tmp_path: Path) -> None:
    said = outcome(tmp_path, "tests/room")

    assert "1 failed, 1 rerun" in said
    assert "RERUN tests/room/test_hanging.py::test_hangs" in said, "it is named"


def test_core_is_never_tried_again(tmp_path: Path) -> None:
    said = outcome(tmp_path, "tests/core")

    assert "1 failed in" in said
