"""Faults in a command: what the log says of them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kring.meeting import commands

_log = logging.getLogger(__name__)


def log_fault(error: Exception, meeting: str, command: commands.AnyCommand | None) -> None:
    """Log where it went wrong, never with what: an exception's text may quote what people sent."""
    where = error.__traceback__
    while where and where.tb_next:
        where = where.tb_next
    place = f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where else "?"
    extra = {"meeting": meeting, "command": type(command).__name__, "error": type(error).__name__, "place": place}
    _log.error("command failed", extra=extra)
