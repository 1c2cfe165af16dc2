"""One licence for the whole, and a word of thanks to everybody whose work it carries."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.architecture import house


def test_the_licence_is_the_one_that_the_package_names() -> None:
    project = house.pyproject()["project"]
    assert project["license"] == "EUPL-1.2"
    assert house.text(Path("LICENSE")).startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert {"LICENSE", "THIRD-PARTY-NOTICES.md"} <= set(project["license-files"])


def test_nothing_keeps_the_package_from_being_published() -> None:
    assert [one for one in house.pyproject()["project"]["classifiers"] if one.startswith("Private")] == []


def test_the_notices_are_what_the_locks_say() -> None:
    command = [sys.executable, "tools/notices", "--check"]
    done = subprocess.run(command, cwd=house.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
