"""``expire_content``: destroy what was said in meetings whose end date has passed."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandParser

from kring_web.vault.services import expire


class Command(BaseCommand):
    """Destroys the content of expired meetings, and says of how many."""

    help = "Destroy the sealed content of meetings whose end date has passed. A running server does so by itself."

    def add_arguments(self, parser: CommandParser) -> None:
        """A clock that is far ahead of when a server ran last is not believed."""
        parser.add_argument(
            "--trust-clock", action="store_true", help="The clock is right, however long no server ran."
        )

    def handle(self, *_args: object, trust_clock: bool = False, **_options: object) -> None:
        """Do it once."""
        self.stdout.write(f"{expire(trusting=trust_clock)} meetings: content destroyed")
