"""``kring mail``: send one mail by the settings, to see that it arrives."""

from __future__ import annotations

import argparse
import os

from kring_command.errors import CommandError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What comes after the command."""
    parser.description = "Sends one mail to ADDRESS at once, by KRING_SMTP_URL and KRING_MAIL_FROM (docs/settings.md)."
    parser.add_argument("address", metavar="ADDRESS", help="where to")
    parser.add_argument("--language", default="en", help="language of the mail (default: en)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Send it, or say why it could not be sent."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kring_web.config.settings")
    # Only now: these read the environment, and the other commands do without Django.
    from kring_web.config.current import environment  # noqa: PLC0415 -- see above
    from kring_web.config.environment import SettingsError  # noqa: PLC0415 -- see above

    try:
        url = environment().public_url
    except SettingsError as error:
        raise CommandError(str(error)) from None
    import django  # noqa: PLC0415 -- see above

    django.setup()
    from kring_web.mail import check  # noqa: PLC0415 -- see above

    problem = check.send_test(arguments.address, arguments.language, url)
    if problem:
        raise CommandError(problem)
    print(f"The mail server accepted it. Check that it arrives at {arguments.address}, and not as spam.")
    return 0
