"""``kring release``: go on with what is due, and with mail, after a restore."""

from __future__ import annotations

import argparse
import os

from kring_command.errors import CommandError

Subparsers = argparse._SubParsersAction  # noqa: SLF001 -- argparse gives its type no public name


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "release",
        help="go on with what is due, and with mail, after a restore",
        description="After kring restore everything that is due waits, mail too, so that nobody gets twice what they got before. "
        "This lets it go on, whether the server runs or not.",
    )
    parser.add_argument("--data", metavar="FOLDER", help="the data folder (KRING_DATA)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Let it go on."""
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

    from kring_web.jobs import services as jobs  # noqa: PLC0415 -- needs the settings

    try:
        held = jobs.release()
    except DatabaseError as error:
        raise CommandError(f"The database cannot be used ({type(error).__name__}).") from None
    print("What is due goes on now." if held else "Nothing was held back.")
    return 0
