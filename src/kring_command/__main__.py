"""``kring``: the command line. A user's mistake gets one line, never a traceback."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from importlib import metadata, util

from kring_command.errors import CommandError

COMMANDS = (
    "practice",
    "serve",
    "backup",
    "restore",
    "release",
    "mail",
    "take_down",
    "methods_command",
    "rehearse",
    "bench",
)
"""The modules of this package that have an ``add_parser``, in the order in which help lists them."""
INTERRUPTED = 130
CUT_SHORT = 141
"""As a shell tells of a program that wrote to a pipe which nobody reads any more."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the result is the exit code."""
    try:
        try:
            return _run(arguments)
        finally:
            sys.stdout.flush()  # What waits is written here, where a reader who has gone can still be noticed.
    except BrokenPipeError:
        # `| head` has read enough. What Python writes when it leaves goes nowhere, so that it doesn't complain either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CUT_SHORT


def _run(arguments: Sequence[str] | None) -> int:
    parsed = parser().parse_args(arguments)
    try:
        code: int = parsed.run(parsed)
    except CommandError as error:
        for line in str(error).splitlines():
            print(f"kring: {line}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def parser() -> argparse.ArgumentParser:
    """The whole command line, each command loaded without what it needs to run."""
    top = argparse.ArgumentParser(
        prog="kring",
        description="Kring runs intervision: the server keeps the method, only the circle can read what is said.",
    )
    top.add_argument("--version", action="version", version=f"kring {version()}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in COMMANDS:
        module = f"kring_command.{name}"
        if util.find_spec(module) is not None:
            importlib.import_module(module).add_parser(commands)
    return top


def version() -> str:
    """The installed version, or that this is a checkout that nobody installed."""
    try:
        return metadata.version("kring")
    except metadata.PackageNotFoundError:
        return "(not installed)"


if __name__ == "__main__":
    sys.exit(main())
