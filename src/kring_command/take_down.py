"""``kring take-down``: delete a method that somebody published, in every version."""

from __future__ import annotations

import argparse

from kring_command.errors import CommandError
from kring_command.web_database import add_data_argument, web_database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What comes after the command."""
    parser.description = (
        "Deletes every version of a published method, whether the server runs or not. Its address is not found from "
        "then on. Meetings that were opened by it have their own copy and go on."
    )
    parser.add_argument("id", metavar="ID", help="the last part of its address, 20 characters")
    add_data_argument(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Delete it."""
    with web_database(arguments):
        from kring_web.methods import services as methods  # noqa: PLC0415 -- needs the settings

        versions = methods.take_down(arguments.id)
    if not versions:
        raise CommandError(f"Nothing is published as {arguments.id}.")
    print(f"Deleted, with {versions} version{'s' if versions > 1 else ''}.")
    return 0
