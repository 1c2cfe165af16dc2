"""The app of knocks."""

from __future__ import annotations

from django.apps import AppConfig


class KnocksConfig(AppConfig):
    """Codes and knocks are forgotten when they are over."""

    name = "kring_web.knocks"

    def ready(self) -> None:
        """Register the cleanup."""
        from kring_web.jobs import services as jobs  # noqa: PLC0415 -- models are there only now
        from kring_web.knocks import services  # noqa: PLC0415 -- models are there only now

        jobs.register_cleanup(services.delete_old)
