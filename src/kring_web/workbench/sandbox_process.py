"""The one process that checks and rehearses for everybody: what takes too long is killed, and another is started."""

from __future__ import annotations

import atexit
import contextlib
import queue
import subprocess
import sys
import threading
from typing import TypeVar

import msgspec

from kring_web.workbench.sandbox import Job

T = TypeVar("T")


class TimedOut(Exception):
    """It took longer than anybody waits for."""


class Busy(Exception):
    """Too many requests are waiting already."""


class Worker:
    """``ask`` from any thread. The process starts with the first question."""

    def __init__(self, *, within: float = 20.0, waiting: int = 8) -> None:
        self._within = within
        self._places = threading.BoundedSemaphore(waiting)
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def ask(self, job: Job, answer: msgspec.json.Decoder[T]) -> T:
        """The answer to ``job``, by its decoder. Raises ``Busy`` at once, or ``TimedOut``."""
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            with self._turn:
                return answer.decode(self._ask(msgspec.json.encode(job) + b"\n"))
        finally:
            self._places.release()

    def stop(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process:
            process.kill()
            process.wait()
            with contextlib.suppress(OSError):  # what was not written yet
                process.stdin.close()  # type: ignore[union-attr] # it was opened with one

    def _ask(self, line: bytes) -> bytes:
        process = self._running()
        if process.stdin is None:
            raise TimedOut
        try:
            process.stdin.write(line)
            process.stdin.flush()
            answer = self._answers.get(timeout=self._within)
        except (OSError, queue.Empty):
            answer = b""
        if not answer:  # killed, out of memory, or still busy
            self.stop()
            raise TimedOut
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.stop()
            self._answers = queue.SimpleQueue()
            command = [sys.executable, "-m", "kring_web.workbench.sandbox"]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 -- our own
            threading.Thread(target=_listen, args=(self._process, self._answers), daemon=True).start()
        return self._process


def _listen(process: subprocess.Popen[bytes], answers: queue.SimpleQueue[bytes]) -> None:
    """Forward each line; an empty one means that no more will come."""
    if process.stdout:
        with process.stdout as lines:
            for line in lines:
                answers.put(line)
    answers.put(b"")


WORKER = Worker()
atexit.register(WORKER.stop)
