"""``kring bench``: what this version can carry on this machine, measured against the floors. From a checkout only."""

from __future__ import annotations

import argparse
import shutil
import subprocess
from pathlib import Path

from kring_command.errors import CommandError

CHECKOUT = Path(__file__).resolve().parents[2]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What comes after the command."""
    parser.description = (
        "Measures Kring against the floors on two cores, and installs what it needs for that. "
        "Needs a checkout of the sources: it runs `make bench` there."
    )
    parser.add_argument("--full", action="store_true", help="measure everything, in under 15 minutes")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, checkout: Path = CHECKOUT) -> int:
    """Run ``make bench`` in the checkout that this package was installed from; the result is make's exit code."""
    if not (checkout / "bench/__main__.py").exists():
        raise CommandError("the benches are not in the package: get the sources, and run `make bench` there")
    make = shutil.which("make")
    if make is None:
        raise CommandError("there is no make here: install it, and try again")
    command = [make, "-C", str(checkout), "bench", *(["FULL=1"] if arguments.full else [])]
    return subprocess.run(command, check=False).returncode  # noqa: S603 -- our own Makefile
