"""What a service that won't start tells whoever has to find out why."""

from __future__ import annotations

import sys

import pytest

from tests.cluster import services
from tests.cluster.services import CannotStart, Service


class Speaking(Service):
    """Runs a line of Python, and never answers."""

    name = "speaking"
    line = ""

    def command(self) -> list[str]:
        return [sys.executable, "-c", self.line]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("import sys; sys.exit('the port is taken')", "speaking stopped with 1 while it started"),
        ("import time; print('the port is taken', flush=True); time.sleep(60)", "speaking does not answer after 1 s"),
    ],
)
def test_what_does_not_start_says_so_with_its_last_words(line: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "STARTS_WITHIN", 1.0)
    service = Speaking()
    service.line = line

    with pytest.raises(CannotStart, match=f"(?s){told}.*the port is taken"):
        service.start()

    service.close()
    assert not service.running
