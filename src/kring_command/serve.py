"""``kring serve``: the server, set up by environment variables (docs/settings.md)."""

from __future__ import annotations

import argparse
import faulthandler
import os
import sys
from collections.abc import Callable, Mapping

from kring_command.errors import CommandError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What comes after the command."""
    parser.description = (
        "Runs the server. Environment variables set it up (docs/settings.md); these options win over them."
    )
    parser.add_argument("--data", metavar="FOLDER", help="folder for the database and the secret (KRING_DATA)")
    parser.add_argument("--host", metavar="ADDRESS", help="address to listen on (KRING_HOST)")
    parser.add_argument("--port", metavar="PORT", help="port to listen on (KRING_PORT)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until asked to stop."""
    options = {"KRING_DATA": arguments.data, "KRING_HOST": arguments.host, "KRING_PORT": arguments.port}
    start(options, ready=lambda url: print(f"Kring is at {url}", flush=True))
    return 0


def start(options: Mapping[str, str | None], *, ready: Callable[[str], None], mailbox: bool = False) -> None:
    """Set the environment up, check it, serve. ``ready`` is called with the address when people may come.

    ``mailbox``: mails may be looked at on a page of this machine.
    """
    os.environ.update({name: value for name, value in options.items() if value is not None})
    faulthandler.enable()  # should a library end the process, it says where: files and lines, never what was in them
    # Only now: these read the environment, and the other commands do without Django.
    from kring_web import serving  # noqa: PLC0415 -- see above
    from kring_web.config.current import environment, open_local_mailbox  # noqa: PLC0415 -- see above
    from kring_web.config.environment import SettingsError  # noqa: PLC0415 -- see above

    if mailbox:
        open_local_mailbox()
    try:
        for sentence in environment().remarks:
            print(f"kring: {sentence}", file=sys.stderr)
        serving.run(environment(), ready=ready)
    except (SettingsError, serving.CannotServeError) as error:
        raise CommandError(str(error)) from None
