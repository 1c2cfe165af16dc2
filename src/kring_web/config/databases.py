"""Where Django keeps things. By default two SQLite files, so that each has one writer's peace; or one PostgreSQL database.

The rooms' file is written by the room, many meetings in one commit, by one connection that remembers what it wrote for as long as
nobody else writes there. Sessions, accounts and mail are Django's, in a file beside it. ``Router`` keeps the two apart.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf import settings
from django.db import models

from kring_room.store.tables import TABLES
from kring_web.config.environment import Environment

OWN: Final = "default"
"""The alias of Django's own database."""
ROOMS: Final = "rooms"
"""The alias of the rooms' database, where that is another one."""
COPY: Final = "copy"
"""The alias of a copy of Django's own database, while a backup is made or restored."""
_KEEP = 60
"""Seconds for which a thread keeps its connection to PostgreSQL."""


class Router:
    """The room's tables are in the rooms' database, all others in Django's own.

    An operation of a migration that names no model (``RunSQL``, ``RunPython``) runs in Django's own alone; one that is about
    the room's tables says ``hints={"room": True}``.
    """

    def db_for_read(self, model: type[models.Model], **_hints: object) -> str:
        """Where a model's rows are."""
        return database_of(model._meta.db_table)

    def db_for_write(self, model: type[models.Model], **_hints: object) -> str:
        """The same."""
        return database_of(model._meta.db_table)

    def allow_migrate(self, db: str, _app_label: str, **hints: Any) -> bool:  # noqa: ANN401 -- Django's
        """Whether an operation of a migration is done in ``db``."""
        model = hints.get("model")
        if hints.get("room") or (model is not None and model._meta.db_table in TABLES):
            return db == _rooms()
        return db != ROOMS


def database_of(table: str) -> str:
    """The alias of the database that a table is in."""
    return _rooms() if table in TABLES else OWN


def databases(environment: Environment) -> dict[str, dict[str, Any]]:
    """Django's ``DATABASES``."""
    if environment.database_url:
        return {OWN: _postgres(environment.database_url)}
    return {OWN: sqlite(environment.web_database), ROOMS: sqlite(environment.database)}


def _rooms() -> str:
    return ROOMS if ROOMS in settings.DATABASES else OWN


def sqlite(file: Path) -> dict[str, Any]:
    """A database in this file."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        # WAL lets others read while one writes, IMMEDIATE makes writers queue instead of fail.
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
