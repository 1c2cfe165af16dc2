"""``kring restore FILE``: what a backup holds into an empty data folder or database; ``--check`` only looks."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kring_command import archive
from kring_command.erased_since import erased_since
from kring_command.errors import CommandError
from kring_command.web_database import add_data_argument
from kring_room.cluster.clock import wall_clock
from kring_room.store.backup import BackupError, bring_up_to_date, is_used
from kring_room.store.erasing import destroy_everything
from kring_room.store.vault_keys import put_back

if TYPE_CHECKING:
    from kring_room.store.erasing import Erased
    from kring_room.store.port import Erasure
    from kring_web.config.environment import Environment


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What comes after the command."""
    parser.description = (
        "Checks a backup by replaying every meeting, then puts everything into an empty data folder or database. "
        "Jobs and mail then wait until kring release."
    )
    parser.add_argument("file", metavar="FILE", help="what kring backup made")
    add_data_argument(parser)
    parser.add_argument("--keys", metavar="FILE", help="the vault's keys of this backup, rather than FILE.keys")
    parser.add_argument(
        "--without-keys",
        action="store_true",
        help="go on though the vault's keys are gone: what was said stays unreadable, and counts as destroyed",
    )
    parser.add_argument("--check", action="store_true", help="only replay every meeting; change nothing")
    parser.add_argument("--replace", action="store_true", help="destroy what is there")
    parser.add_argument(
        "--without-erasures",
        action="store_true",
        help="go on though the erasure ledger is lost: what was destroyed since the backup comes back",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Check, and restore."""
    if arguments.data:
        os.environ["KRING_DATA"] = arguments.data
    from kring_web import serving  # noqa: PLC0415 -- the other commands do without
    from kring_web.config.current import environment  # noqa: PLC0415 -- reads the environment
    from kring_web.config.environment import SettingsError  # noqa: PLC0415 -- with the rest

    with tempfile.TemporaryDirectory(dir=Path(arguments.file).absolute().parent, prefix=".kring-") as name:
        folder = Path(name)
        try:
            manifest = archive.unpack(Path(arguments.file), folder)
            serving.set_up()
            _check(manifest, folder, arguments)
            erased = None
            if not arguments.check:
                erasures = erased_since(environment().ledger, manifest.made_at, lost=arguments.without_erasures)
                erased = _restore(environment(), folder, erasures, replace=arguments.replace)
        except (SettingsError, serving.CannotServeError, BackupError) as error:
            raise CommandError(str(error)) from None
    if manifest.keys and not arguments.without_keys:
        _say_when_keys_go(manifest, environment().content_days)
    found = manifest.counts
    done = "in order" if arguments.check else "restored"
    print(
        f"{found.meetings} meetings, {found.events} events, {found.bodies} sealed texts of {manifest.made_at}: {done}."
    )
    if erased:
        print(
            f"Destroyed again in {erased.again} meetings, because it had been; in {erased.overdue}, because it was overdue."
        )
        print("Jobs and mail wait: look at what was restored, then run kring release.")
    return 0


def _check(manifest: archive.Manifest, folder: Path, arguments: argparse.Namespace) -> None:
    """Make the unpacked parts one copy, with the vault's keys or without what they open, and replay it."""
    from kring_web import backup  # noqa: PLC0415 -- needs the settings

    meetings = folder / archive.MEETINGS
    bring_up_to_date(meetings)
    if manifest.keys and arguments.without_keys:
        destroy_everything(meetings, wall_clock())
        counts, rows = backup.check(folder)
        right = (counts.meetings, rows) == (manifest.counts.meetings, manifest.rows)
    else:
        if manifest.keys:
            put_back(meetings, _keys_of(manifest, arguments))
        right = backup.check(folder) == (manifest.counts, manifest.rows)
    if not right:
        raise CommandError("The backup is damaged: it does not hold what its manifest says.")


def _keys_of(manifest: archive.Manifest, arguments: argparse.Namespace) -> Path:
    keys = Path(arguments.keys or arguments.file + archive.KEYS)
    try:
        if not archive.is_whole(manifest, keys):
            raise CommandError(f"{keys} is damaged, or holds the vault's keys of another backup.")
    except OSError as error:
        raise CommandError(
            f"The vault's keys cannot be read from {keys}: {error.strerror or error}. Name their file with --keys. If they were "
            "deleted, add --without-keys: all but what was said is restored."
        ) from None
    return keys


def _say_when_keys_go(manifest: archive.Manifest, days: int) -> None:
    made = datetime.fromisoformat(manifest.made_at)
    if made + timedelta(days=days) < datetime.now(UTC):
        print(
            f"kring: The vault's keys of this backup are older than content may be ({days} days, KRING_CONTENT_DAYS). "
            "Delete their file.",
            file=sys.stderr,
        )


def _restore(environment: Environment, folder: Path, erasures: list[Erasure], *, replace: bool) -> Erased:
    from kring_web import backup, serving  # noqa: PLC0415 -- the other commands do without
    from kring_web.config import secret_key  # noqa: PLC0415 -- with the rest
    from kring_web.config.data_lock import only_server  # noqa: PLC0415 -- with the rest

    key = environment.data / secret_key.FILE
    for where in () if environment.database_url else (environment.database, environment.web_database):
        if where.exists() and is_used(where):
            raise CommandError(f"A server uses {where}. Stop it first.")
    brought = folder / archive.SECRET
    fresh = environment.secret_key is None and not key.exists()
    if brought.is_file() and fresh:
        environment.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.replace(_private(brought, environment.data), key)  # noqa: PTH105 -- one step, so that it is whole or not there
    elif fresh:
        print(
            "kring: The backup holds no secret key, so a new one is made and everyone must take their seat again. "
            "Put the old one in KRING_SECRET_KEY, or in the data folder, before people come.",
            file=sys.stderr,
        )
    secret_key.prepare_folder(environment)
    with only_server(environment):
        serving.prepare(environment)
        return backup.restore(folder, environment, erasures, replace=replace, now=wall_clock())


def _private(brought: Path, folder: Path) -> Path:
    """A copy in the same folder as its place, for its owner alone."""
    kept = folder / f".{archive.SECRET}"
    kept.touch(mode=0o600)
    kept.write_bytes(brought.read_bytes())
    return kept
