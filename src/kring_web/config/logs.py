"""What is written down about running: one line an event, to standard error, never content, keys, tickets or queries."""

from __future__ import annotations

import logging
import re
from typing import Any

SECRETS = re.compile(r"(#k=|[?&][^=\s]+=|device_token\W+|ticket\W+|key\W{1,4})[A-Za-z0-9_\-.%]{12,}")


def discreet(record: logging.LogRecord) -> bool:
    """Let every record through, with what looks like a key or a ticket struck out, should a library ever log one."""
    record.msg, record.args = SECRETS.sub(r"\1[struck]", record.getMessage()), None
    return True


def logging_of(level: str) -> dict[str, Any]:
    """The ``dictConfig`` for this level."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"discreet": {"()": lambda: discreet}},
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["discreet"]}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": {
            "django": {"handlers": [], "level": "INFO" if level == "debug" else level.upper(), "propagate": True},
            # A request that nobody should have made is the caller's affair, not ours: no line for each 404.
            "django.request": {"level": "ERROR"},
            "django.security.DisallowedHost": {"level": "ERROR"},
            "uvicorn.access": {"handlers": [], "level": "ERROR", "propagate": False},
            # Its four lines at each start say nothing that ours doesn't.
            "uvicorn.error": {"level": "INFO" if level == "debug" else "WARNING"},
            "asyncio": {"level": "WARNING"},
        },
    }
