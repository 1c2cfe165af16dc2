"""``kring release``: go on with what is due, and with mail, after a restore."""

from __future__ import annotations

import argparse

from kring_command.web_database import add_data_argument, web_database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What comes after the command."""
    parser.description = (
        "After kring restore everything that is due waits, mail too, so that nobody gets twice what they got before. "
        "This lets it go on, whether the server runs or not."
    )
    add_data_argument(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Let it go on."""
    with web_database(arguments):
        from kring_web.jobs import services as jobs  # noqa: PLC0415 -- needs the settings

        held = jobs.release()
    print("What is due goes on now." if held else "Nothing was held back.")
    return 0
