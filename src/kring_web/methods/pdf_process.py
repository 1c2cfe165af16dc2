"""Makes PDFs in a process of their own, one at a time, and caches them: methods don't change while the server runs."""

from __future__ import annotations

import hashlib
import logging
import re
import subprocess
import sys
import threading

import msgspec

from kring_web.methods.pdf import Job, PdfError

logger = logging.getLogger(__name__)
TIMEOUT_S = 60
"""Seconds that a PDF may take."""
MAX_CACHED = 256
_CODE_POINTS = re.compile(r"^U\+[0-9A-F]{4,6}( U\+[0-9A-F]{4,6})*$", re.MULTILINE)

_cache: dict[bytes, bytes] = {}
_lock = threading.Lock()


def pdf_of(job: Job) -> bytes:
    """The job as a PDF; raises ``PdfError`` where none can be made, or others are waiting for too long."""
    asked = msgspec.json.encode(job)
    name = hashlib.sha256(asked).digest()
    if name in _cache:
        return _cache[name]
    if not _lock.acquire(timeout=TIMEOUT_S):
        raise PdfError("Others wait for theirs, for too long.")
    try:
        if name not in _cache:
            while len(_cache) >= MAX_CACHED:
                del _cache[next(iter(_cache))]
            _cache[name] = _run(asked)
        return _cache[name]
    finally:
        _lock.release()


def _run(asked: bytes) -> bytes:
    command = [sys.executable, "-m", "kring_web.methods.pdf"]
    try:
        done = subprocess.run(command, input=asked, capture_output=True, timeout=TIMEOUT_S, check=False)  # noqa: S603 -- our own program
    except subprocess.TimeoutExpired:
        raise PdfError("It took too long.") from None
    if done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        logger.error("No PDF was made", extra={"error": last.partition(":")[0][:60]})
        raise PdfError("The process failed.")
    if lacking := _CODE_POINTS.search(done.stderr.decode(errors="replace")):
        logger.warning("A PDF lacks characters", extra={"error": lacking[0][:60]})
    return done.stdout
