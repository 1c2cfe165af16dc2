"""The processes of the simulated colleagues: started with their config on stdin, ended with the server.

A practice meeting's key passes through here on purpose, to that process's stdin: never to its arguments nor a log.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

import msgspec

logger = logging.getLogger(__name__)
COMMAND = (sys.executable, "-m", "kring_client.colleagues")
MAX_GROUPS = 12
MAX_LIFETIME_S = 4 * 60 * 60
GRACE_S = 3.0


class Config(msgspec.Struct, frozen=True):
    """What the colleagues are told, as one line of JSON. ``url``: the base of the room's WebSocket address."""

    url: str
    meeting: str
    key: str
    language: str
    seats: int
    newcomer: str
    seed: int


class BusyError(Exception):
    """As many groups practise here as this server allows."""


class AlreadyThereError(Exception):
    """This meeting has its colleagues already."""


@dataclass
class _Group:
    process: subprocess.Popen[bytes]
    since: float = field(default_factory=time.monotonic)


class Colleagues:
    """All groups of this server. Safe to use from any thread."""

    def __init__(self, command: tuple[str, ...] = COMMAND) -> None:
        """``command``: the program of one meeting's colleagues."""
        self.command = command
        self._groups: dict[str, _Group] = {}
        self._lock = threading.Lock()

    def start(self, config: Config) -> None:
        """Start the colleagues of one meeting."""
        with self._lock:
            self._remove_finished()
            if config.meeting in self._groups:
                raise AlreadyThereError
            if len(self._groups) >= MAX_GROUPS:
                raise BusyError
            # A session of their own: Ctrl+C is for the server, which then ends them.
            process = subprocess.Popen(  # noqa: S603 -- our own program
                self.command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True
            )
            self._groups[config.meeting] = _Group(process)
        assert process.stdin is not None  # noqa: S101 -- asked for above
        try:
            with process.stdin as line:
                line.write(msgspec.json.encode(config) + b"\n")
        except BrokenPipeError:
            logger.error("colleagues did not start")  # noqa: TRY400 -- the trace says nothing more
            return
        logger.info("colleagues started", extra={"meeting": config.meeting, "groups": len(self._groups)})

    def count(self) -> int:
        """How many groups there are now."""
        with self._lock:
            self._remove_finished()
            return len(self._groups)

    def stop(self) -> None:
        """End all of them: SIGTERM first, then SIGKILL."""
        with self._lock:
            groups, self._groups = list(self._groups.values()), {}
        for group in groups:
            group.process.terminate()
        deadline = time.monotonic() + GRACE_S
        for group in groups:
            _wait_or_kill(group.process, deadline - time.monotonic())

    def _remove_finished(self) -> None:
        for meeting, group in list(self._groups.items()):
            if group.process.poll() is None and time.monotonic() - group.since > MAX_LIFETIME_S:
                group.process.terminate()
                _wait_or_kill(group.process, GRACE_S)
            if group.process.poll() is not None:
                del self._groups[meeting]


def _wait_or_kill(process: subprocess.Popen[bytes], grace: float) -> None:
    try:
        process.wait(max(0.0, grace))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


COLLEAGUES = Colleagues()
"""Those of this process; ``kring_web.serving`` ends them."""
