"""The methods app: registers the cleanup of what was published and is not used."""

from __future__ import annotations

from django.apps import AppConfig


class MethodsConfig(AppConfig):
    """Methods."""

    name = "kring_web.methods"

    def ready(self) -> None:
        """Register the cleanup."""
        from kring_web.jobs import services as jobs  # noqa: PLC0415 -- models are there only now
        from kring_web.methods import services  # noqa: PLC0415 -- models are there only now

        jobs.register_cleanup(services.delete_unused)
