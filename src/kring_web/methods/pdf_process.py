"""Has a method printed by a program of its own, one at a time, and keeps what was made: methods don't change while we run."""

from __future__ import annotations

import hashlib
import logging
import subprocess
import sys
import threading

import msgspec

from kring_web.methods.pdf import CannotPrintError, Job

logger = logging.getLogger(__name__)
LONGEST = 60
"""Seconds that a paper may take."""
MOST_KEPT = 256

_kept: dict[bytes, bytes] = {}
_one_at_a_time = threading.Lock()


def pdf_of(job: Job) -> bytes:
    """The job as a PDF; raises ``CannotPrintError`` where none can be made, or too many wait for theirs."""
    asked = msgspec.json.encode(job)
    name = hashlib.sha256(asked).digest()
    if name in _kept:
        return _kept[name]
    if not _one_at_a_time.acquire(timeout=LONGEST):
        raise CannotPrintError("Others are printing, for too long.")
    try:
        if name not in _kept:
            while len(_kept) >= MOST_KEPT:
                del _kept[next(iter(_kept))]
            _kept[name] = _made(asked)
        return _kept[name]
    finally:
        _one_at_a_time.release()


def _made(asked: bytes) -> bytes:
    command = [sys.executable, "-m", "kring_web.methods.pdf"]
    try:
        done = subprocess.run(command, input=asked, capture_output=True, timeout=LONGEST, check=False)  # noqa: S603 -- our own program
    except subprocess.TimeoutExpired:
        raise CannotPrintError("It took too long.") from None
    if done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        logger.error("No paper was made", extra={"error": last.partition(":")[0][:60]})
        raise CannotPrintError("The press failed.")
    return done.stdout
