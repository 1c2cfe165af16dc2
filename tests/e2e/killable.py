"""A whole server that is killed and started again at the same address, for what people see of that."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Self

from tests.ports import free_port
from tests.web.serving import environment


class KillableSite:
    """``kring practice``, as people start it, on a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.url = f"http://localhost:{port}"
        self._arguments = [sys.executable, "-m", "kring_command", "practice", "--no-open", "--port", str(port)]
        self._environment = environment(folder)

    def start(self) -> Self:
        self._process = subprocess.Popen(
            self._arguments, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self._process.stdout is not None
        assert self.url in self._process.stdout.readline()
        return self

    def kill(self) -> None:
        """SIGKILL: no time for last words."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
