"""``kring``: serve, practice, backup, restore, methods, rehearse. A user's mistake gets one line, never a traceback."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from importlib import metadata, util

from kring_command.errors import CommandError

COMMANDS = ("practice", "serve", "backup", "restore", "methods_command", "rehearse", "bench")
"""The modules of this package that have an ``add_parser``, in the order in which help lists them."""
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the result is the exit code."""
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
