"""Makes PDFs in a process of their own, one at a time, and caches them: methods don't change while the server runs."""

from __future__ import annotations

import hashlib
import logging
import re
import subprocess
import sys
import threading
import time

import msgspec

from kring_web.methods.pdf import Job, PdfError

logger = logging.getLogger(__name__)
TIMEOUT_S = 60
"""Seconds that a PDF may take, and that somebody waits for their turn."""
WAITING = 6
"""How many may wait: each keeps a thread, of which the pages have some fifty."""
GIVE_UP_S = 600
"""Seconds for which what took too long is not tried again."""
MAX_CACHED = 256
_CODE_POINTS = re.compile(r"^U\+[0-9A-F]{4,6}( U\+[0-9A-F]{4,6})*$", re.MULTILINE)

_cache: dict[bytes, bytes] = {}
_too_long: dict[bytes, float] = {}
_places = threading.BoundedSemaphore(WAITING)
_lock = threading.Lock()


class TooSlowError(PdfError):
    """It took longer than anybody waits for."""


def pdf_of(job: Job) -> bytes:
    """The job as a PDF; raises ``PdfError`` where none can be made, or too many wait for theirs."""
    asked = msgspec.json.encode(job)
    name = hashlib.sha256(asked).digest()
    if name in _cache:
        return _cache[name]
    if time.monotonic() < _too_long.get(name, 0):
        raise PdfError("It took too long a moment ago.")
    if not _places.acquire(blocking=False):
        raise PdfError("Too many wait for theirs.")
    try:
        if not _lock.acquire(timeout=TIMEOUT_S):
            raise PdfError("Others wait for theirs, for too long.")
        try:
            return _made(name, asked)
        finally:
            _lock.release()
    finally:
        _places.release()


def _made(name: bytes, asked: bytes) -> bytes:
    now = time.monotonic()
    for old in [one for one, until in _too_long.items() if until <= now]:
        del _too_long[old]
    if name in _too_long:  # whoever was before in the queue asked for the same
        raise PdfError("It took too long a moment ago.")
    if name not in _cache:
        while len(_cache) >= MAX_CACHED:
            del _cache[next(iter(_cache))]
        try:
            _cache[name] = _run(asked)
        except TooSlowError:
            _too_long[name] = time.monotonic() + GIVE_UP_S
            raise
    return _cache[name]


def _run(asked: bytes) -> bytes:
    command = [sys.executable, "-m", "kring_web.methods.pdf"]
    try:
        done = subprocess.run(command, input=asked, capture_output=True, timeout=TIMEOUT_S, check=False)  # noqa: S603 -- our own program
    except subprocess.TimeoutExpired:
        raise TooSlowError("It took too long.") from None
    if done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        logger.error("No PDF was made", extra={"error": last.partition(":")[0][:60]})
        raise PdfError("The process failed.")
    if lacking := _CODE_POINTS.search(done.stderr.decode(errors="replace")):
        logger.warning("A PDF lacks characters", extra={"error": lacking[0][:60]})
    return done.stdout
