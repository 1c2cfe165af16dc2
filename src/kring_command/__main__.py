"""``kring``: the command line. A user's mistake gets one line, never a traceback."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from importlib import metadata
from typing import Any

from kring_command.errors import CommandError

COMMANDS = {
    "practice": ("practice", "start here and now, alone or with others, on this machine"),
    "serve": ("serve", "run the server"),
    "backup": ("backup", "copy everything into one file, while the server runs"),
    "restore": ("restore", "put what a backup holds into an empty data folder"),
    "release": ("release", "go on with what is due, and with mail, after a restore"),
    "mail": ("mail", "send one mail, to see that it arrives"),
    "take-down": ("take_down", "delete a method that somebody published"),
    "methods": ("methods_command", "list, show and check methods"),
    "rehearse": ("rehearse", "play a whole meeting without a network"),
    "bench": ("bench", "measure what this machine can carry (from a checkout)"),
}
"""The commands as help lists them: the module of this package that has the ``add_arguments`` of each, and its line of help.

They stand here so that whoever asks for one waits for no other.
"""
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


class _OnDemand(argparse.ArgumentParser):
    """The parser of a command, whose module is loaded when it is asked for."""

    module: str | None = None

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:  # noqa: ANN401 -- of many types there
        """As the library has it."""
        if self.module is not None:
            module, self.module = self.module, None
            importlib.import_module(f"kring_command.{module}").add_arguments(self)
        return super().parse_known_args(args, namespace)


def parser() -> argparse.ArgumentParser:
    """The whole command line; each command is loaded when it is asked for, without what it needs to run."""
    top = argparse.ArgumentParser(
        prog="kring",
        description="Kring runs intervision: the server keeps the method, only the circle can read what is said.",
    )
    top.add_argument("--version", action="version", version=f"kring {version()}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=_OnDemand)
    for name, (module, line) in COMMANDS.items():
        commands.add_parser(name, help=line).module = module
    return top


def version() -> str:
    """The installed version, or that this is a checkout that nobody installed."""
    try:
        return metadata.version("kring")
    except metadata.PackageNotFoundError:
        return "(not installed)"


if __name__ == "__main__":
    sys.exit(main())
