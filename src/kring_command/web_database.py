"""The web's database of a data folder, for commands that work on it beside the server or without one."""

from __future__ import annotations

import argparse
import contextlib
import os
from collections.abc import Iterator

from kring_command.errors import CommandError


def add_data_argument(parser: argparse.ArgumentParser) -> None:
    """Let people name the data folder."""
    parser.add_argument("--data", metavar="FOLDER", help="the data folder (KRING_DATA)")


@contextlib.contextmanager
def web_database(arguments: argparse.Namespace) -> Iterator[None]:
    """Django is set up for it meanwhile. Raises ``CommandError`` where there is none, or it can't be used."""
    if arguments.data:
        os.environ["KRING_DATA"] = arguments.data
    from kring_web.config.current import environment  # noqa: PLC0415 -- reads the environment
    from kring_web.config.environment import SettingsError  # noqa: PLC0415 -- with the rest
    from kring_web.serving import set_up  # noqa: PLC0415 -- with the rest

    try:
        if not environment().database_url and not environment().web_database.is_file():
            raise CommandError(
                f"There is no database at {environment().web_database}. Name the data folder with --data."
            )
    except SettingsError as error:
        raise CommandError(str(error)) from None
    set_up()
    from django.db import DatabaseError  # noqa: PLC0415 -- needs the settings

    try:
        yield
    except DatabaseError as error:
        raise CommandError(f"The database cannot be used ({type(error).__name__}).") from None
