"""``kring backup FILE|-``: everything as of now, in one file, while the server runs; read back and replayed at once."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from kring_command import archive
from kring_command.errors import CommandError
from kring_command.web_database import add_data_argument
from kring_room.store.backup import BackupError, Tally

if TYPE_CHECKING:
    from kring_web.config.environment import Environment


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What comes after the command."""
    parser.description = (
        "Copies everything into one file, while the server runs, and checks the copy by replaying each meeting. "
        "What was acknowledged before it began is in it. The copy holds sealed content: keep it no longer than you promised."
    )
    parser.add_argument("file", metavar="FILE", help="a new file, or - for standard output")
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
    if target and target.exists():
        raise CommandError(f"{target} exists already; name a new file.")
    try:
        where = environment().store
        if isinstance(where, Path) and not where.is_file():
            raise CommandError(f"There is no database at {where}. Name the data folder with --data or KRING_DATA.")
        key = _secret_key(environment()) if arguments.with_secret else None
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        # Beside the target, for the copy holds what the data folder does, and may be as large.
        beside = target.parent if target else environment().data
        with tempfile.TemporaryDirectory(dir=beside, prefix=".kring-") as folder:
            set_up()
            from kring_web import backup  # noqa: PLC0415 -- needs the settings

            backup.copy(environment(), Path(folder))
            counts, kept = backup.check(Path(folder))
            parts = {name: Path(folder) / name for name in (archive.MEETINGS, archive.WEB)}
            if key is not None:
                parts[archive.SECRET] = Path(folder) / archive.SECRET
                parts[archive.SECRET].write_text(key, encoding="ascii")
            _write(target, parts, made_at, (counts, kept), Path(folder))
    except (SettingsError, BackupError) as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        raise CommandError(f"The backup cannot be written: {error.strerror or error}.") from None
    print(
        f"{counts.meetings} meetings, {counts.events} events, {counts.bodies} sealed texts, all replayed; "
        f"{sum(kept.values())} rows of the web.",
        file=sys.stderr,
    )
    return 0


def _secret_key(environment: Environment) -> str:
    from kring_web.config.secret_key import kept_key  # noqa: PLC0415 -- the other commands do without

    key = kept_key(environment)
    if key is None:
        raise CommandError("There is no secret key here. Set KRING_SECRET_KEY, or name the data folder with --data.")
    return key


def _write(
    target: Path | None, parts: dict[str, Path], made_at: str, held: tuple[Tally, dict[str, int]], folder: Path
) -> None:
    counts, kept = held
    version = metadata.version("kring")
    if target is None:
        archive.pack(sys.stdout.buffer, parts, version=version, made_at=made_at, counts=counts, rows=kept)
        sys.stdout.buffer.flush()
        return
    whole = folder / "whole"
    with whole.open("xb") as out:
        whole.chmod(0o600)
        archive.pack(out, parts, version=version, made_at=made_at, counts=counts, rows=kept)
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(whole, target)  # unlike a rename, this never takes the place of another file
    except FileExistsError:
        raise CommandError(f"{target} exists already; name a new file.") from None
