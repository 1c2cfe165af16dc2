"""A program that is started, stopped, frozen and killed, as often as it takes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

from tests.environment import clean_environment

ROOT = Path(__file__).parents[2]
STARTS_WITHIN = 60.0


class Process:
    """``log``: where its complaints go. It has started when it says its first line."""

    def __init__(self, arguments: list[str], log: Path, **environment: str) -> None:
        self._arguments = arguments
        self._log = log
        path = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
        self._environment = clean_environment(PYTHONPATH=path, **environment)
        self._process: asyncio.subprocess.Process | None = None
        self._wanted = False

    @property
    def fell(self) -> int | None:
        """With which exit code it ended by itself, if it did."""
        return self._process.returncode if self._wanted and self._process else None

    @property
    def pid(self) -> int:
        """Of the process that runs."""
        assert self._process
        return self._process.pid

    async def start(self, *, wait: bool = True) -> None:
        """Start it; ``wait`` until it says that it has."""
        self._wanted = False
        with self._log.open("ab") as errors:
            self._process = await asyncio.create_subprocess_exec(
                *self._arguments, env=self._environment, stdout=asyncio.subprocess.PIPE, stderr=errors, cwd=ROOT
            )
        self._wanted = True
        if wait:
            await self.started()

    async def started(self) -> None:
        """Wait until it says that it has started."""
        assert self._process
        assert self._process.stdout
        said = await asyncio.wait_for(self._process.stdout.readline(), STARTS_WITHIN)
        if not said:
            raise RuntimeError(f"{self._arguments[-6:]} did not start: {self._log}")

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self._process
        self._process.send_signal(number)

    async def kill(self) -> None:
        """SIGKILL: whatever it was doing, it does no more."""
        assert self._process
        self._wanted = False
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()

    async def stop(self) -> None:
        """SIGTERM, with time for last words; SIGKILL when it takes too long."""
        self._wanted = False
        if self._process is None or self._process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGCONT)
            self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), 15)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    def memory(self) -> int:
        """Bytes of memory that it has now."""
        pages = Path(f"/proc/{self.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")


PYTHON = sys.executable
