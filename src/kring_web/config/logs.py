"""What is written down about running: one line an event, to standard error, never content, keys, tickets or queries.

Our own events have a stable name, which is their message in kebab-case, and only the fields of ``FIELDS``: ids, kinds and
numbers. An exception is written as its kind and where it came from, for its text may quote what people sent.
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

SECRETS = re.compile(r"(#k=|[?&][^=\s]+=|device_token\W+|ticket\W+|key\W{1,4})[A-Za-z0-9_\-.%]{12,}")
FIELDS = ("meeting", "device", "reason", "command", "error", "place", "seq", "entry", "groups", "port", "node", "kind")
"""What may stand beside an event; ``docs/operations.md`` tells what each is."""
OURS = "kring_"
_APART = re.compile(r"[^a-z0-9]+")
_DEEPEST = 4
"""Places of an exception, from where it was raised outwards."""


def discreet(record: logging.LogRecord) -> bool:
    """Let every record through, with what looks like a key or a ticket struck out, should a library ever log one."""
    record.msg, record.args = SECRETS.sub(r"\1[struck]", record.getMessage()), None
    return True


def worth_a_line(record: logging.LogRecord) -> bool:
    """``False`` for work that was given up because whoever asked for it has gone: that is nobody's trouble."""
    kind = record.exc_info[0] if record.exc_info else None
    return not (kind and issubclass(kind, asyncio.CancelledError))


def event_of(record: logging.LogRecord) -> str:
    """The stable name of an event of ours; ``library`` for all that others say."""
    return _APART.sub("-", record.getMessage().lower()).strip("-") if record.name.startswith(OURS) else "library"


def fields_of(record: logging.LogRecord) -> dict[str, str | int]:
    """What stands beside it, ids and numbers alone, and where an exception came from."""
    found: dict[str, str | int] = {}
    for name in FIELDS:
        value = getattr(record, name, None)
        if value is not None:
            found[name] = value if isinstance(value, int) else SECRETS.sub(r"\1[struck]", str(value))
    if record.exc_info and record.exc_info[0]:
        found["error"] = record.exc_info[0].__name__
        frames = traceback.extract_tb(record.exc_info[2])[: -_DEEPEST - 1 : -1]
        found["place"] = " < ".join(f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in frames)
    return found


class LineFormatter(logging.Formatter):
    """For people: the time, how grave it is, who says it, what, and what stands beside it."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        beside = "".join(f" {name}={value}" for name, value in fields_of(record).items())
        return f"{_time(record)} {record.levelname} {record.name}: {_said(record)}{beside}"


class JsonFormatter(logging.Formatter):
    """For programs: one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """``at``, ``level``, ``logger``, ``event``; what libraries say is in ``said``."""
        event = event_of(record)
        line: dict[str, str | int] = {
            "at": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": event,
        }
        if event == "library":
            line["said"] = _said(record)
        return json.dumps(line | fields_of(record), ensure_ascii=False)


def logging_of(level: str, form: Literal["line", "json"] = "line") -> dict[str, Any]:
    """The ``dictConfig`` for this level and form."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"discreet": {"()": lambda: discreet}, "worth-a-line": {"()": lambda: worth_a_line}},
        "formatters": {"line": {"()": LineFormatter}, "json": {"()": JsonFormatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": form, "filters": ["discreet"]}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": {
            "django": {"handlers": [], "level": "INFO" if level == "debug" else level.upper(), "propagate": True},
            # A request that nobody should have made is the caller's affair, not ours: no line for each 404.
            "django.request": {"level": "ERROR"},
            "django.security.DisallowedHost": {"level": "ERROR"},
            "uvicorn.access": {"handlers": [], "level": "ERROR", "propagate": False},
            # Its four lines at each start say nothing that ours doesn't.
            "uvicorn.error": {"level": "INFO" if level == "debug" else "WARNING"},
            "asyncio": {"level": "WARNING", "filters": ["worth-a-line"]},
        },
    }


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _said(record: logging.LogRecord) -> str:
    """The first line: a library's further ones are traces, which quote."""
    return record.getMessage().partition("\n")[0]
