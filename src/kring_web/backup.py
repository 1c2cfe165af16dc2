"""Copying and restoring everything: every table of every model, except what ``LEFT_OUT`` names, with the reason.

A copy is two SQLite files, whatever the store: the web's (``web.sqlite3``), taken first, and the rooms'
(``kring.sqlite3``), of which ``kring_room.store.backup`` knows. The web's file is a whole database of Django with the
migrations that made it, so one of an earlier release is migrated before its rows are read; out of a rooms' file from
before there were two, the web's tables are moved first.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from django.apps import apps
from django.core.management.color import no_style
from django.db import DatabaseError, connections, models, transaction

from kring_room.cluster.clock import wall_clock
from kring_room.store import backup as rooms
from kring_room.store.backup import BackupError, Tally
from kring_room.store.erasing import Erased, erase
from kring_room.store.port import Erasure, StoreError
from kring_room.store.tables import TABLES
from kring_web.config.databases import COPY, OWN, sqlite
from kring_web.config.environment import Environment
from kring_web.config.migrating import migrate, move
from kring_web.jobs import services as jobs

WEB: Final = "web.sqlite3"
ROOMS: Final = "kring.sqlite3"


class LeftOut(NamedTuple):
    """Rows that no copy holds. ``where``: which, as SQL; ``why``: the reason."""

    where: str
    why: str


LEFT_OUT: Final = {
    "django_session": LeftOut(
        "true", "People sign in again, so that with a stolen copy nobody is signed in as somebody else."
    ),
    "knock": LeftOut("true", "What is said at a door is over within minutes, and means nothing to another server."),
    "knock_code": LeftOut("true", "A join code leads to a door for half an hour; after a restore nobody knows of it."),
    "mail": LeftOut("private", "A sign-in code is valid for minutes, and lets anyone in who reads it."),
}
_KEPT_BY_DJANGO: Final = frozenset({"auth", "contenttypes", "jobs"})
"""Apps with rows that the server makes by itself."""


def copy(environment: Environment, folder: Path) -> None:
    """Copy everything that is durable now into ``folder``: the web's tables, then the rooms'. Raises ``BackupError``."""
    web = folder / WEB
    try:
        if environment.database_url:
            _copy_postgres(web)
        elif environment.web_database.is_file():
            source = f"{environment.web_database.absolute().as_uri()}?mode=ro"
            with contextlib.closing(sqlite3.connect(source, uri=True)) as opened:
                opened.execute("VACUUM INTO ?", (str(web),))
        rooms.copy(environment.store, folder / ROOMS)
        complete(folder)
        with contextlib.closing(sqlite3.connect(web)) as made:
            made.execute("PRAGMA secure_delete=ON")
            for table, one in LEFT_OUT.items():
                made.execute(f"DELETE FROM {table} WHERE {one.where}")  # noqa: S608 -- constants
            made.commit()
            made.execute("VACUUM")
    except (sqlite3.Error, DatabaseError) as error:
        raise BackupError(f"The web's tables cannot be copied ({type(error).__name__}).") from None


def complete(folder: Path) -> None:
    """Bring an unpacked copy up to date: of an earlier release, or of the time when there was one database."""
    with _opened(folder / WEB):
        migrate(COPY, signals=False)
    move(folder / ROOMS, folder / WEB)
    for name in (WEB, ROOMS):  # one file each, without a log beside it
        with contextlib.closing(sqlite3.connect(folder / name)) as made:
            made.execute("PRAGMA journal_mode=DELETE")


def check(folder: Path) -> tuple[Tally, dict[str, int]]:
    """Replay every meeting, and count the rows of the web's tables. Raises ``BackupError`` about the first fault."""
    tally = rooms.check(folder / ROOMS)
    if not (folder / WEB).is_file():
        return tally, {}
    try:
        with contextlib.closing(sqlite3.connect(f"{(folder / WEB).as_uri()}?mode=ro", uri=True)) as opened:
            if (result := opened.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
                raise BackupError(f"The copy of the web's tables is damaged: {result}.")
            if opened.execute("PRAGMA foreign_key_check").fetchone():
                raise BackupError("The copy has rows that refer to rows which are missing.")
            names = [name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            counted = sorted(name for name in names if not name.startswith("sqlite_"))
            return tally, {
                name: opened.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 -- names of tables
                for name in counted
            }
    except sqlite3.Error as error:
        raise BackupError(f"The copy of the web's tables cannot be read: {error}.") from None


def restore(folder: Path, environment: Environment, erasures: Iterable[Erasure], *, replace: bool, now: int) -> Erased:
    """Restore a checked copy. Jobs, and so mail, then wait for ``jobs.services.release``.

    What ``erasures`` name and what is overdue ``now`` is destroyed in the copy, before any of it is where a server looks.
    The tables must exist, and no server may run. Raises ``BackupError``, also if there is anything that people made and
    ``replace`` is false.
    """
    found = rooms.count_meetings(environment.store)
    if not replace and (found or _is_used()):
        what = f"{found} meetings" if found else "methods or accounts"
        raise BackupError(f"There are {what} already. With --replace they are destroyed.")
    complete(folder)
    try:
        erased = asyncio.run(erase(folder / ROOMS, erasures, now))
    except StoreError as error:
        raise BackupError(f"What was destroyed since cannot be destroyed in the copy ({error}).") from None
    environment.ledger.begin(now)  # what was destroyed before is in no database from now on
    try:
        with _opened(folder / WEB), transaction.atomic(using=OWN):
            with connections[OWN].cursor() as cursor:
                for model in own_models():
                    cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608 -- names of tables
            _rows(COPY, OWN)
            jobs.hold("restored", now=wall_clock())
            _reset_sequences()
    except DatabaseError as error:
        raise BackupError(f"The web's tables cannot be restored ({type(error).__name__}).") from None
    finally:
        connections[OWN].close()
    rooms.restore(folder / ROOMS, environment.store, replace=replace)
    return erased


def own_models() -> list[type[models.Model]]:
    """Every model whose table is not the room's, also those that Django makes for itself."""
    found = apps.get_models(include_auto_created=True)
    return [one for one in found if one._meta.managed and not one._meta.proxy and one._meta.db_table not in TABLES]


def _is_used() -> bool:
    made = [model for model in own_models() if model._meta.app_label not in _KEPT_BY_DJANGO]
    return any(models.QuerySet(model).using(OWN).exists() for model in made)


def _rows(source: str, target: str) -> None:
    """Every row of every model, as it is: no default, no signal of an app and no `save` changes anything.

    A table that an earlier release did not have yet is empty.
    """
    there = set(connections[source].introspection.table_names())
    for model in own_models():
        if model._meta.db_table not in there:
            continue
        row: models.Model
        for row in models.QuerySet(model).using(source).iterator(chunk_size=500):
            row.save_base(raw=True, using=target, force_insert=True)


def _copy_postgres(web: Path) -> None:
    try:
        with _opened(web):
            migrate(COPY, signals=False)
            with transaction.atomic(using=OWN), transaction.atomic(using=COPY):
                with connections[OWN].cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                _rows(OWN, COPY)
    finally:
        connections[OWN].close()


def _reset_sequences() -> None:
    connection = connections[OWN]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), own_models()):
            cursor.execute(statement)


@contextlib.contextmanager
def _opened(web: Path) -> Iterator[None]:
    """The web's file of a copy, as a database of Django's for as long as this lasts."""
    known = connections.settings
    known[COPY] = connections.configure_settings({OWN: {}, COPY: sqlite(web)})[COPY]
    try:
        yield
    finally:
        connections[COPY].close()
        del connections[COPY], known[COPY]
