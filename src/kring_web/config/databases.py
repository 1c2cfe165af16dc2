"""Django's side of the database: the same SQLite file, or the same PostgreSQL database, that the room writes."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from kring_web.config.environment import Environment

_KEEP = 60
"""Seconds for which a thread keeps its connection to PostgreSQL."""


def database(environment: Environment) -> dict[str, Any]:
    """The entry of ``DATABASES``."""
    if environment.database_url:
        return _postgres(environment.database_url)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": environment.database,
        # The room writes the same file: WAL lets both read at once, IMMEDIATE makes writers queue instead of fail.
        # FULL and secure_delete: what is acknowledged stays, what is destroyed is overwritten.
        "OPTIONS": {
            "timeout": 10,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
        },
    }


def _postgres(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": _KEEP,
        "CONN_HEALTH_CHECKS": True,
        # What stands behind the ? (sslmode and its like) is meant for the library below.
        "OPTIONS": {"connect_timeout": 5, "application_name": "kring-web", **dict(parse_qsl(parts.query))},
    }
