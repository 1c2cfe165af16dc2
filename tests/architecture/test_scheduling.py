"""The order of the tests names files that are there, and knows every file that drives a browser."""

from __future__ import annotations

import re

from tests import scheduling
from tests.architecture import house

DRIVES = re.compile(r"^from playwright\.", re.MULTILINE)


def test_every_long_file_exists() -> None:
    files = {str(path) for path in house.python("tests/")}
    assert set(scheduling.LONG) - files == {scheduling.BROWSERS}


def test_every_file_that_drives_a_browser_goes_through_one_worker() -> None:
    whole_folder, *files = scheduling.DRIVE_A_BROWSER
    found = {
        str(path)
        for path in house.python("tests/")
        if path.name.startswith("test_") and DRIVES.search(house.text(path))
    }
    assert any(path.startswith(whole_folder) for path in found)
    assert {path for path in found if not path.startswith(whole_folder)} == set(files)
