"""The log: one line an event, to standard error, without content, keys, tickets or queries.

Our own events have a stable name, which is their message in kebab-case, and only the fields of ``FIELDS``: ids, kinds and
numbers. An exception is logged by its type and place, for its text may quote what people sent.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import traceback
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any, Literal

SECRETS = re.compile(
    r"((?:#|\b|%23|/)k(?:=|%3D)|[?&][^=\s]+=|device_token\W+|ticket\W+|key\W{1,4}|(?=[A-Za-z0-9_\-%]{40}))[A-Za-z0-9_\-.%]{12,}",
    re.IGNORECASE,
)
"""What looks like a key or a ticket: by what stands before it, or by its length, for a link's key may stand anywhere in an address
that a mail program has changed."""
FIELDS = ("meeting", "device", "reason", "command", "error", "place", "seq", "entry", "groups", "port", "node", "kind")
"""What may stand beside an event; ``docs/operations.md`` tells what each is."""
OURS = "kring_"
_SEPARATOR = re.compile(r"[^a-z0-9]+")
_MAX_PLACES = 4
"""Stack frames of an exception that are logged, innermost first."""


def redact(record: logging.LogRecord) -> bool:
    """A filter that passes every record, with what looks like a key or a ticket replaced, should a library ever log one."""
    record.msg, record.args = SECRETS.sub(r"\1[redacted]", record.getMessage()), None
    return True


def without_address(record: logging.LogRecord) -> bool:
    """A filter for Django's lines about requests: the pattern of the address, never the address, which may be all it takes."""
    request = getattr(record, "request", None)
    if request is not None:
        match = getattr(request, "resolver_match", None)
        status = getattr(record, "status_code", "")
        record.msg, record.args = f"{status} at {match.route if match else 'no address of ours'}", None
    return True


def is_not_cancelled(record: logging.LogRecord) -> bool:
    """A filter that drops cancelled tasks: whoever asked for the work has gone, and nothing is wrong."""
    kind = record.exc_info[0] if record.exc_info else None
    return not (kind and issubclass(kind, asyncio.CancelledError))


def event_of(record: logging.LogRecord) -> str:
    """The stable name of an event of ours; ``library`` for whatever a library logs."""
    return _SEPARATOR.sub("-", record.getMessage().lower()).strip("-") if record.name.startswith(OURS) else "library"


def fields_of(record: logging.LogRecord) -> dict[str, str | int]:
    """The event's fields: ids, kinds and numbers, and for an exception its type and place."""
    found: dict[str, str | int] = {}
    for name in FIELDS:
        value = getattr(record, name, None)
        if value is not None:
            found[name] = value if isinstance(value, int) else SECRETS.sub(r"\1[redacted]", str(value))
    if record.exc_info and record.exc_info[0]:
        found["error"] = record.exc_info[0].__name__
        frames = traceback.extract_tb(record.exc_info[2])[: -_MAX_PLACES - 1 : -1]
        found["place"] = " < ".join(f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in frames)
    return found


class LineFormatter(logging.Formatter):
    """For people: time, level, logger, message and fields."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        fields = "".join(f" {name}={value}" for name, value in fields_of(record).items())
        return f"{_time(record)} {record.levelname} {record.name}: {_first_line(record)}{fields}"


class JsonFormatter(logging.Formatter):
    """For programs: one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """``at``, ``level``, ``logger``, ``event`` and the fields; of a library's event also ``message``."""
        event = event_of(record)
        line: dict[str, str | int] = {
            "at": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": event,
        }
        if event == "library":
            line["message"] = _first_line(record)
        return json.dumps(line | fields_of(record), ensure_ascii=False)


def logging_of(level: str, form: Literal["line", "json"] = "line") -> dict[str, Any]:
    """The ``dictConfig`` for this level and form."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "redact": {"()": lambda: redact},
            "is-not-cancelled": {"()": lambda: is_not_cancelled},
            "without-address": {"()": lambda: without_address},
        },
        "formatters": {"line": {"()": LineFormatter}, "json": {"()": JsonFormatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": form, "filters": ["redact"]}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": {
            "django": {"handlers": [], "level": "INFO" if level == "debug" else level.upper(), "propagate": True},
            # A bad request is the caller's fault, not ours: no line for each 404.
            "django.request": {"level": "ERROR", "filters": ["without-address"]},
            # Nor for each name that somebody gave this server: the line would repeat it.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "uvicorn.access": {"handlers": [], "level": "ERROR", "propagate": False},
            # Its four lines at each start say nothing that ours doesn't.
            "uvicorn.error": {"level": "INFO" if level == "debug" else "WARNING"},
            "asyncio": {"level": "WARNING", "filters": ["is-not-cancelled"]},
        },
    }


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _first_line(record: logging.LogRecord) -> str:
    """The message without a library's further lines, which are traces and may quote what people sent."""
    return record.getMessage().partition("\n")[0]
