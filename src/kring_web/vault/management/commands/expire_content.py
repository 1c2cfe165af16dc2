"""``expire_content``: destroy what was said in meetings whose end date has passed."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from kring_web.vault.services import expire


class Command(BaseCommand):
    """Destroys the content of expired meetings, and says of how many."""

    help = "Destroy the sealed content of meetings whose end date has passed. A running server does so by itself."

    def handle(self, *_args: object, **_options: object) -> None:
        """Do it once."""
        self.stdout.write(f"{expire()} meetings: content destroyed")
