"""``kring take-down``: delete a method that somebody published, in every version."""

from __future__ import annotations

import argparse
import os

from kring_command.errors import CommandError

Subparsers = argparse._SubParsersAction  # noqa: SLF001 -- argparse gives its type no public name


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "take-down",
        help="delete a method that somebody published",
        description="Deletes every version of a published method, whether the server runs or not. Its address is not found from "
        "then on. Meetings that were opened by it have their own copy and go on.",
    )
    parser.add_argument("id", metavar="ID", help="the last part of its address, 20 characters")
    parser.add_argument("--data", metavar="FOLDER", help="the data folder (KRING_DATA)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Delete it."""
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

    from kring_web.methods import services as methods  # noqa: PLC0415 -- needs the settings

    try:
        versions = methods.take_down(arguments.id)
    except DatabaseError as error:
        raise CommandError(f"The database cannot be used ({type(error).__name__}).") from None
    if not versions:
        raise CommandError(f"Nothing is published as {arguments.id}.")
    print(f"Deleted, with {versions} version{'s' if versions > 1 else ''}.")
    return 0
