"""The tables at a start: made, or brought up to date; and what one database held before there were two, moved once.

Each migration is done and noted down in one transaction. Django's own command notes down some only afterwards: a start that is cut
short in between leaves tables that the next one finds in its way, for good.

The move goes by what is there, not by what was noted down: as long as the rooms' database has a table that is Django's own, its
rows are copied into Django's database, durably, and then it goes. So a start may be cut short at any moment, and the next one
goes on; a row that is there already stays as it is.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import DatabaseError, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState

from kring_room.cluster.clock import wall_clock
from kring_room.store.sqlite import rows
from kring_room.store.tables import TABLES
from kring_web.config.databases import OWN, ROOMS

logger = logging.getLogger(__name__)
_ONE_AT_A_TIME: Final = 0x6B72696E67
"""The number of the lock that a node holds while it makes the tables."""
_ROOMS_APPS: Final = ("meetings", "vault")
"""The apps that have tables of the room. Only theirs are the migrations that its database knows of."""
_COUNTED_FROM_NOW: Final = {("method_publication", "used_at")}
"""Columns of times that rows of before lack, and that say now of them, as the migration says of rows that stay: ms epoch."""


class UnusableError(Exception):
    """A database that can't be used: its alias; the cause says why."""

    def __init__(self, alias: str) -> None:
        """Keep the alias."""
        super().__init__(alias)
        self.alias = alias


def make_tables() -> None:
    """Make the tables of every database, or bring them up to date. Raises ``UnusableError``."""
    with _usable(OWN):
        _make_own()
    if ROOMS not in connections:
        return
    with _usable(ROOMS):
        move(_file(ROOMS), _file(OWN))
        migrate(ROOMS, *_ROOMS_APPS)


def move(rooms: Path, own: Path) -> tuple[str, ...]:
    """Move the tables that are Django's own out of the rooms' database; the result is which they were."""
    with contextlib.closing(rows.connect(rooms)) as source:
        found = {name for (name,) in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        tables = tuple(table for table in _own_tables() if table in found)
        if not tables:
            return ()
        with contextlib.closing(rows.connect(own)) as target:
            target.execute("ATTACH ? AS rooms", (str(rooms),))
            with rows.transaction(target):
                for table in tables:
                    _copy(target, table)
        # Only now, when the copies are durable.
        with rows.transaction(source):
            for table in tables:
                source.execute(f'DROP TABLE "{table}"')
    return tables


def _copy(target: sqlite3.Connection, table: str) -> None:
    there, here = (
        [row[1] for row in target.execute(f'PRAGMA {schema}.table_info("{table}")')] for schema in ("rooms", "main")
    )
    kept = [f'"{column}"' for column in there if column in here]
    added = [f'"{column}"' for column in here if column not in there and (table, column) in _COUNTED_FROM_NOW]
    target.execute(
        f'INSERT INTO main."{table}" ({", ".join([*kept, *added])})'  # noqa: S608 -- names of our own tables
        f' SELECT {", ".join([*kept, *("?" for _ in added)])} FROM rooms."{table}" WHERE true ON CONFLICT DO NOTHING',
        [wall_clock() for _ in added],
    )


def _own_tables() -> Iterator[str]:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in TABLES:
            yield model._meta.db_table


def _make_own() -> None:
    """Django's own tables; where nodes start together, one after the other."""
    connection = connections[OWN]
    with contextlib.ExitStack() as after:
        if connection.vendor == "postgresql":
            cursor = after.enter_context(connection.cursor())
            cursor.execute("SELECT pg_advisory_lock(%s)", [_ONE_AT_A_TIME])
            after.callback(cursor.execute, "SELECT pg_advisory_unlock(%s)", [_ONE_AT_A_TIME])
        migrate(OWN)


class _Executor(MigrationExecutor):
    """Does each migration as a whole."""

    def apply_migration(self, state: ProjectState, migration: Migration, *how: bool, **named: bool) -> ProjectState:
        """Do it and note it down, in one transaction."""
        with self.connection.constraint_checks_disabled(), transaction.atomic(self.connection.alias):
            return super().apply_migration(state, migration, *how, **named)


def migrate(alias: str, *labels: str, signals: bool = True) -> None:
    """Do what is still to be done in this database: of these apps, and what theirs need; of all, if none is named.

    ``signals``: have Django add the rows that it keeps about models.
    """
    connection = connections[alias]
    connection.prepare_database()
    executor = _Executor(connection)
    executor.loader.check_consistent_history(connection)
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("kring_web.")}
    if any(node[0] in ours and node not in executor.loader.graph.nodes for node in executor.loader.applied_migrations):
        # In a cluster that is upgraded this is so for a while; else somebody went back to an older release.
        logger.warning("database is of a newer release", extra={"kind": alias})
    targets = [node for node in executor.loader.graph.leaf_nodes() if not labels or node[0] in labels]
    plan = executor.migration_plan(targets)
    if plan:
        done = [node for node in executor.loader.applied_migrations if node in executor.loader.graph.nodes]
        before = executor.loader.project_state(done).apps
        if signals:
            emit_pre_migrate_signal(verbosity=0, interactive=False, db=alias, apps=before, plan=plan)
        executor.migrate(targets, plan)
    if signals:
        emit_post_migrate_signal(verbosity=0, interactive=False, db=alias, apps=apps, plan=plan)


@contextlib.contextmanager
def _usable(alias: str) -> Iterator[None]:
    try:
        if connections[alias].vendor == "sqlite":
            # For its owner alone from the first moment; SQLite gives the files beside it the same rights.
            _file(alias).touch(mode=0o600)
            _file(alias).chmod(0o600)
        yield
    except (DatabaseError, sqlite3.Error) as error:
        raise UnusableError(alias) from error
    finally:
        connections[alias].close()


def _file(alias: str) -> Path:
    return Path(connections[alias].settings_dict["NAME"])
