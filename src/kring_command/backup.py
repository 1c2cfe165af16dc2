"""``kring backup FILE|-``: everything as of now, while the server runs; read back and replayed at once.

It is two files: the vault's keys are in one of their own, so that what was said can be made unreadable by destroying that alone.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kring_command import archive
from kring_command.errors import CommandError
from kring_command.web_database import add_data_argument
from kring_room.store.backup import BackupError
from kring_room.store.vault_keys import take_out

if TYPE_CHECKING:
    from kring_web.config.environment import Environment


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What comes after the command."""
    parser.description = (
        "Copies everything into one file, and what unwraps the sealed content into another, FILE.keys, while the server runs, and "
        "checks the copy by replaying each meeting. What was acknowledged before it began is in it. Keep FILE.keys apart, and no "
        "longer than KRING_CONTENT_DAYS: without it nobody can read what was said."
    )
    parser.add_argument("file", metavar="FILE", help="a new file, or - for standard output")
    parser.add_argument("--keys", metavar="FILE", help="a new file for the vault's keys, rather than FILE.keys")
    add_data_argument(parser)
    parser.add_argument("--with-secret", action="store_true", help="put the secret key in it, too")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Back up."""
    if arguments.data:
        os.environ["KRING_DATA"] = arguments.data
    from kring_web.config.current import environment  # noqa: PLC0415 -- the other commands do without
    from kring_web.config.environment import SettingsError  # noqa: PLC0415 -- with the rest
    from kring_web.serving import set_up  # noqa: PLC0415 -- with the rest

    target = None if arguments.file == "-" else Path(arguments.file)
    keys = _keys_of(target, arguments.keys)
    for new in (keys, target):
        if new and new.exists():
            raise CommandError(f"{new} exists already; name a new file.")
    try:
        where = environment().store
        if isinstance(where, Path) and not where.is_file():
            raise CommandError(f"There is no database at {where}. Name the data folder with --data or KRING_DATA.")
        set_up()
        held = _back_up(environment(), target, keys, with_secret=arguments.with_secret)
    except (SettingsError, BackupError) as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        raise CommandError(f"The backup cannot be written: {error.strerror or error}.") from None
    days = environment().content_days
    print(
        f"{held.counts.meetings} meetings, {held.counts.events} events, {held.counts.bodies} sealed texts, all replayed; "
        f"{sum(held.rows.values())} rows of the web. Keep {keys} apart, and delete it after {days} days at most.",
        file=sys.stderr,
    )
    return 0


def _keys_of(target: Path | None, named: str | None) -> Path:
    if named:
        return Path(named)
    if target is None:
        raise CommandError(
            "Say with --keys in which file the vault's keys go: they are no part of what is written out."
        )
    return target.with_name(target.name + archive.KEYS)


def _back_up(environment: Environment, target: Path | None, keys: Path, *, with_secret: bool) -> archive.Held:
    from kring_web import backup  # noqa: PLC0415 -- needs the settings

    secret = _secret_key(environment) if with_secret else None
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    # Beside the target, for the copy holds what the data folder does, and may be as large.
    beside = target.parent if target else environment.data
    with tempfile.TemporaryDirectory(dir=beside, prefix=".kring-") as name:
        folder = Path(name)
        backup.copy(environment, folder)
        counts, rows = backup.check(folder)
        held = archive.Held(made_at, counts, rows, folder / archive.KEYS)
        take_out(folder / archive.MEETINGS, held.keys)
        parts = {part: folder / part for part in (archive.MEETINGS, archive.WEB)}
        if secret is not None:
            parts[archive.SECRET] = folder / archive.SECRET
            parts[archive.SECRET].write_text(secret, encoding="ascii")
        _write(target, keys, parts, held, folder)
    return held


def _secret_key(environment: Environment) -> str:
    from kring_web.config.secret_key import kept_key  # noqa: PLC0415 -- the other commands do without

    key = kept_key(environment)
    if key is None:
        raise CommandError("There is no secret key here. Set KRING_SECRET_KEY, or name the data folder with --data.")
    return key


def _write(target: Path | None, keys: Path, parts: dict[str, Path], held: archive.Held, folder: Path) -> None:
    """The keys first: a backup that is there has them."""
    version = metadata.version("kring")
    with tempfile.TemporaryDirectory(dir=keys.parent, prefix=".kring-") as beside:
        copied = Path(beside) / archive.KEYS
        with _durable(copied) as out, held.keys.open("rb") as source:
            shutil.copyfileobj(source, out)
        _place(copied, keys)
    if target is None:
        archive.pack(sys.stdout.buffer, parts, held, version=version)
        sys.stdout.buffer.flush()
        return
    whole = folder / "whole"
    with _durable(whole) as out:
        archive.pack(out, parts, held, version=version)
    _place(whole, target)


@contextlib.contextmanager
def _durable(file: Path) -> Iterator[IO[bytes]]:
    """A new file for its owner alone, on the disk when this is over."""
    with file.open("xb") as out:
        file.chmod(0o600)
        yield out
        out.flush()
        os.fsync(out.fileno())


def _place(whole: Path, target: Path) -> None:
    try:
        os.link(whole, target)  # unlike a rename, this never takes the place of another file
    except FileExistsError:
        raise CommandError(f"{target} exists already; name a new file.") from None
